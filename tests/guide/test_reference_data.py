"""The guide's blocks on reference data, on a database of official files and on one with the starter alone."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from guide.blocks import block, run
from healthsim import get_manager
from healthsim.generation import ProfileExecutor


@pytest.fixture
def integrated(guide: str, reference_database: Path) -> Iterator[dict[str, Any]]:
    """Run the block on reference data, and give the names it made; it opens the database in its folder, read-only."""
    assert reference_database.name == "healthsim.duckdb"
    names = run(block(guide, "Reference Data Integration"))
    yield names
    names["conn"].close()


def test_a_hybrid_profile_is_made_and_executed_as_written(integrated: dict[str, Any]) -> None:
    hybrid = json.loads(json.dumps(integrated["hybrid"]))
    assert hybrid["profile"]["id"] == "harris-diabetic"
    assert hybrid["profile"]["providers"]["listing"]["specialists"]
    assert hybrid["profile"]["facilities"]["listing"]["hospitals"]
    made = ProfileExecutor().execute(hybrid, seed=1, count=200)
    original = ProfileExecutor("healthsim.duckdb").execute(integrated["spec"], seed=1, count=200)
    assert made.digest == original.digest
    assert {row["county_fips"] for row in made["patients"]} == {"48201"}
    assert "Endocrinology" in " ".join(row["specialty"] for row in made["providers_used"])


def test_figures_of_places_are_looked_up_as_written(
    guide: str, integrated: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    names = run(block(guide, "PopulationSim (Demographics)"), conn=integrated["conn"])
    assert capsys.readouterr().out == "Diabetes rate: 12.6%\nObesity rate: 37.9%\n65+ population: 11.0%\n"
    assert names["state_profile"].name == "Texas"
    assert names["state_profile"].pct_diabetes == pytest.approx(12.5, abs=0.1)


def test_hospitals_are_the_official_ones_where_they_are_loaded(guide: str, network_files: Path, tmp_path: Path) -> None:
    database = tmp_path / "healthsim.duckdb"
    get_manager(database).load_reference(sorted(network_files.glob("*.csv")))
    with duckdb.connect(database, read_only=True) as conn:
        names = run(block(guide, "NetworkSim (Providers/Facilities)"), conn=conn)
    assert len(names["providers"]) == 20
    assert all(provider.is_synthetic for provider in names["providers"])
    assert len(names["hospitals"]) == 20
    assert all(hospital.beds >= 200 and not hospital.is_synthetic for hospital in names["hospitals"])
    assert any(hospital.rating is not None for hospital in names["hospitals"])


def test_providers_and_hospitals_are_found_as_written(guide: str, integrated: dict[str, Any]) -> None:
    names = run(block(guide, "NetworkSim (Providers/Facilities)"), conn=integrated["conn"])
    assert len(names["providers"]) == 20
    assert {provider.city.casefold() for provider in names["providers"]} == {"houston"}
    assert names["hospitals"]
    assert all(facility.beds >= 200 for facility in names["hospitals"])
