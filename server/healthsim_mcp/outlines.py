"""Schemas in few words: the keys of a part, each with its kind and meaning, and the columns of a table."""

from collections.abc import Iterator, Mapping
from typing import Any

from healthsim.errors import NotFoundError

Schema = Mapping[str, Any]

_SCALARS = {"string": "text", "integer": "whole number", "boolean": "true or false", "null": "null"}
_MOST_VALUES, _MOST_FORMS = 20, 4
"""Values and forms that a line names."""


def outline(document: Schema, name: str) -> dict[str, Any]:
    """Outline a schema of documents, or a part of it.

    Args:
        document: The whole schema.
        name: Its name, and behind dots the keys that lead to the part, such as `profile.trial`.

    Raises:
        NotFoundError: There is no such part; names the nearest.
    """
    first, *keys = name.split(".")
    forms, path = _inner(list(_forms(document, document)), first), first
    for key in keys:
        parts = dict(_parts(forms, document))
        if key not in parts:
            raise NotFoundError("schema", f"{path}.{key}", [f"{path}.{known}" for known in parts])
        forms, path = _opened(parts[key], document), f"{path}.{key}"
    return _described(forms, path, document)


def table_outline(table: Schema) -> dict[str, Any]:
    """Outline a table of a cohort: its columns, each with its type and meaning."""
    told = {key: table[key] for key in ("name", "product", "description", "key") if key in table}
    shown = (column for column in table["columns"] if not column.get("hidden"))
    return {**told, "columns": {each["name"]: f"{each['type']}. {each.get('description', '')}" for each in shown}}


def _described(forms: list[Schema], path: str, document: Schema) -> dict[str, Any]:
    answer: dict[str, Any] = {"name": path}
    objects = [form for form in forms if "properties" in form]
    if len(objects) == 1:
        (form,) = objects
        needed = form.get("required", [])
        answer["keys"] = {key: _line(part, document, is_needed=key in needed) for key, part in _keys(form)}
    others = [_kind(form, document) for form in forms if len(objects) > 1 or "properties" not in form]
    if others:
        answer["or" if "keys" in answer else "one_of"] = others
    if any("{" in line for line in answer.get("keys", {}).values()):
        answer["hint"] = f"{path}.KEY tells what is within braces"
    return answer


def _line(part: Schema, document: Schema, *, is_needed: bool) -> str:
    """Describe a key in a line: kind, whether it is needed, meaning."""
    needed = ", needed" if is_needed else ""
    return f"{_any_of(part, document)}{needed}. {part.get('description', '')}".strip()


def _kind(form: Schema, document: Schema) -> str:
    """Tell what a value is, an object by the names of its keys."""
    if "const" in form:
        return str(form["const"])
    if "enum" in form:
        return " | ".join(map(str, form["enum"][:_MOST_VALUES]))
    if "properties" in form:
        return f"{{{', '.join(_named(key, part) for key, part in _keys(form))}}}"
    if form.get("type") == "array":
        return f"list of {_any_of(form.get('items', {}), document)}"
    if form.get("type") == "object":
        names = _any_of(form["propertyNames"], document) if "propertyNames" in form else "name"
        return f"{{{names}: {_any_of(_values(form), document)}}}" if _values(form) else "{}"
    named = str(form.get("type", "anything"))
    return "date" if form.get("format") == "date" else _SCALARS.get(named, named)


def _any_of(part: Schema, document: Schema) -> str:
    kinds = list(dict.fromkeys(_kind(form, document) for form in _forms(part, document)))
    return " or ".join(kinds) if len(kinds) <= _MOST_FORMS else f"{{one of {len(kinds)} forms}}"


def _values(form: Schema) -> Schema:
    """Give what the values of an object are, whatever their names; nothing where that is not said."""
    patterns = form.get("patternProperties", {})
    values = next(iter(patterns.values())) if patterns else form.get("additionalProperties")
    return values if isinstance(values, Mapping) else {}


def _named(key: str, part: Schema) -> str:
    return f"{key}: {part['const']}" if "const" in part else key


def _keys(form: Schema) -> Iterator[tuple[str, Schema]]:
    yield from form["properties"].items()


def _inner(forms: list[Schema], name: str) -> list[Schema]:
    """Leave out the form that only wraps the document in its name."""
    return [form for form in forms if list(form.get("properties", {})) != [name]]


def _forms(part: Schema, document: Schema) -> Iterator[Schema]:
    """Give what a value may be, references followed and alternatives apart; null is left out."""
    if "$ref" in part:
        yield from _forms(document["$defs"][part["$ref"].rsplit("/", 1)[-1]], document)
        return
    branches = part.get("anyOf", part.get("oneOf"))
    if branches is None or "properties" in part:
        if part.get("type") != "null":
            yield part
        return
    for branch in branches:
        yield from _forms(branch, document)


def _opened(part: Schema, document: Schema) -> list[Schema]:
    """Give the forms of a part; of a list, those of its members too."""
    forms = list(_forms(part, document))
    members = [inner for form in forms if "items" in form for inner in _forms(form["items"], document)]
    return [form for form in forms if "items" not in form or not members] + members


def _parts(forms: list[Schema], document: Schema) -> Iterator[tuple[str, Schema]]:
    """Give the keys that lead on; those of whatever name an object has, by `name`."""
    for form in forms:
        if "properties" in form:
            yield from form["properties"].items()
        elif _values(form):
            yield "name", _values(form)
        elif "items" in form:
            yield from _parts(list(_forms(form["items"], document)), document)
