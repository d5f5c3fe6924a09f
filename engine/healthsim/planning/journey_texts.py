"""The texts and titles that the rows of journeys need, beside those that are there already."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from healthsim.planning.event_details import (
    Death,
    Details,
    Diagnosis,
    Discharge,
    Encounter,
    Immunization,
    Labs,
    Marked,
    Medication,
    PlanOfCare,
    Procedure,
    Transfer,
    Vitals,
)
from healthsim.planning.journey_plan import TimelinePlan
from healthsim.planning.stays import UNIT_CLASS
from healthsim.planning.visits import ENCOUNTERS, EXAMINATIONS
from healthsim.reference import icd10_title
from healthsim.tables import table_definition

Texts = Mapping[str, Mapping[str, tuple[str, ...]]]


def tables_of(timeline: TimelinePlan) -> frozenset[str]:
    """Name the tables that events of a timeline leave rows in."""
    return frozenset(event.type.table for event in timeline.events if event.type.table is not None)


def with_texts(dictionaries: Texts, timeline: TimelinePlan, codes: Sequence[str]) -> Texts:
    """Add to dictionaries the tables of a timeline, and what they say.

    Args:
        dictionaries: Texts behind the codes of `ENUM` columns, by table and column.
        timeline: The journeys, planned.
        codes: Codes of the conditions people have; they come first wherever ICD-10-CM codes stand.
    """
    added: defaultdict[str, defaultdict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
    for event in timeline.events:
        for table, column, text in _texts(event.details, codes):
            added[table][column].setdefault(text)
    merged = dict(dictionaries)
    for table, columns in added.items():
        there = merged.get(table, {})
        coded = (column.name for column in table_definition(table).stored if column.type == "ENUM")
        names = dict.fromkeys((*there, *columns, *coded))
        merged[table] = {name: tuple(dict.fromkeys((*there.get(name, ()), *columns.get(name, ())))) for name in names}
    return merged


def code_titles(timeline: TimelinePlan) -> Mapping[str, str]:
    """Give the titles of the ICD-10-CM codes that journeys name."""
    codes = {
        text
        for event in timeline.events
        for _, column, text in _texts(event.details, ())
        if column == "reason_code" or isinstance(event.details, Diagnosis)
    }
    return {code: ENCOUNTERS.get(code) or icd10_title(code) or code for code in sorted(codes)}


def _texts(details: Details, codes: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Give tables, columns and texts of an event's rows."""
    match details:
        case Encounter():
            yield "encounters", "class_code", details.class_code
            yield "encounters", "type", details.type
            reasons = (*codes, *EXAMINATIONS, *_given(details.reason_code))
            yield from (("encounters", "reason_code", code) for code in reasons)
        case Diagnosis():
            yield from (("diagnoses", "code", code) for code in _given(details.code))
        case Procedure():
            yield from (("procedures", name, getattr(details, name)) for name in ("system", "code", "name"))
            yield from (("procedures", "reason_code", code) for code in codes or EXAMINATIONS)
        case Immunization():
            yield from (("immunizations", name, getattr(details, name)) for name in ("cvx", "name"))
        case Transfer():
            yield "encounters", "class_code", UNIT_CLASS
            yield "encounters", "type", details.unit
        case PlanOfCare():
            yield from (("care_plans", name, getattr(details, name)) for name in ("category", "title"))
            yield from (("care_plans", "goals", goals) for goals in _given(details.goals))
            reasons = (*codes, *EXAMINATIONS, *_given(details.reason_code))
            yield from (("care_plans", "reason_code", code) for code in reasons)
        case Discharge() | Death() | Labs() | Vitals() | Medication() | Marked():
            return
        case _:
            yield "referrals", "specialty", details.specialty
            yield from (
                ("referrals", "reason_code", code) for code in (*codes, *EXAMINATIONS, *_given(details.reason_code))
            )


def _given(code: str | None) -> tuple[str, ...]:
    return (code,) if code else ()
