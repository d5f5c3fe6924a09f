"""What is expected to be billed, kind by kind of occasion, for the dry run."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from healthsim.planning.event_details import Details, Encounter, Immunization, Labs, Procedure
from healthsim.planning.journey_explain import expected_occurrences
from healthsim.planning.measurements_expected import ordered_shares
from healthsim.planning.natural import ADULT
from healthsim.planning.payer.billing_plan import EMERGENCY, INPATIENT, OFFICE, PREVENTIVE, BillingPlan, BundlePlan
from healthsim.planning.payer.services import SERVICES
from healthsim.planning.plan import AGES, SEXES, Floats, Ints, Plan
from healthsim.planning.stays import stay_nights
from healthsim.planning.utilization_plan import UtilizationPlan
from healthsim.randomness import CategoryTable
from healthsim.reference import Analyte

_POINTS = 512
"""Points between 0 and 1 at which tables are read."""

_OLD = 65
_SETTING_OF_CLASS = {"EMER": EMERGENCY, "IMP": INPATIENT}
_SETTINGS_OF_CARE = (OFFICE, EMERGENCY, INPATIENT, INPATIENT, INPATIENT)
_LABORATORY, _VISIT = 1, 0
_ALONE = 0.6
"""Share of the vaccines and screenings that no encounter is for (seen in a cohort of the nation)."""

_PREVENTED = {"immunizations": 2.0, "procedures": 1.0}
"""Lines of what is done to prevent: of a vaccine, also that of giving it."""

_STAY, _SURGERY = SERVICES.index("inpatient"), SERVICES.index("surgery")


@dataclass(frozen=True, slots=True)
class Occasions:
    """Occasions of one kind.

    Attributes:
        times: How often a person has one.
        first_day: First day of them, days since 1970-01-01.
        last_day: Last day.
        ages: Shares by completed years of age, shape `(111,)`.
        claims: Chance of each claim of an occasion, by its number.
        services: Shares of the kinds of service that each claim is mainly for, where it may need authorization, shape
            `(claims, services)`.
        lines: Lines of an occasion.
        needs: By how much people differ in how often they have one, in equally likely steps of mean 1.
        recurs: Whether a person may have several, by chance.
    """

    times: float
    first_day: int
    last_day: int
    ages: Floats
    claims: Floats
    services: Floats
    lines: float
    needs: Floats
    recurs: bool


def expected_occasions(plan: Plan, billing: BillingPlan) -> Iterator[Occasions]:
    """Give the occasions that are expected: background care, latest visits, and what journeys do."""
    ages = plan.people.expected["age"]
    as_of = int(np.datetime64(plan.as_of, "D").astype(np.int64))
    if plan.utilization is not None:
        first, last = plan.utilization.first_day, plan.utilization.last_day
        sexes = plan.people.expected["gender"]
        for care, setting in zip(plan.utilization.care, _SETTINGS_OF_CARE, strict=True):
            cells = np.outer(ages, sexes) * care.rates[0].reshape(AGES, len(SEXES))
            if not cells.sum():
                continue
            reasons = _reasons(care.reasons.table, care.reasons.codes, cells.ravel(), billing)
            yield _occasions(
                billing, plan.utilization.expected[care.name], (first, last), cells.sum(axis=1) / cells.sum(), setting,
                reasons=reasons, needs=care.needs)  # fmt: skip
        yield from _prevented(plan.utilization, ages)
    elif plan.visits is not None:
        orders, analytes = _measured(plan, billing)
        own = _own_reasons(plan, billing)
        yield _occasions(
            billing,
            1.0,
            (as_of - plan.visits.days, as_of),
            ages,
            OFFICE,
            reasons=own,
            ordered=(orders, orders * analytes),
        )
    if plan.timeline is not None:
        yield from _of_journeys(plan, billing, ages)


def _prevented(utilization: UtilizationPlan, ages: Floats) -> Iterator[Occasions]:
    """Give the vaccines and screenings that no encounter is for; what is done at encounters adds to their lines."""
    expected = utilization.prevention.expected if utilization.prevention is not None else {}
    for table, lines in _PREVENTED.items():
        times = _ALONE * expected.get(table, 0.0)
        if times:
            none = np.zeros((1, len(SERVICES)))
            days = utilization.first_day, utilization.last_day
            yield Occasions(times, *days, ages, np.ones(1), none, lines / _ALONE, np.ones(1), recurs=True)


def _of_journeys(plan: Plan, billing: BillingPlan, ages: Floats) -> Iterator[Occasions]:
    """Give the encounters of journeys with the tests of their days, as if every order were at an encounter."""
    timeline = plan.timeline
    if timeline is None:
        return
    start, often = (
        int(np.datetime64(timeline.start, "D").astype(np.int64)),
        expected_occurrences(timeline, plan.conditions),
    )
    orders = sum(often.get(at, 0.0) for at, event in enumerate(timeline.events) if isinstance(event.details, Labs))
    seen = sum(often.get(at, 0.0) for at, event in enumerate(timeline.events) if isinstance(event.details, Encounter))
    lines = sum(
        often.get(at, 0.0) * _order_lines(plan, billing, event.details) for at, event in enumerate(timeline.events)
    )
    more = lines / seen if seen else 0.0
    own = _own_reasons(plan, billing)
    for at, event in enumerate(timeline.events):
        times = often.get(at, 0.0)
        days = [timeline.columns[column] for column in event.columns]
        if isinstance(event.details, Encounter) and times and days:
            setting = _SETTING_OF_CLASS.get(event.details.class_code, OFFICE)
            spread = (start + min(each.first for each in days), start + max(each.last for each in days))
            ordering = min(orders / seen, 1.0) if setting == OFFICE else 0.0
            yield _occasions(billing, times, spread, ages, setting, reasons=own, ordered=(ordering, more))
        elif times and days and billing.orders.claimed[at] >= 0:
            spread = (start + min(each.first for each in days), start + max(each.last for each in days))
            services = np.zeros((1, len(SERVICES)))
            yield Occasions(times, *spread, ages, np.ones(1), services, 1.0, np.ones(1), recurs=False)


def _order_lines(plan: Plan, billing: BillingPlan, details: Details) -> int:
    """Give the lines of what an event of a journey orders: of a vaccine, also that of giving it."""
    if isinstance(details, Labs):
        return _tests(billing, _bits(plan, billing, details.analytes))
    return 1 if isinstance(details, Procedure) else 2 if isinstance(details, Immunization) else 0


def _occasions(
    billing: BillingPlan,
    times: float,
    days: tuple[int, int],
    ages: Floats,
    setting: int,
    *,
    reasons: Floats,
    ordered: tuple[float, float] = (0.0, 0.0),
    needs: Floats | None = None,
) -> Occasions:
    """Give what an occasion is billed as.

    Args:
        billing: How charts are billed.
        times: How often a person has one.
        days: First and last day.
        ages: Shares by age.
        setting: Place in `SETTINGS`.
        reasons: Shares of the diagnoses that they are for, shape `(diagnoses,)`.
        ordered: Share of the occasions at which something is ordered, and lines of it an occasion.
        needs: By how much people differ, in equally likely steps; alike if None.
    """
    ordering, more = ordered
    by_band = np.array([ages[:ADULT].sum(), ages[ADULT:_OLD].sum(), ages[_OLD:].sum()])
    most = max(bundle.slot for bundle in billing.bundles) + 2
    none, lines = np.ones(most), _seen_lines(billing, setting, reasons)
    none[_VISIT] = 0.0
    services = np.zeros((most, len(SERVICES)))
    for bundle in billing.bundles:
        if bundle.setting != (OFFICE if setting == PREVENTIVE else setting):
            continue
        share = float(bundle.share @ by_band) * float(reasons @ bundle.fits)
        share *= (1 - ordering) if bundle.is_without_results else 1.0
        none[bundle.slot] *= 1 - share
        lines += share * _bundle_lines(bundle)
        services[bundle.slot] = _leading(billing, bundle)
    none[_LABORATORY] *= 1 - ordering * billing.orders.independent
    if setting == INPATIENT:
        operated = float(reasons @ (billing.stays.operated * (billing.stays.surgeon >= 0))[billing.stays.group])
        none[-1] *= 1 - operated
        services[-1, _SURGERY] = 1.0
        lines += operated
    alike = np.ones(1) if needs is None else needs
    return Occasions(times, *days, ages, 1 - none, services, lines + more, alike, recurs=needs is not None)


def _seen_lines(billing: BillingPlan, setting: int, reasons: Floats) -> float:
    """Give the lines of whoever sees the person: one, or those of the days in a hospital."""
    if setting != INPATIENT:
        return 1.0
    points = (np.arange(_POINTS) + 0.5) / _POINTS
    nights = stay_nights().draw(points)
    delivered = float(reasons @ (billing.orders.delivery >= 0))
    return delivered + (1 - delivered) * float(1 + (nights > 0).mean() + (nights > 1).mean())


def _bundle_lines(bundle: BundlePlan) -> float:
    """Give the lines of a bundle's claim, of which there is one at least."""
    one = sum(line.share for line in bundle.lines if line.is_one)
    others = [line.share for line in bundle.lines if not line.is_one]
    empty = (1 - min(one, 1.0)) * float(np.prod(1 - np.array(others)))
    return one + sum(others) + empty * any(line.is_fallback for line in bundle.lines)


def _leading(billing: BillingPlan, bundle: BundlePlan) -> Floats:
    """Give the shares of the kinds of service of the first line of a bundle's claim, shape `(services,)`."""
    shares, left = np.zeros(len(SERVICES)), 1.0
    if bundle.is_by_drg:
        shares[_STAY] = 1.0
        return shares
    for line in bundle.lines:
        first = line.share if line.is_one else line.share * left
        if line.code >= 0:
            shares[billing.fees.service[line.code]] += min(first, left)
        left = max(left - first, 0.0)
    return shares


def _reasons(table: CategoryTable, codes: Ints, weights: Floats, billing: BillingPlan) -> Floats:
    """Give the shares of what background care is for, shape `(diagnoses,)`."""
    points = (np.arange(_POINTS) + 0.5) / _POINTS
    shares = np.zeros(len(billing.diagnoses.service))
    for cell in np.flatnonzero(weights).tolist():
        drawn = codes[table.draw(points, np.full(_POINTS, cell))]
        np.add.at(shares, billing.diagnoses.of_reason[drawn], weights[cell] / _POINTS)
    found: Floats = shares / shares.sum()
    return found


def _own_reasons(plan: Plan, billing: BillingPlan) -> Floats:
    """Give the shares of what people with conditions are seen for, as if one of them were as likely as another."""
    shares = np.zeros(len(billing.diagnoses.service))
    for slot, share in enumerate(plan.conditions.expected_shares.tolist()):
        codes = np.unique(plan.conditions.code_index[slot])
        np.add.at(shares, billing.diagnoses.of_diagnosis[codes[codes >= 0]], share / max(len(codes), 1))
    healthy = float(np.prod(1 - plan.conditions.expected_shares))
    shares[billing.diagnoses.observation] += healthy * max(shares.sum(), 1.0)
    found: Floats = shares / max(shares.sum(), np.finfo(float).tiny)
    return found


def _measured(plan: Plan, billing: BillingPlan) -> tuple[float, float]:
    """Give the share of latest visits with tests, and the lines of these, as if the commonest tests came together."""
    known = {analyte.loinc: share for analyte, share in zip(_labs(plan), ordered_shares(plan).tolist(), strict=True)}
    left = np.array([known.get(loinc, 0.0) for loinc in plan.dictionaries.get("labs", {}).get("loinc", ())])
    if not left.any():
        return 0.0, 0.0
    ordering, bits, lines = float(left.max()), billing.orders.analyte_bit, 0.0
    for test in billing.orders.tests:
        share = float(left[bits & test.needs != 0].min())
        left = np.where(bits & test.covers != 0, np.maximum(left - share, 0.0), left)
        lines += share
    return ordering, lines / ordering + 1


def _labs(plan: Plan) -> tuple[Analyte, ...]:
    return plan.measurements.labs if plan.measurements is not None and plan.visits is not None else ()


def _bits(plan: Plan, billing: BillingPlan, analytes: frozenset[str]) -> int:
    labs = plan.measurements.labs if plan.measurements is not None else ()
    loincs = plan.dictionaries.get("labs", {}).get("loinc", ())
    known = {analyte.loinc: analyte.id for analyte in labs}
    places = [at for at, loinc in enumerate(loincs) if known.get(loinc) in analytes]
    return int(billing.orders.analyte_bit[places].sum()) if places else 0


def _tests(billing: BillingPlan, measured: int) -> int:
    """Give the lines of tests that results belong to, and of the drawing of blood."""
    count = 0
    for test in billing.orders.tests:
        if measured & test.needs == test.needs:
            measured &= ~test.covers
            count += 1
    return count + (count > 0)
