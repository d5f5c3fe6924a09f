"""Where the server writes files: below one folder."""

from pathlib import Path

import pytest

from healthsim.errors import InvalidInputError
from healthsim_mcp.exports import export_folder
from healthsim_mcp.settings import Settings
from server.calling import Caller

ELSEWHERE = ["../elsewhere", "/", "a/../../b", "..", ".", "", "~/x/../../..", "a\x00b", "x" * 300, "x" * 5_000]
ELSEWHERE += ["a\nb", "\u200f"]


def test_a_folder_elsewhere_is_refused_and_nothing_is_written(caller: Caller, workspace: Path) -> None:
    caller.answer("generate_cohort", condition="copd", count=5, seed=1, name="kept")
    before = sorted(workspace.parent.rglob("*"))
    for named in ELSEWHERE:
        refusal = caller.refusal("export_cohort", cohort_id="kept", directory=named)
        assert "$.directory" in refusal
        assert str(workspace.parent) not in refusal
    assert sorted(workspace.parent.rglob("*")) == before


def test_a_link_that_leads_out_is_refused(caller: Caller, workspace: Path, tmp_path: Path) -> None:
    caller.answer("generate_cohort", condition="copd", count=5, seed=1, name="kept")
    home = workspace.with_name("workspace.exports")
    home.mkdir()
    (tmp_path / "outside").mkdir()
    (home / "link").symlink_to(tmp_path / "outside", target_is_directory=True)
    refusal = caller.refusal("export_cohort", cohort_id="kept", directory="link/inner")
    assert "below the server's folder of exports" in refusal
    assert list((tmp_path / "outside").iterdir()) == []


def test_the_folder_may_be_named_when_the_server_starts_and_by_its_whole_path(tmp_path: Path) -> None:
    settings = Settings(exports=str(tmp_path / "shared"))
    folder = (tmp_path / "shared" / "a" / "b").resolve()
    assert export_folder(settings, tmp_path / "w.duckdb", "a/b") == folder
    assert export_folder(settings, tmp_path / "w.duckdb", str(folder)) == folder
    with pytest.raises(InvalidInputError, match="below"):
        export_folder(settings, tmp_path / "w.duckdb", str(tmp_path / "w.exports" / "a"))
