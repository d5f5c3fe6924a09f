"""Which drugs people may take for what they have: the skills' treatments, with every name and date looked up."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import numpy as np

from healthsim.planning.courses import courses_for, drug_of, planned_courses
from healthsim.planning.event_details import PREGNANCY_CODES
from healthsim.planning.medication_plan import Ints, MedicationPlan, PlannedDrug, PlannedGroup, PlannedTreatment
from healthsim.planning.naming import NamedCondition
from healthsim.planning.regimens import chances_of_groups
from healthsim.planning.significance import rounded
from healthsim.planning.suitability import GROUP, Names
from healthsim.skills import Drug, SkillLibrary, Treatment
from healthsim.spec.predicates import AllOf, Not, Predicate

_EPOCH = date(1970, 1, 1)
_LONG_AGO = np.iinfo(np.int32).min


def planned_medications(
    named: Sequence[NamedCondition], codes: Sequence[str], library: SkillLibrary, reasons: Sequence[str] = ()
) -> MedicationPlan:
    """Plan the drugs people take for their conditions, and for what background care sees them for.

    Args:
        named: The conditions, by slot.
        codes: The plan's codes.
        library: The skills.
        reasons: Codes of all that people may be seen for in background care; none without it.
    """
    names = Names({each.id: [stage.id for stage in each.stages] for each in library.conditions}, codes)
    treated = [(slot, each.id, each.model.treatment) for slot, each in enumerate(named) if each.model]
    ordered = sorted(
        ((slot, condition, treatment) for slot, condition, treatment in treated if treatment is not None),
        key=lambda each: (each[2].precedence, each[1]),
    )
    short = courses_for(reasons)
    lasting = {drug.group for _, _, treatment in ordered for drug in treatment.drugs}
    groups = tuple(sorted(lasting.union(course.group for course in short)))
    treatments, first_entry = [], 0
    for slot, condition, treatment in ordered:
        treatments.append(_planned(slot, condition, treatment, groups, names, first_entry))
        first_entry += len(treatment.drugs)
    of_courses = (_planned_drug(entry, drug_of(each), names) for entry, each in enumerate(short, start=first_entry))
    drugs = (*sorted(_all_drugs(treatments), key=lambda each: each.entry), *of_courses)
    slots = {each.id: slot for slot, each in enumerate(named)}
    texts, indices = _columns([each.drug for each in drugs])
    return MedicationPlan(
        treatments=tuple(treatments),
        groups=groups,
        drugs=drugs,
        slots=slots,
        pregnancy_codes=np.flatnonzero([code.startswith(PREGNANCY_CODES) for code in codes]),
        texts=texts,
        indices=indices,
        days_supply=np.array([each.drug.days_supply for each in drugs], np.int64),
        refills=np.array([each.drug.refills for each in drugs], np.int64),
        names={each.drug.rxnorm: each.drug.name for each in drugs},
        courses=planned_courses(short, reasons, first_entry, groups, slots) if short else None,
    )


def _planned(
    slot: int, condition: str, treatment: Treatment, groups: Sequence[str], names: Names, first_entry: int
) -> PlannedTreatment:
    drugs = [_planned_drug(entry, drug, names) for entry, drug in enumerate(treatment.drugs, start=first_entry)]
    found = dict.fromkeys(drug.group for drug in treatment.drugs)
    members = {group: tuple(each for each in drugs if each.drug.group == group) for group in found}
    planned = [
        PlannedGroup(
            index=groups.index(group),
            name=group,
            share=min(sum(each.drug.share for each in of_group), 1.0),
            is_adjunct=of_group[0].drug.is_adjunct,
            heeds_drugs=any(_heeds_drugs(each) for each in of_group),
            drugs=of_group,
        )
        for group, of_group in members.items()
    ]
    counting = [group for group in planned if not group.is_adjunct]
    first, later = chances_of_groups([group.share for group in counting])
    return PlannedTreatment(
        condition=condition,
        slot=slot,
        treated_share=treatment.treated_share,
        given=tuple((names.compiled(when), share) for when, share in treatment.given),
        otherwise=treatment.otherwise,
        groups=(*counting, *(group for group in planned if group.is_adjunct)),
        counting=len(counting),
        chance_first=rounded(first),
        chance_later=rounded(later),
    )


def _heeds_drugs(drug: PlannedDrug) -> bool:
    return drug.suits is not None and any(column.startswith(GROUP) for column in drug.suits.columns)


def _planned_drug(entry: int, drug: Drug, names: Names) -> PlannedDrug:
    forbidden = (Not.model_validate({"not": each}) for each in drug.contraindications)
    every: tuple[Predicate, ...] = (*drug.indications, *forbidden)
    return PlannedDrug(
        entry=entry,
        drug=drug,
        suits=names.compiled(AllOf(all=every)) if every else None,
        # One day more for every four years begun, so that it is not before the birthday.
        minimum_days=drug.minimum_age * 365 + (drug.minimum_age + 3) // 4,
        first_day=(drug.approved_on - _EPOCH).days if drug.approved_on else _LONG_AGO,
    )


def _all_drugs(treatments: Sequence[PlannedTreatment]) -> Iterator[PlannedDrug]:
    return (drug for treatment in treatments for group in treatment.groups for drug in group.drugs)


def _columns(drugs: Sequence[Drug]) -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, Ints]]:
    """Give the texts of the columns that are codes, and each drug's index in them."""
    texts, indices = {}, {}
    for name in ("rxnorm", "dose", "route", "frequency"):
        values = [str(getattr(drug, name)) for drug in drugs]
        texts[name] = tuple(dict.fromkeys(values))
        indices[name] = np.array([texts[name].index(value) for value in values], np.int64)
    return texts, indices
