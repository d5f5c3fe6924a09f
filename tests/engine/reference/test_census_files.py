"""The Census Bureau's own county estimates, and counts where the SVI has nothing of a county."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from engine.reference.official_twins import SVI_2020_HEADER, svi_row
from healthsim.errors import ReferenceFileError
from healthsim.reference import GROUPS, Reference, load_file

Writer = Callable[..., Path]
Connection = duckdb.DuckDBPyConnection
STEMS = ("TOT", "WA", "BA", "NH", "NHWA", "NHBA", "NHIA", "NHAA", "NHNA", "NHTOM", "H")
HEADER = [*("SUMLEV", "STATE", "COUNTY", "STNAME", "CTYNAME", "YEAR", "AGEGRP", "TOT_POP")]
HEADER += [f"{stem}_{word}" for stem in STEMS for word in ("MALE", "FEMALE")]
COUNTED = {"NHWA": 1100, "NHBA": 200, "NHIA": 10, "NHAA": 50, "NHNA": 0, "NHTOM": 40, "H": 400}


def county(code: str, year: int, people: int = 100) -> list[list[str]]:
    """Give a county's 19 rows of a year: as many men of each age, and a tenth more women."""
    rows = []
    for age in range(19):
        counts = dict.fromkeys(STEMS, people * 18 if age == 0 else people)
        if age == 0:
            counts |= COUNTED
        cells = [str(count) for stem in STEMS for count in (counts[stem], counts[stem] * 11 // 10)]
        rows.append(
            ["50", str(int(code[:2])), str(int(code[2:])), "Some State", "Some", str(year), str(age), "0", *cells]
        )
    return rows


def counts(connection: Connection, table: str, column: str, fips: str) -> dict[str, tuple[int, int]]:
    query = f"SELECT {column}, sex, count FROM population.{table} WHERE fips = ? ORDER BY ALL"  # noqa: S608
    found: dict[str, dict[str, int]] = {}
    for name, sex, count in connection.execute(query, [fips]).fetchall():
        found.setdefault(name, {})[sex] = count
    return {name: (by_sex["F"], by_sex["M"]) for name, by_sex in found.items()}


def test_the_latest_year_is_kept_in_bands_of_age_and_by_race(connection: Connection, write: Writer) -> None:
    rows = [*county("01001", 1, 50), *county("01001", 6), *county("48003", 1), *county("48003", 6)]
    loaded = load_file(connection, write("cc-est2024-alldata.csv", HEADER, rows))
    assert (loaded.kind, loaded.release, loaded.counties, loaded.notes) == ("age_sex_county", 2024, 2, ())
    bands = counts(connection, "age_sex_county", "age_band", "01001")
    assert bands["65-84"] == (440, 400)
    assert bands["85+"] == (110, 100)
    assert bands["0-17"] == (396, 360)
    assert bands["18-64"] == (1034, 940)
    races = counts(connection, "race_sex_county", "race", "01001")
    assert races["hispanic"] == (440, 400)
    assert races["white"] == (1210, 1100)
    assert len(races) == 7


def test_a_county_without_all_its_ages_is_left_out_and_said(connection: Connection, write: Writer) -> None:
    rows = [*county("01001", 6), *county("48003", 6)[:-1], *county("02261", 6)]
    loaded = load_file(connection, write("cc-est2024-alldata.csv", HEADER, rows))
    assert loaded.counties == 1
    assert "1 counties left out: their ages are not all there in the latest year" in loaded.notes


@pytest.mark.parametrize(
    ("row", "column", "value", "expected"),
    [
        (3, "AGEGRP", "19", "line 5, column AGEGRP: outside 0 to 18 (received '19')"),
        (3, "TOT_MALE", "", "line 5, column TOT_MALE: is empty"),
        (3, "H_MALE", "X", "line 5, column H_MALE: not a number (received 'X')"),
        (3, "AGEGRP", "2", "line 5: the same as line 4 (received '01001 6 2')"),
    ],
)
def test_what_is_wrong_is_named_with_line_and_column(
    connection: Connection, write: Writer, row: int, column: str, value: str, expected: str
) -> None:
    rows = county("01001", 6)
    rows[row][HEADER.index(column)] = value
    with pytest.raises(ReferenceFileError) as caught:
        load_file(connection, write("cc-est2024-alldata.csv", HEADER, rows))
    assert [str(problem) for problem in caught.value.problems] == [expected]


def test_a_county_of_which_only_counts_are_loaded_has_its_own_ages_and_groups(
    connection: Connection, write: Writer
) -> None:
    load_file(connection, write("cc-est2024-alldata.csv", HEADER, county("48003", 6)))
    places = Reference(connection).places(["48003"])
    assert "48003: age and race of Texas" not in places.fallbacks
    assert places.age_sex[0, 65:].sum() == pytest.approx(5 / 18)
    assert places.age_sex[0, :, 0].sum() == pytest.approx(11 / 21)
    shares = dict(zip(GROUPS, places.race[0], strict=True))
    assert shares["hispanic"] == pytest.approx(400 / 1800)
    assert shares["white"] == pytest.approx(1100 / 1800)
    assert shares["other"] == pytest.approx(0, abs=1e-12)


def test_the_index_of_the_county_itself_holds_over_the_counts(connection: Connection, write: Writer) -> None:
    load_file(connection, write("cc-est2024-alldata.csv", HEADER, county("48003", 6)))
    figures = {f"E_{name}": 10.0 for name in ("AFAM", "HISP", "ASIAN", "AIAN", "NHPI", "TWOMORE", "OTHERRACE")}
    row = svi_row(SVI_2020_HEADER, "48003", E_TOTPOP=1000, E_AGE65=100, E_AGE17=300, **figures)
    load_file(connection, write("SVI_2020_US_county.csv", SVI_2020_HEADER, [row]))
    places = Reference(connection).places(["48003"])
    assert places.age_sex[0, 65:].sum() == pytest.approx(0.1)
    assert places.race[0, GROUPS.index("hispanic")] == pytest.approx(0.01)
    assert places.race[0, GROUPS.index("other")] == pytest.approx(0.01)
