"""The two databases that the guide's blocks on reference data run on, each as `healthsim.duckdb` in the folder."""

from pathlib import Path

import pytest

from healthsim import generate, get_manager


@pytest.fixture(scope="session")
def loaded_database(official_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a database of the official files, as `healthsim reference load` makes it."""
    path = tmp_path_factory.mktemp("guide") / "healthsim.duckdb"
    people = ("places_county_2022.csv", "svi_county_2022.csv", "county_age_sex_race_2018.csv")
    hospitals = ("hifld_hospitals_2021.csv", "cms_hospital_general_information_2026.csv")
    network = official_files.parent / "network"
    get_manager(path).load_reference(
        [*(official_files / name for name in people), *(network / name for name in hospitals)]
    )
    return path


@pytest.fixture(scope="session")
def network_files(official_files: Path) -> Path:
    """Give the folder of the official files of hospitals and taxonomy codes."""
    return official_files.parent / "network"


@pytest.fixture(params=["loaded", "starter"])
def reference_database(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a database with the official files, and one with the starter alone, in the folder that the guide runs in."""
    if request.param == "loaded":
        path: Path = request.getfixturevalue("loaded_database")
    else:
        path = tmp_path / "healthsim.duckdb"
        generate(count=1, persist=True, db=path)
    monkeypatch.chdir(path.parent)
    return path
