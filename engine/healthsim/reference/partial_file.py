"""What is there of a file that is being received: its first bytes, and beside them whose they are."""

import json
import os
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from pathlib import Path

import httpx

_PLAIN = "identity"


class PartialFile:
    """A file on its way: `NAME.part`, and `NAME.part.json` that says what the server's file was when it began.

    Args:
        target: What the file will be called.
        address: URL that it comes from.
    """

    def __init__(self, target: Path, address: str) -> None:
        self.target = target
        self.address = address
        self.path = target.with_name(f"{target.name}.part")
        self._note = target.with_name(f"{target.name}.part.json")

    def size(self) -> int:
        """Give the bytes that are there."""
        return self.path.stat().st_size if self.path.exists() else 0

    def headers(self) -> dict[str, str]:
        """Give the headers that ask for the rest, where the server's file can be told to be the same; else for all."""
        plain = {"Accept-Encoding": _PLAIN}
        note = self._noted()
        if not self.size() or note.get("address") != self.address or not note.get("validator"):
            return plain
        return {**plain, "Range": f"bytes={self.size()}-", "If-Range": str(note["validator"])}

    def begin(self, answer: httpx.Response) -> int | None:
        """Keep the first bytes if the answer goes on from them, else begin anew.

        Returns:
            Bytes of the whole file, None where the server does not say.

        Raises:
            ValueError: The answer is another part than was asked for; nothing is kept.
        """
        if answer.status_code == HTTPStatus.PARTIAL_CONTENT:
            part, _, total = str(answer.headers.get("Content-Range", "")).removeprefix("bytes ").partition("/")
            if part.partition("-")[0] != str(self.size()):
                self.drop()
                raise ValueError("the server sent another part than was asked for")
            return int(total) if total.isdigit() else None
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_bytes(b"")
        self._note.write_text(json.dumps({"address": self.address, "validator": _validator(answer)}), encoding="utf-8")
        return whole_size(answer)

    def is_there_already(self, answer: httpx.Response) -> bool:
        """Tell whether a file of the size and date of the server's has its name already."""
        total, changed_at = whole_size(answer), changed(answer)
        if total is None or changed_at is None or not self.target.exists():
            return False
        there = self.target.stat()
        return there.st_size == total and int(there.st_mtime) == int(changed_at)

    def finish(self, changed_at: float | None) -> None:
        """Give the file its name, in place of an earlier one.

        Args:
            changed_at: Date of the server's file, seconds since 1970; None where the server does not say.
        """
        if changed_at is not None:
            os.utime(self.path, (changed_at, changed_at))
        self.path.replace(self.target)
        self.drop()

    def drop(self) -> None:
        """Remove what is there of it."""
        self.path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def _noted(self) -> dict[str, object]:
        try:
            note = json.loads(self._note.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return note if isinstance(note, dict) else {}


def whole_size(answer: httpx.Response) -> int | None:
    """Give the bytes of the whole file, None where the server does not say, packs it on the way or sends a part."""
    text = str(answer.headers.get("Content-Length", ""))
    is_whole = answer.status_code == HTTPStatus.OK and _is_plain(answer)
    return int(text) if is_whole and text.isdigit() else None


def changed(answer: httpx.Response) -> float | None:
    """Give the date of the server's file, seconds since 1970, None where it does not say."""
    try:
        return parsedate_to_datetime(str(answer.headers["Last-Modified"])).timestamp()
    except (KeyError, ValueError):
        return None


def _validator(answer: httpx.Response) -> str | None:
    """Give what tells later whether the server's file is still the same: a strong tag, or its date."""
    tag, date = answer.headers.get("ETag"), answer.headers.get("Last-Modified")
    if not _is_plain(answer):
        return None
    return str(tag) if tag and not tag.startswith("W/") else date


def _is_plain(answer: httpx.Response) -> bool:
    return bool(answer.headers.get("Content-Encoding", _PLAIN) == _PLAIN)
