"""What drugs do to levels, and what levels would be without them."""

from collections.abc import Mapping, MutableMapping, Sequence

import numpy as np

from healthsim.planning.medication_plan import PlannedDrug
from healthsim.planning.plan import Floats
from healthsim.simulation.conditions import Booleans
from healthsim.skills import Effect

_LEAST = {"hba1c": 5.0, "glucose": 75.0}
"""Levels that drugs for diabetes do not go below: what people without diabetes have (assumed)."""

_GLUCOSE_PER_A1C = 28.7
"""mg/dL of average glucose for each percent of HbA1c (Nathan et al. 2008, Diabetes Care 31:1473)."""

_FOLLOWS: Mapping[str, tuple[tuple[str, float], ...]] = {
    "hba1c": (("glucose", _GLUCOSE_PER_A1C),),
    "ldl": (("total_cholesterol", 1.0),),
}
"""What changes with an analyte, and by how much for each unit of it."""


def add_effect(levels: MutableMapping[str, Floats], own: Mapping[str, Floats], effect: Effect, share: Floats) -> None:
    """Change the levels that an effect changes, in place; what several drugs do adds up.

    Args:
        levels: Levels that are not people's own, by analyte, shape `(people,)` each.
        own: People's own levels.
        effect: What a drug does.
        share: How much of it is there, 0 to 1, shape `(people,)`.
    """
    before = _level(levels, own, effect.analyte)
    if before is None:
        return
    _move(levels, own, effect.analyte, share * (effect.change + (effect.ratio - 1.0) * before), is_bounded=True)


def without_drugs(own: Mapping[str, Floats], drugs: Sequence[PlannedDrug], taken: Booleans) -> dict[str, Floats]:
    """Give the levels that people would have without drugs whose whole effects are in their own levels, by analyte.

    Adding the effects again, drug after drug, gives their own levels back.

    Args:
        own: Their levels, by analyte, shape `(people,)` each.
        drugs: All drugs.
        taken: Who takes which, shape `(people, drugs)`.
    """
    levels: dict[str, Floats] = {}
    for planned in reversed(drugs):
        takes = taken[:, planned.entry]
        for effect in reversed(planned.drug.effects) if takes.any() else ():
            after = _level(levels, own, effect.analyte)
            if after is not None:
                before = (after - effect.change) / effect.ratio
                _move(levels, own, effect.analyte, np.where(takes, before - after, 0.0), is_bounded=False)
    return levels


def _move(
    levels: MutableMapping[str, Floats], own: Mapping[str, Floats], analyte: str, more: Floats, *, is_bounded: bool
) -> None:
    """Move an analyte and what follows it, in place; bounded, not below what drugs go to."""
    for name, size in ((analyte, 1.0), *_FOLLOWS.get(analyte, ())):
        level = levels.get(name, own[name])
        moved = level + size * more
        levels[name] = np.maximum(moved, np.minimum(level, _LEAST.get(name, 0.0))) if is_bounded else moved


def _level(levels: Mapping[str, Floats], own: Mapping[str, Floats], analyte: str) -> Floats | None:
    return levels.get(analyte, own.get(analyte))
