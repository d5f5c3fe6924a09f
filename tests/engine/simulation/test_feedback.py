"""Results lead to treatment, and treatment to results."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from healthsim.errors import InvalidProfileError
from healthsim.planning import Plan
from healthsim.simulation.block import block_of
from healthsim.simulation.timeline import STATUSES
from samples import Rows, made

Planned = Callable[..., Plan]
DAY = 86_400_000_000
START = 20_089
PEOPLE = 1_500
A1C = "4548-4"


def event(name: str, kind: str, **rest: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever an event has
    return {"id": name, "event_type": kind, "condition": "diabetes", **rest}


def look(name: str, operator: str, value: object) -> dict[str, object]:
    return {"attribute": name, "operator": operator, "value": value}


QUARTERLY = {"type": "recurring", "interval_days": 90}
A1C_EVERY_QUARTER = event("a1c", "lab_order", timing=QUARTERLY, parameters={"panels": ["hba1c", "lipid"]})


def profile(*events: dict[str, Any], **clinical: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever a profile has
    return {
        "generation": {"count": PEOPLE},
        "demographics": {"age": {"type": "uniform", "min": 40, "max": 79}},
        "clinical": {"primary_condition": "diabetes", **clinical},
        "journeys": [{"id": "j", "duration_days": 365, "events": [A1C_EVERY_QUARTER, *events]}],
    }


def values(plan: Plan, rows: Rows, loinc: str = A1C) -> np.ndarray[Any, Any]:
    """Give results by person and quarter."""
    is_it = np.array(plan.dictionaries["labs"]["loinc"])[rows.column("labs", "loinc")] == loinc
    return rows.column("labs", "value")[is_it].reshape(PEOPLE, 5)


def status(plan: Plan, name: str) -> np.ndarray[Any, Any]:
    """Give what became of an event, by time and person."""
    assert plan.timeline is not None
    (found,) = (each for each in plan.timeline.events if each.id == name)
    timeline = block_of(plan, 0, PEOPLE).timeline
    assert timeline is not None
    return timeline.status[list(found.columns)]


def test_what_waits_for_a_result_follows_exactly_the_results_that_are_so(planned: Planned) -> None:
    high = {"type": "on_result", "event": "a1c", "analyte": "hba1c", "operator": "gte", "value": 8, "days": 3}
    plan = planned(profile(event("call", "telehealth", timing=high)))
    rows = made(plan)[0]
    expected = values(plan, rows) >= 8
    assert (status(plan, "call").T == 0).tolist() == expected.tolist()
    assert set((rows.column("encounters", "start_time") // DAY - START).tolist()) == {3, 93, 183, 273, 363}


def test_a_condition_looks_at_the_latest_result(planned: Planned) -> None:
    later = event("later", "telehealth", timing={"type": "fixed", "day": 100}, conditions=[look("labs.hba1c", "lt", 7)])
    same = event(
        "same",
        "referral",
        timing={"type": "fixed", "day": 90},
        parameters={"specialty": "cardiology"},
        conditions=[look("labs.hdl", "gte", 50)],
    )
    plan = planned(profile(later, same))
    rows = made(plan)[0]
    assert (status(plan, "later")[0] == 0).tolist() == (values(plan, rows)[:, 1] < 7).tolist()
    assert (status(plan, "same")[0] == 0).tolist() == (values(plan, rows, "2085-9")[:, 1] >= 50).tolist()


def test_hba1c_falls_as_in_the_trials_of_the_drug(planned: Planned) -> None:
    """Metformin lowers HbA1c by 1.12 points (Hirst et al. 2012); those near normal do not fall below 5."""
    order = event("drug", "medication_order", timing={"type": "fixed", "day": 0}, parameters={"drug": "metformin"})
    plan, without = planned(profile(order)), planned(profile(order | {"conditions": [look("age", "gte", 100)]}))
    treated, untreated = values(plan, made(plan)[0]), values(without, made(without)[0])
    assert (treated[:, 0] == untreated[:, 0]).all()
    is_far = untreated[:, 0] >= 7
    change = (treated - untreated)[is_far].mean(axis=0)
    assert change[1:] == pytest.approx([-1.12] * 4, abs=0.03)
    assert (treated >= np.minimum(untreated, 4.6)).all()
    assert untreated.mean(axis=0) == pytest.approx([untreated.mean()] * 5, abs=0.05)


def test_treatment_is_intensified_where_the_result_says_so_and_stops(planned: Planned) -> None:
    intensify = event(
        "more",
        "medication_change",
        timing={"type": "relative", "to": "a1c"},
        parameters={"drug": "sitagliptin"},
        conditions=[look("labs.hba1c", "gte", 7), {"not": look("medications", "contains", "sitagliptin")}],
    )
    stop = event(
        "stop",
        "medication_change",
        timing={"type": "fixed", "day": 300},
        parameters={"action": "stop", "drug": "sitagliptin"},
    )
    plan = planned(profile(intensify, stop))
    rows = made(plan)[0]
    results, orders = values(plan, rows), status(plan, "more").T == 0
    assert (orders.sum(axis=1) <= 1 + orders[:, 4]).all(), "who takes it is not ordered it, until it is stopped"
    assert orders[:, 0].tolist() == (results[:, 0] >= 7).tolist()
    assert results[orders[:, 0], 3].mean() < results[orders[:, 0], 0].mean() - 0.6
    assert results[orders[:, 0], 4].mean() > results[orders[:, 0], 3].mean() + 0.4
    stopped = rows.column("medications", "end_date") - START == 300
    began = rows.column("medications", "start_date") - START < 300
    assert stopped[began].all()
    assert (status(plan, "stop")[0] == 0).sum() == began.sum()


def test_no_drug_is_ordered_that_does_not_suit(planned: Planned) -> None:
    order = event("drug", "medication_order", timing={"type": "fixed", "day": 0}, parameters={"drug": "metformin"})
    plan = planned(profile(order, comorbidities=[{"name": "ckd", "prevalence": 1.0}]))
    block = block_of(plan, 0, PEOPLE)
    assert block.body is not None
    low = block.body.levels["egfr"] < 30
    assert low.any()
    found = status(plan, "drug")[0]
    assert {STATUSES[code] for code in found[low]} == {"no drug suits"}
    assert (found[~low] == 0).mean() > 0.9


def test_a_stage_may_be_looked_at(planned: Planned) -> None:
    late = event("late", "telehealth", conditions=[look("stage.ckd", "in", ["4", "5"])])
    plan = planned(profile(late, comorbidities=[{"name": "ckd", "prevalence": 0.5}]))
    block = block_of(plan, 0, PEOPLE)
    assert block.body is not None
    assert plan.body is not None
    ids = next(each.ids for each in plan.body.stages if each.condition == "chronic_kidney_disease")
    stages = np.array([*ids, ""])[block.body.stages["chronic_kidney_disease"]]
    assert (status(plan, "late")[0] == 0).tolist() == np.isin(stages, ["4", "5"]).tolist()
    assert np.isin(stages, ["4", "5"]).any()


def test_blocks_and_people_alone_change_nothing_under_feedback(planned: Planned) -> None:
    more = event(
        "more",
        "medication_order",
        timing={"type": "relative", "to": "a1c", "days": 2, "jitter": 5},
        conditions=[look("labs.hba1c", "gte", 7)],
    )
    plan = planned(profile(more))
    together, outcome = made(plan)
    assert made(plan, block_size=499)[1].digest == outcome.digest
    assert together.rows["medications"] > 0


WRONG = {
    "an unknown drug": (
        event("a", "medication_order", parameters={"drug": "metformn"}),
        "$.journeys[0].events[1].parameters.drug",
    ),
    "a drug for nothing": ({"id": "a", "event_type": "medication_order"}, "$.journeys[0].events[1].parameters"),
    "an unknown analyte": (
        event("a", "telehealth", conditions=[look("labs.hba1", "gte", 7)]),
        "$.journeys[0].events[1].conditions[0]",
    ),
}


@pytest.mark.parametrize(("one", "path"), WRONG.values(), ids=list(WRONG))
def test_names_of_drugs_and_analytes_are_told_with_the_nearest(
    one: dict[str, Any], path: str, planned: Planned
) -> None:
    with pytest.raises(InvalidProfileError) as raised:
        planned(profile(one))
    assert [problem.path for problem in raised.value.problems] == [path]


def test_vital_signs_decide_as_they_stand_in_their_table(planned: Planned) -> None:
    taken = event("pressure", "vital_signs", timing=QUARTERLY)
    wants = [look("vitals.sbp", "gte", 115), look("vitals.dbp", "lt", 75), look("vitals.bmi", "gte", 27)]
    plan = planned(profile(taken, event("call", "telehealth", timing=QUARTERLY, conditions=wants)))
    rows = made(plan)[0]
    names = np.array(plan.dictionaries["vitals"]["loinc"])[rows.column("vitals", "loinc")]
    read = {
        name: rows.column("vitals", "value")[names == loinc].reshape(PEOPLE, 5)
        for name, loinc in (("sbp", "8480-6"), ("dbp", "8462-4"), ("bmi", "39156-5"))
    }
    is_so = (read["sbp"] >= 115) & (read["dbp"] < 75) & (read["bmi"] >= 27)
    # Of a day, events come in the order of their types: a call does not see what is taken after it.
    called = status(plan, "call").T == 0
    assert (called[:, 1:] == is_so[:, :-1]).all()
    assert 0.02 < called.mean() < 0.9


def test_before_it_is_taken_a_vital_sign_is_the_level(planned: Planned) -> None:
    call = event("call", "telehealth", conditions=[look("vitals.bmi", "gte", 30)])
    plan = planned(profile(call))
    body = block_of(plan, 0, PEOPLE).body
    assert body is not None
    assert ((status(plan, "call")[0] == 0) == (body.levels["bmi"] >= 30)).all()


def test_a_vital_sign_that_is_none_is_told_with_the_nearest(planned: Planned) -> None:
    with pytest.raises(InvalidProfileError, match=r"no such vital sign.*did you mean.*bmi"):
        planned(profile(event("call", "telehealth", conditions=[look("vitals.bmj", "gte", 30)])))
