"""Profiles against the reference data of a workspace: planned, or everything that keeps them from being executed."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from healthsim.errors import InvalidProfileError, Problem
from healthsim.planning.compile import plan_of
from healthsim.planning.lookup import name_problems
from healthsim.planning.plan import Plan
from healthsim.reference import Reference
from healthsim.skills import skill_library
from healthsim.spec import Profile, parsed_profile, profile_document
from healthsim.state.journeys import with_saved_journeys
from healthsim.state.specification import Specification, as_written
from healthsim.state.store import Workspace

ProfileSource = Mapping[str, Any] | Profile | str | Path

_SEED_BITS = 32


def profile_specification(document: ProfileSource) -> Specification:
    """Read a profile that is to be saved.

    Raises:
        InvalidProfileError: It is none; names every problem.
    """
    parsed = parsed_profile(document)
    if parsed.profile is None:
        raise InvalidProfileError(parsed.problems)
    resolved = profile_document(parsed.profile)
    return Specification(as_written(document, "profile", resolved), resolved, parsed.profile.products)


def profile_problems(document: ProfileSource, workspace: Workspace) -> tuple[Problem, ...]:
    """Find everything that keeps a profile from being executed."""
    parsed, library = parsed_profile(document), skill_library()
    try:
        with reference_of(workspace) as reference:
            if parsed.profile is None:
                unknown = name_problems(parsed.remainder, reference, library)
                return tuple(dict.fromkeys((*parsed.problems, *unknown)))
            plan_of(parsed.profile, 0, reference, library)
    except InvalidProfileError as error:
        return error.problems
    return ()


def planned(profile: Profile, workspace: Workspace) -> Plan:
    """Plan a profile with reference data and saved journeys of a workspace; a seed is drawn if it names none."""
    if profile.journeys:
        found = with_saved_journeys(profile.journeys, workspace)
        profile = profile.model_copy(update={"journeys": tuple(found)})
    seed = profile.generation.seed
    chosen = secrets.randbits(_SEED_BITS) if seed is None else seed
    with reference_of(workspace) as reference:
        return plan_of(profile, chosen, reference, skill_library())


@contextmanager
def reference_of(workspace: Workspace) -> Iterator[Reference]:
    """Give the reference data of a workspace, to plan with while the block lasts.

    The workspace stays open meanwhile only where a network is loaded, which is too large to be read at once: planning
    takes its time, and a writer would wait for it.
    """
    with workspace.reading() as connection:
        reference = Reference(connection)
        if reference.network.is_loaded:
            yield reference
            return
    yield reference
