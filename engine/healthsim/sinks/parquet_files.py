"""Parquet files as cohorts have them: typed, with texts as dictionaries, compressed, and with statistics."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

ROW_GROUP = 122_880
"""Rows of a row group: as many as DuckDB reads at a time."""

_LEVEL = 1
"""Of zstd: half the bytes of the faster codecs, for a tenth more time."""


class ParquetFile:
    """A Parquet file that row groups are written to.

    Args:
        path: The file; must not exist.
        schema: Its columns.

    Raises:
        OSError: It cannot be written, as on a full disk; from any of its methods.
    """

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._file = pa.OSFile(str(path), "wb")
        self._writer = parquet.ParquetWriter(self._file, schema, **_settings(schema))

    def write(self, rows: pa.Table) -> None:
        """Write rows, as row groups of their own."""
        self._writer.write_table(rows, row_group_size=ROW_GROUP)

    def close(self) -> int:
        """Finish the file, and give its bytes."""
        self._writer.close()
        size = int(self._file.tell())
        self._file.close()
        return size

    def abandon(self) -> None:
        """Close the file as it is; it is to be thrown away."""
        # A writer that is open would try to finish the file when it is collected, and tell that it could not.
        self._writer.is_open = False
        with suppress(OSError):
            self._file.close()


def _settings(schema: pa.Schema) -> dict[str, Any]:
    """Give how columns are encoded: whole numbers and dates by their differences, all else by dictionaries."""
    counted = [
        column.name
        for column in schema
        if pa.types.is_integer(column.type) or pa.types.is_date(column.type) or pa.types.is_timestamp(column.type)
    ]
    return {
        "compression": "zstd",
        "compression_level": _LEVEL,
        "use_dictionary": [column.name for column in schema if column.name not in counted] or False,
        "column_encoding": dict.fromkeys(counted, "DELTA_BINARY_PACKED") or None,
        "write_statistics": True,
        "store_decimal_as_integer": True,
    }
