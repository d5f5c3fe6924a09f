"""A trial in a journey: its events take the place of what the protocol says."""

from collections.abc import Callable
from typing import Any

import duckdb
import pytest

from engine.simulation.trial.trials import profile, tables
from healthsim.errors import InvalidProfileError
from healthsim.planning import Plan
from samples import made

Planner = Callable[..., Plan]


def asked(*events: dict[str, Any], count: int = 600) -> dict[str, Any]:
    journey = {"id": "j", "duration_days": 300, "events": list(events)}
    return {**profile("t2dm-phase-3", count), "journeys": [journey], "clinical": {"primary_condition": "E11"}}


def event(kind: str, day: int, *, probability: float = 1.0, **parameters: object) -> dict[str, Any]:
    timing = {"type": "fixed", "day": day}
    shared = {"timing": timing, "probability": probability, "parameters": parameters}
    return {"id": f"{kind}-{day}", "event_type": kind, **shared}


def rows(trial: duckdb.DuckDBPyConnection, query: str) -> list[Any]:
    return trial.execute(query).fetchall()


SCREENED = event("screening", 3)


def test_the_journey_says_who_is_screened_and_when(planned: Planner) -> None:
    with tables(planned(asked(event("screening", 3, probability=0.5)))) as trial:
        ((consents, first, last),) = rows(trial, "SELECT count(*), min(rficdtc), max(rficdtc) FROM subjects")
        assert 250 < consents < 350
        assert first == last
        assert first.isoformat() == "2025-01-04"


def test_the_journey_says_who_is_randomised_and_when(planned: Planner) -> None:
    with tables(planned(asked(SCREENED, event("randomization", 20, probability=0.5)))) as trial:
        days = rows(trial, "SELECT DISTINCT rfstdtc::VARCHAR FROM subjects WHERE armcd IS NOT NULL")
        assert days == [("2025-01-21",)]
        failed = rows(trial, "SELECT DISTINCT screen_failure_reason::VARCHAR FROM subjects")
        assert ("Not randomised by the journey",) in failed


def test_a_visit_of_the_journey_is_flagged_outside_its_window_and_missed_without_it(planned: Planner) -> None:
    early, on_time = event("trial_visit", 40, visit="Week 4", probability=0.6), event("trial_visit", 76, visit="Week 8")
    stays = event("withdrawal", 250)
    with tables(planned(asked(SCREENED, event("randomization", 20), early, on_time, stays))) as trial:
        found = rows(
            trial,
            "SELECT visit::VARCHAR, deviation::VARCHAR, count(DISTINCT svstdy) FROM trial_visits"
            " WHERE visit IN ('Week 4', 'Week 8') GROUP BY ALL ORDER BY ALL",
        )
        assert found == [("Week 4", "MISSED VISIT", 0), ("Week 4", "OUT OF WINDOW", 1), ("Week 8", None, 1)]


def test_subjects_leave_and_complete_as_the_journey_says(planned: Planner) -> None:
    leaves = event("withdrawal", 60, probability=0.5, reason="LACK OF EFFICACY")
    with tables(planned(asked(SCREENED, event("randomization", 20), leaves, event("completion", 100)))) as trial:
        ends = rows(
            trial,
            "SELECT DISTINCT dsdecod::VARCHAR, dsstdtc::VARCHAR FROM dispositions"
            " WHERE dscat = 'DISPOSITION EVENT' AND epoch = 'TREATMENT' AND dsdecod = 'LACK OF EFFICACY'",
        )
        assert ends == [("LACK OF EFFICACY", "2025-03-02")]
        kinds = rows(trial, "SELECT DISTINCT dsdecod::VARCHAR FROM dispositions WHERE epoch = 'TREATMENT' ORDER BY 1")
        assert kinds == [("COMPLETED",), ("LACK OF EFFICACY",)]
        assert rows(trial, "SELECT max(exendtc)::VARCHAR FROM exposures") == [("2025-04-11",)]


def test_an_adverse_event_of_the_journey_is_one_of_subjects_alone(planned: Planner) -> None:
    fall = event("adverse_event", 50, term="Fall", grade=4)
    with tables(planned(asked(SCREENED, event("randomization", 20), fall))) as trial:
        found = rows(
            trial,
            "SELECT aesev::VARCHAR, aeser::VARCHAR, aestdtc::VARCHAR, armcd IS NOT NULL, count(*) > 20"
            " FROM adverse_events JOIN subjects USING (person_id) WHERE aedecod = 'Fall' GROUP BY ALL",
        )
        assert found == [("SEVERE", "Y", "2025-02-20", True, True)]


def test_everything_a_journey_names_that_the_protocol_has_not_is_told(planned: Planner) -> None:
    visit, leaves = event("trial_visit", 40, visit="Week 5"), event("withdrawal", 60, reason="BORED")
    with pytest.raises(InvalidProfileError) as caught:
        planned(asked(SCREENED, visit, leaves, event("adverse_event", 70)))
    assert [problem.path for problem in caught.value.problems] == [
        "$.journeys[0].events[1].parameters.visit",
        "$.journeys[0].events[2].parameters.reason",
        "$.journeys[0].events[3].parameters.term",
    ]


def test_a_trial_in_a_journey_begins_with_screening(planned: Planner) -> None:
    with pytest.raises(InvalidProfileError, match="begins with an event of the type screening"):
        planned(asked(event("completion", 100)))


RANDOMISED = event("randomization", 20)


def test_the_journey_gives_the_doses_and_no_others_are_taken(planned: Planner) -> None:
    doses = event("dosing", 25, probability=0.5), event("dosing", 60, dose=2.5), event("dosing", 10)
    leaves = event("withdrawal", 55, probability=0.3)
    with tables(planned(asked(SCREENED, RANDOMISED, *doses, leaves))) as trial:
        found = rows(
            trial,
            "SELECT exstdtc::VARCHAR, exendtc = exstdtc, exdosfrq::VARCHAR, doses_planned, doses_taken,"
            " list_sort(list(DISTINCT exdose)) FROM exposures GROUP BY ALL ORDER BY 1",
        )
        assert found == [
            ("2025-01-26", True, "ONCE", 1, 1, [0.0, 10.0]),
            ("2025-03-02", True, "ONCE", 1, 1, [0.0, 2.5]),
        ]
        shares = rows(
            trial,
            "SELECT count(DISTINCT person_id) FILTER (exstdtc = DATE '2025-01-26'),"
            " count(DISTINCT person_id) FILTER (exstdtc = DATE '2025-03-02'),"
            " (SELECT count(*) FROM subjects WHERE armcd IS NOT NULL) FROM exposures",
        )
        ((early, late, randomised),) = shares
        assert 0.4 < early / randomised < 0.6
        assert 0.6 < late / randomised < 0.8


def test_an_endpoint_is_measured_on_the_day_with_the_effect_of_the_arm(planned: Planner) -> None:
    measures = (
        event("efficacy_measure", 20),
        event("efficacy_measure", 180, measure="hba1c"),
        event("efficacy_measure", 5),
    )
    with tables(planned(asked(SCREENED, RANDOMISED, *measures, event("withdrawal", 290), count=2000))) as trial:
        found = rows(
            trial,
            "SELECT measured_date::VARCHAR, testcd::VARCHAR, armcd::VARCHAR, avg(chg), count(*), min(dy),"
            " max(abs(value - base - chg)) FROM trial_measurements JOIN subjects USING (person_id)"
            " WHERE visit_id IS NULL GROUP BY ALL ORDER BY ALL",
        )
        assert [each[:2] for each in found] == [("2025-01-21", "HBA1C")] * 2 + [("2025-06-30", "HBA1C")] * 2
        assert [each[3] for each in found[:2]] == [0.0, 0.0]
        active, placebo = (each[3] for each in found[2:])
        assert active < placebo - 0.3
        assert {each[5] for each in found} == {1, 161}
        assert max(each[6] for each in found) < 1e-9
        same_day = rows(
            trial,
            "SELECT count(*), count(*) FILTER (abs(own.value - visit.value) > 1e-9) FROM trial_measurements AS own"
            " JOIN trial_measurements AS visit USING (person_id, testcd, measured_date)"
            " WHERE own.visit_id IS NULL AND visit.visit_id IS NOT NULL",
        )
        assert same_day[0][0] > 100
        assert same_day[0][1] == 0


def test_an_endpoint_that_the_protocol_has_not_is_told(planned: Planner) -> None:
    with pytest.raises(InvalidProfileError, match="did you mean hba1c"):
        planned(asked(SCREENED, event("efficacy_measure", 40, measure="hba1")))
    often = {"type": "recurring", "interval_days": 1}
    daily = {"id": "daily", "event_type": "efficacy_measure", "timing": often}
    with pytest.raises(InvalidProfileError, match="256 times"):
        planned(asked(SCREENED, daily))


def test_one_block_or_many_give_the_same_doses_and_measures(planned: Planner) -> None:
    events = SCREENED, RANDOMISED, event("dosing", 25, probability=0.5), event("efficacy_measure", 100, probability=0.5)
    plan = planned(asked(*events, count=300))
    whole, parts = made(plan)[1], made(plan, block_size=7)[1]
    assert whole.digest == parts.digest
    assert whole.rows["exposures"] > 20
