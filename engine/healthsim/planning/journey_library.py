"""The journeys that come with the package, by id or alias."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from healthsim.content import content_directory
from healthsim.errors import NotFoundError, Problem
from healthsim.skills import skill_library
from healthsim.spec import JourneyDefinition, Profile, parse_journey


class JourneyLibrary:
    """All journeys of a folder, each a file `{"aliases": [...], "journey": {...}}`.

    Args:
        directory: The folder.
    """

    def __init__(self, directory: Path) -> None:
        documents = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(directory.glob("*.json"))]
        self.journeys: Mapping[str, JourneyDefinition] = {
            journey.id: journey for journey in (parse_journey(document["journey"]) for document in documents)
        }
        self.aliases: Mapping[str, str] = {
            alias: document["journey"]["id"] for document in documents for alias in document["aliases"]
        }

    def find(self, name: str, *, path: str = "$") -> JourneyDefinition:
        """Give the journey that answers to an id or alias, else the default one of the skill or condition named so.

        Case, spaces and underscores do not matter.

        Raises:
            NotFoundError: None does; names the nearest.
        """
        found = self.named(name) or self.journeys.get(skill_library().default_journey(_spelled(name)) or "")
        if found is None:
            raise NotFoundError("journey", name, (*self.journeys, *self.aliases), path=path)
        return found

    def named(self, name: str) -> JourneyDefinition | None:
        """Give the journey that has an id or alias itself; None where none has."""
        wanted = _spelled(name)
        return self.journeys.get(self.aliases.get(wanted, wanted))


def _spelled(name: str) -> str:
    return "-".join(name.casefold().replace("_", " ").replace("-", " ").split())


@cache
def journey_library() -> JourneyLibrary:
    """Give the journeys of the package."""
    return JourneyLibrary(content_directory("journeys"))


def known_journeys(
    asked: Sequence[JourneyDefinition | str],
) -> tuple[tuple[JourneyDefinition, ...], tuple[Problem, ...]]:
    """Look journeys up that a profile names; give also every problem with their names."""
    found: list[JourneyDefinition] = []
    problems: list[Problem] = []
    for place, journey in enumerate(asked):
        try:
            known = (
                journey_library().find(journey, path=f"$.journeys[{place}]") if isinstance(journey, str) else journey
            )
            found.append(known)
        except NotFoundError as error:
            problems += error.problems
    return tuple(found), tuple(problems)


def with_journeys(profile: Profile, journeys: tuple[JourneyDefinition, ...]) -> Profile:
    """Give a profile with its journeys in full and their first day.

    People with journeys have no latest visit besides, unless the profile asks for it.
    """
    if not journeys:
        return profile
    changes: dict[str, Any] = {"journeys": journeys, "start_date": profile.start_date or profile.as_of}
    if "baseline" not in profile.clinical.model_fields_set:
        changes["clinical"] = profile.clinical.model_copy(update={"baseline": "none"})
    return profile.model_copy(update=changes)
