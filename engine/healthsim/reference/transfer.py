"""Files over HTTP: taken up again after a cut connection, whole or not there at all."""

import shutil
import time
from collections.abc import Callable
from http import HTTPStatus
from http.client import responses
from pathlib import Path
from typing import Any, Self, TypeVar

import httpx

from healthsim.errors import DownloadError
from healthsim.reference.partial_file import PartialFile, changed

Progress = Callable[[int, int | None], None]
"""Is told the bytes that are there, and those there will be, None where the server does not say."""

Check = Callable[[Path, int], str | None]
"""Says what is wrong with a file that came, given where it is and its bytes; None where nothing is."""

_TIMEOUT = httpx.Timeout(60.0, connect=20.0)
_MISSING = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_REFUSED = frozenset({*_MISSING, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
_ELSEWHERE = "download it by hand, on another machine if need be, and load it with `healthsim reference load PATH`"
_LATER = f"run the command again to go on where it stopped, or {_ELSEWHERE}"
_PAUSES = (1.0, 2.0, 4.0)

_Answer = TypeVar("_Answer")


class Transfer:
    """Receives files and documents; use it as a context.

    Args:
        pauses: Seconds to wait before trying again, one a failure without progress; after the last it gives up.
    """

    def __init__(self, pauses: tuple[float, ...] = _PAUSES) -> None:
        self._client = httpx.Client(follow_redirects=True, timeout=_TIMEOUT, headers={"User-Agent": "healthsim"})
        self._pauses = pauses

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_failure: object) -> None:
        """Close what is open."""
        self._client.close()

    def document(self, address: str) -> Any:  # noqa: ANN401 - whatever JSON is there
        """Read a JSON document.

        Raises:
            DownloadError: The server cannot be reached, does not have it, or it is no JSON.
        """

        def read() -> httpx.Response:
            answer = self._client.get(address)
            _check_status(answer, address)
            return answer

        answer = self._persistently(address, read, lambda: 0)
        try:
            return answer.json()
        except ValueError as error:
            raise DownloadError(address, "what came is no JSON", _ELSEWHERE) from error

    def receive(self, address: str, target: Path, check: Check, progress: Progress) -> bool:
        """Receive a file, check it, and only then give it its name, in place of an earlier one.

        What came of it before a cut connection, in this run or an earlier one, is kept, as long as the server's file is
        the same and the server can send the rest.

        Args:
            address: URL.
            target: What the file is called.
            check: Says what is wrong with it.
            progress: Is told how far it is.

        Returns:
            Whether it was transferred: False where a file of the same size and date has the name already.

        Raises:
            DownloadError: The server cannot be reached, does not have it or breaks off again and again; what came is
                not the file; or it cannot be written.
        """
        partial = PartialFile(target, address)
        try:
            is_new, changed_at = self._persistently(address, lambda: self._received(partial, progress), partial.size)
            if is_new:
                self._finish(partial, check, changed_at)
        except OSError as error:
            reason = f"{target} cannot be written: {error.strerror}"
            raise DownloadError(address, reason, "name another folder with --directory") from error
        return is_new

    def _received(self, partial: PartialFile, progress: Progress) -> tuple[bool, float | None]:
        """Receive all that is missing; tells whether there was anything to do, and the date of the server's file."""
        with self._client.stream("GET", partial.address, headers=partial.headers()) as answer:
            if answer.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                partial.drop()
                raise _AgainError("the server does not send the rest")
            _check_status(answer, partial.address)
            if partial.is_there_already(answer):
                partial.drop()
                return False, None
            try:
                total = partial.begin(answer)
            except ValueError as error:
                raise _AgainError(str(error)) from error
            _check_room(partial, (total or 0) - partial.size())
            with partial.path.open("ab") as copy:
                progress(copy.tell(), total)
                for part in answer.iter_bytes():
                    copy.write(part)
                    progress(copy.tell(), total)
            if total is not None and partial.size() != total:
                came = partial.size()
                partial.drop()
                raise _AgainError(f"{came:,} of {total:,} bytes came")
            return True, changed(answer)

    def _finish(self, partial: PartialFile, check: Check, changed_at: float | None) -> None:
        wrong = check(partial.path, partial.size())
        if wrong is not None:
            partial.drop()
            raise DownloadError(partial.address, f"what came is not the file: {wrong}", _ELSEWHERE)
        partial.finish(changed_at)

    def _persistently(self, address: str, act: Callable[[], _Answer], reached: Callable[[], int]) -> _Answer:
        """Try again after failures that may pass, and go on as long as there is progress between them."""
        failures, before = 0, reached()
        while True:
            try:
                return act()
            except (httpx.RequestError, _AgainError) as error:
                now = reached()
                failures = 1 if now > before else failures + 1
                before = now
                if failures > len(self._pauses):
                    reason = f"{_said(error)} (tried {failures} times)"
                    raise DownloadError(address, reason, _LATER if now else _ELSEWHERE) from error
                time.sleep(self._pauses[failures - 1])


class _AgainError(Exception):
    """The server did not give what was asked for, but may do so when asked again."""


def _check_status(answer: httpx.Response, address: str) -> None:
    if answer.is_success:
        return
    said = f"the server answers {answer.status_code} {responses.get(answer.status_code, '')}".rstrip()
    if answer.status_code in _REFUSED:
        raise DownloadError(address, said, _ELSEWHERE, is_missing=answer.status_code in _MISSING)
    raise _AgainError(said)


def _check_room(partial: PartialFile, needed: int) -> None:
    free = shutil.disk_usage(partial.path.parent).free
    if needed > free:
        reason = f"{needed / 1e6:,.0f} MB are needed in {partial.path.parent}, {free / 1e6:,.0f} MB are free"
        raise DownloadError(partial.address, reason, "name another folder with --directory")


def _said(error: Exception) -> str:
    match error:
        case httpx.ConnectError():
            return f"the server cannot be reached: {error}"
        case httpx.TimeoutException():
            return "the server did not answer in time"
        case httpx.RequestError():
            return f"the connection was cut: {error}"
        case _:
            return str(error)
