"""Hybrid profiles: what the user wrote, with the reference data it needs frozen into it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from healthsim.errors import InvalidInputError, InvalidProfileError, Problem
from healthsim.planning.freezing import with_listings
from healthsim.planning.lookup import name_problems
from healthsim.planning.places import frozen_figures
from healthsim.reference import Reference, reference_of
from healthsim.skills import skill_library
from healthsim.spec import Profile, parsed_profile, profile_document
from healthsim.spec.documents import LONGEST_PROFILE


def create_hybrid_profile(
    spec: Mapping[str, Any] | Profile | str | Path,
    conn: Any = None,  # noqa: ANN401 - checked, so that the error is ours
) -> dict[str, Any]:
    """Freeze the figures of a profile's place into the profile.

    What the user wrote wins, figures that the profile carries already included; the others fill what it leaves open.
    The result is an ordinary profile: it can be stored, changed and executed without the connection, and gives the rows
    that the profile gives with it. Loaded providers and hospitals are not part of it; they come with
    `create_hybrid_profile_with_network`.

    Args:
        spec: The profile, as `parse_profile` reads it.
        conn: A DuckDB connection with loaded reference files, or without; None for the starter tables alone.

    Returns:
        The profile in full, as `{"profile": {…}}`; `demographics.figures` has each number with its source and year.

    Raises:
        InvalidInputError: The profile is none, something it names is unknown, it would be too long, or `conn` is no
            connection.
        StateError: The connection's tables cannot be read.
    """
    profile, reference = _sound(spec, conn)
    return _written(_with_figures(profile, reference))


def create_hybrid_profile_with_network(
    spec: Mapping[str, Any] | Profile | str | Path,
    conn: Any = None,  # noqa: ANN401 - as above
) -> dict[str, Any]:
    """Freeze the figures of a profile's place, and those who serve its people, into the profile.

    As `create_hybrid_profile`; besides, `providers.listing` has the providers who serve the people, where the profile
    asks for providers, and `facilities.listing` the hospitals that people of a place go to. At most 1,000 of a kind are
    listed. Of more than those that are loaded, an even choice stands for all, and `notes` says so: then the rows are
    others than the original's. More of the starter's are left to its rule, which makes the same ones anywhere.

    Args:
        spec: The profile, as `parse_profile` reads it.
        conn: A DuckDB connection with loaded reference files, or without; None for the starter tables alone.

    Raises:
        InvalidInputError: The profile is none, something it names is unknown, it would be too long, or `conn` is no
            connection.
        StateError: The connection's tables cannot be read.
    """
    profile, reference = _sound(spec, conn)
    return _written(with_listings(_with_figures(profile, reference), reference))


def _sound(spec: Mapping[str, Any] | Profile | str | Path, conn: object) -> tuple[Profile, Reference]:
    """Read a profile and its reference data, and tell everything that is wrong with it, names included."""
    reference, parsed = reference_of(conn), parsed_profile(spec)
    unknown = name_problems(parsed.remainder, reference, skill_library())
    if parsed.profile is None or unknown:
        raise InvalidProfileError(dict.fromkeys((*parsed.problems, *unknown)))
    return parsed.profile, reference


def _with_figures(profile: Profile, reference: Reference) -> Profile:
    if profile.demographics.figures is not None:
        return profile
    figures = frozen_figures(profile.demographics, reference)
    return profile.model_copy(update={"demographics": profile.demographics.model_copy(update={"figures": figures})})


def _written(profile: Profile) -> dict[str, Any]:
    """Write a hybrid profile, or refuse one that could not be read again."""
    hybrid = {"profile": profile_document(profile)}
    length = len(json.dumps(hybrid))
    if length > LONGEST_PROFILE:
        message, hint = "a profile with all that its place needs would be too long", "ask for a smaller place"
        raise InvalidInputError([Problem("$.demographics.reference", message, f"{length:,} characters", hint)])
    return hybrid
