"""What all tests share: the official files and the guide, where they are, and plans of small profiles."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from healthsim.planning import Plan, plan_of
from healthsim.reference import Reference
from healthsim.skills import skill_library
from healthsim.spec import parse_profile

_OF_TOOLS = {".hypothesis", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".import_linter_cache", "dist"}
_OF_COVERAGE = ".coverage"
SHARED = Path(__file__).parent.parent.parent / "shared"

# No test depends on how fast or how busy the machine is.
settings.register_profile("healthsim", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("healthsim")


@pytest.fixture(scope="session")
def guide() -> str:
    """Give the text of the user's guide, where it lies beside the checkout."""
    path = SHARED / "guide.md"
    if not path.exists():
        pytest.skip("the user's guide is not here")
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def official_files() -> Path:
    """Give the folder of the official population files, where it lies beside the checkout."""
    path = SHARED / "reference" / "population"
    if not path.exists():
        pytest.skip("the official files are not here")
    return path


@pytest.fixture(autouse=True)
def own_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep every test out of the user's own workspace."""
    path = tmp_path / "default.duckdb"
    monkeypatch.setenv("HEALTHSIM_DB", str(path))
    return path


@pytest.fixture(scope="session", autouse=True)
def nothing_is_left_in_the_current_folder() -> Iterator[None]:
    """Hold all tests together to what every command and tool keeps: nothing is written that was not asked for."""
    home = Path.cwd()
    before = {path.name for path in home.iterdir()}
    yield
    left = {path.name for path in home.iterdir()} - before - _OF_TOOLS
    assert sorted(name for name in left if not name.startswith(_OF_COVERAGE)) == []


@pytest.fixture(scope="session")
def planned() -> Callable[..., Plan]:
    """Give a function that plans a profile on the starter's figures."""
    reference = Reference()

    def plan(document: Mapping[str, Any], seed: int = 1) -> Plan:
        return plan_of(parse_profile(document), seed, reference, skill_library())

    return plan
