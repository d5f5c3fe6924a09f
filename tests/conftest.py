"""What all tests share: the official files and the guide, where they are, and plans of small profiles."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from healthsim.planning import Plan, plan_of
from healthsim.reference import Reference
from healthsim.skills import skill_library
from healthsim.spec import parse_profile

SHARED = Path(__file__).parent.parent.parent / "shared"


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


@pytest.fixture(scope="session")
def planned() -> Callable[..., Plan]:
    """Give a function that plans a profile on the starter's figures."""
    reference = Reference()

    def plan(document: Mapping[str, Any], seed: int = 1) -> Plan:
        return plan_of(parse_profile(document), seed, reference, skill_library())

    return plan
