"""NPPES's file of providers: streamed, checked, merged; a bad file changes nothing."""

import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import duckdb
import pytest

from engine.reference.network.network_twins import (
    CARDIOLOGY,
    FAMILY,
    NPIS,
    NPPES_HEADER,
    PHARMACY,
    PRACTICE,
    deactivated,
    organisation,
    provider,
    write_nppes,
)
from healthsim.errors import ReferenceFileError
from healthsim.reference import LoadedFile, Reference, load_file, loaded_files
from healthsim.reference.network import npi_stream

Connection = duckdb.DuckDBPyConnection
Load = Callable[[Sequence[Mapping[str, str]]], LoadedFile]

CODE_2, SWITCH_1, SWITCH_2 = (
    "Healthcare Provider Taxonomy Code_2",
    "Healthcare Provider Primary Taxonomy Switch_1",
    "Healthcare Provider Primary Taxonomy Switch_2",
)


@pytest.fixture
def load(connection: Connection, tmp_path: Path) -> Load:
    def loaded(rows: Sequence[Mapping[str, str]]) -> LoadedFile:
        return load_file(connection, write_nppes(tmp_path / "npidata_pfile_20050523-20261108.csv", rows))

    return loaded


def providers(connection: Connection, columns: str = "npi") -> list[tuple[object, ...]]:
    return connection.execute(f"SELECT {columns} FROM network.providers ORDER BY npi").fetchall()  # noqa: S608 - ours


def problems(connection: Connection, path: Path) -> list[str]:
    with pytest.raises(ReferenceFileError) as caught:
        load_file(connection, path)
    return [str(problem) for problem in caught.value.problems]


def test_people_and_organisations_load_with_their_practice(connection: Connection, load: Load) -> None:
    loaded = load([provider(NPIS[0]), organisation(NPIS[1], "TEST PHARMACY LLC", city="PROVIDENCE", state="RI",
                                                   zip_code="29031234")])  # fmt: skip
    assert (loaded.kind, loaded.release, loaded.rows, loaded.table) == ("providers", 2026, 2, "network.providers")
    columns = "npi, entity_type, name, credential, taxonomy, city, state, zip, county_fips, phone"
    assert providers(connection, columns) == [
        (NPIS[0], 1, "ADA TESTER", "M.D.", CARDIOLOGY, "HOUSTON", "TX", "77030", "48201", "(713) 555-0123"),
        (NPIS[1], 2, "TEST PHARMACY LLC", "M.D.", PHARMACY, "PROVIDENCE", "RI", "02903", "44007", "(713) 555-0123"),
    ]


def test_the_primary_taxonomy_is_the_one_switched_on_else_the_first(connection: Connection, load: Load) -> None:
    second = {CODE_2: FAMILY, SWITCH_1: "N"}
    load([provider(NPIS[0], **second, **{SWITCH_2: "Y"}), provider(NPIS[1], **second)])
    assert providers(connection, "taxonomy") == [(FAMILY,), (CARDIOLOGY,)]


def test_deactivated_numbers_are_left_out_and_reactivated_ones_are_not(connection: Connection, load: Load) -> None:
    again = provider(NPIS[1], deactivated="05/14/2014", reactivated="06/01/2015")
    gone = provider(NPIS[2], deactivated="05/14/2014", reactivated="06/01/2012")
    loaded = load([deactivated(NPIS[0]), again, gone, provider(NPIS[3])])
    assert providers(connection) == [(NPIS[1],), (NPIS[3],)]
    assert loaded.notes == ("left out: 2 deactivated",)


def test_providers_abroad_in_territories_or_without_a_code_are_left_out(connection: Connection, load: Load) -> None:
    rows = [provider(NPIS[0], country="CA", state="ON"), provider(NPIS[1], state="PR"), provider(NPIS[2], taxonomy="")]
    loaded = load([*rows, provider(NPIS[3]), provider(NPIS[4], kind="")])
    assert providers(connection) == [(NPIS[3],)]
    reasons = "1 neither people nor organisations, 2 outside the 50 states and DC, 1 without a taxonomy code"
    assert loaded.notes == (f"left out: {reasons}",)


def test_a_weekly_file_replaces_what_it_names_and_takes_out_what_it_deactivates(
    connection: Connection, load: Load
) -> None:
    load([provider(npi) for npi in NPIS[:3]])
    load([provider(NPIS[1], city="DALLAS", zip_code="75201"), deactivated(NPIS[2]), provider(NPIS[3])])
    assert providers(connection, "npi, city") == [(NPIS[0], "HOUSTON"), (NPIS[1], "DALLAS"), (NPIS[3], "HOUSTON")]
    assert len(loaded_files(connection)) == 2


def test_the_version_tells_which_of_two_files_was_loaded_last(connection: Connection, tmp_path: Path) -> None:
    one = write_nppes(tmp_path / "one_2026.csv", [provider(NPIS[0])])
    other = write_nppes(tmp_path / "other_2026.csv", [provider(NPIS[0], city="DALLAS")])
    versions = []
    for path in (one, other, one):
        load_file(connection, path)
        versions.append(Reference(connection).version())
    assert len({*versions, Reference().version()}) == 4


def test_a_zip_is_read_where_it_holds_the_file(connection: Connection, tmp_path: Path) -> None:
    path = write_nppes(tmp_path / "npidata_pfile_20050523-20261108.csv", [provider(NPIS[0])])
    archive = tmp_path / "NPPES_Data_Dissemination_November_2026_V2.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("othername_pfile_20050523-20261108.csv", '"NPI","Provider Other Organization Name"\n')
        packed.write(path, f"folder/{path.name}")
    loaded = load_file(connection, archive)
    assert (loaded.rows, loaded.release, loaded_files(connection)[0].file_name) == (1, 2026, archive.name)
    with zipfile.ZipFile(tmp_path / "empty.zip", "w") as packed:
        packed.writestr("readme.pdf", "x")
    assert "holds no CSV file" in problems(connection, tmp_path / "empty.zip")[0]


def test_a_damaged_zip_is_told_and_changes_nothing(connection: Connection, tmp_path: Path) -> None:
    path = write_nppes(tmp_path / "npidata.csv", [provider(NPIS[0])])
    archive = tmp_path / "nppes.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as packed:
        packed.write(path, path.name)
    content = archive.read_bytes()
    archive.write_bytes(content[: len(content) // 2])
    assert "truncated" in problems(connection, archive)[0]
    archive.write_bytes(content.replace(b"TESTER", b"TASTER"))
    assert "the ZIP file is damaged" in problems(connection, archive)[0]
    assert loaded_files(connection) == ()


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("NPI", "1.23457E+09", "line 3, column NPI: a spreadsheet has rounded the NPI (received '1.23457E+09')"),
        ("NPI", "9999999999", "line 3, column NPI: not an NPI: ten digits, the last their check digit"),
        ("NPI", "", "line 3, column NPI: not an NPI"),
        ("Entity Type Code", "3", "line 3, column Entity Type Code: neither 1 nor 2 (received '3')"),
        ("NPI Deactivation Date", "2014-05-14", "line 3, column NPI Deactivation Date: not a date, month/day/year"),
        (CODE_2, "2.07E+15", f"line 3, column {CODE_2}: not a taxonomy code"),
    ],
)
def test_a_bad_value_is_named_with_its_line_and_column(
    connection: Connection, load: Load, tmp_path: Path, column: str, value: str, told: str
) -> None:
    load([provider(NPIS[0])])
    before, loads = providers(connection, "*"), loaded_files(connection)
    bad = write_nppes(tmp_path / "bad.csv", [provider(NPIS[1]), {**provider(NPIS[2]), column: value}])
    assert problems(connection, bad)[0].startswith(told)
    assert (providers(connection, "*"), loaded_files(connection)) == (before, loads)
    leftover = "SELECT table_name FROM duckdb_tables() WHERE temporary OR table_name LIKE 'npi%'"
    assert connection.execute(leftover).fetchall() == []


def test_a_zip_code_that_is_none_makes_the_county_unknown(connection: Connection, load: Load) -> None:
    load([provider(NPIS[0], zip_code="2.1E+08"), provider(NPIS[1], zip_code="2139", state="MA", city="CAMBRIDGE")])
    assert providers(connection, "zip, county_fips") == [(None, None), ("02139", "25017")]


def test_a_number_that_comes_twice_is_refused(connection: Connection, tmp_path: Path) -> None:
    rows = [provider(NPIS[0]), provider(NPIS[1]), provider(NPIS[0])]
    assert problems(connection, write_nppes(tmp_path / "twice.csv", rows)) == [
        f"line 4: the same as line 2 (received {NPIS[0]})"
    ]


@pytest.mark.parametrize(("kept", "told"), [(-60, "expected 330 columns"), (-2, "the file ends within a value")])
def test_a_truncated_file_is_refused_with_its_line(
    connection: Connection, tmp_path: Path, kept: int, told: str
) -> None:
    path = write_nppes(tmp_path / "npidata.csv", [provider(npi) for npi in NPIS[:3]])
    text = path.read_text(encoding="utf-8")
    path.write_text(text[:kept], encoding="utf-8")
    (problem,) = problems(connection, path)
    assert problem.startswith(f"line 4: {told}")
    assert "truncated" in problem


def test_every_row_of_another_width_is_told(connection: Connection, tmp_path: Path) -> None:
    path = write_nppes(tmp_path / "npidata.csv", [provider(npi) for npi in NPIS[:4]])
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines[:2], '"1","2"', lines[3], lines[4] + ',""']), encoding="utf-8")
    assert [text.split(";")[0] for text in problems(connection, path)] == [
        "line 3: expected 330 columns, found 2",
        "line 5: expected 330 columns, found 331",
    ]


def test_a_header_without_a_needed_column_names_it(connection: Connection, tmp_path: Path) -> None:
    header = [name for name in NPPES_HEADER if name != f"{PRACTICE} State Name"]
    (problem,) = problems(connection, write_nppes(tmp_path / "npidata.csv", [], header))
    assert f"it resembles NPPES providers, but lacks {PRACTICE} State Name" in problem


def test_other_encodings_are_read_or_refused(connection: Connection, tmp_path: Path) -> None:
    path = write_nppes(tmp_path / "npidata.csv", [provider(NPIS[0], **{"Provider First Name": "ZOË"})])
    text = path.read_text(encoding="utf-8")
    for encoding in ("latin-1", "utf-8-sig", "utf-8"):
        path.write_bytes(text.encode(encoding))
        load_file(connection, path)
        assert providers(connection, "name") == [("ZOË TESTER",)]
    path.write_bytes(text.encode("utf-16"))
    assert "the file is UTF-16" in problems(connection, path)[0]


def test_a_file_without_active_providers_is_refused(connection: Connection, tmp_path: Path) -> None:
    for rows in ([], [deactivated(NPIS[0])]):
        assert "no rows to load" in problems(connection, write_nppes(tmp_path / "npidata.csv", rows))[0]


def test_a_file_of_several_parts_is_the_same_as_one(
    connection: Connection, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [provider(npi, **{"Provider First Name": "ZOË"}) for npi in NPIS]
    load(rows)
    whole, hashed = providers(connection, "*"), loaded_files(connection)[0].sha256
    connection.execute("DELETE FROM network.providers")
    monkeypatch.setattr(npi_stream, "_BLOCK_BYTES", len(",".join(NPPES_HEADER)) + 2_000)
    load(rows)
    assert providers(connection, "*") == whole
    assert [each.sha256 for each in loaded_files(connection)] == [hashed]


def test_the_memory_limit_is_as_before_whether_a_file_loads_or_not(
    connection: Connection, load: Load, tmp_path: Path
) -> None:
    limit = "SELECT current_setting('memory_limit')"
    before = connection.execute(limit).fetchall()
    load([provider(NPIS[0])])
    problems(connection, write_nppes(tmp_path / "bad.csv", [provider(5)]))
    assert connection.execute(limit).fetchall() == before
