"""Hybrid profiles: what the user wrote, with its reference data frozen into it."""

import copy
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from engine.generation.planning_without_files import digest_of, planned_on
from engine.reference.conftest import Writer, write
from engine.reference.official_twins import (
    AGES_HEADER,
    AGES_ROWS,
    PLACES_HEADER,
    PLACES_ROWS,
    SVI_HEADER,
    SVI_ROWS,
)
from healthsim import generate
from healthsim.errors import InvalidInputError, InvalidProfileError
from healthsim.generation import ProfileExecutor, create_hybrid_profile
from healthsim.reference import load_file
from healthsim.spec import parse_profile

__all__ = ["write"]

PLACES: tuple[dict[str, str] | None, ...] = (
    {"type": "county", "fips": "01001"},
    {"type": "county", "fips": "48003"},
    {"type": "county", "fips": "48201"},
    {"type": "state", "state": "AL"},
    None,
)

GENERATION = {"seed": 5, "count": 300}


@pytest.fixture
def database(tmp_path: Path, write: Writer) -> Path:
    """Give a database with a few loaded counties."""
    path = tmp_path / "loaded.duckdb"
    with duckdb.connect(str(path)) as connection:
        load_file(connection, write("PLACES_2022.csv", PLACES_HEADER, PLACES_ROWS))
        load_file(connection, write("SVI_2022_US_county.csv", SVI_HEADER, SVI_ROWS))
        load_file(connection, write("ages_2018.csv", AGES_HEADER, AGES_ROWS, ";"))
    return path


def spec(place: dict[str, str] | None) -> dict[str, Any]:
    demographics = {"reference": place} if place else {}
    clinical = {"primary_condition": {"code": "E11", "prevalence": 0.5}, "baseline": "none"}
    return {
        "profile": {
            "id": "h",
            "generation": GENERATION,
            "demographics": demographics,
            "clinical": clinical,
        }
    }


def hybrid(place: dict[str, str] | None, database: Path) -> dict[str, Any]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return create_hybrid_profile(spec(place), connection)


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_a_hybrid_gives_the_rows_of_its_original_without_the_database(
    place: dict[str, str] | None, database: Path
) -> None:
    original = planned_on(spec(place), database)
    elsewhere = planned_on(json.loads(json.dumps(hybrid(place, database))))
    assert digest_of(elsewhere) == digest_of(original)
    assert elsewhere.sources == original.sources
    assert elsewhere.conditions.conditions == original.conditions.conditions


def test_a_hybrid_is_executed_like_any_profile(database: Path, tmp_path: Path) -> None:
    place = {"type": "county", "fips": "01001"}
    original = generate(profile=spec(place), count=200, db=database)
    elsewhere = ProfileExecutor(tmp_path / "empty.duckdb").execute(hybrid(place, database), count=200)
    assert elsewhere.digest == original.digest
    assert elsewhere.summary["cohort_id"] != original.summary["cohort_id"]


def test_figures_that_were_loaded_make_other_rows_than_the_starters(database: Path) -> None:
    place = {"type": "county", "fips": "01001"}
    assert digest_of(planned_on(spec(place))) != digest_of(planned_on(spec(place), database))


def test_each_number_has_its_source_year_and_origin(database: Path) -> None:
    tables = hybrid({"type": "county", "fips": "01001"}, database)["profile"]["demographics"]["figures"]["tables"]
    where = {
        (name, place): (table["source"], table["year"], table["origin"], values[index])
        for table in tables
        for name, values in table["values"].items()
        for index, place in enumerate(table["places"])
    }
    assert where["DIABETES", "01001"] == ("CDC PLACES", 2022, "loaded", 12.4)
    assert where["E_TOTPOP", "01001"] == ("CDC/ATSDR SVI", 2022, "loaded", 2000)
    assert where["OBESITY", "01"][:3] == ("CDC PLACES", 2022, "starter")


def test_what_the_user_wrote_wins(database: Path) -> None:
    wanted = spec({"type": "county", "fips": "01001"})
    wanted["profile"]["demographics"] |= {"age": {"min": 70}, "gender": "female"}
    wanted["profile"]["clinical"]["conditions"] = [{"name": "obesity", "prevalence": 0.9}]
    with duckdb.connect(str(database), read_only=True) as connection:
        plan = planned_on(create_hybrid_profile(wanted, connection))
    assert plan.people.expected["age"][:70].sum() == 0
    assert plan.people.expected["gender"].tolist() == pytest.approx([1, 0])
    expected = {condition.name: condition.expected for condition in plan.conditions.conditions}
    assert expected["Obesity"] == pytest.approx(0.9)


def test_a_number_changed_in_the_hybrid_changes_the_rows(database: Path) -> None:
    frozen = hybrid({"type": "county", "fips": "01001"}, database)
    changed = copy.deepcopy(frozen)
    for table in changed["profile"]["demographics"]["figures"]["tables"]:
        if "BPHIGH" in table["values"]:
            table["values"]["BPHIGH"][table["places"].index("01001")] = 80
    share = {
        name: {
            condition["code"]: condition["expected"] for condition in generate(profile=profile).summary["conditions"]
        }
        for name, profile in (("frozen", frozen), ("changed", changed))
    }
    assert share["changed"]["I10"] > share["frozen"]["I10"] + 0.2


def test_even_the_nation_fits_into_a_profiles_text(database: Path) -> None:
    text = json.dumps(hybrid({"type": "nation"}, database))
    assert parse_profile(text).demographics.figures is not None


def test_a_hybrid_of_a_hybrid_is_the_same(database: Path) -> None:
    once = hybrid({"type": "county", "fips": "48003"}, database)
    assert create_hybrid_profile(once) == once


def test_figures_of_another_place_are_refused(database: Path) -> None:
    frozen = hybrid({"type": "county", "fips": "01001"}, database)
    frozen["profile"]["demographics"]["reference"] = {"type": "county", "fips": "48201"}
    with pytest.raises(InvalidProfileError, match=r"\$\.demographics\.figures\.reference"):
        generate(profile=frozen, count=10)


def test_everything_wrong_in_frozen_figures_is_told_at_once(database: Path) -> None:
    frozen = hybrid({"type": "county", "fips": "01001"}, database)
    table = frozen["profile"]["demographics"]["figures"]["tables"][0]
    table["year"], table["origin"], table["places"][0] = 1, "guess", "1001x"
    frozen["profile"]["demographics"]["figures"]["sources"] = []
    with pytest.raises(InvalidProfileError) as raised:
        generate(profile=frozen, count=10)
    paths = " ".join(problem.path for problem in raised.value.problems)
    assert all(key in paths for key in ("year", "origin", "places", "sources"))


def test_what_is_no_profile_or_no_connection_is_one_clear_error() -> None:
    with pytest.raises(InvalidProfileError, match="fips"):
        create_hybrid_profile({"demographics": {"reference": {"type": "county"}}})
    with pytest.raises(InvalidInputError, match="48"):
        create_hybrid_profile({"demographics": {"reference": {"fips": "48200"}}})
    with pytest.raises(InvalidProfileError, match=r"\$\.clinical\.primary_condition"):
        create_hybrid_profile({"clinical": {"primary_condition": "diabetis"}})
    with pytest.raises(InvalidInputError, match=r"duckdb\.connect"):
        create_hybrid_profile({}, "healthsim.duckdb")
