"""Asked against reached: the prevalences of a cohort's conditions, counted anew from its rows."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import duckdb

from healthsim.scorecard.figures import Figure, share_figure
from healthsim.scorecard.groups import people_with
from healthsim.skills import Condition, SkillLibrary

_ROUNDING = 0.001
"""Summaries give expected prevalences to four decimals, from tables that interpolate."""

_AMONG = {
    "all": "SELECT person_id FROM people",
    "adults": "SELECT person_id FROM people WHERE age_at(birth_date, as_of()) >= 18",
}


def prevalence_figures(
    connection: duckdb.DuckDBPyConnection, conditions: Iterable[Mapping[str, Any]], library: SkillLibrary
) -> Iterator[Figure]:
    """Compare the prevalences of a cohort with those asked for, or expected where nobody asked.

    Args:
        connection: The workbench.
        conditions: As the cohort's summary describes them, the primary one first.
        library: The skills, which know the conditions' codes.
    """
    listed = list(conditions)
    for described in listed:
        primary = people_with(codes_of(listed[0], library)) if described["among"] == "primary" else ""
        group = primary or _AMONG[described["among"]]
        held = people_with(codes_of(described, library))
        query = f"SELECT count(*), count(*) FILTER (person_id IN ({held})) FROM ({group})"  # noqa: S608 - codes of skills
        people, count = connection.execute(query).fetchone() or (0, 0)
        if people:
            yield _figure(described, listed[0], library, count=count, people=people)


def codes_of(described: Mapping[str, Any], library: SkillLibrary) -> tuple[str, ...]:
    """Give the codes of a condition that a summary describes: those of its skill at or below its code, else its own."""
    code = str(described["code"])
    model = _model(described, library)
    if model is None:
        return (code,)
    if code in {*model.categories[:1], model.id}:
        return tuple(share.code for share in model.codes)
    return tuple(share.code for share in model.codes if share.code.startswith(code)) or (code,)


def _figure(
    described: Mapping[str, Any], primary: Mapping[str, Any], library: SkillLibrary, *, count: int, people: int
) -> Figure:
    among = {"all": "all people", "adults": "adults", "primary": f"those with {primary['name'].lower()}"}
    model = _model(described, library)
    asked = described["asked"]
    published = f"the plan, after {model.sources[0]}" if model else "the plan"
    return share_figure(
        "prevalence",
        f"{described['name']} ({described['code']}) among {among[described['among']]}",
        described["expected"] if asked is None else asked,
        published if asked is None else "the profile",
        count=count,
        people=people,
        tolerance=_ROUNDING,
    )


def _model(described: Mapping[str, Any], library: SkillLibrary) -> Condition | None:
    return library.find(str(described["code"])) or library.find(str(described["name"]))
