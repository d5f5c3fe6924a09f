"""Journeys of one person: the events that happen, with the rows they leave."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from healthsim.errors import InvalidInputError, InvalidJourneyError, Problem, rendered
from healthsim.generation.person import Person
from healthsim.planning.journey_library import journey_library
from healthsim.simulation.alone import block_of_one
from healthsim.simulation.events import Record, records_of
from healthsim.skills import skill_library
from healthsim.spec import JourneyDefinition, event_types, parse_journey, parse_profile
from healthsim.spec.shorthand import condition_document
from healthsim.state.journeys import with_saved_journeys
from healthsim.state.paths import workspace_path
from healthsim.state.plans import planned
from healthsim.state.store import Workspace

_JOURNEY = "$.journeys[0]"
_EPOCH = date(1970, 1, 1)


class JourneyEvents(list[Record]):
    """The events of a person, in order of time.

    Each is a mapping with `event_id, event_type, name, date, product, status, parameters, records`; `records` has the
    rows that the event leaves, by table.

    Attributes:
        seed: Seed of all draws.
    """

    seed: int


class JourneyEngine:
    """Lets one person go through a journey: a block of one, by the code that makes cohorts.

    Args:
        db: The workspace database, for reference data and saved journeys.
    """

    def __init__(self, db: str | Path | None = None) -> None:
        self._workspace = Workspace(workspace_path(db))

    def execute(
        self,
        journey: JourneyDefinition | Mapping[str, Any] | str | Path,
        person: Person,
        *,
        start_date: date | str,
        seed: int | None = None,
        include_skipped: bool = False,
    ) -> JourneyEvents:
        """Give what happens to a person.

        Args:
            journey: The journey: a definition, a mapping, JSON text, a file, or the id of a known one.
            person: Who goes through it.
            start_date: Its first day.
            seed: Of all draws; drawn, and told as `seed` of the events, if None.
            include_skipped: Whether to give also the times that an event might have happened, with the reason as
                `status`; those that are not set off have no date.

        Raises:
            InvalidInputError: The journey or the person cannot be; lists every problem.
        """
        definition = _definition(with_saved_journeys(journey, self._workspace))
        start = _day(start_date)
        profile = parse_profile(_profile(definition, person, start, seed))
        try:
            plan = planned(profile, self._workspace)
        except InvalidInputError as error:
            raise InvalidJourneyError(_of_journey(error.problems)) from error
        birth_day = np.array([(person.birth_date - _EPOCH).days], np.int64)
        block = block_of_one(plan, person.person_id - 1, birth_day)
        events = JourneyEvents(records_of(plan, block, include_skipped=include_skipped))
        events.seed = plan.seed
        return events


def _definition(journey: JourneyDefinition | Mapping[str, Any] | str | Path) -> JourneyDefinition:
    if isinstance(journey, str) and not journey.lstrip().startswith("{"):
        return journey_library().find(journey, path="$.journey")
    return parse_journey(journey)


def _day(start_date: object) -> date:
    """Read the first day.

    Raises:
        InvalidInputError: It is none.
    """
    if isinstance(start_date, date) and not isinstance(start_date, datetime):
        return start_date
    try:
        return date.fromisoformat(start_date)  # type: ignore[arg-type] # what is no text is refused, too
    except (TypeError, ValueError) as error:
        problem = Problem("$.start_date", "is a date", rendered(start_date), "such as 2024-01-31")
        raise InvalidInputError([problem]) from error


def _of_journey(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Give problems with a profile's only journey the paths that they have in it; they tell of its conditions too."""
    own = [problem for problem in problems if problem.path.startswith(_JOURNEY)]
    return tuple(replace(problem, path=problem.path.replace(_JOURNEY, "$", 1)) for problem in own or problems)


def _profile(journey: JourneyDefinition, person: Person, start: date, seed: int | None) -> dict[str, Any]:
    """Write the profile of a cohort of people like this one.

    Raises:
        InvalidInputError: The person is not born yet.
    """
    birth = person.birth_date
    age = start.year - birth.year - ((start.month, start.day) < (birth.month, birth.day))
    if age < 0:
        message = f"born after the journey's first day, {start}"
        raise InvalidInputError([Problem("$.person.birth_date", message, rendered(str(birth)))])
    known = {"gender": person.gender, "race": person.race, "ethnicity": person.ethnicity}
    demographics = {"age": age, **{name: value for name, value in known.items() if value is not None}}
    if person.county_fips is not None:
        demographics["reference"] = {"fips": person.county_fips}
    types = (event_types().get(event.event_type) for event in journey.events)
    return {
        "id": journey.id,
        "products": sorted({"patientsim", *(each.product for each in types if each is not None)}),
        "as_of": start,
        "generation": {"count": 1, **({} if seed is None else {"seed": seed})},
        "demographics": demographics,
        "clinical": {"baseline": "none", **_conditions(journey, person)},
        "journeys": [journey],
        "start_date": start,
    }


def _conditions(journey: JourneyDefinition, person: Person) -> dict[str, Any]:
    """Let the person have conditions: the first as the primary one, the others beside it."""
    named: Iterable[str | None] = (event.condition for event in journey.events)
    if person.conditions is not None:
        named = person.conditions
    library, found = skill_library(), dict[str, dict[str, Any]]()
    for name in named:
        if name is not None:
            model = library.find(name)
            found.setdefault(model.id if model else name, {**condition_document(name), "prevalence": 1.0})
    first, *others = (*found.values(), None)
    return {} if first is None else {"primary_condition": first, "comorbidities": others[:-1]}
