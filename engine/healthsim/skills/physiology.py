"""What a condition, or its absence, means for what is measured: the stages, and the states people are in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Keyed = Literal["none", "stage", "code"]

AGES = 111
"""Ages are completed years, 0 to 110."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a condition.

    Attributes:
        id: Its name within the condition.
        name: For people.
        share: Share of people with the condition who are in it.
        codes: ICD-10-CM codes that say so; none where codes do not tell stages.
        also: Other codes that say so, or leave it open among several stages, where a profile asks for them.
    """

    id: str
    name: str
    share: float
    codes: tuple[str, ...]
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class State:
    """One way in which people with or without a condition are.

    Attributes:
        id: Its name within the aspect.
        share: Share of those it is for, by completed years of age, shape `(111,)`.
        of: Stages or codes it is for; none for all. Codes that only a profile may ask for come last.
        bounds: Analytes and the values between which they lie: from the first, below the second.
        shifts: Analytes and the population's standard deviations by which they are moved.
    """

    id: str
    share: Floats
    of: tuple[str, ...]
    bounds: Mapping[str, tuple[float, float]]
    shifts: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Aspect:
    """A part of physiology that a condition governs; people are in one of its states.

    Attributes:
        id: Its name within the condition.
        keyed_by: What decides which states people with the condition can be in.
        is_free_when_unlisted: Whether people whose profile does not name the condition are as in life.
        absent: States of people without the condition.
        present: States of people with it.
        source: Where it is from.
    """

    id: str
    keyed_by: Keyed
    is_free_when_unlisted: bool
    absent: tuple[State, ...]
    present: tuple[State, ...]
    source: str


def stages_of(document: Mapping[str, Any]) -> tuple[Stage, ...]:
    """Build the stages of a condition's part of a skill's document; none where it has none."""
    return tuple(
        Stage(
            item["id"],
            item["name"],
            item["share"],
            tuple(code["code"] for code in item.get("codes", ())),
            tuple(item.get("also", ())),
        )
        for item in document.get("stages", {}).get("items", ())
    )


def aspects_of(document: Mapping[str, Any]) -> tuple[Aspect, ...]:
    """Build what a condition's part of a skill's document says of physiology."""
    return tuple(
        Aspect(
            id=part["id"],
            keyed_by=part["keyed_by"],
            is_free_when_unlisted=part["unlisted"] == "free",
            absent=tuple(_state(state) for state in part["absent"]),
            present=tuple(_state(state) for state in part["present"]),
            source=part["source"],
        )
        for part in document.get("physiology", ())
    )


def share_by_age(share: float | Mapping[str, Any]) -> Floats:
    """Give a share by completed years of age, shape `(111,)`: the same at all ages, or linear between some."""
    if isinstance(share, Mapping):
        return np.interp(np.arange(AGES), share["age"], share["value"])
    return np.full(AGES, float(share))


def _state(document: Mapping[str, Any]) -> State:
    bounds = {
        analyte: (_or(limit["from"], -np.inf), _or(limit["below"], np.inf))
        for analyte, limit in document.get("bounds", {}).items()
    }
    return State(
        id=document["id"],
        share=share_by_age(document["share"]),
        of=(*document.get("of", ()), *document.get("also", ())),
        bounds=bounds,
        shifts=dict(document.get("shifts", {})),
    )


def _or(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else float(value)
