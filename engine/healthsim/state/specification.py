"""Specifications that are saved under names: the document, its versions, and what is written on it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any, Literal

from healthsim.spec.documents import flat_document

Kind = Literal["profile", "journey"]

_DIGEST_BYTES = 16


@dataclass(frozen=True, slots=True)
class Specification:
    """What is saved: a document that was validated.

    Attributes:
        written: As its author wrote it.
        resolved: In full, with every default, so that two ways of writing the same are the same.
        products: Products it is of.
    """

    written: Mapping[str, Any]
    resolved: Mapping[str, Any]
    products: tuple[str, ...]

    @property
    def digest(self) -> str:
        """The same for specifications of the same meaning."""
        text = json.dumps(self.resolved, sort_keys=True, separators=(",", ":"))
        return blake2b(text.encode(), digest_size=_DIGEST_BYTES).hexdigest()


@dataclass(frozen=True, slots=True)
class Entry(Mapping[str, Any]):
    """A version of a named specification; it reads as its document, so that it can be given in its place.

    Attributes:
        id: Its number, never given twice.
        name: Its name.
        version: The version, from 1.
        spec: The document, as it was saved.
        description: What it is for.
        tags: Its tags.
        products: Products it is of.
        created_at: When the first version was saved.
        updated_at: When this version was saved.
    """

    id: int
    name: str
    version: int
    spec: Mapping[str, Any]
    description: str
    tags: tuple[str, ...]
    products: tuple[str, ...]
    created_at: datetime
    updated_at: datetime

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - whatever JSON holds
        """Give a part of the document."""
        return self.spec[key]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the keys of the document."""
        return iter(self.spec)

    def __len__(self) -> int:
        """Count the keys of the document."""
        return len(self.spec)


def as_written(document: object, kind: Kind, resolved: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give a document as its author wrote it, where JSON can hold that; else in full.

    Args:
        document: As it was given: a mapping, JSON text, the path of a JSON file, or something parsed.
        kind: What it is of.
        resolved: The same in full.
    """
    written = dict(document) if isinstance(document, Mapping) else None
    if isinstance(document, str | Path):
        written = dict(flat_document(document, kind=kind))
    try:
        text = json.dumps(written, allow_nan=False)
    except (TypeError, ValueError):
        return resolved
    return resolved if written is None else dict(json.loads(text))


@dataclass(frozen=True, slots=True)
class Labels:
    """What is written on a specification; None leaves what is there.

    Attributes:
        name: A name.
        description: A description.
        tags: Tags.
    """

    name: str | None = None
    description: str | None = None
    tags: Sequence[str] | None = None
