"""Figures of states and the nation, made of those of their counties."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.reference.official_twins import PLACES_HEADER, PLACES_ROWS, places_row
from healthsim.reference import Reference, gazetteer, load_file
from healthsim.reference.layers import Layer
from healthsim.reference.means import with_means

Writer = Callable[..., Path]
RHODE_ISLAND = gazetteer.current_counties("44")
CONNECTICUT = gazetteer.current_counties("09")
REGIONS = [fips for fips in gazetteer.counties() if fips.startswith("09") and fips not in CONNECTICUT]
EVERYBODY = gazetteer.current_counties()

rates = st.floats(0, 100, allow_nan=False)
people = st.floats(1, 1e7, allow_nan=False)


def layer(codes: list[str], figures: dict[str, list[float]], year: float | list[float] = 2022) -> Layer:
    rows = {fips: index for index, fips in enumerate(codes)}
    columns = {name: np.array(values, dtype=np.float64) for name, values in figures.items()}
    return Layer("loaded", rows, columns, {name: np.broadcast_to(year, len(codes)).astype(float) for name in columns})


def figure(made: Layer, code: str, name: str) -> float:
    return float(made.columns[name][made.rows[code]])


def unknown(count: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.full(count, np.nan)


@given(values=st.lists(st.tuples(rates, people), min_size=5, max_size=5))
def test_a_states_rate_is_the_mean_of_its_counties_weighted_by_their_people(
    values: list[tuple[float, float]],
) -> None:
    of_counties, weights = (np.array(column) for column in zip(*values, strict=True))
    made = with_means(layer(RHODE_ISLAND, {"DIABETES": of_counties.tolist()}), weights)
    assert figure(made, "44", "DIABETES") == pytest.approx((of_counties * weights).sum() / weights.sum())
    assert [figure(made, fips, "DIABETES") for fips in RHODE_ISLAND] == of_counties.tolist()


@given(counts=st.lists(st.integers(0, 10**6), min_size=5, max_size=5))
def test_a_states_count_is_the_sum_of_its_counties(counts: list[int]) -> None:
    made = with_means(layer(RHODE_ISLAND, {"E_AGE65": counts, "F_0_17": counts}), unknown(5))
    assert figure(made, "44", "E_AGE65") == figure(made, "44", "F_0_17") == sum(counts)


def test_percentages_of_all_people_come_from_the_summed_counts_not_from_rounded_percentages() -> None:
    figures = {"E_TOTPOP": [100.0] * 5, "E_AGE65": [11.0, 12, 13, 14, 15], "EP_AGE65": [99.0] * 5}
    made = with_means(layer(RHODE_ISLAND, figures), np.full(5, 100.0))
    assert figure(made, "44", "EP_AGE65") == pytest.approx(13)


def test_a_state_of_which_too_little_is_loaded_has_no_figures() -> None:
    largest = max(RHODE_ISLAND, key=lambda fips: gazetteer.counties()[fips].population)
    without = [fips for fips in RHODE_ISLAND if fips != largest]
    made = with_means(layer(without, {"DIABETES": [10.0] * 4, "E_AGE65": [1.0] * 4}), unknown(4))
    assert np.isnan(figure(made, "44", "DIABETES"))
    assert np.isnan(figure(made, "44", "E_AGE65"))


def test_ranks_and_intervals_of_counties_make_none_of_the_state() -> None:
    figures = {name: [0.5] * 5 for name in ("RPL_THEMES", "DIABETES_low", "DIABETES_high")}
    made = with_means(layer(RHODE_ISLAND, figures), unknown(5))
    assert all(np.isnan(figure(made, "44", name)) for name in figures)


def test_connecticut_is_made_of_its_counties_or_its_planning_regions_never_of_both() -> None:
    codes = [*CONNECTICUT, *REGIONS]
    rate = [10.0] * len(CONNECTICUT) + [20.0] * len(REGIONS)
    for years, expected in (((2022, 2024), 20.0), ((2024, 2022), 10.0)):
        year = [years[0]] * len(CONNECTICUT) + [years[1]] * len(REGIONS)
        made = with_means(layer(codes, {"DIABETES": rate}, year), unknown(len(codes)))
        assert figure(made, "09", "DIABETES") == pytest.approx(expected)
        assert made.years["DIABETES"][made.rows["09"]] == 2024


def test_the_nation_is_made_when_all_states_are_there() -> None:
    made = with_means(layer(EVERYBODY, {"DIABETES": [10.0] * len(EVERYBODY)}), unknown(len(EVERYBODY)))
    assert figure(made, "00", "DIABETES") == pytest.approx(10)
    without = [fips for fips in EVERYBODY if not fips.startswith("44")]
    made = with_means(layer(without, {"DIABETES": [10.0] * len(without)}), unknown(len(without)))
    assert np.isnan(figure(made, "00", "DIABETES"))
    assert figure(made, "48", "DIABETES") == pytest.approx(10)


def test_the_nation_is_made_of_the_others_where_a_state_lacks_a_measure() -> None:
    rate = [np.nan if fips.startswith("12") else 10.0 for fips in EVERYBODY]
    made = with_means(layer(EVERYBODY, {"BPHIGH": rate}), unknown(len(EVERYBODY)))
    assert np.isnan(figure(made, "12", "BPHIGH"))
    assert figure(made, "00", "BPHIGH") == pytest.approx(10)


def test_a_figure_that_the_file_has_of_the_nation_stays() -> None:
    codes = [*EVERYBODY, "00"]
    made = with_means(layer(codes, {"DIABETES": [10.0] * len(EVERYBODY) + [11.5]}), unknown(len(codes)))
    assert figure(made, "00", "DIABETES") == 11.5


def test_a_loaded_states_figures_win_over_the_starters_and_say_whose_they_are(
    connection: duckdb.DuckDBPyConnection, write: Writer
) -> None:
    rows = [places_row("RI", fips, 10.0 + index, 1000) for index, fips in enumerate(RHODE_ISLAND)]
    load_file(connection, write("places_2024.csv", PLACES_HEADER, rows))
    reference = Reference(connection)
    state = reference.state_figures("RI").figures["DIABETES"]
    assert (state.value, state.level, state.year, state.low) == (pytest.approx(12), "state", 2024, None)
    assert state.source == "CDC PLACES 2024 (loaded)"
    county = reference.county_figures(RHODE_ISLAND[0]).figures
    assert (county["DIABETES"].level, county["DIABETES"].low) == ("county", 8.0)
    assert (county["STROKE"].level, county["STROKE"].year) == ("state", 2022)


def test_a_state_with_one_loaded_county_keeps_the_starters_figures(
    connection: duckdb.DuckDBPyConnection, write: Writer
) -> None:
    load_file(connection, write("places_2024.csv", PLACES_HEADER, PLACES_ROWS))
    assert Reference(connection).state_figures("TX") == Reference().state_figures("TX")
