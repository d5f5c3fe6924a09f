"""A trial in a journey: its events take the place of what the protocol says."""

from collections.abc import Callable
from typing import Any

import duckdb
import pytest

from engine.simulation.trial.trials import profile, tables
from healthsim.errors import InvalidProfileError
from healthsim.planning import Plan

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
