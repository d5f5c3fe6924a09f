"""Bodies: which conditions govern what, and how everything else follows."""

from collections.abc import Sequence

from healthsim.planning.body_plan import BodyPlan
from healthsim.planning.growth import growth_plan
from healthsim.planning.kidney import kidney_tables
from healthsim.planning.levels import level_table, score_coefficients
from healthsim.planning.naming import NamedCondition
from healthsim.planning.states import planned_aspect, planned_stages
from healthsim.reference import scored_analytes
from healthsim.skills import SkillLibrary
from healthsim.spec import Baseline

_DIABETES = "type_2_diabetes"
"""The condition whose diagnosis divides the strata of the level tables."""


def planned_body(
    baseline: Baseline, named: Sequence[NamedCondition], codes: Sequence[str], library: SkillLibrary
) -> BodyPlan | None:
    """Plan the bodies; None where the profile asks for no visit at which they would be seen.

    Args:
        baseline: What the profile asks for.
        named: The conditions, by slot.
        codes: Codes of the plan.
        library: The skills: conditions that the profile does not have say what their absence means.
    """
    if baseline == "none":
        return None
    slots = {condition.id: slot for slot, condition in enumerate(named)}
    return BodyPlan(
        analytes=scored_analytes(),
        levels={analyte: level_table(analyte) for analyte in scored_analytes()},
        coefficients=score_coefficients(),
        stages=tuple(
            planned_stages(condition, slots[condition.id], codes)
            for condition in library.conditions
            if condition.stages and condition.id in slots
        ),
        aspects=tuple(
            planned_aspect(condition, aspect, slots.get(condition.id, -1), codes)
            for condition in library.conditions
            for aspect in condition.aspects
            if condition.id in slots or not aspect.is_free_when_unlisted
        ),
        diabetes_slot=slots.get(_DIABETES, -1),
        kidney=kidney_tables(),
        growth=growth_plan(),
    )
