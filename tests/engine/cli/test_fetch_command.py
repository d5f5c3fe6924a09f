"""Fetching by command: files come, are loaded, and what fails of one does not stop the others."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.cli.running import Command
from engine.reference.official_twins import SVI_2020_HEADER, svi_row
from engine.reference.serving import Served, Server, serving
from healthsim.reference.downloads import Download, download_of

PLACES = b"StateAbbr,CountyFIPS,TotalPopulation,DIABETES_CrudePrev\nTX,48003,18705,11.9\nXX,48999,5,1.0\n"
SVI = "\n".join(
    ",".join(cell.replace(",", "") for cell in row)
    for row in (SVI_2020_HEADER, svi_row(SVI_2020_HEADER, "48003", E_TOTPOP=1000, E_AGE65=100, E_AGE17=200))
).encode()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Serve in place of the publishers; nothing is waited for."""
    with serving() as running:

        def local(source: str, release: str | None = None) -> Download:
            found = download_of(source, release)
            return replace(found, how="file", address=running.url(f"/{source}"), release="2020", least_bytes=50,
                           file_name=f"{source}.csv")  # fmt: skip

        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        monkeypatch.setattr("healthsim.state.fetching.download_of", local)
        monkeypatch.setattr("healthsim.reference.transfer.time.sleep", lambda _seconds: None)
        running.files |= {"/places": Served(PLACES, cuts=[40]), "/svi": Served(SVI)}
        yield running


def test_files_are_fetched_beside_the_workspace_and_loaded(healthsim: Command, server: Server) -> None:
    ran = healthsim("reference", "fetch", "places", "svi")
    assert ran.code == 0, ran.err
    folder = healthsim.workspace.parent / "downloads"
    assert {path.name for path in folder.iterdir()} == {"places.csv", "svi.csv"}
    assert f"places: {folder / 'places.csv'} ({len(PLACES)} bytes, fetched)" in ran.out
    assert "48999: left out, no county has this code" in ran.out
    loads = healthsim("reference", "status", "--json").document
    assert [(load["kind"], load["release"]) for load in loads] == [("places_county", 2020), ("svi_county", 2020)]
    assert "already there" in healthsim("reference", "fetch", "places").out
    assert len(server.asked) == 4


def test_what_was_fetched_need_not_be_loaded(healthsim: Command, server: Server, tmp_path: Path) -> None:
    ran = healthsim("reference", "fetch", "svi", "--no-load", "--directory", str(tmp_path / "files"), "--json")
    (document,) = ran.document
    assert document["loaded"] is None
    assert Path(document["file"]["path"]) == tmp_path / "files" / "svi.csv"
    assert healthsim("reference", "status", "--json").document == []
    assert [path for path, _ in server.asked] == ["/svi"]


def test_what_fails_of_one_source_does_not_stop_the_others(healthsim: Command, server: Server) -> None:
    server.files["/svi"] = Served(b"no such columns\n" * 10)
    ran = healthsim("reference", "fetch", "--json")
    assert ran.code == 1
    assert [bool(each["loaded"]) for each in ran.document] == [True, False, False]
    assert "not the header of a known official file" in ran.document[1]["error"]
    assert "404 Not Found" in ran.document[2]["error"]
    assert all(each["error"] in ran.err for each in ran.document if each["error"])


@pytest.mark.usefixtures("server")
def test_a_file_that_cannot_be_loaded_is_told_and_kept(healthsim: Command, server: Server) -> None:
    server.files["/places"] = Served(PLACES.replace(b"11.9", b"many"))
    ran = healthsim("reference", "fetch", "places")
    assert ran.code == 2
    assert "line 2, column DIABETES_CrudePrev: not a number" in ran.err
    assert (healthsim.workspace.parent / "downloads" / "places.csv").exists()


@pytest.mark.usefixtures("server")
def test_who_interrupts_it_is_told_that_it_goes_on(healthsim: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("healthsim.reference.transfer.time.sleep", interrupted)
    ran = healthsim("reference", "fetch", "places")
    assert (ran.code, ran.out) == (130, "")
    assert "run the command again to go on where it stopped" in ran.err
    monkeypatch.undo()
    assert (healthsim.workspace.parent / "downloads" / "places.csv.part").read_bytes() == PLACES[:40]


def test_unknown_sources_and_releases_are_refused_before_anything_is_fetched(healthsim: Command) -> None:
    ran = healthsim("reference", "fetch", "place", "svi", "hospitals", "--release", "2021")
    assert ran.code == 2
    assert all(text in ran.err for text in ("3 problems", "did you mean places", "known are 2022, 2020, 2018"))
    assert not healthsim.workspace.exists()
