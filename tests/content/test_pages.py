"""What the pages show runs as it stands: Python in the order of a page, in an empty folder, and JSON as what it is."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from healthsim import explain
from healthsim.skills import check_folder

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
CLIENTS = {"mcpServers", "servers"}


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def shown(page: Path) -> list[dict[str, Any]]:
    """Give the JSON documents of a page, but for the configurations of other programs."""
    documents = [json.loads(text) for text in blocks(page, "json")]
    return [document for document in documents if not CLIENTS & document.keys()]


PYTHON = [pytest.param(page, id=page.stem) for page in PAGES if blocks(page, "python")]
JSON = [pytest.param(page, id=page.stem) for page in PAGES if shown(page)]


@pytest.mark.parametrize("page", PYTHON)
def test_the_python_of_a_page_runs_in_its_order(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    names: dict[str, Any] = {}
    for block in blocks(page, "python"):
        exec(compile(block, page.name, "exec"), names)  # noqa: S102 - the page's own code
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize("page", JSON)
def test_the_json_of_a_page_is_accepted_whole(page: Path, tmp_path: Path) -> None:
    for document in shown(page):
        if "events" in document:
            assert explain(condition="diabetes", journey=document, count=10)["journeys"]
        elif "conditions" in document:
            skill = tmp_path / document["name"]
            skill.mkdir()
            (skill / "skill.json").write_text(json.dumps(document), encoding="utf-8")
            (skill / "SKILL.md").write_text(*blocks(page, "markdown"), encoding="utf-8")
            assert check_folder(tmp_path) == [document["name"]]
        else:
            assert explain(document, count=10)["count"] == 10
