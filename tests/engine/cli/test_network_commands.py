"""Official files of the network load from the shell, and providers and facilities are found there."""

from pathlib import Path

import pytest

from engine.cli.running import Command
from engine.reference.network.network_twins import (
    HIFLD_HEADER,
    NPIS,
    deactivated,
    hifld,
    listed,
    provider,
    write_csv,
    write_nppes,
)
from healthsim import get_manager


@pytest.fixture
def loaded(healthsim: Command, tmp_path: Path) -> Command:
    providers = write_nppes(tmp_path / "npidata_2026.csv", [provider(NPIS[0]), deactivated(NPIS[1])])
    hospitals = write_csv(
        tmp_path / "hifld_2021.csv", HIFLD_HEADER, listed(HIFLD_HEADER, [hifld("1", "TEST HOSPITAL")])
    )
    ran = healthsim("reference", "load", str(providers), str(hospitals))
    assert ran.out.splitlines() == [
        "NPPES providers, release 2026: 1 counties, 1 rows",
        "  left out: 1 deactivated",
        "HIFLD hospitals, release 2021: 1 counties, 1 rows",
    ]
    return healthsim


def test_loaded_files_are_listed(loaded: Command) -> None:
    kinds = [load["kind"] for load in loaded("reference", "status", "--json").document]
    assert kinds == ["providers", "hifld_hospitals"]
    assert "Starter directory" in loaded("reference", "status").out


def test_loaded_providers_and_hospitals_are_found(loaded: Command) -> None:
    found = loaded("providers", "--state", "TX", "--city", "houston", "--specialty", "cardiology", "--json").document
    assert [(each["npi"], each["is_synthetic"]) for each in found["providers"]] == [(NPIS[0], False)]
    assert found["source"] == "NPPES 2026 (loaded)"
    shown = loaded("facilities", "--state", "TX", "--min-beds", "200").out
    assert "TEST HOSPITAL" in shown
    assert "Source: HIFLD hospitals 2021 (loaded)" in shown


def test_without_loaded_files_the_starter_answers_and_says_so(healthsim: Command) -> None:
    found = healthsim("providers", "--zip", "77030", "--limit", "2", "--json").document
    assert "synthetic" in found["source"]
    assert [each["zip"] for each in found["providers"]] == ["77030", "77030"]
    assert len(healthsim("facilities", "--county", "48201", "--limit", "3", "--json").document["facilities"]) == 3


def test_the_manager_finds_what_the_command_finds(loaded: Command) -> None:
    manager = get_manager(loaded.workspace)
    assert manager.find_providers(state="TX")["providers"][0]["npi"] == NPIS[0]
    assert manager.find_facilities(state="TX", limit=1)["facilities"][0]["beds"] == 400
