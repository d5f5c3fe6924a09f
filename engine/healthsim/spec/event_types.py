"""What can happen in a journey: types of events, read from `schemas/event_types.json`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from healthsim.content import content_directory
from healthsim.spec.vocabulary import Product


@dataclass(frozen=True, slots=True)
class EventType:
    """A type of event.

    Attributes:
        name: Its name.
        product: The product it belongs to.
        title: What happens, for people.
        table: Table its rows go to; None while this version makes none.
        ends_timeline: Whether nothing happens to the person afterwards.
        parameters: JSON Schemas of the parameters it knows, by name.
    """

    name: str
    product: Product
    title: str
    table: str | None
    ends_timeline: bool
    parameters: Mapping[str, Mapping[str, Any]]


@cache
def event_types() -> Mapping[str, EventType]:
    """Give all types of events by name."""
    text = (content_directory("schemas") / "event_types.json").read_text(encoding="utf-8")
    document = json.loads(text)
    return {
        name: EventType(
            name=name,
            product=entry["product"],
            title=entry["title"],
            table=entry["table"],
            ends_timeline=entry.get("ends_timeline", False),
            parameters={**entry["parameters"], **document["common"]},
        )
        for name, entry in document["types"].items()
    }
