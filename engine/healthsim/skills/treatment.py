"""What a skill knows of the drugs for a condition: who takes any, which suit whom, and what they do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from healthsim.spec.predicates import Predicate

DEFAULT_PRECEDENCE = 50
"""Precedence of a condition that names none."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a drug does to something measured, on average, against no drug.

    Attributes:
        analyte: Key of the test or vital sign, such as `hba1c`.
        change: Added to the level, in the unit of the test; 0 where the level is multiplied.
        ratio: By which the level is multiplied; 1 where something is added.
        days_to_full: Days after which all of the effect is there.
    """

    analyte: str
    change: float
    ratio: float
    days_to_full: int


@dataclass(frozen=True, slots=True)
class Drug:
    """A drug for a condition.

    Attributes:
        id: Its name within the condition.
        name: Name of the clinical drug in RxNorm.
        ingredient: What it contains; several are separated by ` / `.
        group: Drugs of which nobody takes two, whatever for.
        rxnorm: RxCUI of the clinical drug.
        dose: What is taken at a time.
        route: By which it is taken.
        frequency: How often it is taken.
        days_supply: Days that one dispensing lasts.
        refills: Refills after the first dispensing.
        minimum_age: Age before which it is not begun, completed years.
        approved_on: Date before which nobody takes it; None for drugs older than the people.
        line: Line of treatment, from 1.
        share: Share of treated people whom it suits who take it.
        is_course: Whether one supply at a time is taken, rather than on and on.
        is_adjunct: Whether it is taken beside the drugs that count as treatment.
        indications: Conditions on a person that must all hold.
        contraindications: Conditions of which none may hold.
        effects: What it does.
    """

    id: str
    name: str
    ingredient: str
    group: str
    rxnorm: str
    dose: str
    route: str
    frequency: str
    days_supply: int
    refills: int
    minimum_age: int
    approved_on: date | None
    line: int
    share: float
    is_course: bool
    is_adjunct: bool
    indications: tuple[Predicate, ...]
    contraindications: tuple[Predicate, ...]
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Treatment:
    """How people with a condition are treated.

    Attributes:
        precedence: Conditions with a lower one have their drugs chosen first.
        treated_share: Share of people with the condition who take a drug that treats it.
        given: Shares of people of whom something holds, the first that does.
        otherwise: Share of the others.
        drugs: The drugs.
    """

    precedence: int
    treated_share: float
    given: tuple[tuple[Predicate, float], ...]
    otherwise: float
    drugs: tuple[Drug, ...]


def treatment_of(document: Mapping[str, Any]) -> Treatment | None:
    """Build the treatment from a condition's part of a skill's document; None where it names no drug."""
    if "medications" not in document:
        return None
    treated = document["treated_share"]
    return Treatment(
        precedence=document.get("medication_precedence", DEFAULT_PRECEDENCE),
        treated_share=treated["value"],
        given=tuple((_predicate(each["when"]), each["value"]) for each in treated.get("given", ())),
        otherwise=treated.get("otherwise", treated["value"]),
        drugs=tuple(_drug(drug) for drug in document["medications"]),
    )


def _drug(document: Mapping[str, Any]) -> Drug:
    approved_on = document.get("approved_on")
    same = ("id", "name", "ingredient", "group", "rxnorm", "dose", "route", "frequency")
    numbers = ("days_supply", "refills", "minimum_age", "line", "share")
    return Drug(
        **{key: document[key] for key in (*same, *numbers)},
        approved_on=date.fromisoformat(approved_on) if approved_on else None,
        is_course=document.get("course", False),
        is_adjunct=document.get("adjunct", False),
        indications=tuple(_predicate(each) for each in document["indications"]),
        contraindications=tuple(_predicate(each) for each in document["contraindications"]),
        effects=tuple(_effect(each) for each in document.get("effects", ())),
    )


def _effect(document: Mapping[str, Any]) -> Effect:
    return Effect(
        document["analyte"], document.get("change", 0.0), document.get("ratio", 1.0), document["days_to_full"]
    )


def _predicate(document: Mapping[str, Any]) -> Predicate:
    return _predicates().validate_python(document)


@cache
def _predicates() -> TypeAdapter[Predicate]:
    return TypeAdapter(Predicate)
