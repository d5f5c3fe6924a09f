"""The schemas there are: of the documents people write, of events, and of a cohort's tables; whole, or in outline."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from healthsim.content import content_directory
from healthsim.errors import NotFoundError
from healthsim_mcp.outlines import outline, table_outline

_EVENTS = "event_types"


def schema_names() -> list[str]:
    """Name the documents people write, then the tables of a cohort."""
    return list(_files())


def schema_document(name: str) -> Mapping[str, Any]:
    """Read a schema whole.

    Raises:
        NotFoundError: There is none of that name; names the nearest.
    """
    if name not in _files():
        keys = [each for each in ("profile", "journey") if name in _keys(each)]
        raise NotFoundError("schema", name, schema_names(), nearest=[f"{each}.{name}" for each in keys] or None)
    text = (content_directory("schemas") / _files()[name]).read_text(encoding="utf-8")
    document: Mapping[str, Any] = json.loads(text)
    return document


def schema_outline(name: str) -> Mapping[str, Any]:
    """Outline a schema, or the part of it that keys behind dots lead to, such as `profile.trial`.

    Raises:
        NotFoundError: There is none of that name, or no such part; names the nearest.
    """
    document = schema_document(name.partition(".")[0])
    if "columns" in document:
        return table_outline(schema_document(name))
    return outline(_of_events(document) if name.startswith(_EVENTS) else document, name)


@cache
def _keys(name: str) -> frozenset[str]:
    return frozenset(schema_outline(name)["keys"])


@cache
def _files() -> Mapping[str, str]:
    home = content_directory("schemas")
    written = {path.name.removesuffix(".schema.json"): path.name for path in sorted(home.glob("*.schema.json"))}
    tables = {path.stem: f"tables/{path.name}" for path in sorted((home / "tables").glob("*.json"))}
    return {**written, _EVENTS: f"{_EVENTS}.json", **tables}


def _of_events(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Write what is known of types of events as a schema of an object that has them all."""
    types = {
        name: {"type": "object", "description": f"{kind['title']} ({kind['product']}).", "properties": known}
        for name, kind in document["types"].items()
        for known in ({**kind["parameters"], **document["common"]},)
    }
    return {"type": "object", "properties": types}
