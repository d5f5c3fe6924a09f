"""The official files themselves, where they are at hand."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pytest

from engine.reference.official_twins import OFFICIAL
from healthsim.reference import Reference, load_file
from healthsim.reference.layers import RACES, starter_layer
from healthsim.reference.loaded_layers import loaded_layers
from healthsim.reference.vocabulary import GROUPS

POPULATION = OFFICIAL / "population"

pytestmark = pytest.mark.skipif(not POPULATION.is_dir(), reason="the official files are not at hand")

Rows = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        for name, counties in (
            ("places_county_2022.csv", 3143),
            ("svi_county_2022.csv", 3144),
            ("county_age_sex_race_2018.csv", 3141),
        ):
            assert load_file(opened, POPULATION / name).counties == counties
        yield opened


@pytest.fixture(scope="module")
def reference(database: duckdb.DuckDBPyConnection) -> Reference:
    return Reference(database)


def official(name: str, key: str) -> Rows:
    with (POPULATION / name).open(encoding="utf-8-sig", newline="") as lines:
        return {row[key].zfill(5): row for row in csv.DictReader(lines)}


def some(rows: Rows, count: int) -> list[str]:
    codes = sorted(rows)
    return [codes[index] for index in np.random.default_rng(0).choice(len(codes), count, replace=False)]


def test_harris_county_reads_as_published(reference: Reference, database: duckdb.DuckDBPyConnection) -> None:
    figures = reference.county_figures("48201")
    assert figures.population == 4_726_177
    read = {name: figures.figures[name].value for name in ("DIABETES", "BPHIGH", "EP_AGE65", "EP_UNINSUR")}
    assert read == {"DIABETES": 12.6, "BPHIGH": 30.7, "EP_AGE65": 11.0, "EP_UNINSUR": 21.2}
    assert figures.svi["RPL_THEMES"] == 0.9201
    query = "SELECT DISTINCT population FROM population.places_county WHERE fips = '48201'"
    assert database.execute(query).fetchall() == [(4_738_253,)]


def test_fifty_counties_of_places_equal_the_file(database: duckdb.DuckDBPyConnection) -> None:
    rows = official("places_county_2022.csv", "CountyFIPS")
    for fips in some(rows, 50):
        read = database.execute(
            "SELECT measure, value_type, value, low, high FROM population.places_county WHERE fips = ?", [fips]
        ).fetchall()
        for measure, value_type, *values in read:
            stem = f"{measure}_{'Crude' if value_type == 'crude' else 'Adj'}"
            bounds = [float(bound) for bound in re.findall(r"[\d.]+", rows[fips][f"{stem}95CI"])]
            assert values == [float(rows[fips][f"{stem}Prev"]), *bounds]
        assert len(read) == sum(1 for name, text in rows[fips].items() if name.endswith("Prev") and text)


def test_fifty_counties_of_the_svi_equal_the_file(database: duckdb.DuckDBPyConnection) -> None:
    rows = official("svi_county_2022.csv", "FIPS")
    for fips in some(rows, 50):
        found = database.execute("SELECT * FROM population.svi_county WHERE fips = ?", [fips])
        names = [column[0] for column in found.description or []]
        read = dict(zip(names, found.fetchall()[0], strict=True))
        for name, text in rows[fips].items():
            if re.fullmatch(r"(E|EP|RPL)_\w+", name):
                assert read[name] == (None if float(text) == -999 else float(text)), name


def test_shares_of_every_county_equal_the_svi(reference: Reference) -> None:
    rows = official("svi_county_2022.csv", "FIPS")
    codes = sorted(rows)
    places = reference.places(codes)
    assert not [note for note in places.fallbacks if "age" in note]
    people = np.array([float(rows[code]["E_TOTPOP"]) for code in codes])
    by_age = places.age_sex.sum(axis=2)
    for ages, name in ((slice(0, 18), "AGE17"), (slice(65, None), "AGE65")):
        expected = np.array([float(rows[code][f"E_{name}"]) for code in codes]) / people
        np.testing.assert_allclose(by_age[:, ages].sum(axis=1), expected, atol=1e-9)
    for group, name in RACES.items():
        expected = np.array([float(rows[code][f"E_{name}"]) for code in codes]) / people
        np.testing.assert_allclose(places.race[:, GROUPS.index(group)], expected, atol=1e-9)


def test_prevalences_of_every_county_equal_places(reference: Reference) -> None:
    rows = official("places_county_2022.csv", "CountyFIPS")
    places = reference.places(sorted(rows))
    for measure in ("DIABETES", "COPD", "OBESITY", "DEPRESSION"):
        expected = [float(rows[code][f"{measure}_CrudePrev"]) / 100 for code in places.fips]
        np.testing.assert_allclose(places.prevalence[measure], expected, atol=1e-12)


def test_fifty_counties_figures_equal_the_files(reference: Reference) -> None:
    places = official("places_county_2022.csv", "CountyFIPS")
    svi = official("svi_county_2022.csv", "FIPS")
    both = {fips: {**places[fips], **svi[fips]} for fips in places.keys() & svi.keys()}
    for fips in some(both, 50):
        found = reference.county_figures(fips)
        own = {name: figure for name, figure in found.figures.items() if figure.level == "county"}
        for name, figure in own.items():
            assert figure.value == float(both[fips].get(name) or both[fips][f"{name}_CrudePrev"]), name
            assert figure.year == 2022
        assert {
            name.removesuffix("_CrudePrev") for name, text in both[fips].items() if name.endswith("_CrudePrev") and text
        } <= own.keys()
        assert len([name for name in own if name.startswith("EP_")]) == 24
        assert found.svi == {name: float(both[fips][name]) for name in found.svi}


def test_states_and_the_nation_equal_the_means_that_the_starter_carries(database: duckdb.DuckDBPyConnection) -> None:
    starter = starter_layer()
    codes = [code for code in starter.rows if len(code) == 2]
    compared = 0
    for layer in loaded_layers(database):
        for name in layer.columns.keys() & starter.columns.keys():
            made = layer.columns[name][[layer.rows[code] for code in codes]]
            carried = starter.columns[name][[starter.rows[code] for code in codes]]
            known = ~np.isnan(made)
            np.testing.assert_allclose(made[known], carried[known], rtol=1e-5, atol=6e-5, err_msg=name)
            compared += int(known.sum())
    assert compared > 5000


def test_the_starter_equals_what_the_files_say() -> None:
    rows = official("places_county_2022.csv", "CountyFIPS")
    for fips in ("48201", "06037", "17031", "09001"):
        figures = Reference().county_figures(fips).figures
        assert figures["DIABETES"].value == float(rows[fips]["DIABETES_CrudePrev"])


def test_figures_of_2024_load_with_planning_regions_and_without_floridas_blood_pressure(
    tmp_path: Path,
) -> None:
    names = {
        "asthma": "CASTHMA",
        "copd": "COPD",
        "diabetes": "DIABETES",
        "hypertension": "BPHIGH",
        "obesity": "OBESITY",
    }
    people = {fips: row["E_TOTPOP"] for fips, row in official("svi_county_2022.csv", "FIPS").items()}
    rows = official("places_county_2024_subset.csv", "county_fips")
    path = tmp_path / "PLACES__County_Data__GIS_Friendly_Format___2024_release_20250101.csv"
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(["CountyFIPS", "TotalPopulation", *(f"{name}_CrudePrev" for name in names.values())])
        for fips, row in rows.items():
            if fips in people:
                writer.writerow([fips, people[fips], *(row[f"{name}_pct"] for name in names)])
    with duckdb.connect() as connection:
        load_file(connection, POPULATION / "places_county_2022.csv")
        loaded = load_file(connection, path)
        reference = Reference(connection)
    assert (loaded.release, loaded.counties) == (2024, 3144)
    assert "Florida: the file has no BPHIGH" in loaded.notes
    assert any(note.startswith("Connecticut: by planning region") for note in loaded.notes)
    nation = reference.nation_figures().figures
    for name, column in names.items():
        # The nation's own row is the release's national estimate, not a mean of counties.
        assert nation[column].value == pytest.approx(float(rows["00059"][f"{name}_pct"]), abs=1.0), name
        assert (nation[column].year, nation[column].level) == (2024, "nation")
    miami = reference.county_figures("12086").figures
    assert (miami["DIABETES"].year, miami["BPHIGH"].year) == (2024, 2022)
    fairfield = reference.county_figures("09001").figures["DIABETES"]
    assert (fairfield.year, fairfield.level) == (2022, "county")
    assert reference.state_figures("CT").figures["DIABETES"].year == 2024


@pytest.mark.parametrize("name", ["rucc_2023.csv", "fips_county.csv", "age_shape_by_state.csv"])
def test_other_official_files_are_refused(database: duckdb.DuckDBPyConnection, name: str) -> None:
    with pytest.raises(Exception, match="not the header of a known official file"):
        load_file(database, POPULATION / name)
