"""Files that somebody made to break the loading of reference files: told in a moment, and nothing is loaded."""

import os
import zipfile
from pathlib import Path

import duckdb
import pytest

from healthsim.errors import ReferenceFileError
from healthsim.reference import load_file

HEADER = "a,b\n"
UNKNOWN_METHOD = 97


def refused(file: Path) -> str:
    connection = duckdb.connect()
    with pytest.raises(ReferenceFileError) as caught:
        load_file(connection, file)
    assert connection.execute("SELECT count(*) FROM duckdb_tables()").fetchone() == (0,)
    return str(caught.value)


def test_a_zip_of_many_files_is_opened_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as archive:
        for index in range(50):
            archive.writestr(f"{index}.csv", HEADER)
    opened: list[object] = []
    whole = zipfile.ZipFile.__init__

    def counted(self: zipfile.ZipFile, *args: object, **options: object) -> None:
        opened.append(args)
        whole(self, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(zipfile.ZipFile, "__init__", counted)
    assert "not the header of a known official file" in refused(tmp_path / "many.zip")
    assert len(opened) == 1


def test_a_zip_packed_in_an_unknown_way_is_told(tmp_path: Path) -> None:
    file = tmp_path / "packed.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("places.csv", HEADER)
    content = bytearray(file.read_bytes())
    content[8] = content[content.find(b"PK\x01\x02") + 10] = UNKNOWN_METHOD
    file.write_bytes(content)
    assert "packed in a way not known here; unpack it" in refused(file).replace(" (received None)", "")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a file system without named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "places.csv")
    assert "a pipe or a device" in refused(tmp_path / "places.csv")
