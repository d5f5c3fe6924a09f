"""A cohort beside published figures: shares, quantiles and correlations of what is measured, by sex and condition.

Published figures are of people in general, or of people with a condition; they are compared where the profile leaves
the group as it is in life, and where nearly everybody of it was measured: who is tested because of an illness is no
sample of anybody.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import duckdb

from healthsim.scorecard.comparable import is_comparable
from healthsim.scorecard.figures import Figure, correlation_figure, gap_figure, mean_figure, share_figure
from healthsim.scorecard.groups import Group
from healthsim.scorecard.own_tables import facts, text_of
from healthsim.skills import SkillLibrary

Row = Mapping[str, str]
Counts = Sequence[Any]
Comparable = Callable[[Group], bool]

_LEAST_PEOPLE = 200
_LEAST_COVERAGE = 0.9
_AGES = (45, 65)
_GAP_TOLERANCE = 0.05
_CORRELATION_TOLERANCE = 0.1
_MEAN_TOLERANCE = 0.05
_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def published_figures(
    connection: duckdb.DuckDBPyConnection,
    conditions: Sequence[Mapping[str, Any]],
    profile: Mapping[str, Any],
    library: SkillLibrary,
) -> Iterator[Figure]:
    """Compare what was measured of a cohort with what surveys found.

    Args:
        connection: The workbench, of a cohort with laboratory results or vital signs.
        conditions: As the cohort's summary describes them.
        profile: The resolved profile.
        library: The skills, which know the conditions' codes.
    """
    columns = ",\n".join(f"  latest_of('{name}', analyte, value, measured_at) AS {name}" for name in _analytes())
    connection.execute(text_of("bodies.sql").format(columns=columns))
    asked = {_id(described, library) for described in conditions if described["asked"] is not None}

    def comparable(group: Group) -> bool:
        return is_comparable(group, profile, asked)

    for compared in (_shares, _distributions, _correlations):
        yield from compared(connection, comparable, library)


def _shares(connection: duckdb.DuckDBPyConnection, comparable: Comparable, library: SkillLibrary) -> Iterator[Figure]:
    for row in facts("published_shares"):
        ages = (int(row["minimum_age"]), int(row["maximum_age"]))
        codes = tuple(row["codes"].split(";")) if row["codes"] else ()
        group = Group(row["group"], row["sex"], ages, codes, row["without"])
        if not comparable(group):
            continue
        measured = " AND ".join(f"{analyte} IS NOT NULL" for analyte in row["analytes"].split(";"))
        counts = (f"count(*) FILTER ({measured})", f"count(*) FILTER ({measured} AND {row['holds']})")
        everybody, people, count = _counted(connection, counts, group, library)
        if _is_enough(people, everybody):
            what = f"{row['what']}: {group.in_words(library)}"
            published, tolerance = float(row["share"]), float(row["tolerance"])
            yield share_figure("share", what, published, row["source"], count=count, people=people, tolerance=tolerance)


def _distributions(
    connection: duckdb.DuckDBPyConnection, comparable: Comparable, library: SkillLibrary
) -> Iterator[Figure]:
    for group, rows in _groups("published_quantiles", comparable):
        counts = [count for row in rows for count in _below_quantiles(row)]
        everybody, *found = _counted(connection, counts, group, library)
        width = len(counts) // len(rows)
        for index, row in enumerate(rows):
            people, *below = found[index * width : (index + 1) * width]
            if _is_enough(people, everybody):
                what = f"{row['analyte']}: {group.in_words(library)}"
                yield gap_figure(what, row["source"], gap=_gap(people, below), people=people, tolerance=_GAP_TOLERANCE)


def _correlations(
    connection: duckdb.DuckDBPyConnection, comparable: Comparable, library: SkillLibrary
) -> Iterator[Figure]:
    figures: dict[str, list[Figure]] = {}
    for group, rows in _groups("published_correlations", comparable):
        pairs = [(row["analyte_1"], row["analyte_2"]) for row in rows]
        counts = [f"corr({one}, {other}), count({one} + {other})" for one, other in pairs]
        everybody, *found = _counted(connection, counts, group, library)
        for row, correlation, people in zip(rows, found[::2], found[1::2], strict=True):
            if _is_enough(people, everybody) and correlation is not None:
                what = f"{row['analyte_1']} with {row['analyte_2']}: {group.in_words(library)}"
                figure = correlation_figure(
                    *(what, float(row["pearson"]), row["source"]),
                    correlation=correlation,
                    people=people,
                    tolerance=_CORRELATION_TOLERANCE,
                )
                figures.setdefault(group.condition, []).append(figure)
    for condition, listed in figures.items():
        yield from listed
        who = Group(condition, "", _AGES).in_words(library)
        yield mean_figure(f"mean deviation of {len(listed)} correlations: {who}", listed, tolerance=_MEAN_TOLERANCE)


def _below_quantiles(row: Row) -> Iterator[str]:
    """Count who was measured, and for each quantile those below and those at or below it: coarse values are at it."""
    analyte = row["analyte"]
    yield f"count({analyte})"
    for share in _QUANTILES:
        value = row[f"q{share}"]
        yield f"count(*) FILTER ({analyte} < {value})"
        yield f"count(*) FILTER ({analyte} <= {value})"


def _gap(people: int, below: Sequence[int]) -> float:
    """Give the largest gap between the shares of published quantiles and those of the people."""
    counts = zip(_QUANTILES, below[::2], below[1::2], strict=True)
    return max(max(under / people - share, share - at_most / people, 0.0) for share, under, at_most in counts)


def _counted(
    connection: duckdb.DuckDBPyConnection, counts: Iterable[str], group: Group, library: SkillLibrary
) -> Counts:
    """Give the number of people of a group, then the counts."""
    found: Counts | None = connection.execute(f"SELECT count(*), {', '.join(counts)} {group.sql(library)}").fetchone()
    return found or ()


def _groups(name: str, comparable: Comparable) -> Iterator[tuple[Group, list[Row]]]:
    """Give the groups of a table that may be compared, with their rows."""
    for (condition, sex), rows in groupby(sorted(facts(name), key=_condition_and_sex), key=_condition_and_sex):
        group = Group(condition, sex, _AGES)
        if comparable(group):
            yield group, list(rows)


def _condition_and_sex(row: Row) -> tuple[str, str]:
    return row["group"], row["sex"]


def _analytes() -> list[str]:
    named = {row["analyte"] for row in facts("published_quantiles")}
    named |= {analyte for row in facts("published_shares") for analyte in row["analytes"].split(";")}
    named |= {row[name] for row in facts("published_correlations") for name in ("analyte_1", "analyte_2")}
    return sorted(named)


def _id(described: Mapping[str, Any], library: SkillLibrary) -> str:
    model = library.find(str(described["code"])) or library.find(str(described["name"]))
    return model.id if model else str(described["code"])


def _is_enough(people: int, everybody: int) -> bool:
    return people >= _LEAST_PEOPLE and people >= _LEAST_COVERAGE * everybody
