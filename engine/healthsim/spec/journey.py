"""The journey: what happens to people over time."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from healthsim.errors import InvalidJourneyError
from healthsim.spec.journey_shorthand import as_list, event_document, following_document, journey_document
from healthsim.spec.model import Number, Part, Share, keys_of
from healthsim.spec.predicates import Predicate
from healthsim.spec.problems import problems_of
from healthsim.spec.timing import Anchor, Day, Jitter, Offset, Timing
from healthsim.spec.vocabulary import Product

Identifier = Annotated[str, Field(min_length=1, max_length=128)]
MOST_EVENTS = 1_000
"""Events a journey may have: more than a person can live through in a run, and few enough to be checked in a moment."""

Conditions = Annotated[tuple[Predicate, ...], BeforeValidator(as_list)]


class Definition(Part):
    """A part of a journey that is also written in Python: what is wrong with it is told as of a document."""

    def __init__(self, **fields: Any) -> None:  # noqa: ANN401 - whatever is written
        try:
            super().__init__(**fields)
        except ValidationError as error:
            problems = problems_of(error.errors(include_url=False), fields, self._keys())
            raise InvalidJourneyError(problems) from error

    # Parts within a document are validated without a call of the constructor, so that all problems are gathered.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    @classmethod
    def _keys(cls) -> Mapping[str, tuple[str, ...]]:
        """Give the valid keys of its parts, by path without indices."""
        return {"$": keys_of(cls)}


class Following(Part):
    """An event that another one sets off."""

    event: Anchor = Field(description="Which event of the journey; it has no timing of its own.")
    days: Offset = Field(default=0, description="Days after the event that sets it off.")
    jitter: Jitter | None = Field(default=None, description="Days added: a distribution, or a number either way.")
    conditions: Conditions = Field(default=(), description="What must hold, all of it.")


class Trigger(Following):
    """An event set off with a probability."""

    probability: Share = Field(default=1.0, description="How likely it is set off.")

    @model_validator(mode="before")
    @classmethod
    def _written_short(cls, value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
        return following_document(value)


class Choice(Following):
    """One of several ways on, of which exactly one is taken among those whose conditions hold."""

    event: Anchor | None = Field(default=None, description="Which event is set off; none if absent.")  # type: ignore[assignment]
    weight: Annotated[Number, Field(ge=0)] = Field(default=1.0, description="How likely, beside the other ways.")

    @model_validator(mode="before")
    @classmethod
    def _written_short(cls, value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
        return following_document(value)


class EventDefinition(Definition):
    """Something that may happen to a person, once or again and again."""

    id: Identifier = Field(description="Identifier within the journey.")
    name: str | None = Field(default=None, description="Name, for people.")
    event_type: str = Field(description="What happens, such as encounter or lab_order.")
    product: Product | None = Field(default=None, description="Product it belongs to; that of its type if absent.")
    timing: Timing | None = Field(
        default=None, description="When; with what it depends on if absent, else on the first day."
    )
    condition: str | None = Field(
        default=None, description="Condition it is for, by name, alias or code: happens to people who have it."
    )
    conditions: Conditions = Field(default=(), description="What must hold on the day, all of it.")
    probability: Share = Field(default=1.0, description="How likely it happens, each time anew.")
    depends_on: Annotated[tuple[Anchor, ...], BeforeValidator(as_list)] = Field(
        default=(), description="Events that must have happened by then."
    )
    parameters: dict[str, Any] = Field(default_factory=dict, description="What its type knows; see event_types.json.")
    triggers: tuple[Trigger, ...] = Field(default=(), description="Events it sets off, each on its own.")
    choices: tuple[Choice, ...] = Field(default=(), description="Ways on, of which one is taken.")

    @model_validator(mode="before")
    @classmethod
    def _written_short(cls, value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
        return event_document(value)


class Phase(Part):
    """A named part of a journey, for timings to count from."""

    id: Identifier = Field(description="Identifier within the journey.")
    name: str | None = Field(default=None, description="Name, for people.")
    start_day: Day = Field(description="Its first day.")
    end_day: Day | None = Field(default=None, description="Its last day, included; what recurs from it ends with it.")


class JourneyDefinition(Definition):
    """What happens to people over time: events, each with its timing and conditions."""

    id: Identifier = Field(description="Identifier.")
    name: str | None = Field(default=None, max_length=256, description="Name, for people.")
    description: str | None = Field(default=None, description="What it is for.")
    version: str | None = Field(default=None, description="Version of the definition.")
    sources: tuple[str, ...] = Field(default=(), description="Guidelines and papers behind it.")
    products: tuple[Product, ...] | None = Field(
        default=None, description="Products its events may belong to; any if absent."
    )
    duration_days: Day | None = Field(default=None, description="Its last day, included; without end if absent.")
    phases: tuple[Phase, ...] = Field(default=(), description="Parts of it.")
    events: tuple[EventDefinition, ...] = Field(
        min_length=1, max_length=MOST_EVENTS, description="What may happen, in any order."
    )
    parameters: dict[str, Any] = Field(
        default_factory=dict, description="Values that a journey written as a document names as ${parameters.name}."
    )

    @model_validator(mode="before")
    @classmethod
    def _written_short(cls, value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
        return journey_document(value)

    @classmethod
    def _keys(cls) -> Mapping[str, tuple[str, ...]]:
        return journey_keys()


def journey_keys(path: str = "$") -> Mapping[str, tuple[str, ...]]:
    """Give the keys of each part of a journey that stands at a path, by its path without indices."""
    return {
        path: keys_of(JourneyDefinition),
        f"{path}.phases": keys_of(Phase),
        f"{path}.events": keys_of(EventDefinition),
        f"{path}.events.triggers": keys_of(Trigger),
        f"{path}.events.choices": keys_of(Choice),
    }
