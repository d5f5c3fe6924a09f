"""What a skill knows of a condition, as arrays."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from healthsim.skills.physiology import AGES, Aspect, Floats, Stage, aspects_of, share_by_age, stages_of
from healthsim.skills.treatment import Treatment, treatment_of

SEXES: tuple[Literal["F"], Literal["M"]] = ("F", "M")


@dataclass(frozen=True, slots=True)
class Requirement:
    """A condition with which a code goes.

    Attributes:
        condition: Its id.
        codes: Codes of it that count; none for any.
    """

    condition: str
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeShare:
    """A billable ICD-10-CM code that a condition takes.

    Attributes:
        code: The code, with its dot.
        title: Its official title.
        share: Share of people with the condition, among those of its sex, who have this code.
        sex: The only sex that takes it, None for both.
        minimum_age: Age below which nobody takes it, completed years.
        requires: What it goes with. People take, of the codes whose requirements they meet, those with the most.
        by_age: Share by completed years of age, shape `(111,)`; None where it is the same at all.
        is_late: Whether it tells of something that takes years, so that nobody has it when the condition begins.
    """

    code: str
    title: str
    share: float
    sex: str | None = None
    minimum_age: int = 0
    requires: tuple[Requirement, ...] = ()
    by_age: Floats | None = None
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of a skill.

    Liability is the sum of standard normal factors, each by its loading, and a part of its own that brings the
    variance to 1; whoever's liability exceeds the threshold of the prevalence has the condition (Falconer 1965). So
    the tetrachoric correlation of two conditions is the sum over factors of the products of their loadings.

    Attributes:
        id: Stable name; names its random streams.
        name: For people.
        skill: Name of its skill.
        categories: ICD-10-CM categories or codes it answers to, the first its own; none if asked for by name alone.
        aliases: Other names.
        places_measure: Measure of CDC PLACES that counts it, None where none does.
        prevalence: Share of people who have it, by completed years of age and sex (`SEXES`), shape `(111, 2)`.
        onset: Share of all onsets that lie before each birthday, 0 to 111, shape `(112,)`; None where the prevalence by
            age says it, as if nobody recovered.
        loadings: Loadings of its liability on latent factors; their squares sum to less than 1.
        codes: The codes it takes; the shares of each sex sum to 1.
        minimum_age: Age before which it does not begin, completed years.
        treatment: How it is treated; None where no drug is known.
        stages: Its stages; none where it has none.
        aspects: What it means for what is measured.
        monitored: Laboratory tests that are repeated for it, by their names in the skill.
        monitoring_days: Days after which each of them is repeated, by the same names.
        sources: Where the figures are from.
    """

    id: str
    name: str
    skill: str
    categories: tuple[str, ...]
    aliases: tuple[str, ...]
    places_measure: str | None
    prevalence: Floats
    onset: Floats | None
    loadings: Mapping[str, float]
    codes: tuple[CodeShare, ...]
    minimum_age: int
    treatment: Treatment | None
    stages: tuple[Stage, ...]
    aspects: tuple[Aspect, ...]
    monitored: tuple[str, ...]
    monitoring_days: Mapping[str, int]
    sources: tuple[str, ...]


def condition_of(document: Mapping[str, Any], skill: str) -> Condition:
    """Build a condition from its part of a skill's document."""
    prevalence = document["prevalence"]
    parts = (part for part in ("prevalence", "onset", "codes", "liability", "minimum_age") if part in document)
    return Condition(
        id=document["id"],
        name=document["name"],
        skill=skill,
        categories=tuple(document["categories"]),
        aliases=tuple(document["aliases"]),
        places_measure=document["places_measure"],
        prevalence=_by_single_age(prevalence["age"], {sex: prevalence[sex] for sex in SEXES}),
        onset=_onset(document["onset"]) if "onset" in document else None,
        loadings=dict(document["liability"]["loadings"]),
        codes=tuple(_code_share(entry) for entry in document["codes"]["mix"]),
        minimum_age=document["minimum_age"]["value"],
        treatment=treatment_of(document),
        stages=stages_of(document),
        aspects=aspects_of(document),
        monitored=tuple(document.get("monitoring", {}).get("labs", ())),
        monitoring_days={
            name: each["interval_days"] for name, each in document.get("monitoring", {}).get("labs", {}).items()
        },
        sources=tuple(dict.fromkeys(_cited(document[part]) for part in parts)),
    )


def _code_share(entry: Mapping[str, Any]) -> CodeShare:
    by_age = share_by_age(entry["by_age"]) if "by_age" in entry else None
    return CodeShare(**{**entry, "by_age": by_age, "requires": _requirements(entry.get("requires", ()))})


def _requirements(required: str | list[Any]) -> tuple[Requirement, ...]:
    """Read what a code goes with; some codes of a condition imply the condition."""
    found: list[Requirement] = []
    for each in [required] if isinstance(required, str) else required:
        if isinstance(each, str):
            found.append(Requirement(each))
        else:
            found += [Requirement(each["condition"]), Requirement(each["condition"], tuple(each["codes"]))]
    return tuple(dict.fromkeys(found))


def _by_single_age(ages: list[float], shares: Mapping[str, list[float]]) -> Floats:
    """Interpolate linearly between the ages given, flat beyond them."""
    table = np.stack([np.interp(np.arange(AGES), ages, shares[sex]) for sex in SEXES], axis=1)
    table.setflags(write=False)
    return table


def _onset(part: Mapping[str, Any]) -> Floats:
    """Interpolate linearly between the ages given; nobody falls ill before the first or after the last."""
    begun: Floats = np.interp(np.arange(AGES + 1), part["age"], part["begun"])
    begun.setflags(write=False)
    return begun


def _cited(part: Mapping[str, Any]) -> str:
    note = " (assumed)" if part.get("confidence") == "assumed" else ""
    return f"{part['source']}{note}"
