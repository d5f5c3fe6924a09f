"""How many rows the tables of RxMemberSim are expected to have, for the dry run: estimates, not what is drawn from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtr

from healthsim.planning.event_details import Medication
from healthsim.planning.journey_explain import expected_occurrences
from healthsim.planning.journey_plan import TimelinePlan
from healthsim.planning.medication_explain import drugs_per_person
from healthsim.planning.medication_plan import MedicationPlan
from healthsim.planning.payer.coverage_expected import expected_coverage
from healthsim.planning.payer.coverage_plan import CoveragePlan
from healthsim.planning.pharmacy.pharmacy_plan import KINDS, PharmacyPlan
from healthsim.planning.plan import AGE_SEX_CELLS, GROUPS, SEXES, Floats, Plan
from healthsim.skills import Drug

_STEPS = 8
"""Steps of probability at which what varies between people is looked at."""

_MONTH, _QUARTER, _YEAR = 30, 90, 365
_OTC = KINDS.index("otc")


@dataclass(frozen=True, slots=True)
class _Therapy:
    """Drugs of a kind that people take.

    Attributes:
        people: How many of them a person takes.
        drug: Index of the RxCUI.
        days: Days in which they are taken, within those of which there are claims.
        is_new: Whether they begin within them.
        supply: Days that a dispensing lasts, as ordered.
        refills: Refills.
    """

    people: float
    drug: int
    days: Floats
    is_new: Floats
    supply: int
    refills: int


def expected_pharmacy_rows(plan: Plan, coverage: CoveragePlan, pharmacy: PharmacyPlan) -> dict[str, float]:
    """Give the rows expected in the tables of RxMemberSim but for warnings, as if nobody died."""
    found = expected_coverage(plan, coverage, plan.people.expected["age"])
    enrolled = pharmacy.benefits.enrolled[pharmacy.benefit_of_plan]
    rows = {"rx_members": float(found.spans @ enrolled), "prescriptions": 0.0, "pharmacy_claims": 0.0}
    of_benefit = np.zeros(len(pharmacy.benefits.ids))
    np.add.at(of_benefit, pharmacy.benefit_of_plan, found.covered.mean(axis=0) * enrolled)
    for therapy in _therapies(plan, pharmacy):
        for name, count in _rows_of(pharmacy, therapy, of_benefit).items():
            rows[name] += therapy.people * count
    return {name: plan.count * count for name, count in rows.items()}


def _rows_of(pharmacy: PharmacyPlan, therapy: _Therapy, of_benefit: Floats) -> dict[str, float]:
    """Give the prescriptions and claims of a person who takes a drug."""
    benefits, rates, drug = pharmacy.benefits, pharmacy.rejections, therapy.drug
    steps = (np.arange(_STEPS) + 0.5) / _STEPS
    claims, prescriptions = 0.0, 0.0
    shares = of_benefit / max(of_benefit.sum(), np.finfo(float).tiny)
    returned = float(rates.returned[pharmacy.drugs.kind[drug]])
    for benefit, share in enumerate(of_benefit.tolist()):
        row = benefit * pharmacy.adherence.classes + int(pharmacy.drugs.adherence[drug])
        kept = pharmacy.adherence.covered.at(steps, np.full(_STEPS, row))
        long = float(benefits.ninety_days[benefit]) if pharmacy.formulary.max_days[benefit, drug] >= _QUARTER else 0.0
        is_long = therapy.supply == _QUARTER and bool(pharmacy.drugs.is_chronic[drug])
        for part, supply in ((long, _QUARTER), (1 - long, _MONTH)) if is_long else ((1.0, therapy.supply),):
            refills = therapy.refills if supply == therapy.supply else 3 * (therapy.refills + 1) - 1
            cycle = supply / np.maximum(kept, np.finfo(float).tiny)
            fills = np.add.outer(0.5 * therapy.is_new, np.zeros(_STEPS)) + np.outer(therapy.days, 1 / cycle)
            apiece = np.minimum(refills + 1, np.floor(_YEAR / cycle) + 1)
            written = fills / apiece + (apiece - 1) / (2 * apiece)
            written = np.where((therapy.is_new[:, np.newaxis] > 0) & (fills <= apiece), 1.0, written)
            prescriptions += part * float(shares[benefit]) * float(written.mean())
            paid = 0.0 if pharmacy.formulary.tier[benefit, drug] == 0 else 1.0
            paid = rates.excepted if not paid and not pharmacy.formulary.is_excluded[benefit, drug] else paid
            each = 1 + 2 * returned + rates.too_soon + rates.wrong_cardholder
            claims += part * share * paid * each * float(fills.mean())
    return {"prescriptions": prescriptions, "pharmacy_claims": claims}


def _therapies(plan: Plan, pharmacy: PharmacyPlan) -> Iterator[_Therapy]:
    """Give what people take at their latest visit, and what journeys order."""
    medications = plan.medications
    if medications is None:
        return
    rxnorms = list(plan.dictionaries["medications"]["rxnorm"])
    if plan.visits is not None:
        yield from _at_visits(plan, pharmacy, medications, rxnorms)
    if plan.timeline is not None:
        yield from _of_journeys(plan, pharmacy, plan.timeline, {each.drug.id: each.drug for each in medications.drugs})


def _at_visits(
    plan: Plan, pharmacy: PharmacyPlan, medications: MedicationPlan, rxnorms: Sequence[str]
) -> Iterator[_Therapy]:
    """Give what people take at their latest visit; as many drugs in all as `drugs_per_person`."""
    found = []
    for treatment in medications.treatments:
        days, is_new = _days_taken(plan, pharmacy, treatment.slot)
        treated = float(plan.conditions.expected_shares[treatment.slot]) * treatment.treated_share
        for group in treatment.groups:
            for drug in group.drugs:
                people, place = treated * group.share / len(group.drugs), rxnorms.index(drug.drug.rxnorm)
                found.append(_Therapy(people, place, days, is_new, drug.drug.days_supply, drug.drug.refills))
    total = sum(each.people for each in found)
    scale = drugs_per_person(plan) / total if total else 0.0
    for each in found:
        if pharmacy.drugs.kind[each.drug] != _OTC:
            yield replace(each, people=each.people * scale)


def _of_journeys(
    plan: Plan, pharmacy: PharmacyPlan, timeline: TimelinePlan, drugs: Mapping[str, Drug]
) -> Iterator[_Therapy]:
    """Give what journeys order: a drug that is ordered again is taken on."""
    rxnorms = list(plan.dictionaries["medications"]["rxnorm"])
    start, often = (
        int(np.datetime64(timeline.start, "D").astype(np.int64)),
        expected_occurrences(timeline, plan.conditions),
    )
    for at, event in enumerate(timeline.events):
        if not isinstance(event.details, Medication) or event.details.stops or not event.columns:
            continue
        known = [drugs[name] for name in event.details.drugs if name in drugs]
        for drug in known:
            place = rxnorms.index(drug.rxnorm)
            supply = event.details.days_supply or drug.days_supply
            refills = drug.refills if event.details.refills is None else event.details.refills
            taken, until = 0, 0
            for column in sorted(timeline.columns[column].nominal for column in event.columns):
                first = max(start + column, until)
                until = min(start + column + supply * (refills + 1), pharmacy.last_day + 1)
                taken += max(until - first, 0)
            if pharmacy.drugs.kind[place] != _OTC:
                people = often.get(at, 0.0) / len(event.columns) / len(known)
                yield _Therapy(people, place, np.array([float(taken)]), np.ones(1), supply, refills)


def _days_taken(plan: Plan, pharmacy: PharmacyPlan, slot: int) -> tuple[Floats, Floats]:
    """Give days in which a drug is taken that is begun after onset, and whether it begins within those of claims."""
    conditions, expected = plan.conditions, plan.people.expected
    if slot == 0 and conditions.has_primary:
        has = conditions.primary_share.reshape(-1, AGE_SEX_CELLS, GROUPS)[0].mean(axis=1)
    else:
        has = 1 - ndtr(conditions.thresholds[slot, :AGE_SEX_CELLS])
    weights = np.outer(expected["age"], expected["gender"]).ravel() * has
    cells = np.repeat(np.arange(AGE_SEX_CELLS), _STEPS)
    steps = np.tile((np.arange(_STEPS) + 0.5) / _STEPS, AGE_SEX_CELLS)
    lived = (cells // len(SEXES) + 0.5) * _YEAR
    since = lived * (1 - conditions.onset.at(steps, slot * AGE_SEX_CELLS + cells))
    begun = np.multiply.outer(since, 1 - ((np.arange(_STEPS) + 0.5) / _STEPS) ** 3)
    longest = pharmacy.last_day - pharmacy.first_day + 1
    order = np.argsort(begun, axis=None)
    share = np.repeat(np.repeat(weights, _STEPS), _STEPS)[order].cumsum()
    points = np.searchsorted(share / share[-1], (np.arange(64) + 0.5) / 64)
    days = begun.ravel()[order][points]
    return np.minimum(days, longest), (days < longest).astype(np.float64)
