"""Profiles and journeys together, as a class."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from healthsim.api import generate
from healthsim.asking import JourneyAsked
from healthsim.errors import InvalidInputError, Problem
from healthsim.simulation.run import Cancelled, Progress
from healthsim.spec import Profile, parsed_profile
from healthsim.state.result import Result


class ProfileJourneyOrchestrator:
    """Lets the people of profiles go through journeys, against one workspace.

    Args:
        db: The workspace database, for reference data and for cohorts that are kept.
    """

    def __init__(self, db: str | Path | None = None) -> None:
        self._db = db

    def execute(  # noqa: PLR0913 - those of `generate`, whose arguments are the public contract
        self,
        profile_spec: Mapping[str, Any] | Profile | str | Path,
        *,
        journey_id: str | Sequence[str] | None = None,
        journey: JourneyAsked | Sequence[JourneyAsked] | None = None,
        seed: int | None = None,
        start_date: date | str | None = None,
        count: int | None = None,
        persist: bool = False,
        name: str | None = None,
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
    ) -> Result:
        """Generate the cohort of a profile whose people go through journeys.

        Args:
            profile_spec: The profile; its own journeys hold if none are named here.
            journey_id: Id of a known journey, or several.
            journey: A journey in full, or several; with ids, both are gone through.
            seed: As in `healthsim.generate`, and so are the rest.
            start_date: First day of the journeys.
            count: People.
            persist: Whether to keep the cohort.
            name: Its name.
            progress: Called after each block.
            cancelled: Asked before each block.

        Raises:
            InvalidInputError: The profile or a journey cannot be, or there is no journey; lists every problem.
        """
        journeys = [*_listed(journey_id), *_listed(journey)]
        if not journeys and not _has_journeys(profile_spec):
            hint = "give journey_id or journey, or write them into the profile"
            raise InvalidInputError([Problem("$.journey_id", "no journey to go through", None, hint)])
        return generate(
            profile=profile_spec,
            journey=journeys or None,
            start_date=start_date,
            seed=seed,
            count=count,
            persist=persist,
            name=name,
            db=self._db,
            progress=progress,
            cancelled=cancelled,
        )


def _listed(asked_for: Any) -> Sequence[Any]:  # noqa: ANN401 - one journey or several
    if asked_for is None:
        return ()
    is_one = isinstance(asked_for, str) or not isinstance(asked_for, Sequence)
    return (asked_for,) if is_one else asked_for


def _has_journeys(profile_spec: Mapping[str, Any] | Profile | str | Path) -> bool:
    return bool(parsed_profile(profile_spec).remainder.journeys)
