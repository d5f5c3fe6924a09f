"""What every sink does: it takes batches, and keeps them whole or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from healthsim.tables import Batch, Dictionaries


@dataclass(frozen=True, slots=True)
class Contents:
    """What will be written.

    Attributes:
        tables: Names of the tables, in order.
        dictionaries: Texts behind the codes of their `ENUM` columns, by table and column.
        titles: Titles that views add to codes: name of the list to title by code.
        people: How many people; sizes the file's blocks.
    """

    tables: tuple[str, ...]
    dictionaries: Mapping[str, Dictionaries]
    titles: Mapping[str, Mapping[str, str]]
    people: int


class Sink(Protocol):
    """Takes batches inside a `with` block; left by an exception, it keeps nothing."""

    def __enter__(self) -> Self:
        """Open it."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Finish it, or drop everything if an exception passes."""

    def write(self, batch: Batch) -> None:
        """Take the rows of a batch, in any order of tables."""
