"""What users look up of a place."""

import csv
import json
import pickle
from collections.abc import Iterator
from dataclasses import FrozenInstanceError
from pathlib import Path

import duckdb
import numpy as np
import pytest

from engine.reference.conftest import Writer
from engine.reference.official_twins import (
    AGES_HEADER,
    AGES_ROWS,
    OFFICIAL,
    PLACES_HEADER,
    PLACES_ROWS,
    SVI_HEADER,
    SVI_ROWS,
)
from healthsim.errors import InvalidInputError, NotFoundError, StateError
from healthsim.generation import ReferenceProfileResolver
from healthsim.reference import load_file
from healthsim.reference.layers import starter_layer
from healthsim.reference.measures import FIELDS, MEASURES, RANKS, SOCIAL
from healthsim.reference.place_profile import field_names

POPULATION = OFFICIAL / "population"


@pytest.fixture
def loaded(connection: duckdb.DuckDBPyConnection, write: Writer) -> duckdb.DuckDBPyConnection:
    load_file(connection, write("PLACES_2022.csv", PLACES_HEADER, PLACES_ROWS))
    load_file(connection, write("SVI_2022_US_county.csv", SVI_HEADER, SVI_ROWS))
    load_file(connection, write("ages_2018.csv", AGES_HEADER, AGES_ROWS, ";"))
    return connection


def test_every_measure_share_and_rank_has_an_attribute_of_its_own() -> None:
    assert set(FIELDS.values()) == {*MEASURES, *SOCIAL, *RANKS}
    profile = ReferenceProfileResolver().resolve_county("48201")
    unknown = {name for name in field_names() if getattr(profile, name) is None}
    later_or_earlier = {name for name, column in FIELDS.items() if column not in starter_layer().columns}
    assert unknown == later_or_earlier, "measures of other releases than the starter's"
    assert all(isinstance(getattr(profile, name), float) for name in {*field_names()} - unknown)
    assert set(field_names()) <= set(dir(profile))


def test_a_loaded_county_has_the_files_figures_with_year_source_and_interval(loaded: duckdb.DuckDBPyConnection) -> None:
    profile = ReferenceProfileResolver(loaded).resolve_county("01001")
    assert (profile.pct_diabetes, profile.pct_age_65_plus, profile.svi_socioeconomic) == (12.4, 16.0, 0.5)
    figure = profile.figure("pct_diabetes")
    assert figure is not None
    assert (figure.low, figure.high, figure.unit, figure.year) == (11.6, 13.1, "percent", 2022)
    assert figure.source == "CDC PLACES 2022 (loaded)"
    assert profile.figure("DIABETES") == figure
    assert profile.svi_overall is None
    assert "loaded" in profile.source


def test_ages_between_and_the_sexes_complete_a_hundred(loaded: duckdb.DuckDBPyConnection) -> None:
    for fips in ("01001", "48003", "48201"):
        known = ReferenceProfileResolver(loaded).resolve_county(fips)
        ages = [getattr(known, f"pct_age_{band}") for band in ("0_17", "18_64", "65_plus")]
        assert sum(ages) == pytest.approx(100)
        assert (known.pct_female or 0) + (known.pct_male or 0) == pytest.approx(100, abs=0.001)
        assert known.pct_age_85_plus < known.pct_age_65_plus  # type: ignore[operator]  # both are known


def test_figures_that_are_not_the_countys_own_are_told(loaded: duckdb.DuckDBPyConnection) -> None:
    andrews = ReferenceProfileResolver(loaded).resolve_county("48003")
    figure = andrews.figure("pct_hypertension")
    assert figure is not None
    assert figure.source.endswith("figure of Texas")
    assert figure.level == "state"
    assert any(note.startswith("48003:") and "Texas" in note for note in andrews.notes)


def test_states_and_the_nation_have_figures_and_no_ranks() -> None:
    resolver = ReferenceProfileResolver()
    for profile in (resolver.resolve_state("TX"), resolver.resolve_state("texas"), resolver.resolve_nation()):
        assert 10 < (profile.pct_diabetes or 0) < 14
        assert profile.svi_overall is None
    assert resolver.resolve_state("TX") == resolver.resolve_state(48)
    assert [resolver.resolve_state("TX").level, resolver.resolve_nation().level] == ["state", "nation"]


def test_a_code_may_come_as_a_number_or_without_its_zero() -> None:
    resolver = ReferenceProfileResolver()
    assert resolver.resolve_county(6037) == resolver.resolve_county("6037") == resolver.resolve_county("06037")


def test_an_unknown_place_or_figure_names_the_nearest() -> None:
    resolver = ReferenceProfileResolver()
    with pytest.raises(NotFoundError, match="did you mean 48"):
        resolver.resolve_county("48200")
    with pytest.raises(NotFoundError, match="Texas"):
        resolver.resolve_state("Texaz")
    profile = resolver.resolve_county("48201")
    with pytest.raises(NotFoundError, match="pct_diabetes"):
        profile.figure("pct_diabetis")
    with pytest.raises(AttributeError, match="pct_diabetes"):
        _ = profile.pct_diabetis


def test_a_profile_is_frozen_json_and_survives_pickling() -> None:
    profile = ReferenceProfileResolver().resolve_county("48201")
    with pytest.raises(FrozenInstanceError):
        profile.name = "other"  # type: ignore[misc]  # that it cannot be set is the point
    assert json.loads(json.dumps(profile.to_dict()))["pct_diabetes"] == profile.pct_diabetes
    assert pickle.loads(pickle.dumps(profile)) == profile  # noqa: S301 - our own bytes


@pytest.fixture
def foreign(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    path = tmp_path / "foreign.duckdb"
    with duckdb.connect(str(path)) as made:
        made.execute("CREATE SCHEMA population")
        made.execute("CREATE TABLE population.places_county (CountyFIPS VARCHAR, DIABETES_CrudePrev DOUBLE)")
    with duckdb.connect(str(path), read_only=True) as opened:
        yield opened


def test_a_database_without_our_tables_answers_from_the_starter_and_says_so(foreign: duckdb.DuckDBPyConnection) -> None:
    profile = ReferenceProfileResolver(foreign).resolve_county("48201")
    assert profile.pct_diabetes == 12.6
    assert any("starter" in note for note in profile.notes)
    assert "starter" in profile.source


def test_what_is_no_open_connection_is_one_clear_error() -> None:
    with pytest.raises(InvalidInputError, match=r"duckdb\.connect"):
        ReferenceProfileResolver("healthsim.duckdb")
    closed = duckdb.connect()
    closed.close()
    with pytest.raises(StateError, match="cannot be read"):
        ReferenceProfileResolver(closed)


def test_counties_are_listed_by_state_and_part_of_their_name() -> None:
    resolver = ReferenceProfileResolver()
    assert len(resolver.list_counties()) == 3143
    assert [county.fips for county in resolver.list_counties("TX", search="HARRIS")] == ["48201", "48203"]
    assert len(resolver.list_counties("Texas", limit=5)) == 5
    assert resolver.list_counties(search="no such name") == []
    with pytest.raises(InvalidInputError, match=r"\$\.limit"):
        resolver.list_counties(limit=0)


def test_the_states_people_are_those_of_their_counties() -> None:
    resolver = ReferenceProfileResolver()
    states = resolver.list_states()
    assert len(states) == 51
    texas = next(state for state in states if state.state == "TX")
    assert texas.population == sum(county.population for county in resolver.list_counties("TX"))


@pytest.mark.skipif(not POPULATION.is_dir(), reason="the official files are not at hand")
def test_fifty_counties_equal_the_official_files(connection: duckdb.DuckDBPyConnection) -> None:
    official = {}
    for name, key in (("places_county_2022.csv", "CountyFIPS"), ("svi_county_2022.csv", "FIPS")):
        load_file(connection, POPULATION / name)
        with (POPULATION / name).open(encoding="utf-8-sig", newline="") as lines:
            official[name] = {row[key].zfill(5): row for row in csv.DictReader(lines)}
    places, svi = official.values()
    shared = sorted(places.keys() & svi.keys())
    resolver = ReferenceProfileResolver(connection)
    for index in np.random.default_rng(3).choice(len(shared), 50, replace=False):
        fips = shared[index]
        profile = resolver.resolve_county(fips)
        for field, column in FIELDS.items():
            text = (places[fips].get(f"{column}_CrudePrev") if column in MEASURES else svi[fips].get(column)) or ""
            if text not in {"", "-999"}:
                assert getattr(profile, field) == float(text), (fips, field)
