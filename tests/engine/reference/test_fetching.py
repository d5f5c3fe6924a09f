"""Fetching of official files from a server on this machine: whole, cut, wrong, missing, unreachable."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from engine.reference.official_twins import OFFICIAL, PLACES_HEADER, PLACES_ROWS, SVI_2020_HEADER, svi_row
from engine.reference.serving import Served, Server, serving
from healthsim.errors import DownloadError, InvalidInputError, NotFoundError
from healthsim.reference.downloads import Download, download_of, downloads, sources
from healthsim.reference.fetching import FetchedFile, fetch_file
from healthsim.reference.file_kinds import FILE_KINDS
from healthsim.reference.network.official import NETWORK_KINDS
from healthsim.reference.transfer import Transfer

PATH = "/places.csv"


def csv_bytes(header: list[str], rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return text.getvalue().encode()


PLACES = csv_bytes(PLACES_HEADER, PLACES_ROWS)
LATER = csv_bytes(PLACES_HEADER, [[*row[:4], "999999", *row[5:]] for row in PLACES_ROWS])
SVI = csv_bytes(SVI_2020_HEADER, [svi_row(SVI_2020_HEADER, "48003", E_TOTPOP=1000)])


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving() as running:
        running.files[PATH] = Served(PLACES)
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "downloads"


def places(server: Server, *, least_bytes: int = 100) -> Download:
    return Download("places", "2022", "places_county", "file", server.url(PATH), "PLACES_2022.csv", least_bytes)


def fetched(
    download: Download, folder: Path, *, pauses: tuple[float, ...] = (0.0, 0.0), today: date | None = None
) -> FetchedFile:
    with Transfer(pauses) as transfer:
        return fetch_file(transfer, download, folder, lambda _done, _total: None, today=today)


def refused(download: Download, folder: Path) -> str:
    with pytest.raises(DownloadError) as caught:
        fetched(download, folder)
    return str(caught.value)


def ranges(server: Server) -> list[str | None]:
    return [wanted for _, wanted in server.asked]


def test_a_file_is_fetched_whole_under_its_name_with_its_date_and_nothing_beside_it(
    server: Server, folder: Path
) -> None:
    file = fetched(places(server), folder)
    assert (file.source, file.release, file.bytes, file.is_new) == ("places", 2022, len(PLACES), True)
    assert file.path == folder / "PLACES_2022.csv"
    assert file.path.read_bytes() == PLACES
    assert int(file.path.stat().st_mtime) == 1_733_306_400
    assert [path.name for path in folder.iterdir()] == ["PLACES_2022.csv"]


def test_progress_is_told_in_bytes(server: Server, folder: Path) -> None:
    told: list[tuple[int, int | None]] = []
    with Transfer(()) as transfer:
        fetch_file(transfer, places(server), folder, lambda done, total: told.append((done, total)))
    assert told[0] == (0, len(PLACES))
    assert told[-1] == (len(PLACES), len(PLACES))


def test_a_connection_cut_in_the_middle_is_taken_up_where_it_stopped(server: Server, folder: Path) -> None:
    server.files[PATH].cuts = [300, 50, 20]
    assert fetched(places(server), folder).path.read_bytes() == PLACES
    assert ranges(server) == [None, "bytes=300-", "bytes=350-", "bytes=370-"]


def test_a_later_run_goes_on_where_an_earlier_one_gave_up(server: Server, folder: Path) -> None:
    server.files[PATH].cuts = [300, 0, 0]
    said = refused(places(server), folder)
    assert "the connection was cut" in said
    assert "run the command again to go on where it stopped" in said
    assert not (folder / "PLACES_2022.csv").exists()
    assert fetched(places(server), folder).path.read_bytes() == PLACES
    assert ranges(server)[-1] == "bytes=300-"


def test_a_server_that_cannot_send_a_part_sends_all_of_it_again(server: Server, folder: Path) -> None:
    server.files[PATH].ranges = False
    server.files[PATH].cuts = [300]
    assert fetched(places(server), folder).path.read_bytes() == PLACES


def test_a_server_that_does_not_tell_its_file_apart_is_asked_for_all_of_it_again(server: Server, folder: Path) -> None:
    served = server.files[PATH]
    served.tag, served.date, served.cuts = 'W/"weak"', None, [300]
    assert fetched(places(server), folder).path.read_bytes() == PLACES
    assert ranges(server) == [None, None]


def test_a_file_that_changed_meanwhile_is_never_pieced_together(server: Server, folder: Path) -> None:
    server.files[PATH].cuts = [300, 0, 0]
    refused(places(server), folder)
    server.files[PATH] = Served(LATER, tag='"two"')
    assert fetched(places(server), folder).path.read_bytes() == LATER


def test_a_server_that_does_not_say_the_size_is_read_to_the_end(server: Server, folder: Path) -> None:
    server.files[PATH].says_size = False
    assert fetched(places(server), folder).path.read_bytes() == PLACES


def test_the_same_file_is_not_fetched_twice_and_a_changed_one_takes_its_place(server: Server, folder: Path) -> None:
    fetched(places(server), folder)
    again = fetched(places(server), folder)
    assert (again.is_new, again.bytes) == (False, len(PLACES))
    server.files[PATH] = Served(LATER, date="Thu, 05 Dec 2024 10:00:00 GMT")
    assert fetched(places(server), folder).is_new
    assert (folder / "PLACES_2022.csv").read_bytes() == LATER


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (SVI, "it is a file of svi_county, not of places_county"),
        (
            b"<!DOCTYPE html><html><body>Moved, with many words so that it is long enough</body></html>" * 3,
            "not the header",
        ),
        (PLACES[:60], "60 bytes, at least 100 were expected"),
        (b"", "0 bytes, at least 100 were expected"),
    ],
    ids=["another kind", "a web page", "too small", "empty"],
)
def test_what_is_not_the_file_never_takes_the_place_of_one(
    server: Server, folder: Path, content: bytes, reason: str
) -> None:
    fetched(places(server), folder)
    server.files[PATH] = Served(content, date=None, tag=None)
    said = refused(places(server), folder)
    assert "what came is not the file" in said
    assert reason in said
    assert [path.name for path in folder.iterdir()] == ["PLACES_2022.csv"]
    assert (folder / "PLACES_2022.csv").read_bytes() == PLACES


def test_a_missing_file_is_said_at_once(server: Server, folder: Path) -> None:
    del server.files[PATH]
    said = refused(places(server), folder)
    assert said.startswith(f"{server.url(PATH)} cannot be fetched: the server answers 404 Not Found")
    assert "healthsim reference load" in said
    assert len(server.asked) == 1


def test_a_server_that_is_busy_is_asked_again(server: Server, folder: Path) -> None:
    server.files[PATH].status = 503
    assert "the server answers 503 Service Unavailable (tried 3 times)" in refused(places(server), folder)
    assert len(server.asked) == 3


def test_without_a_network_the_address_and_the_remedy_are_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving() as closed:
        download = places(closed)
    said = refused(download, folder)
    assert said.startswith(download.address)
    assert "the server cannot be reached" in said
    assert "on another machine" in said
    assert "healthsim reference load PATH" in said


def test_a_folder_that_cannot_be_written_is_said(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    said = refused(places(server), tmp_path / "file")
    assert "cannot be written" in said
    assert "--directory" in said


def test_the_latest_release_is_named_after_the_datasets_title(server: Server, folder: Path) -> None:
    server.files["/api/views/i46a-9kgh/rows.csv"] = Served(PLACES)
    title = {"name": "PLACES: County Data (GIS Friendly Format), 2025 release"}
    server.files["/api/views/i46a-9kgh.json"] = Served(json.dumps(title).encode())
    address = server.url("/api/views/i46a-9kgh/rows.csv?accessType=DOWNLOAD")
    download = Download("places", None, "places_county", "socrata", address, "PLACES_{release}.csv", 100)
    file = fetched(download, folder)
    assert (file.release, file.path.name) == (2025, "PLACES_2025.csv")
    server.files["/api/views/i46a-9kgh.json"] = Served(b'{"name": "PLACES"}')
    assert "does not name its release" in refused(download, folder)


@pytest.mark.parametrize("shape", ["plain", "referenced"])
def test_an_address_is_found_in_the_description_of_a_dataset(server: Server, folder: Path, shape: str) -> None:
    url = {"downloadURL": server.url(PATH)}
    server.files["/items/x"] = Served(
        json.dumps({"distribution": [url if shape == "plain" else {"data": url}]}).encode()
    )
    download = Download("hospitals", None, "places_county", "metastore", server.url("/items/x"), "Hospitals.csv", 100)
    assert fetched(download, folder).address == server.url(PATH)
    server.files["/items/x"] = Served(b"{}")
    assert "names no file" in refused(download, folder)
    server.files["/items/x"] = Served(b"<html>")
    assert "is no JSON" in refused(download, folder)


def test_of_monthly_files_the_latest_that_is_out_is_fetched(server: Server, folder: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("places.csv", PLACES)
    server.files["/December_2024.zip"] = Served(packed.getvalue())
    address = server.url("/{month}_{year}.zip")
    latest = Download("nppes", None, "places_county", "monthly", address, "N_{month}_{year}.zip", 100)
    file = fetched(latest, folder, today=date(2025, 1, 10))
    assert (file.path.name, file.release) == ("N_December_2024.zip", 2024)
    assert [path for path, _ in server.asked] == ["/January_2025.zip", "/December_2024.zip"]
    october = Download("nppes", "2024-10", "places_county", "monthly", address, "N_{month}_{year}.zip", 100)
    assert "October_2024.zip" in refused(october, folder)


def test_every_download_of_the_table_is_of_a_known_kind_and_found_by_its_release() -> None:
    kinds = {kind.table for kind in FILE_KINDS} | {kind.name for kind in NETWORK_KINDS}
    assert set(sources()) == {"places", "svi", "census", "hospitals", "nppes"}
    for each in downloads():
        assert each.kind in kinds
        assert each.address.startswith("https://")
        assert download_of(each.source, each.release) == each
    assert download_of("svi").release == "2022"
    assert download_of("nppes", "2026-10").release == "2026-10"


def test_unknown_sources_and_releases_name_those_there_are() -> None:
    with pytest.raises(NotFoundError, match="did you mean places"):
        download_of("place")
    with pytest.raises(InvalidInputError, match="known are 2022, 2020, 2018"):
        download_of("svi", "2021")
    with pytest.raises(InvalidInputError, match="name a month, such as 2026-10"):
        download_of("nppes", "2026")
    with pytest.raises(InvalidInputError, match="it has the latest only"):
        download_of("hospitals", "2024")


@pytest.mark.skipif(not OFFICIAL.is_dir(), reason="the official files are not at hand")
@pytest.mark.parametrize(
    ("source", "name", "cuts"),
    [
        ("places", "population/places_county_2022.csv", [2_000_000]),
        ("svi", "population/svi_county_2022.csv", [1_500_000, 1]),
        ("hospitals", "network/cms_hospital_general_information_2026.csv", []),
    ],
)
def test_the_official_files_come_through_a_cut_connection(
    server: Server, folder: Path, source: str, name: str, cuts: list[int]
) -> None:
    content = (OFFICIAL / name).read_bytes()
    server.files["/official.csv"] = Served(content, cuts=[*cuts])
    listed = download_of(source)
    address = server.url("/official.csv")
    file = fetched(Download(source, "2022", listed.kind, "file", address, "official.csv", listed.least_bytes), folder)
    assert file.path.read_bytes() == content
    assert len(server.asked) == 1 + len(cuts)
