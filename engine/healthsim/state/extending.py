"""A cohort whose people go through more journeys: the profile it is made from, and whether its people stay the same."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from healthsim.errors import InvalidInputError, Problem, StateError, rendered
from healthsim.planning.journey_library import known_journeys
from healthsim.planning.plan import Plan
from healthsim.spec import JourneyDefinition, journey_json, parse_journey
from healthsim.state.catalogue import CohortRecord

_VERSIONS = ("engine_version", "reference_version")


def with_more_journeys(
    record: CohortRecord, journeys: Sequence[Any], start_date: date | str | None, seed: int | None
) -> dict[str, Any]:
    """Give the profile of a cohort with more journeys; those it has already are not gone through twice.

    Args:
        record: The cohort.
        journeys: The journeys, ids or in full.
        start_date: Their first day; None for that of the others, else the cohort's `as_of`.
        seed: Of what happens in them; None for that of the others, else the cohort's own.

    Raises:
        InvalidInputError: The cohort was not made from a profile, or its journeys began on another day or with another
            seed; lists every problem.
    """
    if not record.spec:
        message = "this cohort was not made from a profile, so its people cannot be drawn again"
        raise InvalidInputError([Problem("$.cohort_id", message, rendered(record.cohort_id))])
    before = record.spec.get("journeys") or []
    problems = list(_differences(record.spec, start_date, seed)) if before else []
    if problems:
        raise InvalidInputError(problems)
    told = {"start_date": _written(start_date), "journey_seed": seed}
    chosen = {key: value for key, value in told.items() if value is not None}
    there = [parse_journey(journey) for journey in before]
    more = [journey for journey in _known(journeys) if journey not in there]
    return {**record.spec, **chosen, "journeys": [*before, *(journey_json(journey) for journey in more)]}


def _known(journeys: Sequence[Any]) -> list[JourneyDefinition]:
    """Give journeys in full."""
    given = [each if isinstance(each, str) else parse_journey(each) for each in journeys]
    found, problems = known_journeys(given)
    if problems:
        raise InvalidInputError(replace(problem, path="$.journey") for problem in problems)
    return list(found)


def check_same_people(record: CohortRecord, plan: Plan) -> None:
    """Refuse to draw people again who would be others.

    Raises:
        StateError: HealthSim, the reference data or the skills are not those of the cohort.
    """
    now: Mapping[str, str] = {"engine_version": plan.engine_version, "reference_version": plan.reference_version}
    changed = [key for key in _VERSIONS if record.summary.get(key) != now[key]]
    if changed:
        what = " and ".join(key.replace("_", " ") for key in changed)
        text = f"cohort {record.cohort_id} was made with another {what}; generate it again to go on with it"
        raise StateError(text)


def _differences(spec: Mapping[str, Any], start_date: date | str | None, seed: int | None) -> Iterator[Problem]:
    if start_date is not None and _written(start_date) != spec["start_date"]:
        message = "the journeys of a cohort begin on one day"
        yield Problem("$.start_date", message, rendered(_written(start_date)), f"its others began {spec['start_date']}")
    first = spec["generation"]["seed"] if spec.get("journey_seed") is None else spec["journey_seed"]
    if seed is not None and seed != first:
        yield Problem("$.seed", "the journeys of a cohort have one seed", rendered(seed), f"its others have {first}")


def _written(day: date | str | None) -> str | None:
    return day.isoformat() if isinstance(day, date) else day
