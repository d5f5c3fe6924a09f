"""The digest of a cohort: a fingerprint of its rows, whatever their order and however they were cut into blocks.

A row's columns, as 64-bit numbers, are multiplied by odd constants of their own and summed; the sum is finalised and
added to those of the table's other rows, modulo 2**64. The digest is a BLAKE2b of the tables' names, rows and sums.
Texts count by their own hashes, so that it does not matter how a dictionary is ordered.
"""

from collections.abc import Mapping, Sequence
from hashlib import blake2b

import numpy as np

from healthsim.randomness import UInts, mixed, stream_hash
from healthsim.tables import Batch, Column, Dictionaries, table_definition

_NULL = np.uint64(0xA5A5A5A5A5A5A5A5)
_ODD = np.uint64(1)
_DIGEST_BYTES = 16
_NO_TEXT = "\0"
_WORD_BYTES = 8
_SEED = 0


class CohortDigest:
    """Adds batches up to a digest.

    Args:
        dictionaries: Texts behind the codes of `ENUM` columns, by table and column.
    """

    def __init__(self, dictionaries: Mapping[str, Dictionaries]) -> None:
        self._texts = {
            table: {column: _text_hashes(texts) * _factor(table, column) for column, texts in columns.items()}
            for table, columns in dictionaries.items()
        }
        self._sums: dict[str, np.uint64] = {}
        self._rows: dict[str, int] = {}

    @property
    def rows(self) -> Mapping[str, int]:
        """Rows added, by table."""
        return self._rows

    def add(self, batch: Batch) -> None:
        """Add the rows of a batch."""
        total = np.zeros(batch.rows, dtype=np.uint64)
        texts = self._texts.get(batch.table, {})
        for column in table_definition(batch.table).stored:
            values = batch.columns[column.name]
            if column.name in texts and values is not None:
                # The code -1, for null, takes the last element.
                total += texts[column.name].take(values)
            else:
                total += _numbers(values) * _factor(batch.table, column.name)
        rows_sum = mixed(total).sum(dtype=np.uint64)
        # A plain sum of two scalars would warn of the overflow that is meant.
        self._sums[batch.table] = np.array([self._sums.get(batch.table, 0), rows_sum], np.uint64).sum(dtype=np.uint64)
        self._rows[batch.table] = self._rows.get(batch.table, 0) + batch.rows

    def hexadecimal(self) -> str:
        """Give the digest, 32 hexadecimal digits."""
        lines = (f"{table} {self._rows[table]} {self._sums[table]:016x}" for table in sorted(self._rows))
        return blake2b("\n".join(lines).encode(), digest_size=_DIGEST_BYTES).hexdigest()


def _factor(table: str, column: str) -> np.uint64:
    return stream_hash(_SEED, f"{table}.{column}") | _ODD


def _numbers(values: Column) -> UInts:
    if values is None:
        return np.array([_NULL])
    if values.dtype.kind == "O":
        return _text_hashes([_NO_TEXT if text is None else text for text in values.tolist()])[:-1]
    if values.dtype.kind == "f":
        return np.ascontiguousarray(values, dtype=np.float64).view(np.uint64)
    return np.ascontiguousarray(values, dtype=np.int64).view(np.uint64)


def _text_hashes(texts: Sequence[str]) -> UInts:
    """Hash texts, eight bytes at a time, and add the null's hash at the end."""
    encoded = [text.encode() for text in texts]
    hashes = np.fromiter(map(len, encoded), np.uint64, len(encoded))
    width = -(-max(map(len, encoded), default=0) // _WORD_BYTES) * _WORD_BYTES
    if width:
        words = np.array(encoded, dtype=f"S{width}").view("<u8").reshape(len(encoded), -1)
        for word in words.T.astype(np.uint64):
            hashes = mixed((hashes ^ word) * (_NULL | _ODD))
    return np.append(hashes, _NULL)
