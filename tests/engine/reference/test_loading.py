"""Official files: what loads, what is refused, and that a refused file changes nothing."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from engine.reference.official_twins import (
    AGES_HEADER,
    AGES_ROWS,
    LONG_HEADER,
    PLACES_HEADER,
    PLACES_ROWS,
    SVI_HEADER,
    SVI_ROWS,
    long_row,
)
from healthsim.errors import ReferenceFileError
from healthsim.reference import Reference, load_file, loaded_files

Writer = Callable[..., Path]
Connection = duckdb.DuckDBPyConnection


def problems(connection: Connection, path: Path) -> list[str]:
    with pytest.raises(ReferenceFileError) as caught:
        load_file(connection, path)
    return [str(problem) for problem in caught.value.problems]


def changed(rows: list[list[str]], row: int, column: int, value: str) -> list[list[str]]:
    copied = [list(cells) for cells in rows]
    copied[row][column] = value
    return copied


def test_the_wide_form_of_places_loads_with_values_and_intervals(connection: Connection, write: Writer) -> None:
    loaded = load_file(connection, write("PLACES_2022_release.csv", PLACES_HEADER, PLACES_ROWS))
    assert (loaded.kind, loaded.release, loaded.rows, loaded.counties) == ("places_county", 2022, 10, 3)
    rows = connection.execute(
        "SELECT measure, value_type, value, low, high, population FROM population.places_county "
        "WHERE fips = '48003' ORDER BY ALL"
    ).fetchall()
    assert rows == [("DIABETES", "adjusted", 12.7, 9.9, 13.3, 18705), ("DIABETES", "crude", 11.9, 11.2, 12.5, 18705)]


def test_the_long_form_of_places_loads_and_tells_its_release(connection: Connection, write: Writer) -> None:
    rows = [
        long_row("TX", "48201", "CrdPrv", "12.9"),
        long_row("TX", "48201", "AgeAdjPrv", "13.1"),
        long_row("AL", "1001", "CrdPrv", ""),
        long_row("US", "59", "CrdPrv", "11.3"),
    ]
    loaded = load_file(connection, write("places.csv", LONG_HEADER, rows))
    assert (loaded.release, loaded.rows, loaded.counties) == (2022, 3, 1)
    reference = Reference(connection)
    assert reference.county_figures(48201).figures["DIABETES"].value == 12.9
    assert reference.nation_figures().figures["DIABETES"].value == 11.3


def test_missing_figures_of_the_svi_are_null_and_codes_get_their_leading_zero(
    connection: Connection, write: Writer
) -> None:
    load_file(connection, write("SVI_2022_US_county.csv", SVI_HEADER, SVI_ROWS))
    rows = connection.execute("SELECT fips, RPL_THEMES, EP_UNINSUR FROM population.svi_county ORDER BY fips").fetchall()
    assert rows == [("01001", None, None), ("48003", 0.6, 21.5)]


def test_counts_by_age_and_sex_load_without_the_states_that_have_none(connection: Connection, write: Writer) -> None:
    loaded = load_file(connection, write("county_ages.csv", AGES_HEADER, AGES_ROWS, delimiter=";"))
    assert (loaded.kind, loaded.release, loaded.rows) == ("age_sex_county", 2018, 8)
    rows = connection.execute(
        "SELECT age_band, count FROM population.age_sex_county WHERE sex = 'F' ORDER BY ALL"
    ).fetchall()
    assert rows == [("0-17", 6437), ("18-64", 17303), ("65-84", 4230), ("85+", 636)]


def test_a_later_load_replaces_its_counties_and_leaves_the_others(connection: Connection, write: Writer) -> None:
    load_file(connection, write("a_2022.csv", PLACES_HEADER, PLACES_ROWS))
    load_file(connection, write("b_2022.csv", PLACES_HEADER, changed(PLACES_ROWS, 0, 5, "20.0")[:1]))
    rows = connection.execute(
        "SELECT fips, value FROM population.places_county "
        "WHERE measure = 'DIABETES' AND value_type = 'crude' ORDER BY fips"
    ).fetchall()
    assert rows == [("01001", 12.4), ("48003", 11.9), ("48201", 20.0)]
    assert [load.file_name for load in loaded_files(connection)] == ["a_2022.csv", "b_2022.csv"]


def test_the_same_file_loaded_twice_counts_once(connection: Connection, write: Writer) -> None:
    path = write("a_2022.csv", PLACES_HEADER, PLACES_ROWS)
    load_file(connection, path)
    version = Reference(connection).version()
    load_file(connection, path)
    assert len(loaded_files(connection)) == 1
    assert connection.execute("SELECT count(*) FROM population.places_county").fetchall() == [(10,)]
    assert Reference(connection).version() == version != Reference().version()


@pytest.mark.parametrize(
    ("cell", "value", "expected"),
    [
        ((1, 5), "x1.9", "line 3, column DIABETES_CrudePrev: not a number (received 'x1.9')"),
        ((2, 5), "112", "line 4, column DIABETES_CrudePrev: outside 0 to 100 (received '112')"),
        ((0, 4), "-5", "line 2, column TotalPopulation: less than 0 (received '-5')"),
        ((0, 6), "(12.2", "line 2, column DIABETES_Crude95CI: not in the official format (received '(12.2')"),
        ((0, 13), "POINT (-95.3", "line 2, column Geolocation: not in the official format (received 'POINT (-95.3')"),
        ((1, 3), "48-03", "line 3: not a county's FIPS code (received '48-03')"),
        ((1, 3), "48201", "line 3: the same as line 2 (received '48201')"),
        ((0, 5), "nan", "line 2, column DIABETES_CrudePrev: outside 0 to 100 (received 'nan')"),
    ],
)
def test_a_bad_value_is_named_with_its_line_and_column(
    connection: Connection, write: Writer, cell: tuple[int, int], value: str, expected: str
) -> None:
    path = write("a_2022.csv", PLACES_HEADER, changed(PLACES_ROWS, *cell, value))
    assert problems(connection, path) == [expected]


def test_all_problems_come_at_once(connection: Connection, write: Writer) -> None:
    rows = changed(changed(PLACES_ROWS, 0, 5, "?"), 2, 9, "!")
    assert len(problems(connection, write("a_2022.csv", PLACES_HEADER, rows))) == 2


def test_a_bad_file_changes_nothing(connection: Connection, write: Writer) -> None:
    load_file(connection, write("a_2022.csv", PLACES_HEADER, PLACES_ROWS))
    before = connection.execute("SELECT * FROM population.places_county ORDER BY ALL").fetchall()
    problems(connection, write("b_2022.csv", PLACES_HEADER, changed(PLACES_ROWS, 2, 5, "many")))
    assert connection.execute("SELECT * FROM population.places_county ORDER BY ALL").fetchall() == before
    assert len(loaded_files(connection)) == 1


def test_a_truncated_file_is_refused_with_its_line(connection: Connection, write: Writer) -> None:
    path = write("a_2022.csv", PLACES_HEADER, PLACES_ROWS)
    path.write_text(path.read_text(encoding="utf-8")[:-60], encoding="utf-8")
    (problem,) = problems(connection, path)
    assert problem.startswith("line 4: expected 14 columns, found ")
    assert "truncated" in problem


def test_an_unknown_header_names_what_is_known(connection: Connection, write: Writer) -> None:
    (problem,) = problems(connection, write("other.csv", ["a", "b"], [["1", "2"]]))
    assert "not the header of a known official file" in problem
    assert "CDC PLACES county data, long form" in problem


def test_a_header_that_lacks_columns_names_them(connection: Connection, write: Writer) -> None:
    header = [name for name in SVI_HEADER if name != "E_AGE65"]
    (problem,) = problems(connection, write("svi_2022.csv", header, []))
    assert "it resembles CDC/ATSDR SVI county data, but lacks E_AGE65" in problem


def test_a_file_of_other_places_is_refused(connection: Connection, write: Writer) -> None:
    rows = [long_row("TX", "77002", "CrdPrv", "12.9")]
    (problem,) = problems(connection, write("places.csv", LONG_HEADER, rows))
    assert "only 0 of 1 codes are those of counties" in problem


def test_a_release_that_cannot_be_told_must_be_named(connection: Connection, write: Writer) -> None:
    path = write("places.csv", PLACES_HEADER, PLACES_ROWS)
    assert "does not tell its release year" in problems(connection, path)[0]
    assert load_file(connection, path, release=2021).release == 2021


def test_missing_and_empty_files_are_refused(connection: Connection, tmp_path: Path, write: Writer) -> None:
    assert "cannot be read" in problems(connection, tmp_path / "none.csv")[0]
    (tmp_path / "empty.csv").write_text("", encoding="utf-8")
    assert "has no header" in problems(connection, tmp_path / "empty.csv")[0]
    assert "has no figures" in problems(connection, write("a_2022.csv", PLACES_HEADER, []))[0]


def test_a_byte_order_mark_and_latin_letters_do_no_harm(connection: Connection, write: Writer) -> None:
    path = write("a_2022.csv", PLACES_HEADER, [[*PLACES_ROWS[0][:2], "Doña Ana", "35013", *PLACES_ROWS[0][4:]]])
    text = path.read_text(encoding="utf-8")
    path.write_bytes(text.encode("latin-1"))
    assert load_file(connection, path).counties == 1
    path.write_bytes(b"\xef\xbb\xbf" + text.encode("utf-8"))
    assert load_file(connection, path).counties == 1


def test_loading_leaves_no_temporary_tables(connection: Connection, write: Writer) -> None:
    load_file(connection, write("a_2022.csv", PLACES_HEADER, PLACES_ROWS))
    assert connection.execute("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall() == []
