"""Documents before they are validated: read from text or a file, bounded, and cut where they are wrong."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from healthsim.errors import InvalidInputError, InvalidJourneyError, InvalidProfileError, Problem, rendered

Kind = Literal["profile", "journey"]
Location = tuple[int | str, ...]

_DEEPEST = 20
LONGEST_PROFILE = 1_000_000
"""Characters that a profile may have as text."""


def flat_document(document: object, *, kind: Kind = "profile") -> Mapping[str, Any]:
    """Read a document: a mapping, flat or as `{"profile": {...}}`, JSON text, or the path of a JSON file.

    Args:
        document: The document.
        kind: What it is to be.

    Raises:
        InvalidProfileError: It cannot be read, is no object, too long or too deep; InvalidJourneyError for a journey.
    """
    read = _parsed(_text(document, kind), kind) if isinstance(document, str | Path) else document
    if not isinstance(read, Mapping):
        raise _refused(kind, "$", f"a {kind} is a JSON object", rendered(read))
    if not _is_shallow(read, _DEEPEST):
        raise _refused(kind, "$", f"a {kind} is at most {_DEEPEST} levels deep")
    flat = read[kind] if kind in read and len(read) == 1 else read
    if not isinstance(flat, Mapping):
        raise _refused(kind, f"$.{kind}", f"a {kind} is a JSON object", rendered(flat))
    return flat


def without(document: Any, location: Location) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Give a document without the value at a location; parts of the location that lead nowhere are passed over."""
    if not location:
        return document
    part, rest = location[0], location[1:]
    if isinstance(document, Mapping):
        if part not in document:
            return without(document, rest)
        kept = {key: value for key, value in document.items() if key != part}
        return {**kept, part: without(document[part], rest)} if _leads_on(document[part], rest) else kept
    if isinstance(document, list | tuple) and isinstance(part, int) and part < len(document):
        inner = [without(document[part], rest)] if _leads_on(document[part], rest) else []
        return [*document[:part], *inner, *document[part + 1 :]]
    return document


def _leads_on(document: Any, location: Location) -> bool:  # noqa: ANN401 - whatever JSON holds
    """Tell whether a location names something inside a document."""
    if isinstance(document, Mapping):
        return any(part in document for part in location)
    return isinstance(document, list | tuple) and any(isinstance(part, int) for part in location)


def _text(source: str | Path, kind: Kind) -> str:
    if isinstance(source, str):
        text = source
    else:
        try:
            text = source.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "not a text in UTF-8"
            raise _refused(kind, "$", f"the file cannot be read: {reason}", rendered(str(source))) from error
    if len(text) > LONGEST_PROFILE:
        raise _refused(kind, "$", f"a {kind} has at most {LONGEST_PROFILE:,} characters", f"{len(text):,} characters")
    return text


def _parsed(text: str, kind: Kind) -> Any:  # noqa: ANN401 - whatever JSON holds
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}: {error.msg}"
        raise _refused(kind, "$", f"not JSON, {where}", rendered(text)) from error
    except (RecursionError, ValueError) as error:
        raise _refused(
            kind, "$", "not JSON that can be read: too deep, or a number too long", rendered(text)
        ) from error


def _is_shallow(value: object, levels: int) -> bool:
    if isinstance(value, Mapping):
        return levels > 0 and all(_is_shallow(part, levels - 1) for part in value.values())
    if isinstance(value, list | tuple):
        return levels > 0 and all(_is_shallow(part, levels - 1) for part in value)
    return True


def _refused(kind: Kind, path: str, message: str, received: str | None = None) -> InvalidInputError:
    error = InvalidJourneyError if kind == "journey" else InvalidProfileError
    return error([Problem(path, message, received)])
