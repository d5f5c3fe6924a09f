"""Whether the people asked for can have what is asked of them."""

from collections.abc import Sequence

from healthsim.errors import InvalidProfileError, Problem
from healthsim.planning.plan import PlannedCondition

_NEAR_ENOUGH = 0.005
_PATHS = {
    "primary": "$.clinical.primary_condition.prevalence",
    "comorbidity": "$.clinical.comorbidities[{}].prevalence",
    "condition": "$.clinical.conditions[{}].prevalence",
}


def check_reached(conditions: Sequence[PlannedCondition]) -> None:
    """Refuse prevalences that the people asked for cannot have, such as those of adults among children."""
    problems = []
    for role, path in _PATHS.items():
        for index, condition in enumerate(each for each in conditions if each.role == role):
            if condition.asked is not None and abs(condition.asked - condition.expected) > _NEAR_ENOUGH:
                where = path.format(index)
                message = "these people cannot have it so often: of some ages or of one sex nobody has it"
                problems.append(Problem(where, message, f"{condition.asked:g}", f"they reach {condition.expected:.4g}"))
    if problems:
        raise InvalidProfileError(problems)
