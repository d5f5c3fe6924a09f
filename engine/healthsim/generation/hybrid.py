"""Hybrid profiles: what the user wrote, with the reference data it needs frozen into it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from healthsim.errors import InvalidProfileError
from healthsim.planning.compile import name_problems
from healthsim.planning.places import frozen_figures
from healthsim.reference import Reference, reference_of
from healthsim.skills import skill_library
from healthsim.spec import Profile, parsed_profile, profile_document


def create_hybrid_profile(
    spec: Mapping[str, Any] | Profile | str | Path,
    conn: Any = None,  # noqa: ANN401 - checked, so that the error is ours
) -> dict[str, Any]:
    """Freeze the figures of a profile's place into the profile.

    What the user wrote wins, figures it carries already included; the others fill what it leaves open. The result is
    an ordinary profile: it can be stored, changed and executed without the connection, and gives the rows that the
    profile gives with it.

    Args:
        spec: The profile, as `parse_profile` reads it.
        conn: A DuckDB connection with loaded reference files, or without; None for the starter tables alone.

    Returns:
        The profile in full, as `{"profile": {…}}`; `demographics.figures` has each number with its source and year.

    Raises:
        InvalidInputError: The profile is none, its place is unknown, or `conn` is no connection.
        StateError: The connection's tables cannot be read.
    """
    profile, reference = _sound(spec, conn)
    return {"profile": profile_document(_with_figures(profile, reference))}


def create_hybrid_profile_with_network(
    spec: Mapping[str, Any] | Profile | str | Path,
    conn: Any = None,  # noqa: ANN401 - as above
) -> dict[str, Any]:
    """Freeze the figures of a profile's place into the profile, and see to its providers and facilities.

    As `create_hybrid_profile`; besides, whatever the sections of providers and facilities name is there. The starter's
    directory is made by rule wherever the profile is executed, so that nothing of it needs freezing. Loaded providers
    and hospitals are not frozen: they are those of the database that the profile is executed with.

    Args:
        spec: The profile, as `parse_profile` reads it.
        conn: A DuckDB connection with loaded reference files, or without; None for the starter tables alone.

    Raises:
        InvalidInputError: The profile is none, something it names is unknown, or `conn` is no connection.
        StateError: The connection's tables cannot be read.
    """
    profile, reference = _sound(spec, conn)
    return {"profile": profile_document(_with_figures(profile, reference))}


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
