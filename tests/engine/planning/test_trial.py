"""Trials, planned: names looked up, what is left out filled in, every problem at once."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from healthsim.errors import InvalidProfileError
from healthsim.planning import Plan, explained
from healthsim.planning.trial.library import protocol_library
from healthsim.planning.trial.randomisation import randomisation_lists
from healthsim.spec import parse_profile, profile_document

Planner = Callable[..., Plan]
DIABETES: dict[str, Any] = {"product": "trialsim", "clinical": {"primary_condition": "E11"}}


def problems(planned: Planner, document: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(InvalidProfileError) as caught:
        planned(document)
    return {problem.path: str(problem) for problem in caught.value.problems}


def full(protocol: str = "t2dm-phase-3") -> dict[str, Any]:
    """Give a protocol of the package as JSON."""
    return protocol_library().protocols[protocol].model_dump(mode="json", by_alias=True, exclude_none=True)


def test_a_trial_without_a_section_takes_that_of_the_primary_condition(planned: Planner) -> None:
    for code, protocol in (("E11.9", "t2dm-phase-3"), ("I50", "hf-outcomes"), ("C34.90", "nsclc-response")):
        plan = planned({"product": "trialsim", "clinical": {"primary_condition": {"code": code, "prevalence": 1}}})
        assert plan.others.trial is not None
        assert plan.others.trial.protocol.id == protocol


def test_people_have_the_disease_where_nobody_says_what_they_have(planned: Planner) -> None:
    plan = planned({"product": "trialsim", "trial": "hf-outcomes"})
    assert [each.code for each in plan.conditions.conditions] == ["I50"]
    assert any("everybody has that of the trial" in note for note in plan.notes)


def test_a_resolved_trial_reads_back_as_itself(planned: Planner) -> None:
    plan = planned({**DIABETES, "trial": {"enrollment": 50, "sites": 3}})
    again = parse_profile(plan.document)
    assert profile_document(again) == plan.document
    assert planned(plan.document).cohort_id == plan.cohort_id


def test_effect_and_dropout_can_be_ones_own(planned: Planner) -> None:
    own = planned({**DIABETES, "trial": {"effect": {"active": -1.5}, "discontinuation": {"placebo": 0.4}}})
    assert own.others.trial is not None
    protocol = own.others.trial.protocol
    assert protocol.effects[0].change == {"placebo": -0.30, "active": -1.5}
    assert protocol.discontinuation.share == {"placebo": 0.4, "active": 0.11}
    response = planned({"product": "trialsim", "trial": {"protocol": "nsclc", "effect": {"active": 0.6}}}).others.trial
    assert response is not None
    assert response.protocol.response is not None
    assert response.protocol.response.complete["active"] + response.protocol.response.partial[
        "active"
    ] == pytest.approx(0.6)
    rates = planned(
        {"product": "trialsim", "trial": {"protocol": "hf-outcomes", "effect": {"active": 5.0}}}
    ).others.trial
    assert rates is not None
    assert sum(each.per_100_years["active"] for each in rates.protocol.outcomes[:2]) == pytest.approx(5.0)


def test_everything_wrong_with_a_trial_is_told_at_once(planned: Planner) -> None:
    protocol = full()
    protocol["inclusion"][0] = {"text": "x", "rule": {"attribute": "labs.hba1", "operator": "gt", "value": 7}}
    protocol["exclusion"][0] = {"text": "y", "rule": {"attribute": "shoe_size", "operator": "gt", "value": 7}}
    protocol["exclusion"][1]["rule"]["value"] = "sglt2_inhibitr"
    protocol["tests"][0] = "hba1z"
    protocol["endpoints"] = protocol["endpoints"][1:]
    found = problems(
        planned, {"product": "trialsim", "clinical": {"primary_condition": "I10"}, "trial": {"protocol": protocol}}
    )
    where = "$.trial.protocol"
    assert found.keys() == {
        f"{where}.indication.code",
        f"{where}.tests[0]",
        f"{where}.inclusion[0].rule",
        f"{where}.exclusion[0].rule",
        f"{where}.exclusion[1].rule",
    }
    assert "did you mean hba1c" in found[f"{where}.inclusion[0].rule"]
    assert "did you mean sglt2_inhibitor" in found[f"{where}.exclusion[1].rule"]


def test_an_effect_on_what_is_computed_is_refused(planned: Planner) -> None:
    protocol = full()
    protocol["effects"][0]["analyte"] = "egfr"
    found = problems(planned, {**DIABETES, "trial": {"protocol": protocol}})
    assert "computed from" in found["$.trial.protocol.effects[0].analyte"]


def test_contradictions_of_a_protocol_are_told_at_once() -> None:
    protocol = full()
    protocol["effects"][0]["change"] = {"placebo": 0, "activ": -1}
    protocol["visits"][1]["day"] = protocol["visits"][0]["day"] + 1
    protocol["endpoints"] = [
        {"type": "change", "name": "a", "analyte": "hba1c", "visit": "Week 25"},
        {"type": "response", "name": "b"},
        {"type": "time_to_event", "name": "c", "outcomes": ["stroke"]},
    ]
    trial = {"protocol": protocol, "start": "2024-01-01", "effect": {"actve": -1}}
    with pytest.raises(InvalidProfileError) as caught:
        parse_profile({**DIABETES, "trial": trial})
    found = [problem.path for problem in caught.value.problems]
    where = "$.trial.protocol"
    assert found == [
        "$.trial.start",
        f"{where}.effects[0].change.activ",
        f"{where}.effects[0].change",
        f"{where}.visits[1]",
        f"{where}.endpoints[0].visit",
        f"{where}.endpoints[1]",
        f"{where}.endpoints[2].outcomes[0]",
        "$.trial.effect.actve",
    ]


def test_an_unknown_protocol_is_told_with_the_nearest(planned: Planner) -> None:
    assert "did you mean t2dm-phase-3" in problems(planned, {**DIABETES, "trial": "t2dm-fase-3"})["$.trial.protocol"]


def test_a_trial_belongs_to_its_product() -> None:
    with pytest.raises(InvalidProfileError, match="trialsim"):
        parse_profile({"trial": {"sites": 2}})


def test_lists_are_balanced_after_every_block_and_longer_ones_begin_alike() -> None:
    arms = protocol_library().protocols["t2dm-phase-3"].arms
    uneven = (arms[0], arms[1].model_copy(update={"ratio": 2}))
    lists = randomisation_lists(11, uneven, 3, 600)
    assert np.array_equal(lists[:, :90], randomisation_lists(11, uneven, 3, 90))
    ahead = np.cumsum(np.where(lists == 1, 1, -2), axis=1)
    assert np.abs(ahead).max() <= 4
    assert len({tuple(row[:20]) for row in lists.tolist()}) == 3


def test_a_trial_is_explained_with_the_rows_it_gives(planned: Planner) -> None:
    told = explained(planned({**DIABETES, "generation": {"count": 1_000}, "demographics": {"age": {"min": 40}}}))
    assert told["trial"]["protocol"] == "t2dm-phase-3"
    assert told["trial"]["expected_screened"] == 1_000
    assert told["trial"]["expected_randomized"] == 200
    assert told["estimated_rows"]["subjects"] == 1_000
    assert told["estimated_rows"]["trial_measurements"] > 20_000
