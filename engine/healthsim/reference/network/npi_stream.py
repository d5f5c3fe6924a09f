"""NPPES's file of providers as a stream of Arrow batches: only the columns that are read, and never the whole file."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import IO

import pyarrow as pa
from pyarrow import csv

from healthsim.errors import Problem, ReferenceFileError, rendered
from healthsim.reference.official_source import Source

_BLOCK_BYTES = 8 << 20
_SHOWN = 20
_HINT = "the file may be truncated: download it again"


class Utf8Lines:
    """Lines of a file as UTF-8, whatever of the two encodings each part is in, and their SHA-256 as they pass.

    Args:
        lines: The file, at its beginning.
    """

    closed = False

    def __init__(self, lines: IO[bytes]) -> None:
        self._lines = lines
        self._digest = sha256()
        self._rest = b""
        self._ready = b""
        self.last_line = b""

    @property
    def sha256(self) -> str:
        """The digest of what was read, 64 hexadecimal digits."""
        return self._digest.hexdigest()

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Give up to `size` bytes, none at the end."""
        while not self._ready and (part := self._lines.read(_BLOCK_BYTES)):
            self._digest.update(part)
            whole, mark, rest = (self._rest + part).rpartition(b"\n")
            self._ready, self._rest = _as_utf8(whole + mark), rest
        if not self._ready:
            self._ready, self._rest, self.last_line = _as_utf8(self._rest), b"", self._rest or self.last_line
        given, self._ready = (self._ready, b"") if size < 0 else (self._ready[:size], self._ready[size:])
        return given

    def close(self) -> None:
        """Close nothing: whoever opened the file closes it."""


class Rows:
    """The rows of a file as one stream of Arrow batches: some columns, all text, and `line`, which counts from 1.

    What is wrong with the file ends the stream, and is told when the stream was read: see `refuse`.

    Args:
        lines: The file.
        source: Its header and delimiter.
        columns: The columns to read.
    """

    def __init__(self, lines: Utf8Lines, source: Source, columns: Sequence[str]) -> None:
        self._lines, self._source, self._columns = lines, source, list(columns)
        self._wrong: list[Problem] = []
        self._failure: BaseException | None = None

    def reader(self) -> pa.RecordBatchReader:
        """Give the stream; it can be read once."""
        fields = [*((name, pa.string()) for name in self._columns), ("line", pa.int64())]
        return pa.RecordBatchReader.from_batches(pa.schema(fields), self._batches())

    def refuse(self) -> None:
        """Raise what was wrong with the file.

        Raises:
            ReferenceFileError: Rows have too few or too many columns, or the file ends within one.
        """
        if self._failure is not None:
            raise self._failure
        if self._wrong:
            raise ReferenceFileError(self._wrong)

    def _batches(self) -> Iterator[pa.RecordBatch]:
        line = 2
        try:
            for batch in self._read():
                numbers = pa.array(range(line, line + len(batch)), pa.int64())
                line += len(batch)
                yield pa.RecordBatch.from_arrays([*batch.columns, numbers], names=[*self._columns, "line"])
            if not self._wrong and self._lines.last_line.count(b'"') % 2:
                end = self._lines.last_line[-40:].decode("utf-8", errors="replace")
                self._wrong.append(Problem(f"line {line - 1}", "the file ends within a value", rendered(end), _HINT))
        except pa.ArrowInvalid as error:
            message = f"not readable as CSV: {str(error).splitlines()[0]}"
            self._wrong.append(Problem(f"after line {line - 1}", message, hint=_HINT))
        except Exception as error:  # noqa: BLE001 - raised again by `refuse`, beyond the database that reads the stream
            self._failure = error

    def _read(self) -> csv.CSVStreamingReader:
        return csv.open_csv(
            pa.PythonFile(self._lines, mode="r"),
            # One thread numbers the rows; reading is not what takes the time.
            read_options=csv.ReadOptions(
                block_size=_BLOCK_BYTES, use_threads=False, column_names=list(self._source.header), skip_rows=1
            ),
            parse_options=csv.ParseOptions(delimiter=self._source.delimiter, invalid_row_handler=self._noted),
            convert_options=csv.ConvertOptions(
                include_columns=self._columns,
                column_types=dict.fromkeys(self._columns, pa.string()),
                strings_can_be_null=False,
            ),
        )

    def _noted(self, row: csv.InvalidRow) -> str:
        """Note a row with too few or too many columns."""
        if len(self._wrong) < _SHOWN:
            message = f"expected {row.expected_columns} columns, found {row.actual_columns}"
            self._wrong.append(Problem(f"line {row.number}", message, hint=_HINT))
        return "skip"


def _as_utf8(part: bytes) -> bytes:
    """Give lines as UTF-8; a part that is none is taken for Latin-1."""
    try:
        part.decode("utf-8")
    except UnicodeDecodeError:
        return part.decode("latin-1").encode("utf-8")
    return part
