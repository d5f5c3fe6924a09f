"""What differs between two documents, place by place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Difference:
    """One place at which two documents differ.

    Attributes:
        path: JSON path of the value.
        change: What became of it from the first to the second.
        before: The value in the first; None where it was added.
        after: The value in the second; None where it was removed.
    """

    path: str
    change: Literal["added", "removed", "changed"]
    before: Any
    after: Any


def differences(before: object, after: object, path: str = "$") -> Iterator[Difference]:
    """Give the differences between two JSON documents, in the order of the first."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys((*before, *after)):
            yield from _between(before, after, key, f"{path}.{key}")
    elif isinstance(before, list | tuple) and isinstance(after, list | tuple):
        first, second = dict(enumerate(before)), dict(enumerate(after))
        for index in dict.fromkeys((*first, *second)):
            yield from _between(first, second, index, f"{path}[{index}]")
    elif before != after:
        yield Difference(path, "changed", before, after)


def _between(before: Mapping[Any, Any], after: Mapping[Any, Any], key: object, path: str) -> Iterator[Difference]:
    if key not in before:
        yield Difference(path, "added", None, after[key])
    elif key not in after:
        yield Difference(path, "removed", before[key], None)
    else:
        yield from differences(before[key], after[key], path)
