"""The plan of bodies, as data: distributions of levels, how they go together, and what conditions make of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from healthsim.planning.growth import GrowthPlan
from healthsim.planning.kidney import KidneyTables
from healthsim.randomness import CategoryTable, Floats, Ints, QuantileTable
from healthsim.reference import AGES, SEXES
from healthsim.skills.physiology import Keyed

CELLS_OF_AGE_SEX = AGES * len(SEXES)


@dataclass(frozen=True, slots=True)
class StagePlan:
    """The stages of a condition.

    Attributes:
        condition: Its id.
        slot: Its slot.
        ids: Ids of its stages.
        choice: Which stage, by the index of the code in the plan.
    """

    condition: str
    slot: int
    ids: tuple[str, ...]
    choice: CategoryTable


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between which values an analyte lies, by an aspect's states.

    Attributes:
        low: Least value, by `state * 222 + cell of age and sex`.
        high: Highest value, likewise.
        low_score: Normal score of the least value, by `(stratum * states + state) * 222 + cell`.
        high_score: That of the highest.
    """

    low: Floats
    high: Floats
    low_score: Floats
    high_score: Floats


@dataclass(frozen=True, slots=True)
class AspectPlan:
    """An aspect of physiology that a condition governs.

    Attributes:
        id: Id of the condition, a dot, the aspect's own id.
        condition: Id of the condition.
        slot: Slot of the condition, -1 where the profile does not have it.
        keyed_by: What decides which states people with the condition can be in.
        key_of_code: Key of each code of the plan, where codes decide, shape `(codes,)`.
        choice: Which state, by `key * 222 + cell of age and sex`; key 0 is of people without the condition, the others
            are those with it, by stage or code.
        states: Ids of all states, those of people without the condition first.
        shifts: By how many standard deviations each state moves an analyte, by analyte, shape `(states,)`.
        bounds: Between which values analytes lie.
        plain: The bounds as they stand in the skill, those that are for adults, by analyte, shape `(2, states)`.
    """

    id: str
    condition: str
    slot: int
    keyed_by: Keyed
    key_of_code: Ints
    choice: CategoryTable
    states: tuple[str, ...]
    shifts: Mapping[str, Floats]
    bounds: Mapping[str, Bounds]
    plain: Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class BodyPlan:
    """How bodies are drawn.

    Attributes:
        analytes: The analytes that are drawn, in order.
        levels: Long-term levels by normal score, from -4 to 4; rows by `stratum * 222 + cell of age and sex`.
        coefficients: Of each analyte's score on the innovations of those before it and on its own, shape
            `(4, analytes, analytes)`, by `stratum * 2 + sex`; lower triangular.
        stages: Stages of the conditions that have some.
        aspects: What the conditions govern.
        diabetes_slot: Slot of the condition that divides the strata, -1 where the profile does not have it.
        kidney: The equation of filtration.
        growth: How children grow.
    """

    analytes: tuple[str, ...]
    levels: Mapping[str, QuantileTable]
    coefficients: Floats
    stages: tuple[StagePlan, ...]
    aspects: tuple[AspectPlan, ...]
    diabetes_slot: int
    kidney: KidneyTables
    growth: GrowthPlan
