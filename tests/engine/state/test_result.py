"""A result reads like a mapping from tables to lists of records, and reads no more than it is asked for."""

from datetime import date

import pytest

from healthsim import Result, generate
from samples import DIABETICS


@pytest.fixture(scope="module")
def result() -> Result:
    return generate(profile=DIABETICS)


def test_it_names_its_tables_and_counts_their_records(result: Result) -> None:
    assert list(result) == ["patients", "diagnoses", "encounters", "labs", "vitals", "medications"]
    assert len(result) == 6
    assert len(result["patients"]) == 2_000
    assert "diagnoses" in result
    assert "claims" not in result


def test_records_are_dicts_in_the_order_they_were_made(result: Result) -> None:
    patients = result["patients"]
    assert patients[0]["person_id"] == 1
    assert patients[-1]["person_id"] == 2_000
    assert [row["person_id"] for row in patients[5:8]] == [6, 7, 8]
    assert [row["person_id"] for row in patients[8:4:-2]] == [9, 7]
    assert patients[3:3] == []
    assert [row["person_id"] for row in patients] == list(range(1, 2_001))
    assert isinstance(patients[0]["birth_date"], date)
    with pytest.raises(IndexError, match="2000 records"):
        _ = patients[2_000]


def test_facts_of_the_cohort_are_gotten_and_tables_too(result: Result) -> None:
    assert result.get("cohort_id") == result.summary["cohort_id"]
    assert result.get("seed") == result.seed == 11
    assert len(result.get("patients")) == 2_000
    assert result.get("claims") is None
    assert result.get("claims", []) == []


def test_an_unknown_table_names_the_nearest(result: Result) -> None:
    with pytest.raises(KeyError, match="did you mean patients"):
        _ = result["patient"]


def test_arrow_tables_hold_the_same(result: Result) -> None:
    table = result.table("diagnoses")
    assert table.num_rows == len(result["diagnoses"])
    assert table.slice(10, 1).to_pylist() == [result["diagnoses"][10]]


def test_its_representation_is_short(result: Result) -> None:
    assert len(repr(result)) < 160
    assert "patients=2000" in repr(result)
