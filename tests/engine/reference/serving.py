"""A server of files on this machine, with the weaknesses that servers have."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

_DATE = "Wed, 04 Dec 2024 10:00:00 GMT"


@dataclass
class Served:
    """A file that is served.

    Attributes:
        content: Its bytes.
        status: What the server answers with.
        ranges: Whether it can send a part.
        tag: Its entity tag, None for a server without.
        date: When it was last changed, None for a server that does not say.
        says_size: Whether the server says how long it is.
        cuts: After how many bytes the connection is cut, one a request; then no more.
    """

    content: bytes
    status: int = 200
    ranges: bool = True
    tag: str | None = '"one"'
    date: str | None = _DATE
    says_size: bool = True
    cuts: list[int] = field(default_factory=list)


@dataclass
class Server:
    """Serves files by path, and keeps what was asked for.

    Attributes:
        address: Such as `http://127.0.0.1:1234`.
        files: By path.
        asked: Path and `Range` header of each request.
    """

    address: str
    files: dict[str, Served] = field(default_factory=dict)
    asked: list[tuple[str, str | None]] = field(default_factory=list)

    def url(self, path: str) -> str:
        return f"{self.address}{path}"


class _Listening(ThreadingHTTPServer):
    """Gives its handlers the files."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.serves = Server(f"http://127.0.0.1:{self.server_port}")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Listening

    def do_GET(self) -> None:
        serves = self.server.serves
        serves.asked.append((self.path, self.headers.get("Range")))
        served = serves.files.get(self.path.partition("?")[0])
        if served is None or served.status != HTTPStatus.OK:
            self.send_error(served.status if served else HTTPStatus.NOT_FOUND)
            return
        start = self._start(served)
        self._head(served, start)
        content = served.content[start:]
        self.wfile.write(content[: served.cuts.pop(0)] if served.cuts else content)
        self.close_connection = True

    def _start(self, served: Served) -> int:
        wanted, same = self.headers.get("Range"), self.headers.get("If-Range")
        is_same = same is None or same in {served.tag, served.date}
        if wanted is None or not served.ranges or not is_same:
            return 0
        return int(wanted.removeprefix("bytes=").removesuffix("-"))

    def _head(self, served: Served, start: int) -> None:
        self.send_response(HTTPStatus.PARTIAL_CONTENT if start else HTTPStatus.OK)
        size = len(served.content)
        headers = {"ETag": served.tag, "Last-Modified": served.date, "Connection": "close"}
        if served.says_size:
            headers["Content-Length"] = str(size - start)
        if start:
            headers["Content-Range"] = f"bytes {start}-{size - 1}/{size}"
        for name, value in headers.items():
            if value is not None:
                self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[Server]:
    """Serve for as long as the block lasts."""
    with _Listening() as listening:
        thread = Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield listening.serves
        finally:
            listening.shutdown()
            thread.join()
