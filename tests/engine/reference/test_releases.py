"""Releases of the official files differ: in their columns, in their counties, and in what is missing."""

from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb
import numpy as np
import pytest

from engine.reference.official_twins import (
    LONG_HEADER,
    PLACES_HEADER,
    PLACES_ROWS,
    SVI_2018_HEADER,
    SVI_2020_HEADER,
    long_row,
    places_row,
    svi_row,
)
from healthsim.errors import ReferenceFileError
from healthsim.reference import GROUPS, Reference, gazetteer, load_file

Writer = Callable[..., Path]
Connection = duckdb.DuckDBPyConnection
ANDREWS, AUTAUGA = "48003", "01001"
OF_2018 = {"E_TOTPOP": 1000, "E_AGE65": 100, "E_AGE17": 300, "E_MINRTY": 600, "EP_POV": 12.5, "EP_PCI": 31234}
OF_2020 = {"E_TOTPOP": 2000, "E_AGE65": 400, "E_AGE17": 500, "EP_POV150": 21.5, "E_AFAM": 200, "E_HISP": 1000}
OF_2020 |= {"E_ASIAN": 20, "E_AIAN": 10, "E_NHPI": 0, "E_TWOMORE": 30, "E_OTHERRACE": 4, "RPL_THEMES": 0.5}


def wide(*measures: str) -> list[str]:
    """Give the header of the wide form of a release with some measures."""
    columns = [f"{name}_{column}" for name in measures for column in ("CrudePrev", "Crude95CI", "AdjPrev", "Adj95CI")]
    return [*PLACES_HEADER[:5], "TotalPop18plus", *columns, "Geolocation"]


def wide_row(state: str, fips: str, rates: Sequence[float | None]) -> list[str]:
    cells = [
        text
        for rate in rates
        for text in (("", "", "", "") if rate is None else (f"{rate}", "( 1.0, 99.0)", f"{rate}", "( 1.0, 99.0)"))
    ]
    return [state, state, fips, fips, "18,705", "14,000", *cells, "POINT (-102.6 32.3)"]


def problem(connection: Connection, path: Path) -> str:
    with pytest.raises(ReferenceFileError) as caught:
        load_file(connection, path)
    (only,) = caught.value.problems
    return str(only)


def test_the_index_of_2018_loads_without_the_columns_that_came_later(connection: Connection, write: Writer) -> None:
    loaded = load_file(
        connection, write("SVI2018_US_COUNTY.csv", SVI_2018_HEADER, [svi_row(SVI_2018_HEADER, ANDREWS, **OF_2018)])
    )
    assert (loaded.release, loaded.counties, loaded.notes) == (2018, 1, ())
    reference = Reference(connection)
    figures = reference.county_figures(ANDREWS).figures
    assert (figures["EP_POV"].value, figures["EP_POV"].year, figures["EP_POV"].level) == (12.5, 2018, "county")
    assert figures["EP_POV150"].level == "state"
    assert figures["EP_POV150"].year == 2022
    places = reference.places([ANDREWS])
    assert places.population.tolist() == [1000]
    assert places.age_sex[0, 65:].sum() == pytest.approx(0.1)
    assert places.race[0].tolist() == Reference().places([ANDREWS]).race[0].tolist(), "nobody's race is in it"


def test_of_two_releases_the_later_wins_figure_by_figure(connection: Connection, write: Writer) -> None:
    of_2020 = {**OF_2020, "EP_DISABL": -999}
    of_2018 = {**OF_2018, "EP_DISABL": 14.5}
    load_file(
        connection, write("SVI_2020_US_county.csv", SVI_2020_HEADER, [svi_row(SVI_2020_HEADER, ANDREWS, **of_2020)])
    )
    load_file(
        connection, write("SVI2018_US_COUNTY.csv", SVI_2018_HEADER, [svi_row(SVI_2018_HEADER, ANDREWS, **of_2018)])
    )
    reference = Reference(connection)
    assert reference.places([ANDREWS]).population.tolist() == [2000]
    figures = reference.county_figures(ANDREWS).figures
    assert (figures["EP_DISABL"].value, figures["EP_DISABL"].year) == (14.5, 2018)
    assert (figures["EP_POV150"].value, figures["EP_POV150"].year) == (21.5, 2020)
    shares = reference.places([ANDREWS]).race[0]
    assert shares[GROUPS.index("hispanic")] == pytest.approx(0.5)
    assert shares[GROUPS.index("black")] == pytest.approx(0.1)


def test_every_release_of_places_gives_the_measures_it_has(connection: Connection, write: Writer) -> None:
    for year, measures, rates in (
        (2020, ("DIABETES", "KIDNEY"), (11.0, 3.5)),
        (2022, ("DIABETES", "DEPRESSION", "KIDNEY"), (12.0, 20.5, 3.6)),
        (2024, ("DIABETES", "DEPRESSION", "LONELINESS", "FOODINSECU"), (13.0, 21.5, 33.0, 18.5)),
    ):
        path = write(f"PLACES_{year}.csv", wide(*measures), [wide_row("TX", ANDREWS, rates)])
        assert load_file(connection, path).release == year
    figures = Reference(connection).county_figures(ANDREWS).figures
    read = {name: (figure.value, figure.year) for name, figure in figures.items() if figure.level == "county"}
    assert read == {
        "DIABETES": (13.0, 2024),
        "DEPRESSION": (21.5, 2024),
        "KIDNEY": (3.6, 2022),
        "LONELINESS": (33.0, 2024),
        "FOODINSECU": (18.5, 2024),
    }
    assert (figures["DIABETES"].low, figures["DIABETES"].high) == (1.0, 99.0)
    assert "HOUSINSECU" not in figures, "nobody has a figure of it"


def test_measures_that_a_state_or_the_release_lacks_are_said(connection: Connection, write: Writer) -> None:
    rows = [wide_row("FL", "12086", (12.0, None)), wide_row("TX", ANDREWS, (13.0, 30.0))]
    notes = load_file(connection, write("PLACES_2024.csv", wide("DIABETES", "BPHIGH"), rows)).notes
    assert any(note.startswith("this release has no ") and "KIDNEY" in note for note in notes)
    assert "Florida: the file has no BPHIGH" in notes
    florida = Reference(connection).county_figures("12086").figures["BPHIGH"]
    assert (florida.year, florida.source) == (2022, "CDC PLACES 2022 (starter)")


def test_connecticuts_planning_regions_are_kept_and_its_counties_take_the_states_figures(
    connection: Connection, write: Writer
) -> None:
    regions = [fips for fips in gazetteer.counties() if fips.startswith("091")]
    rows = [places_row("CT", fips, 20.0, 1000) for fips in regions]
    loaded = load_file(connection, write("PLACES_2024.csv", PLACES_HEADER, rows))
    assert loaded.counties == 9
    assert (
        "Connecticut: by planning region; its counties until 2022 take another release's figures or the state's"
        in loaded.notes
    )
    reference = Reference(connection)
    assert reference.county_figures(regions[0]).figures["DIABETES"].level == "county"
    litchfield = reference.county_figures("09005").figures["DIABETES"]
    assert (litchfield.value, litchfield.level, litchfield.year) == (pytest.approx(20), "state", 2024)


def test_codes_that_changed_are_read_as_todays_and_those_without_a_county_are_left_out_and_said(
    connection: Connection, write: Writer
) -> None:
    codes = [AUTAUGA, ANDREWS, "46113", "02261", "51515", "72001", "48999", "06037", "06001"]
    rows = [places_row("XX", fips, 10.0, 1000) for fips in codes]
    loaded = load_file(connection, write("PLACES_2020.csv", PLACES_HEADER, rows))
    assert loaded.counties == 5
    found = connection.execute("SELECT DISTINCT fips FROM population.places_county ORDER BY ALL").fetchall()
    assert [fips for (fips,) in found] == [AUTAUGA, "06001", "06037", "46102", ANDREWS]
    said = " ".join(loaded.notes)
    assert "02261 Valdez-Cordova Census Area: left out" in said
    assert "51515 Bedford city: left out" in said
    assert "Puerto Rico: left out" in said
    assert "48999: left out, no county has this code" in said


@pytest.mark.parametrize(
    ("column", "places"), [("TractFIPS", "census tracts"), ("PlaceFIPS", "cities and towns"), ("ZCTA5", "ZIP code")]
)
def test_a_wide_file_of_other_places_is_one_clear_error(
    connection: Connection, write: Writer, column: str, places: str
) -> None:
    header = [*PLACES_HEADER[:4], column, *PLACES_HEADER[4:]]
    rows = [[*row[:4], "48003950100", *row[4:]] for row in PLACES_ROWS]
    said = problem(connection, write("PLACES_2024.csv", header, rows))
    assert f"the file is of {places}" in said
    assert "the county file of the same release is wanted" in said


def test_files_of_tracts_are_one_clear_error_by_their_codes(connection: Connection, write: Writer) -> None:
    rows = [svi_row(SVI_2020_HEADER, f"4800395{tract:04}", **OF_2020) for tract in range(100)]
    assert "the file is of census tracts" in problem(connection, write("SVI_2020_US.csv", SVI_2020_HEADER, rows))
    rows = [long_row("AL", f"100102{tract:04}", "CrdPrv", "12.9") for tract in range(100)]
    assert "the file is of census tracts" in problem(connection, write("PLACES_2020.csv", LONG_HEADER, rows))


def test_a_file_of_a_territory_is_one_clear_error(connection: Connection, write: Writer) -> None:
    rows = [svi_row(SVI_2020_HEADER, code, **OF_2020) for code in ("72001", "72003")]
    said = problem(connection, write("SVI_2020_PuertoRico_county.csv", SVI_2020_HEADER, rows))
    assert "the file is of Puerto Rico" in said


def test_numbers_whose_digits_a_spreadsheet_dropped_are_refused(connection: Connection, write: Writer) -> None:
    rows = [[*row[:4], "4.74E+06", *row[5:]] for row in PLACES_ROWS[:1]]
    said = problem(connection, write("PLACES_2022.csv", PLACES_HEADER, rows))
    assert said.startswith("line 2, column TotalPopulation: digits are lost, as when a spreadsheet saved the file")


def test_a_file_saved_as_utf_16_is_one_clear_error(connection: Connection, write: Writer) -> None:
    path = write("PLACES_2022.csv", PLACES_HEADER, PLACES_ROWS)
    path.write_text(path.read_text(encoding="utf-8"), encoding="utf-16")
    assert "the file is UTF-16" in problem(connection, path)


def test_counts_by_race_and_sex_are_kept_where_the_file_has_them(connection: Connection, write: Writer) -> None:
    ages = [f"{word}_age{band}" for band in ("0to17", "18to64", "65plus", "85plusr") for word in ("Female", "Male")]
    races = [
        f"{stem}_{word}"
        for stem in ("NHWA", "NHBA", "NHIA", "NHAA", "NHNA", "NHTOM", "H")
        for word in ("FEMALE", "MALE")
    ]
    known = ["1001", "Autauga County", *["1000"] * 8, *[str(100 + 10 * index) for index in range(14)]]
    unknown = ["1003", "Baldwin County", *["1000"] * 8, *[""] * 14]
    load_file(connection, write("ages.csv", ["id", "geography", *ages, *races], [known, unknown], delimiter=";"))
    rows = connection.execute(
        "SELECT race, count FROM population.race_sex_county WHERE sex = 'M' ORDER BY count"
    ).fetchall()
    assert rows[0] == ("white", 110)
    assert rows[-1] == ("hispanic", 230)
    assert len(rows) == 7
    assert connection.execute("SELECT count(DISTINCT fips) FROM population.age_sex_county").fetchall() == [(2,)]


def test_whatever_is_loaded_every_county_has_whole_shares(connection: Connection, write: Writer) -> None:
    load_file(
        connection, write("SVI2018.csv", SVI_2018_HEADER, [svi_row(SVI_2018_HEADER, ANDREWS, **OF_2018)]), release=2018
    )
    reference = Reference(connection)
    places = reference.places(["00", "48", ANDREWS, AUTAUGA, "09110"])
    np.testing.assert_allclose(places.age_sex.sum(axis=(1, 2)), 1, atol=1e-12)
    np.testing.assert_allclose(places.race.sum(axis=1), 1, atol=1e-12)
