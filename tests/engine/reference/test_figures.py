"""Figures of places: the starter's, loaded ones, and whose figures stand in where a place has none."""

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import duckdb
import numpy as np
import pytest

from engine.reference.official_twins import (
    AGES_HEADER,
    AGES_ROWS,
    PLACES_HEADER,
    PLACES_ROWS,
    SVI_HEADER,
    SVI_ROWS,
)
from healthsim.errors import InvalidInputError, NotFoundError
from healthsim.reference import GROUPS, SEXES, Reference, load_file
from healthsim.reference.population import hispanic_races

Writer = Callable[..., Path]
HARRIS, ANDREWS, AUTAUGA = "48201", "48003", "01001"


@pytest.fixture
def loaded(connection: duckdb.DuckDBPyConnection, write: Writer) -> Reference:
    load_file(connection, write("places_2022.csv", PLACES_HEADER, PLACES_ROWS))
    load_file(connection, write("svi_2022.csv", SVI_HEADER, SVI_ROWS))
    load_file(connection, write("ages.csv", AGES_HEADER, AGES_ROWS, delimiter=";"))
    return Reference(connection)


def test_the_starter_knows_the_most_populous_counties() -> None:
    figures = Reference().county_figures(HARRIS)
    assert (figures.name, figures.state, figures.population) == ("Harris County", "TX", 4_726_177)
    diabetes = figures.figures["DIABETES"]
    assert (diabetes.value, diabetes.low, diabetes.high, diabetes.year, diabetes.among) == (
        12.6,
        11.9,
        13.2,
        2022,
        "adults",
    )
    assert figures.figures["EP_UNINSUR"].value == 21.2
    assert figures.svi["RPL_THEMES"] == 0.9201


def test_a_county_without_figures_takes_its_states_and_says_so() -> None:
    reference = Reference()
    places = reference.places([HARRIS, ANDREWS])
    assert places.fallbacks == ("48003: age and race of Texas", "48003: prevalences of Texas")
    texas = reference.places(["48"])
    assert places.prevalence["DIABETES"][1] == texas.prevalence["DIABETES"][0]
    assert reference.county_figures(ANDREWS).figures["DIABETES"].source == "CDC PLACES 2022 (starter), figure of Texas"


def test_a_measure_that_a_state_lacks_comes_from_the_nation() -> None:
    places = Reference().places(["34003"])
    assert places.fallbacks == ("34003: BPHIGH, BPMED, CHOLSCREEN, HIGHCHOL of United States",)
    assert places.prevalence["BPHIGH"] == Reference().places(["00"]).prevalence["BPHIGH"]


def test_every_county_has_shares_that_sum_to_one() -> None:
    reference = Reference()
    places = reference.places(reference.counties_of("nation"))
    assert len(places.fips) == 3143
    assert places.age_sex.shape == (3143, 111, len(SEXES))
    assert places.race.shape == (3143, len(GROUPS))
    np.testing.assert_allclose(places.age_sex.sum(axis=(1, 2)), 1, atol=1e-12)
    np.testing.assert_allclose(places.race.sum(axis=1), 1, atol=1e-12)
    assert (places.race >= 0).all()
    assert (places.age_sex >= 0).all()
    assert all(((values > 0) & (values < 1)).all() for values in places.prevalence.values())
    assert 325e6 < places.population.sum() < 335e6


def test_the_nation_ages_as_it_does() -> None:
    shares = Reference().places(["00"]).age_sex[0]
    women = shares[:, 0]
    assert 0.50 < women.sum() < 0.515
    assert 0.64 < women[85:].sum() / shares[85:].sum() < 0.67
    assert shares[100:].sum() < 5e-4


def test_loaded_figures_replace_the_starters_county_by_county(loaded: Reference) -> None:
    places = loaded.places([HARRIS, ANDREWS])
    assert places.prevalence["DIABETES"] == pytest.approx([0.129, 0.119])
    assert places.sources == (
        "CDC/ATSDR SVI 2022 (loaded)",
        "CDC/ATSDR SVI 2022 (starter)",
        "Census age and sex 2018 (starter)",
        "CDC PLACES 2022 (loaded)",
        "CDC PLACES 2022 (starter)",
    )


def test_what_a_loaded_county_lacks_comes_from_the_starter(loaded: Reference) -> None:
    texas = loaded.places(["48"]).prevalence
    places = loaded.places([ANDREWS])
    assert places.prevalence["BPHIGH"] == texas["BPHIGH"]
    assert places.prevalence["DIABETES"] != texas["DIABETES"]


def test_age_bands_and_races_are_the_counts_of_the_svi(loaded: Reference) -> None:
    places = loaded.places([AUTAUGA])
    assert places.population.tolist() == [2000]
    by_age = places.age_sex[0].sum(axis=1)
    assert by_age[:18].sum() == pytest.approx(460 / 2000, abs=1e-9)
    assert by_age[65:].sum() == pytest.approx(320 / 2000, abs=1e-9)
    assert places.race[0, 1:] == pytest.approx([0.2, 0.01, 0.002, 0, 0.003, 0.04, 0.03], abs=1e-9)


def test_sexes_within_a_band_are_those_of_the_counts(loaded: Reference) -> None:
    shares = loaded.places([AUTAUGA]).age_sex[0]
    assert shares[:18, 0].sum() / shares[:18].sum() == pytest.approx(6437 / 13163)
    assert shares[85:, 0].sum() / shares[65:].sum() == pytest.approx(636 / 8653)


def test_a_snapshot_outlives_its_connection(connection: duckdb.DuckDBPyConnection, write: Writer) -> None:
    load_file(connection, write("places_2022.csv", PLACES_HEADER, PLACES_ROWS))
    reference = Reference(connection)
    connection.close()
    assert reference.places([HARRIS]).prevalence["DIABETES"] == pytest.approx([0.129])


def test_a_database_without_loads_gives_the_starter(connection: duckdb.DuckDBPyConnection) -> None:
    reference = Reference(connection)
    assert reference.loads == ()
    assert reference.version() == Reference().version()


def test_no_places_at_all_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="at least one place"):
        Reference().places([])


@pytest.mark.parametrize(("state", "count"), [("TX", 254), ("texas", 254), ("48", 254), (9, 8), ("DC", 1)])
def test_a_state_is_named_by_letters_name_or_code(state: str | int, count: int) -> None:
    assert len(Reference().counties_of("state", state=state)) == count


def test_an_unknown_state_names_the_nearest() -> None:
    with pytest.raises(NotFoundError, match="did you mean Texas"):
        Reference().counties_of("state", state="Texass")


@pytest.mark.parametrize(
    ("name", "state", "fips"),
    [
        ("Harris", "TX", "48201"),
        ("harris county, tx", None, "48201"),
        ("Saint Louis", "MO", "29189"),
        ("St. Louis City", "Missouri", "29510"),
        ("Baltimore", "MD", "24005"),
        ("Baltimore City", "MD", "24510"),
        ("La Salle", "IL", "17099"),
        ("Dona Ana", "NM", "35013"),
        ("Orleans Parish", "LA", "22071"),
        ("Anchorage", "AK", "02020"),
    ],
)
def test_a_county_is_found_by_name(name: str, state: str | None, fips: str) -> None:
    assert Reference().find_county(name=name, state=state).fips == fips


def test_a_county_code_may_lack_its_leading_zero() -> None:
    assert Reference().find_county(1001).name == Reference().find_county("1001").name == "Autauga"


def test_a_misspelt_county_names_the_nearest_of_its_state() -> None:
    with pytest.raises(NotFoundError) as caught:
        Reference().find_county(name="Haris", state="TX")
    assert caught.value.nearest[0] == "Harris"


def test_a_name_of_many_counties_asks_for_the_state() -> None:
    with pytest.raises(InvalidInputError, match="name the state"):
        Reference().find_county(name="Washington")


def test_races_of_hispanics_sum_to_one() -> None:
    shares = hispanic_races()
    assert shares.sum() == pytest.approx(1)
    assert shares[GROUPS.index("white")] > 0.8


def test_every_table_names_its_source() -> None:
    folder = files("healthsim.reference") / "tables"
    tables = {entry.name for entry in folder.iterdir() if entry.name.endswith(".csv")}
    sources = json.loads((folder / "sources.json").read_text(encoding="utf-8"))
    assert set(sources) == tables
    assert all("source" in source or "columns" in source for source in sources.values())
