"""From a document to a profile, or to every problem in it."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from healthsim.errors import InvalidProfileError, Problem, rendered
from healthsim.spec.checks import contradictions
from healthsim.spec.keys import section_keys
from healthsim.spec.problems import problems_of
from healthsim.spec.profile import Profile
from healthsim.spec.shorthand import expanded

_DEEPEST = 20
_LONGEST = 1_000_000
_PRODUCT_SECTIONS = ("products", "coverage", "pharmacy", "trial")


def parse_profile(document: Mapping[str, Any] | Profile | str | Path) -> Profile:
    """Read a profile.

    Args:
        document: A mapping, flat or as `{"profile": {...}}`, JSON text, or the path of a JSON file.

    Raises:
        InvalidProfileError: It cannot be read, or is not a profile; names every problem.
    """
    profile, problems = profile_problems(document)
    if profile is None:
        raise InvalidProfileError(problems)
    return profile


def profile_problems(
    document: Mapping[str, Any] | Profile | str | Path,
) -> tuple[Profile | None, tuple[Problem, ...]]:
    """Read a profile, and give it, or every problem in it."""
    if isinstance(document, Profile):
        return document, ()
    read, problem = _read(document)
    if problem is not None or read is None:
        return None, (problem,) if problem else ()
    flat = _flat(read)
    if not isinstance(flat, Mapping):
        return None, (Problem("$.profile", "a profile is a JSON object", rendered(flat)),)
    written = expanded(flat)
    try:
        profile = Profile.model_validate(written)
    except ValidationError as error:
        errors = error.errors(include_url=False)
        found = problems_of(errors, written, section_keys())
        return None, (*found, *_contradictions_elsewhere(written, [one["loc"] for one in errors]))
    problems = tuple(contradictions(profile))
    return (None, problems) if problems else (profile, ())


def profile_document(profile: Profile) -> dict[str, Any]:
    """Write a profile as JSON, in full; reading it gives an equal profile."""
    return profile.model_dump(mode="json", by_alias=True, exclude_none=True)


def _contradictions_elsewhere(document: Mapping[str, Any], locations: Iterable[tuple[int | str, ...]]) -> list[Problem]:
    """Give the contradictions of the parts that are well formed, so that one round mends everything."""
    rest = dict(document)
    for location in locations:
        section = location[0] if location else None
        if section == "demographics" and len(location) > 1 and isinstance(rest.get(section), Mapping):
            rest[section] = {key: value for key, value in rest[section].items() if key != location[1]}
        elif section == "products":
            rest = {key: value for key, value in rest.items() if key not in _PRODUCT_SECTIONS}
        else:
            rest.pop(str(section), None)
    try:
        return list(contradictions(Profile.model_validate(rest)))
    except ValidationError:
        return []


def _read(document: Mapping[str, Any] | str | Path) -> tuple[Mapping[str, Any] | None, Problem | None]:
    read: Any = document
    if isinstance(document, Path):
        try:
            read = document.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "not a text in UTF-8"
            return None, Problem("$", f"the file cannot be read: {reason}", str(document))
    if isinstance(read, str):
        if len(read) > _LONGEST:
            return None, Problem("$", f"a profile has at most {_LONGEST:,} characters", f"{len(read):,} characters")
        try:
            read = json.loads(read)
        except (json.JSONDecodeError, RecursionError) as error:
            where = (
                f"line {error.lineno}, column {error.colno}: {error.msg}"
                if isinstance(error, json.JSONDecodeError)
                else "too deep"
            )
            return None, Problem("$", f"not JSON, {where}", rendered(read))
    if not isinstance(read, Mapping):
        return None, Problem("$", "a profile is a JSON object", rendered(read))
    if not _is_shallow(read, _DEEPEST):
        return None, Problem("$", f"a profile is at most {_DEEPEST} levels deep")
    return read, None


def _flat(document: Mapping[str, Any]) -> Any:  # noqa: ANN401 - whatever JSON holds
    return document["profile"] if "profile" in document and len(document) == 1 else document


def _is_shallow(value: object, levels: int) -> bool:
    if isinstance(value, Mapping):
        return levels > 0 and all(_is_shallow(part, levels - 1) for part in value.values())
    if isinstance(value, list | tuple):
        return levels > 0 and all(_is_shallow(part, levels - 1) for part in value)
    return True
