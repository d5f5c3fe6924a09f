"""The official files of hospitals and of taxonomy codes: what becomes a facility, and which hospitals are the same."""

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb
import pytest

from engine.reference.network.network_twins import (
    CMS_HEADER,
    HIFLD_HEADER,
    NUCC_HEADER,
    NUCC_ROWS,
    cms,
    hifld,
    listed,
)
from engine.reference.official_twins import OFFICIAL
from healthsim.errors import ReferenceFileError
from healthsim.reference import LoadedFile, load_file, loaded_files
from healthsim.reference.network.facilities import folded_sql

Connection = duckdb.DuckDBPyConnection
Row = Mapping[str, str]
Load = Callable[..., LoadedFile]
NETWORK = OFFICIAL / "network"


@pytest.fixture
def load(connection: Connection, write: Callable[..., Path]) -> Load:
    """Load rows of HIFLD or CMS, by what their columns are called."""

    def loaded(*rows: Row) -> LoadedFile:
        header, name = (HIFLD_HEADER, "hifld_2021.csv") if "ID" in rows[0] else (CMS_HEADER, "cms.csv")
        return load_file(connection, write(name, header, listed(header, rows)))

    return loaded


def facilities(connection: Connection, columns: str) -> list[tuple[object, ...]]:
    return connection.execute(f"SELECT {columns} FROM network.facilities ORDER BY facility_id").fetchall()  # noqa: S608


def problems(load: Load, *rows: Row) -> list[str]:
    with pytest.raises(ReferenceFileError) as caught:
        load(*rows)
    return [str(problem) for problem in caught.value.problems]


def test_open_hospitals_load_with_their_beds_and_place(connection: Connection, load: Load) -> None:
    unknown = hifld("0000000007", "UNKNOWN CLINIC", BEDS="-999", TYPE="CRITICAL ACCESS", OWNER="NOT AVAILABLE")
    closed = hifld("8", "CLOSED HOSPITAL", STATUS="CLOSED")
    loaded = load(hifld("0001336420", "TEST HOSPITAL"), unknown, closed, hifld("9", "SAN JUAN", STATE="PR"))
    assert (loaded.kind, loaded.release, loaded.rows, loaded.counties) == ("hifld_hospitals", 2021, 2, 1)
    assert loaded.notes == ("left out: 1 closed, 1 outside the 50 states and DC",)
    columns = "facility_id, facility_type, ownership, beds, state, zip, county_fips, phone, latitude, ccn, rating"
    assert facilities(connection, columns) == [
        (7, "critical_access", None, None, "TX", "77030", "48201", "(713) 555-0100", 29.71, None, None),
        (1336420, "general_acute_care", "nonprofit", 400, "TX", "77030", "48201", "(713) 555-0100", 29.71, None, None),
    ]


def test_codes_that_lost_their_zero_get_it_back_and_unknown_counties_follow_the_zip_code(
    connection: Connection, load: Load
) -> None:
    there = {"CITY": "BOSTON", "STATE": "MA", "ZIP": "2114"}
    load(hifld("1", "ONE", **there, COUNTYFIPS="NOT AVAILABLE"), hifld("2", "TWO", COUNTYFIPS="1001"))
    assert facilities(connection, "zip, county_fips") == [("02114", "25025"), ("77030", "01001")]


@pytest.mark.parametrize(
    ("agreeing", "is_same"),
    [
        ({"Facility Name": "The Test Hosp., Inc."}, 1),
        ({"Facility Name": "Test Health System"}, 1),
        ({"Facility Name": "TEST HOSPITAL", "City/Town": "DALLAS"}, 0),
        ({"Facility Name": "RENAMED", "Address": "1 Hospital Dr."}, 1),
        ({"Facility Name": "RENAMED", "City/Town": "BELLAIRE", "Telephone Number": "(713) 555-0100"}, 1),
        ({"Facility Name": "TEST HOSPITAL", "State": "OK"}, 0),
        ({"Facility Name": "RENAMED"}, 0),
    ],
)
def test_a_hospital_of_cms_is_hiflds_where_name_address_or_number_agree(
    connection: Connection, load: Load, agreeing: Row, is_same: int
) -> None:
    load(hifld("1", "TEST HOSPITAL", ALT_NAME="TEST HEALTH SYSTEM"))
    loaded = load(cms("450001", "", **agreeing))
    assert facilities(connection, "ccn, rating, ownership, beds") == [
        ("450001", 4, "for_profit", 400) if is_same else (None, None, "nonprofit", 400)
    ]
    assert f"{is_same} of 1 hospitals of CMS" in loaded.notes[0]


def test_of_two_hospitals_at_one_number_the_one_of_the_same_name_or_kind_is_joined(
    connection: Connection, load: Load
) -> None:
    load(cms("450001", "TEST HOSPITAL", **{"Telephone Number": "(713) 555-0100"}))
    load(hifld("1", "OTHER HOSPITAL"), hifld("2", "TEST HOSPITAL", TYPE="PSYCHIATRIC"), hifld("3", "THIRD HOSPITAL"))
    assert facilities(connection, "ccn") == [(None,), ("450001",), (None,)]
    load(hifld("1", "PSYCHIATRY", TYPE="PSYCHIATRIC"), hifld("2", "GENERAL"))
    assert facilities(connection, "ccn") == [(None,), ("450001",)]


def test_the_order_of_loading_makes_no_difference(connection: Connection, load: Load) -> None:
    files = ([hifld("1", "TEST HOSPITAL"), hifld("2", "OTHER")], [cms("450001", "TEST HOSPITAL"), cms("450002", "X")])
    found = []
    for order in (files, files[::-1]):
        for rows in order:
            load(*rows)
        found.append(facilities(connection, "*"))
        connection.execute("DROP SCHEMA network CASCADE")
    assert found[0] == found[1]
    assert len(found[0]) == 2


def test_without_hifld_the_hospitals_are_those_of_cms_where_their_zip_code_is(
    connection: Connection, load: Load
) -> None:
    load(cms("450001", "TEST HOSPITAL"), cms("1001F", "EAST", State="AL", **{"County/Parish": "DE KALB"}))
    rows = facilities(connection, "ccn, beds, rating, county_fips, round(latitude, 1), facility_id > 10000000000")
    assert rows == [("01001F", None, 4, "01049", 29.7, True), ("450001", None, 4, "48201", 29.7, True)]


def test_a_later_file_takes_the_place_of_the_one_before(connection: Connection, load: Load) -> None:
    load(hifld("1", "TEST HOSPITAL"), hifld("2", "OTHER"))
    load(hifld("3", "THIRD"))
    assert facilities(connection, "name") == [("THIRD",)]
    assert [each.kind for each in loaded_files(connection)] == ["hifld_hospitals"]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (hifld("1.33642E+09", "X"), "line 3, column ID: not in the official format (received '1.33642E+09')"),
        (hifld("", "X"), "line 3, column ID: is empty"),
        (hifld("2", ""), "line 3, column NAME: is empty"),
        (hifld("2", "X", BEDS="many"), "line 3, column BEDS: not a number (received 'many')"),
        (hifld("2", "X", BEDS="-5"), "line 3, column BEDS: outside 0 to 10000 (received '-5')"),
        (hifld("2", "X", LATITUDE="129"), "line 3, column LATITUDE: outside -90 to 90 (received '129')"),
        (hifld("01", "X"), "line 3: the same as line 2 (received '1')"),
        (cms("4.5E+05", "X"), "line 3, column Facility ID: not in the official format (received '4.5E+05')"),
        (cms("450001", "X"), "line 3: the same as line 2 (received '450001')"),
        (cms("2", "X"), "line 3, column Facility ID: not in the official format (received '2')"),
        (
            cms("450002", "X", **{"Hospital overall rating": "9"}),
            "line 3, column Hospital overall rating: not in the official format (received '9')",
        ),
    ],
)
def test_a_bad_value_is_named_and_the_file_changes_nothing(
    connection: Connection, load: Load, row: Row, told: str
) -> None:
    load(hifld("9", "TEST HOSPITAL"))
    before = facilities(connection, "*")
    first = hifld("1", "FIRST") if "ID" in row else cms("450001", "FIRST")
    assert problems(load, first, row) == [told]
    assert facilities(connection, "*") == before
    assert connection.execute("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall() == []


def test_what_a_code_stands_for_loads_from_a_zip_too(
    connection: Connection, write: Callable[..., Path], tmp_path: Path
) -> None:
    path = write("nucc_taxonomy_251.csv", NUCC_HEADER, NUCC_ROWS)
    with zipfile.ZipFile(tmp_path / "nucc.zip", "w") as packed:
        packed.write(path, path.name)
    for file in (path, tmp_path / "nucc.zip"):
        assert load_file(connection, file).rows == 2
        rows = connection.execute("SELECT taxonomy, title FROM network.taxonomy").fetchall()
        assert rows[0] == ("2083A0300X", "Addiction Medicine Physician")
    with pytest.raises(ReferenceFileError, match="line 2, column Code: not in the official format"):
        load_file(connection, write("nucc.csv", NUCC_HEADER, [["2083A0300", *NUCC_ROWS[0][1:]]]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("St. Mary's Hosp & Medical Ctr", "SAINT MARYS HOSPITAL AND MEDICAL CENTER"),
        ("The Hospital of Central Connecticut, Inc.", "HOSPITAL CENTRAL CONNECTICUT"),
        ("1108 Ross Clark Drive", "1108 ROSS CLARK DR."),
    ],
)
def test_names_are_the_same_without_case_signs_and_small_words(connection: Connection, one: str, other: str) -> None:
    query = f"SELECT {folded_sql('$1::VARCHAR')} = {folded_sql('$2::VARCHAR')}"
    assert connection.execute(query, [one, other]).fetchall() == [(True,)]


@pytest.mark.skipif(not NETWORK.is_dir(), reason="the official files are not at hand")
def test_the_official_files_load_and_most_hospitals_are_found_in_both(connection: Connection) -> None:
    assert load_file(connection, NETWORK / "hifld_hospitals_2021.csv").rows == 7_551
    assert load_file(connection, NETWORK / "cms_hospital_general_information_2026.csv").rows == 5_355
    assert load_file(connection, NETWORK / "nucc_taxonomy_25_1.csv").rows == 883
    harris = "SELECT count(*), sum(beds)::INTEGER FROM network.facilities WHERE county_fips = '48201'"
    assert connection.execute(harris).fetchall() == [(88, 16_433)]
    ((certified, twice),) = connection.execute(
        "SELECT count(ccn), count(ccn) - count(DISTINCT ccn) FROM network.facilities"
    ).fetchall()
    assert certified > 0.93 * 5_355
    assert twice == 0
    # Certified as a psychiatric hospital and listed as one, by and large: whoever was joined is the same.
    agreeing = """
        SELECT avg((cms.facility_type = facilities.facility_type)::INTEGER) FROM network.facilities
        JOIN network.cms_hospitals AS cms USING (ccn) WHERE cms.facility_type IN ('psychiatric', 'general_acute_care')
    """
    ((share,),) = connection.execute(agreeing).fetchall()
    assert share > 0.9
