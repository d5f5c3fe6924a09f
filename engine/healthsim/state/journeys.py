"""Journeys that are saved under names, in versions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from healthsim.errors import InvalidJourneyError, NotFoundError, Problem
from healthsim.planning.journey_library import journey_library
from healthsim.planning.journeys import planned_timelines
from healthsim.skills import skill_library
from healthsim.spec import JourneyDefinition, journey_json, parse_journey
from healthsim.spec.profile import DEFAULT_AS_OF
from healthsim.state.labels import raise_if_any, within
from healthsim.state.library import Library
from healthsim.state.saved import SavedSpecifications
from healthsim.state.specification import Entry, Labels, Specification, as_written
from healthsim.state.store import Workspace

JourneySource = Mapping[str, Any] | JourneyDefinition | str | Path

_PRODUCTS = ("patientsim",)
_PLANNED = "$.journeys[0]"


@dataclass(frozen=True, slots=True)
class SavedJourney(Entry):
    """A version of a saved journey."""

    @property
    def journey_spec(self) -> Mapping[str, Any]:
        """The journey, as it was saved."""
        return self.spec


class JourneyManager(SavedSpecifications[SavedJourney, JourneySource]):
    """Saves journeys in a workspace and finds them again.

    Args:
        workspace: The workspace.
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(Library(workspace, "journey", SavedJourney))

    def save_journey(
        self,
        name: str,
        journey_spec: JourneySource,
        description: str | None = None,
        tags: Sequence[str] | None = None,
    ) -> int:
        """Save a journey under a name of its own; the same again is the journey that is there.

        Args:
            name: The name; by it, people go through the journey.
            journey_spec: The journey, as a definition, a mapping, JSON text or the path of a JSON file.
            description: What it is for.
            tags: To find it by.

        Returns:
            Its number.

        Raises:
            InvalidJourneyError: It could not be gone through; lists every problem.
            InvalidInputError: Name, description or tags are none, or the name belongs to another journey.
        """
        return self._save(name, journey_spec, description, tags)

    def load_journey(self, journey: str | int, version: int | None = None) -> SavedJourney:
        """Give a saved journey by its name or number, in its latest version or the one asked for.

        Raises:
            NotFoundError: There is none; names the nearest.
        """
        return self._library.load(journey, version)

    def find_journey(self, journey: str | int) -> SavedJourney | None:
        """Give a saved journey by its name or number; None if there is none."""
        try:
            return self._library.load(journey)
        except NotFoundError:
            return None

    def list_journeys(
        self,
        search: str | None = None,
        tags: Sequence[str] | None = None,
        product: str | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> list[SavedJourney]:
        """List saved journeys in their latest version, the last saved first.

        Args:
            search: Text in name or description, whatever its case.
            tags: Tags they all have.
            product: Product they are of.
            limit: Most journeys.
            offset: Journeys to leave out before.

        Raises:
            InvalidInputError: Tags are no list, or the page is none.
        """
        return self._listed(search, tags, product, limit, offset)

    def built_in(self, search: str | None = None) -> list[dict[str, Any]]:
        """Give the journeys that come with the package in full, as JSON, in the order of their ids.

        Args:
            search: Text in id, name or description, whatever its case.
        """
        wanted = (search or "").casefold()
        known = journey_library().journeys.values()
        found = (each for each in known if wanted in f"{each.id} {each.name} {each.description}".casefold())
        return [journey_json(each) for each in found]

    def update_journey(
        self,
        journey: str | int,
        journey_spec: JourneySource | None = None,
        *,
        name: str | None = None,
        description: str | None = None,
        tags: Sequence[str] | None = None,
    ) -> SavedJourney:
        """Save a new version of a journey, unless it equals the latest, or change what is written on it.

        Args:
            journey: Its name or number.
            journey_spec: The new version.
            name: A new name.
            description: A new description.
            tags: New tags, in place of the old ones.

        Raises:
            NotFoundError: There is no such journey.
            InvalidJourneyError: The new version could not be gone through; lists every problem.
            InvalidInputError: The new name belongs to another journey, or is none.
        """
        return self._update(journey, journey_spec, Labels(name, description, tags))

    def delete_journey(self, journey: str | int) -> SavedJourney:
        """Remove a journey with all its versions; what was executed with it keeps it in full.

        Raises:
            NotFoundError: There is no such journey.
        """
        return self._library.delete(journey)

    def _checked(self, source: JourneySource, around: Sequence[Problem]) -> Specification:
        return _checked(source, around)

    def _reserved(self, name: str) -> list[Problem]:
        return _taken(name)

    def _in_full(self, spec: Mapping[str, Any]) -> Mapping[str, Any]:
        return journey_json(parse_journey(spec))


def with_saved_journeys(asked: Any, workspace: Workspace) -> Any:  # noqa: ANN401 - whatever names journeys
    """Give journeys that were asked for, those named that are saved in full; the rest as it is.

    Args:
        asked: A journey or several, each a name or something else.
        workspace: Where they are saved.
    """
    if isinstance(asked, str):
        return _in_full(asked, workspace)
    if isinstance(asked, list | tuple):
        return [_in_full(each, workspace) if isinstance(each, str) else each for each in asked]
    return asked


def _in_full(name: str, workspace: Workspace) -> str | JourneyDefinition:
    if name.lstrip().startswith("{") or _taken(name):
        return name
    saved = JourneyManager(workspace).find_journey(name)
    return name if saved is None else parse_journey(saved.spec)


def _checked(journey_spec: JourneySource, around: Sequence[Problem]) -> Specification:
    """Give a journey that people could go through, or everything that is wrong with it and around it."""
    try:
        journey = parse_journey(journey_spec)
        found = planned_timelines([journey], DEFAULT_AS_OF, None, skill_library()).problems
    except InvalidJourneyError as error:
        raise InvalidJourneyError([*around, *within(error.problems, "$.journey_spec")]) from error
    relative = [replace(each, path=f"${each.path.removeprefix(_PLANNED)}") for each in found]
    wrong = within(relative, "$.journey_spec")
    if wrong:
        raise InvalidJourneyError([*around, *wrong])
    raise_if_any(around)
    resolved = journey_json(journey)
    return Specification(as_written(journey_spec, "journey", resolved), resolved, journey.products or _PRODUCTS)


def _taken(name: str) -> list[Problem]:
    """Find that a name is that of a journey of the package: by a name, people go through one journey."""
    known = journey_library().named(str(name))
    if known is None:
        return []
    return [Problem("$.name", f"the package has a journey {known.id}", repr(name), "choose another")]
