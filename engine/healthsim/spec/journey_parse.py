"""From a document to a journey, or to every problem in it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from healthsim.errors import InvalidJourneyError
from healthsim.spec.documents import flat_document
from healthsim.spec.journey import JourneyDefinition, journey_keys
from healthsim.spec.journey_checks import journey_problems
from healthsim.spec.journey_shorthand import journey_document
from healthsim.spec.problems import problems_of


def parse_journey(document: Mapping[str, Any] | JourneyDefinition | str | Path) -> JourneyDefinition:
    """Read a journey.

    Args:
        document: A definition, a mapping, flat or as `{"journey": {...}}`, JSON text, or the path of a JSON file.

    Raises:
        InvalidJourneyError: It cannot be read, or cannot happen; names every problem.
    """
    journey = document if isinstance(document, JourneyDefinition) else _read(document)
    problems = tuple(journey_problems(journey))
    if problems:
        raise InvalidJourneyError(problems)
    return journey


def journey_json(journey: JourneyDefinition) -> dict[str, Any]:
    """Write a journey as JSON, in full; reading it gives an equal journey."""
    return journey.model_dump(mode="json", by_alias=True, exclude_none=True)


def _read(document: Mapping[str, Any] | str | Path) -> JourneyDefinition:
    written = journey_document(flat_document(document, kind="journey"))
    try:
        return JourneyDefinition.model_validate(written)
    except ValidationError as error:
        problems = problems_of(error.errors(include_url=False), written, journey_keys())
        raise InvalidJourneyError(problems) from error
