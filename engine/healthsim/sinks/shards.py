"""How a cohort lies as Parquet: shards of its tables, an index of them, and a DuckDB file of views over them.

```
cohort.duckdb            types, and views over the shards
shards.json              every shard with its bytes
patients/00000.parquet   rows of the people 1 to 50,000
patients/00001.parquet   rows of the people 50,001 to 100,000
plans/00000.parquet      a table about nobody is one shard
```

The views name shards by their places within the folder, so that the folder may be moved. A variable of SQL tells them
where it is; without one they are looked for in the working directory.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Self
from uuid import uuid4

import duckdb
import numpy as np

from healthsim.sinks.layout import STORED, identifier, literal, stored_type
from healthsim.tables import Batch, TableDefinition, table_definition

SHARD_PEOPLE = 50_000
"""People whose rows a shard holds; part of the format, whoever writes it and however many at once."""

DATABASE = "cohort.duckdb"
INDEX = "shards.json"

_FORMAT = 1
_PERSON = "person_id"
_PATTERN = frozenset("*?[")


class Shard(NamedTuple):
    """A part of a table: the rows of so many people.

    Attributes:
        table: The table.
        number: Which part, from 0 on.
    """

    table: str
    number: int

    @property
    def name(self) -> str:
        """The file, from the cohort's folder on."""
        return f"{self.table}/{self.number:05d}.parquet"


@dataclass(frozen=True, slots=True)
class ShardIndex:
    """What a folder of shards holds.

    Attributes:
        variable: The variable of SQL that tells the views where the folder is; no two cohorts share it.
        files: Bytes by file, named from the folder on; those of a table in the order of its rows.
    """

    variable: str
    files: Mapping[str, int]

    @classmethod
    def of(cls, sizes: Mapping[Shard, int]) -> Self:
        """Give the index of shards that were written.

        Args:
            sizes: Their bytes.
        """
        return cls(f"healthsim_{uuid4().hex}", {shard.name: sizes[shard] for shard in sorted(sizes)})

    def write(self, folder: Path) -> None:
        """Write it into its folder."""
        document = {
            "format": _FORMAT,
            "people_per_shard": SHARD_PEOPLE,
            "variable": self.variable,
            "files": dict(self.files),
        }
        (folder / INDEX).write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")

    def tell_folder(self, connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
        """Tell the views of a connection where the folder is."""
        connection.execute(f"SET VARIABLE {identifier(self.variable)} = {literal(as_pattern(folder))}")


class Passage:
    """Follows the people as they come, to tell which shards take no more rows.

    The one before the latest still does: a block may begin in it and end in the latest.

    Attributes:
        first_open: The first shard that takes rows.
    """

    def __init__(self) -> None:
        self._latest = 0
        self.first_open = 0

    def goes_on_with(self, shard: Shard) -> bool:
        """Tell whether rows of a shard are the first of theirs, so that earlier shards may be whole."""
        if shard.number <= self._latest:
            return False
        self._latest = shard.number
        self.first_open = shard.number - 1
        return True

    def is_over(self, shard: Shard) -> bool:
        """Tell whether a shard takes no more rows; those about nobody do until the end."""
        return shard.number < self.first_open and is_sharded(shard.table)


def read_index(folder: Path) -> ShardIndex:
    """Read the index of a folder of shards.

    Raises:
        OSError: It cannot be read.
        ValueError: It is none of this format.
    """
    match json.loads((folder / INDEX).read_text(encoding="utf-8")):
        case {"format": 1, "variable": str(variable), "files": dict(files)}:
            return ShardIndex(variable, files)
        case _:
            raise ValueError(f"{INDEX} is not of format {_FORMAT}")


def is_sharded(table: str) -> bool:
    """Tell whether a table is about people, so that its rows are cut by them."""
    return any(column.name == _PERSON for column in table_definition(table).stored)


def by_shard(batch: Batch) -> Iterator[tuple[Shard, Batch]]:
    """Cut a batch by the shards its rows belong to; rows about nobody belong to the first."""
    if batch.rows == 0:
        return
    people = batch.columns.get(_PERSON)
    if people is None:
        yield Shard(batch.table, 0), batch
        return
    first, last = (_number_of(int(person)) for person in (people.min(), people.max()))
    if first == last:
        yield Shard(batch.table, first), batch
        return
    numbers = (people - 1) // SHARD_PEOPLE
    for number in np.unique(numbers).tolist():
        chosen = numbers == number
        columns = {name: None if values is None else values[chosen] for name, values in batch.columns.items()}
        yield Shard(batch.table, number), Batch(batch.table, int(chosen.sum()), columns)


def shard_view(table: TableDefinition, index: ShardIndex) -> str:
    """Give the statement that creates the view of `stored` over a table's shards; the order of the rows stays.

    Args:
        table: Its definition.
        index: Its shards among others.
    """
    columns = ", ".join(
        f"CAST({name} AS {stored_type(table, column)}) AS {name}"
        for column in table.stored
        for name in [identifier(column.name)]
    )
    files = ", ".join(literal(file) for file in index.files if file.startswith(f"{table.name}/"))
    folder = f"coalesce(getvariable({literal(index.variable)}) || '/', '')"
    # Folders above may be called `state=TX`, which is no column of ours.
    source = f"read_parquet(list_transform([{files}], lambda file: {folder} || file), hive_partitioning = false)"
    return f"CREATE VIEW {STORED}.{identifier(table.name)} AS SELECT {columns} FROM {source}"  # noqa: S608 - quoted names


def as_pattern(folder: Path) -> str:
    """Write a folder as a pattern that DuckDB takes for that folder alone, whatever signs are in its name."""
    return "".join(f"[{sign}]" if sign in _PATTERN else sign for sign in folder.as_posix())


def _number_of(person_id: int) -> int:
    return (person_id - 1) // SHARD_PEOPLE
