"""What an error says, as the lines a reply is made of."""

import re

from healthsim.errors import HealthSimError, InvalidInputError, Problem

_LISTED_BY = {
    **{
        kind: f"list_library with kind {kind}s lists them"
        for kind in ("cohort", "profile", "journey", "execution", "skill", "schema")
    },
    "condition": "lookup_skill tells the conditions of a skill, list_library with kind skills the skills",
    "county": "lookup_county finds them by name and state",
    "specialty": "find_providers without one shows those there are",
    "city": "find_providers without one shows those there are",
    "run": "list_library with kind cohorts tells what was kept",
    "entry": "lookup_skill without path tells the paths there are",
}
"""The call that tells what there is, by the kind of what was named."""

_UNKNOWN = re.compile(rf"no such ({'|'.join(_LISTED_BY)})\b")


def problems_of(error: HealthSimError) -> tuple[str, ...]:
    """Give what an error says, problem by problem; of a name that nothing answers to, the call that lists names."""
    if isinstance(error, InvalidInputError):
        told = set[str]()
        return tuple(f"{problem}{_hint(problem, told)}" for problem in error.problems)
    return (str(error),)


def _hint(problem: Problem, told: set[str]) -> str:
    """Name the call that lists what there is, once a reply."""
    unknown = _UNKNOWN.match(problem.message)
    if unknown is None or unknown[1] in told:
        return ""
    told.add(unknown[1])
    return f"; {_LISTED_BY[unknown[1]]}"
