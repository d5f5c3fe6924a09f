"""Profiles that are saved under names, in versions, and what was executed of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from healthsim.errors import InvalidProfileError, Problem, did_you_mean, nearest_names, rendered
from healthsim.spec import parse_profile, profile_document
from healthsim.spec.profile import MOST_PEOPLE
from healthsim.state.executions import STATUSES, Execution, Executions, Report
from healthsim.state.labels import raise_if_any, within
from healthsim.state.library import Library
from healthsim.state.names import as_text
from healthsim.state.plans import ProfileSource, profile_problems, profile_specification
from healthsim.state.saved import SavedSpecifications
from healthsim.state.specification import Entry, Labels, Specification
from healthsim.state.store import Workspace

_MOST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class SavedProfile(Entry):
    """A version of a saved profile."""

    @property
    def profile_spec(self) -> Mapping[str, Any]:
        """The profile, as it was saved."""
        return self.spec


class ProfileManager(SavedSpecifications[SavedProfile, ProfileSource]):
    """Saves profiles in a workspace, finds them again, and knows what was executed.

    Args:
        workspace: The workspace.
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(Library(workspace, "profile", SavedProfile))
        self._workspace = workspace
        self._executions = Executions(workspace)

    def save_profile(
        self,
        name: str,
        profile_spec: ProfileSource,
        description: str | None = None,
        tags: Sequence[str] | None = None,
    ) -> int:
        """Save a profile under a name of its own; the same again is the profile that is there.

        Args:
            name: The name.
            profile_spec: The profile, as a mapping, a parsed one, JSON text or the path of a JSON file.
            description: What it is for.
            tags: To find it by.

        Returns:
            Its number.

        Raises:
            InvalidProfileError: It could not be executed; lists every problem.
            InvalidInputError: Name, description or tags are none, or the name belongs to another profile.
        """
        return self._save(name, profile_spec, description, tags)

    def load_profile(self, profile: str | int, version: int | None = None) -> SavedProfile:
        """Give a saved profile by its name or number, in its latest version or the one asked for.

        Raises:
            NotFoundError: There is none; names the nearest.
        """
        return self._library.load(profile, version)

    def list_profiles(
        self,
        search: str | None = None,
        tags: Sequence[str] | None = None,
        product: str | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> list[SavedProfile]:
        """List saved profiles in their latest version, the last saved first.

        Args:
            search: Text in name or description, whatever its case.
            tags: Tags they all have.
            product: Product they are of.
            limit: Most profiles.
            offset: Profiles to leave out before.

        Raises:
            InvalidInputError: Tags are no list, or the page is none.
        """
        return self._listed(search, tags, product, limit, offset)

    def update_profile(
        self,
        profile: str | int,
        profile_spec: ProfileSource | None = None,
        *,
        name: str | None = None,
        description: str | None = None,
        tags: Sequence[str] | None = None,
    ) -> SavedProfile:
        """Save a new version of a profile, unless it equals the latest, or change what is written on it.

        Args:
            profile: Its name or number.
            profile_spec: The new version.
            name: A new name.
            description: A new description.
            tags: New tags, in place of the old ones.

        Raises:
            NotFoundError: There is no such profile.
            InvalidProfileError: The new version could not be executed; lists every problem.
            InvalidInputError: The new name belongs to another profile, or is none.
        """
        return self._update(profile, profile_spec, Labels(name, description, tags))

    def delete_profile(self, profile: str | int) -> SavedProfile:
        """Remove a profile with all its versions; what was executed of it stays recorded.

        Raises:
            NotFoundError: There is no such profile.
        """
        return self._library.delete(profile)

    def record_execution(
        self,
        profile_id: str | int,
        cohort_id: str | None = None,
        seed: int | None = None,
        count: int | None = None,
        duration_ms: int | None = None,
        *,
        version: int | None = None,
        status: str = "completed",
    ) -> int:
        """Record that a saved profile was executed, where the engine did not see it.

        What is kept as a cohort the engine has recorded itself: then that record is told which profile it was of.

        Args:
            profile_id: The profile's number or name.
            cohort_id: The cohort that came out.
            seed: Of all draws; the profile's own if left out.
            count: People; the profile's own if left out.
            duration_ms: How long it took, milliseconds.
            version: Which version of the profile; the latest if left out.
            status: How it ended: completed, failed or cancelled.

        Returns:
            The number of the execution.

        Raises:
            NotFoundError: There is no such profile.
            InvalidInputError: Something is out of its bounds, or contradicts what the engine recorded.
        """
        bounds = (("seed", seed, 0, _MOST), ("count", count, 1, MOST_PEOPLE), ("duration_ms", duration_ms, 0, _MOST))
        raise_if_any(
            [problem for bound in bounds for problem in _number_problems(*bound)] + list(_status_problems(status))
        )
        saved = self._library.load(profile_id, version)
        asked = parse_profile(saved.spec)
        changes = {key: value for key, value in (("seed", seed), ("count", count)) if value is not None}
        generation = asked.generation.model_copy(update=changes)
        return self._executions.report(
            Report(
                profile_id=saved.id,
                profile_version=saved.version,
                cohort_id=None if cohort_id is None else as_text(cohort_id),
                spec=profile_document(asked.model_copy(update={"generation": generation})),
                seed=seed,
                count=count,
                duration_ms=duration_ms,
                status=status,
            )
        )

    def list_executions(
        self,
        profile: str | int | None = None,
        *,
        cohort_id: str | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> list[Execution]:
        """List what was executed, the newest first: everything, or what was of a profile or made a cohort.

        Raises:
            NotFoundError: There is no such profile.
        """
        number = None if profile is None else self._library.load(profile).id
        cohort = None if cohort_id is None else as_text(cohort_id)
        return self._executions.listed(profile_id=number, cohort_id=cohort, limit=limit, offset=offset)

    def get_execution(self, execution_id: int) -> Execution:
        """Give what was recorded of an execution.

        Raises:
            NotFoundError: There is none; names the nearest.
        """
        return self._executions.get(execution_id)

    def get_execution_spec(self, execution_id: int) -> Mapping[str, Any]:
        """Give exactly what was executed: the resolved profile with its count and seed.

        Raises:
            NotFoundError: There is no such execution; names the nearest.
        """
        return self._executions.get(execution_id).spec

    def _in_full(self, spec: Mapping[str, Any]) -> Mapping[str, Any]:
        return profile_document(parse_profile(spec))

    def _checked(self, source: ProfileSource, around: Sequence[Problem]) -> Specification:
        wrong = within(profile_problems(source, self._workspace), "$.profile_spec")
        if wrong:
            raise InvalidProfileError([*around, *wrong])
        raise_if_any(around)
        return profile_specification(source)


def _number_problems(name: str, value: object, low: int, high: int) -> Iterator[Problem]:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    if value is not None and not (is_number and low <= value <= high):  # type: ignore[operator]
        yield Problem(f"$.{name}", f"must be a whole number, {low} to {high}", rendered(value))


def _status_problems(status: object) -> Iterator[Problem]:
    if status not in STATUSES:
        hint = did_you_mean(nearest_names(str(status), STATUSES)) or f"known are {', '.join(STATUSES)}"
        yield Problem("$.status", "no such status", rendered(status), hint)
