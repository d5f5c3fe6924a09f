"""A trial: who takes part, in which arm, when they come, and that its tables agree with each other and with people."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import duckdb
import numpy as np
import pytest

from engine.simulation.trial.trials import TABLES, profile, tables
from healthsim.planning import Plan
from samples import made

Planner = Callable[..., Plan]
PROTOCOLS = ("t2dm-phase-3", "hf-outcomes", "nsclc-response")


@pytest.fixture(scope="module", params=PROTOCOLS)
def trial(planned: Planner, request: pytest.FixtureRequest) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give the tables of each trial of the package."""
    plan = planned(profile(request.param, 700), seed=3)
    with tables(plan) as connection:
        yield connection


def count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    return len(connection.execute(query).fetchall())


def test_every_table_has_rows(trial: duckdb.DuckDBPyConnection) -> None:
    assert [name for name in TABLES if not count(trial, f"FROM {name}")] == []


def test_keys_are_there_once(trial: duckdb.DuckDBPyConnection) -> None:
    keys = {
        "subjects": "person_id",
        "trial_visits": "visit_id",
        "adverse_events": "ae_id",
        "exposures": "exposure_id",
        "trial_measurements": "measurement_id",
        "dispositions": "disposition_id",
    }
    for table, key in keys.items():
        assert count(trial, f"SELECT {key} FROM {table} GROUP BY 1 HAVING count(*) > 1") == 0, table  # noqa: S608


def test_arms_are_balanced_within_strata(trial: duckdb.DuckDBPyConnection) -> None:
    counted = trial.execute(
        "SELECT stratum, count(*) FILTER (armcd = 'active') - count(*) FILTER (armcd <> 'active')"
        " FROM subjects WHERE armcd IS NOT NULL GROUP BY 1"
    ).fetchall()
    assert len(counted) > 1
    assert [row for row in counted if abs(row[1]) > 2] == []


def test_arms_are_balanced_at_any_time(trial: duckdb.DuckDBPyConnection) -> None:
    running = """
    SELECT sum(CASE armcd WHEN 'active' THEN 1 ELSE -1 END)
             OVER (PARTITION BY stratum ORDER BY rfstdtc, randomization_number) AS ahead
    FROM subjects WHERE armcd IS NOT NULL
    """
    assert count(trial, f"FROM ({running}) WHERE abs(ahead) > 2") == 0


def test_a_visit_outside_its_window_is_flagged_and_no_other(trial: duckdb.DuckDBPyConnection) -> None:
    outside = "window_first IS NOT NULL AND svstdtc NOT BETWEEN window_first AND window_last"
    flagged = "coalesce(deviation = 'OUT OF WINDOW', false)"
    assert count(trial, f"FROM trial_visits WHERE coalesce({outside}, false) <> {flagged}") == 0
    assert count(trial, f"FROM trial_visits WHERE {flagged}") > 0


def test_a_missed_visit_has_no_date_and_no_results(trial: duckdb.DuckDBPyConnection) -> None:
    assert count(trial, "FROM trial_visits WHERE (status = 'MISSED') <> (svstdtc IS NULL)") == 0
    missed = "FROM trial_measurements JOIN trial_visits USING (visit_id) WHERE status = 'MISSED'"
    assert count(trial, missed) == 0


def test_visits_of_a_subject_are_in_order(trial: duckdb.DuckDBPyConnection) -> None:
    later = "lag(svstdtc) OVER (PARTITION BY person_id ORDER BY visitnum) > svstdtc AS is_before"
    assert count(trial, f"FROM (SELECT {later} FROM trial_visits WHERE svstdtc IS NOT NULL) WHERE is_before") == 0  # noqa: S608


def test_nothing_happens_to_a_subject_after_the_end(trial: duckdb.DuckDBPyConnection) -> None:
    for table, day in (
        ("trial_visits", "svstdtc"),
        ("adverse_events", "greatest(aestdtc, aeendtc)"),
        ("exposures", "exendtc"),
        ("trial_measurements", "measured_date"),
        ("dispositions", "dsstdtc"),
    ):
        after = f"FROM {table} JOIN subjects USING (person_id) WHERE rfendtc IS NOT NULL AND {day} > rfendtc"
        assert count(trial, after) == 0, table


def test_who_fails_screening_has_a_reason_and_is_in_no_arm(trial: duckdb.DuckDBPyConnection) -> None:
    failed = "FROM subjects WHERE status = 'SCREEN FAILURE'"
    assert count(trial, failed) > 0
    assert (
        count(trial, f"{failed} AND (screen_failure_reason IS NULL OR armcd IS NOT NULL OR rfstdtc IS NOT NULL)") == 0
    )
    assert count(trial, "FROM exposures ANTI JOIN (FROM subjects WHERE armcd IS NOT NULL) USING (person_id)") == 0


def test_the_dead_of_the_trial_are_dead(trial: duckdb.DuckDBPyConnection) -> None:
    differs = "FROM subjects JOIN patients USING (person_id) WHERE dthdtc IS DISTINCT FROM deceased_date"
    assert count(trial, differs) == 0
    fatal = "FROM subjects SEMI JOIN (FROM adverse_events WHERE aeout = 'FATAL') USING (person_id)"
    died = "FROM subjects WHERE dthdtc IS NOT NULL"
    assert count(trial, fatal) == count(trial, died)
    assert count(trial, f"{fatal} WHERE dthdtc IS NULL") == 0


def test_every_subject_has_one_end(trial: duckdb.DuckDBPyConnection) -> None:
    ends = "SELECT person_id FROM dispositions WHERE dscat = 'DISPOSITION EVENT' GROUP BY 1 HAVING count(*) = 1"
    assert count(trial, ends) == count(trial, "FROM subjects")


def test_changes_are_those_from_the_baseline(trial: duckdb.DuckDBPyConnection) -> None:
    wrong = """
    FROM trial_measurements AS later JOIN trial_measurements AS first
      ON first.person_id = later.person_id AND first.testcd = later.testcd AND first.is_baseline
    WHERE later.chg IS NOT NULL AND abs(later.value - first.value - later.chg) > 1e-9
    """
    assert count(trial, wrong) == 0
    assert count(trial, "FROM trial_measurements WHERE chg IS NOT NULL") > 100


def test_blocks_of_any_size_enrol_the_same(planned: Planner) -> None:
    plan = planned(profile("t2dm-phase-3", 900, enrollment=90), seed=5)
    assert made(plan)[1].digest == made(plan, block_size=37)[1].digest


def test_the_first_of_many_people_are_enrolled_as_they_are_alone(planned: Planner) -> None:
    plan = planned(profile("hf-outcomes", 400), seed=6)
    few, many = made(plan)[0], made(replace(plan, count=900))[0]
    for table in ("subjects", "trial_visits", "adverse_events", "exposures", "trial_measurements", "dispositions"):
        chosen = many.column(table, "person_id") <= 400
        for name, values in few.columns(table).items():
            of_many = many.columns(table)[name][chosen]
            assert np.array_equal(values, of_many, equal_nan=values.dtype.kind == "f"), f"{table}.{name}"


def test_enrolment_stops_when_it_is_complete(planned: Planner) -> None:
    with tables(planned(profile("t2dm-phase-3", 1_500, enrollment=40), seed=7), block_size=100) as trial:
        assert count(trial, "FROM subjects WHERE armcd IS NOT NULL") == 40
        last = "SELECT max(person_id) FROM subjects WHERE armcd IS NOT NULL"
        assert count(trial, f"FROM subjects WHERE person_id > ({last})") == 0


def test_a_share_of_the_candidates_is_screened(planned: Planner) -> None:
    with tables(planned(profile("t2dm-phase-3", 1_000, screened=0.25), seed=8)) as trial:
        assert 200 < count(trial, "FROM subjects") < 300


def test_a_journey_ends_with_the_death_of_its_subject(planned: Planner) -> None:
    visits = {
        "id": "monthly",
        "duration_days": 700,
        "events": [{"id": "v", "event_type": "encounter", "timing": {"type": "recurring", "interval_days": 30}}],
    }
    document = {**profile("hf-outcomes", 600), "products": ["patientsim", "trialsim"], "journeys": [visits]}
    document.pop("product")
    with tables(planned(document, seed=9)) as trial:
        assert count(trial, "FROM patients WHERE deceased_date IS NOT NULL") > 0
        after = "FROM encounters JOIN patients USING (person_id) WHERE start_time::DATE > deceased_date"
        assert count(trial, after) == 0
        assert count(trial, "FROM encounters JOIN subjects USING (person_id) WHERE dthdtc IS NOT NULL") > 0


def test_a_protocol_in_full_is_followed(planned: Planner) -> None:
    document: dict[str, Any] = profile("t2dm-phase-3", 400)
    resolved = planned(document).document
    own = {**document, "trial": {**resolved["trial"]}}
    assert made(planned(own))[1].digest == made(planned(document))[1].digest


def test_responses_are_those_that_the_sums_of_diameters_say(planned: Planner) -> None:
    with tables(planned(profile("nsclc-response", 400), seed=11)) as trial:
        rows = trial.execute(_RECIST).fetchall()
    assert len(rows) > 200
    assert {due for _, due in rows} == {"CR", "PR", "SD", "PD"}
    assert [row for row in rows if row[0] != row[1]] == []


_RECIST = """
WITH sizes AS (
  SELECT person_id, measured_date, value, base,
         min(value) OVER (PARTITION BY person_id ORDER BY measured_date
                          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS nadir
  FROM trial_measurements WHERE testcd = 'SUMDIAM'),
told AS (SELECT person_id, measured_date, result::VARCHAR AS result FROM trial_measurements WHERE testcd = 'OVRLRESP')
SELECT result, CASE WHEN value >= 1.2 * nadir AND value >= nadir + 5 THEN 'PD' WHEN value = 0 THEN 'CR'
                    WHEN value <= 0.7 * base THEN 'PR' ELSE 'SD' END
FROM sizes JOIN told USING (person_id, measured_date)
"""
"""Responses as they stand, and as RECIST 1.1 has them (Eisenhauer et al., Eur J Cancer 2009;45:228)."""
