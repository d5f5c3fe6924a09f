"""The result of a run: a mapping from table name to records, read from the cohort's file when asked for."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, overload

import pyarrow as pa

from healthsim.errors import did_you_mean, nearest_names
from healthsim.sinks.layout import identifier
from healthsim.state.reading import cohort_connection

Record = dict[str, Any]

_FACTS = ("cohort_id", "name", "seed", "digest", "count")
_ROWS_AT_A_TIME = 10_000


class Result(Mapping[str, Sequence[Record]]):
    """A cohort: tables of records, with a summary.

    `result["patients"]` reads as a list of dicts and costs nothing until its records are looked at; `result.get` also
    knows `cohort_id`, `name`, `seed`, `digest` and `count`.

    Args:
        file: The cohort's file.
        summary: What it holds.
        existing: Whether it was there before.
        spec: The resolved profile it was made from.
        duration_ms: How long it took to make, milliseconds; 0 for one that was there before.
        owner: Keeps the file alive; None for one that is kept in the workspace.
    """

    def __init__(
        self,
        file: Path,
        summary: Mapping[str, Any],
        *,
        existing: bool = False,
        spec: Mapping[str, Any] | None = None,
        duration_ms: int = 0,
        owner: object | None = None,
    ) -> None:
        self.file = file
        self.summary = dict(summary)
        self.existing = existing
        self.spec = dict(spec or {})
        self.duration_ms = duration_ms
        self._owner = owner

    @property
    def seed(self) -> int:
        """Seed of all draws."""
        return int(self.summary["seed"])

    @property
    def digest(self) -> str:
        """Digest of the rows."""
        return str(self.summary["digest"])

    @property
    def is_kept(self) -> bool:
        """Whether the cohort is in a workspace."""
        return self._owner is None

    def __getitem__(self, name: str) -> "Records":
        """Give the records of a table."""
        return Records(self, self._known(name))

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of the tables."""
        return iter(self.summary["tables"])

    def __len__(self) -> int:
        """Count the tables."""
        return len(self.summary["tables"])

    def __eq__(self, other: object) -> bool:
        """Compare by identity: comparing by records would read them all."""
        return self is other

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        """Show the handle and how many rows there are."""
        rows = " ".join(f"{name}={count}" for name, count in self.summary["tables"].items())
        return f"<Result cohort_id={self.summary['cohort_id']} {rows}>"

    @overload
    def get(self, name: str) -> Any: ...  # noqa: ANN401 - a table or a fact
    @overload
    def get(self, name: str, default: object) -> Any: ...  # noqa: ANN401 - a table or a fact
    def get(self, name: str, default: object = None) -> Any:
        """Give a table's records, or a fact of the cohort such as `cohort_id`; `default` for what is neither."""
        if name in _FACTS:
            return self.summary.get(name, default)
        return self[name] if name in self else default  # noqa: SIM401 - this is `get`

    def table(self, name: str) -> pa.Table:
        """Give a table as an Arrow table, whole."""
        return self.rows(self._known(name), 0, None)

    def rows(self, name: str, start: int, count: int | None) -> pa.Table:
        """Give some rows of a table as an Arrow table, in the order they were made."""
        limit = "" if count is None else f" LIMIT {count:d}"
        with cohort_connection(self.file) as connection:
            query = f"SELECT * FROM main.{identifier(name)}{limit} OFFSET {start:d}"  # noqa: S608 - a quoted name
            return connection.sql(query).to_arrow_table()

    def _known(self, name: str) -> str:
        if name not in self.summary["tables"]:
            hint = did_you_mean(nearest_names(str(name), self)) or f"there are {', '.join(self)}"
            raise KeyError(f"no table {name!r}; {hint}")
        return name


class Records(Sequence[Record]):
    """The records of a table, read when looked at.

    Args:
        result: Whose they are.
        name: The table.
    """

    def __init__(self, result: Result, name: str) -> None:
        self._result = result
        self._name = name

    def __len__(self) -> int:
        """Count them, without reading."""
        return int(self._result.summary["tables"][self._name])

    @overload
    def __getitem__(self, index: int) -> Record: ...
    @overload
    def __getitem__(self, index: slice) -> list[Record]: ...
    def __getitem__(self, index: int | slice) -> Record | list[Record]:
        """Read a record, or a slice of them."""
        if isinstance(index, slice):
            return self._sliced(index)
        position = index + len(self) if index < 0 else index
        if not 0 <= position < len(self):
            raise IndexError(f"{self._name} has {len(self)} records, no record {index}")
        (record,) = self._read(position, 1)
        return record

    def __iter__(self) -> Iterator[Record]:
        """Read all, some thousands at a time."""
        for start in range(0, len(self), _ROWS_AT_A_TIME):
            yield from self._read(start, _ROWS_AT_A_TIME)

    def __repr__(self) -> str:
        """Show how many there are."""
        return f"<{len(self)} {self._name}>"

    def _sliced(self, index: slice) -> list[Record]:
        positions = range(*index.indices(len(self)))
        if not positions:
            return []
        first, last = min(positions[0], positions[-1]), max(positions[0], positions[-1])
        read = self._read(first, last - first + 1)
        return [read[position - first] for position in positions]

    def _read(self, start: int, count: int) -> list[Record]:
        rows: list[Record] = self._result.rows(self._name, start, count).to_pylist()
        return rows
