"""Whether a profile leaves a group of people as surveys found them."""

from collections.abc import Mapping
from typing import Any

from healthsim.scorecard.groups import Group

_OLDEST = 110
_NATION = "nation"


def is_comparable(group: Group, profile: Mapping[str, Any], asked: set[str]) -> bool:
    """Tell whether published figures of a group are those to expect of a cohort.

    They are where the profile asks for no other condition, no races, no ages but those of the population, and no
    journeys, which treat people; for both sexes together no sexes either; and for people in general no county or
    state, whose people are as that place's.

    Args:
        group: The group.
        profile: The resolved profile; of one that is empty nothing is known, and everything taken to be as found.
        asked: Ids of the conditions whose prevalence the profile asks for.
    """
    people: Mapping[str, Any] = profile.get("demographics") or {}
    place = (people.get("reference") or {}).get("type", _NATION)
    return (
        asked <= {group.condition}
        and not profile.get("journeys")
        and not people.get("race")
        and not people.get("ethnicity")
        and (bool(group.sex) or not people.get("gender"))
        and (bool(group.condition) or place == _NATION)
        and _are_of_the_population(people.get("age"), group.ages)
    )


def _are_of_the_population(age: Mapping[str, Any] | None, ages: tuple[int, int]) -> bool:
    """Tell whether ages asked for are, within some years, distributed as in the population."""
    if age is None:
        return True
    first, last = age.get("min") or 0, age.get("max") or _OLDEST
    return age.get("type") == "population" and first <= ages[0] and last >= min(ages[1], _OLDEST)
