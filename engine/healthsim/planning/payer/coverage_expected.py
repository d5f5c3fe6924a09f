"""How many members, enrollments and messages on them are expected, for the dry run: nothing is drawn from this."""

from dataclasses import dataclass

import numpy as np

from healthsim.planning.payer.coverage_plan import CoveragePlan
from healthsim.planning.plan import AGES, Floats, Plan
from healthsim.reference import PAYERS

UNINSURED, PRIVATE, MEDICARE, _MEDICAID = range(len(PAYERS))

_POINTS = 2_048
"""Points between 0 and 1 at which tables of shares are read."""

_YEAR = 12
_MEDICARE_AGE = 65
_LOST_MONTHS = 36
_MONTH_DAYS = 30
_TELLING_DAYS = 15


@dataclass(frozen=True, slots=True)
class ExpectedCoverage:
    """What is expected of a person's coverage, as if nobody died.

    Attributes:
        members: Share of people who are covered at some time.
        enrollments: Spans of coverage.
        changes: Messages on them.
        covered: Share of people covered by each insurance plan in each month, shape `(months, plans)`.
        spans: Spans under each insurance plan, shape `(plans,)`.
    """

    members: float
    enrollments: float
    changes: float
    covered: Floats
    spans: Floats


def expected_coverage(plan: Plan, coverage: CoveragePlan, ages: Floats) -> ExpectedCoverage:
    """Estimate coverage from the shares of payers and the chances that it changes.

    Birthdays count as if they were spread evenly over the year, and places as if their people were equally old.

    Args:
        plan: The plan.
        coverage: The plan of coverage.
        ages: Shares of the people who are meant, by completed years of age, shape `(111,)`.
    """
    shares, months = _payers(plan), len(coverage.months) - 1
    covered, spans = np.zeros((months, len(coverage.messages.payer))), np.zeros(len(coverage.messages.payer))
    members, changes = 0.0, 0.0
    for payer in (PRIVATE, MEDICARE, _MEDICAID):
        course = _Course.of(coverage, payer)
        before = _Course.of(coverage, PRIVATE)
        for entry, turns_65, weight in _entries(coverage, ages * shares[:, payer], by_age=payer == MEDICARE):
            had = coverage.before_medicare if turns_65 and entry > 0 and before.plans.any() else 0.0
            covered += weight * np.outer(course.there * (np.arange(months) >= entry), course.plans)
            covered += weight * had * np.outer(np.arange(months) < entry, before.plans)
            starts = float(course.there[entry] + course.starts[entry + 1 :].sum())
            spans += weight * (starts * course.plans + had * before.plans)
            at_once = had * course.there[entry] * float(before.by_insurer @ course.by_insurer)
            ends = float(course.ends[entry + 1 :].sum()) + had
            kept = float(course.kept[entry + 1 :].sum()) + at_once
            changes += weight * (starts + had + ends - kept + 2 * course.lapses(entry))
            members += weight
    lost = float(shares[:, UNINSURED] @ ages) * coverage.lost
    months_ago = coverage.current - 1 - np.arange(_LOST_MONTHS)
    lasts = float((months_ago > 0).mean())
    private = _Course.of(coverage, PRIVATE)
    until = np.mean(np.arange(months)[:, np.newaxis] < months_ago, axis=1)
    covered += lost * np.outer(until, private.plans)
    spans += lost * lasts * private.plans
    return ExpectedCoverage(members + lost * lasts, float(spans.sum()), changes + 2 * lost * lasts, covered, spans)


def _payers(plan: Plan) -> Floats:
    """Give the shares of payers by age, shape `(111, payers)`."""
    attributes, points = plan.attributes, (np.arange(_POINTS) + 0.5) / _POINTS
    rows = plan.people.row_of_county[plan.people.places.draw(points)]
    weights = np.bincount(rows, minlength=plan.people.rows) / len(rows)
    shares = np.zeros((attributes.bands, len(PAYERS)))
    for row in np.flatnonzero(weights).tolist():
        for band in range(attributes.bands):
            drawn = attributes.payers.draw(points, np.full(_POINTS, row * attributes.bands + band))
            shares[band] += weights[row] * np.bincount(drawn, minlength=len(PAYERS)) / _POINTS
    by_age: Floats = shares[attributes.band]
    return by_age


def _entries(coverage: CoveragePlan, shares: Floats, *, by_age: bool) -> "list[tuple[int, bool, float]]":
    """Give the months in which people come under a payer, whether by turning 65, and how many people do."""
    found: dict[tuple[int, bool], float] = {}
    for age in range(AGES):
        weight = float(shares[age]) / _YEAR
        is_by_age = by_age and age >= _MEDICARE_AGE
        since = _YEAR * (age - _MEDICARE_AGE if is_by_age else age)
        for month in range(_YEAR) if weight > 0 else ():
            key = (max(coverage.current - since - month, 0), is_by_age)
            found[key] = found.get(key, 0.0) + weight
    return [(entry, is_by_age, weight) for (entry, is_by_age), weight in found.items()]


@dataclass(frozen=True, slots=True)
class _Course:
    """The coverage of a payer's members, month after month; arrays have the shape `(months,)` unless said.

    Attributes:
        there: Chance of being covered.
        starts: Chance that a span begins.
        ends: Chance that one ended with the month before.
        kept: Chance that one under another plan of the same insurer follows at once.
        plans: Share of the members under each plan, shape `(plans,)`.
        by_insurer: The same by insurer.
        lapse: Chance in a year that coverage is taken away and restored.
        delay: Months that takes.
        current: Place of the month of `as_of`.
    """

    there: Floats
    starts: Floats
    ends: Floats
    kept: Floats
    plans: Floats
    by_insurer: Floats
    lapse: float
    delay: int
    current: int

    @classmethod
    def of(cls, coverage: CoveragePlan, payer: int) -> "_Course":
        plans = _plan_shares(coverage, payer)
        insurers: Floats = np.bincount(coverage.messages.payer, weights=plans).astype(np.float64)
        there, both = _without_gaps(coverage, float(coverage.gap[payer]))
        numbers = coverage.first_month + np.arange(len(there))
        may_switch = (numbers % _YEAR == 0) & (np.arange(len(there)) <= coverage.current)
        switches = float(coverage.switch[payer]) * may_switch
        goes_on = both * (1 - switches * (1 - float(plans @ plans)))
        before = np.append(0.0, there[:-1])
        days = _TELLING_DAYS + coverage.messages.lapse_days
        return cls(
            there=there,
            starts=there - goes_on,
            ends=before - goes_on,
            kept=both * switches * float(insurers @ insurers - plans @ plans),
            plans=plans,
            by_insurer=insurers,
            lapse=float(coverage.messages.lapse @ plans),
            delay=round(days / 2 / _MONTH_DAYS),
            current=coverage.current,
        )

    def lapses(self, entry: int) -> float:
        """Give how often coverage lapses and is restored from a month on."""
        last = min(self.current, len(self.there) - 1 - self.delay)
        lasting = [
            self.there[month] - self.ends[month + 1 : month + 2 + self.delay].sum() for month in range(entry, last)
        ]
        return self.lapse / _YEAR * float(np.maximum(lasting, 0.0).sum())


def _plan_shares(coverage: CoveragePlan, payer: int) -> Floats:
    """Give the share of a payer's members under each plan, shape `(plans,)`; nobody is under any where it has none."""
    row, points = max(payer, PRIVATE) - 1, (np.arange(_POINTS) + 0.5) / _POINTS
    if not len(coverage.places[row]):
        return np.zeros(len(coverage.messages.payer))
    which = coverage.places[row][coverage.choice.draw(points, np.full(_POINTS, row))]
    return np.bincount(which, minlength=len(coverage.messages.payer)) / _POINTS


def _without_gaps(coverage: CoveragePlan, gap: float) -> tuple[Floats, Floats]:
    """Give the chance that a month is in no gap, and that neither it nor the one before is; shape `(months,)` each."""
    months, points = len(coverage.months) - 1, (np.arange(_POINTS) + 0.5) / _POINTS
    numbers = coverage.first_month + np.arange(months)
    lengths = np.bincount(coverage.gap_months.draw(points)) / _POINTS
    there, both = np.ones(months), np.ones(months)
    for year in np.unique(numbers[: coverage.current] // _YEAR).tolist():
        in_gap, in_either = np.zeros(months), np.zeros(months)
        for first in range(year * _YEAR, (year + 1) * _YEAR):
            for more, share in enumerate(lengths.tolist()):
                is_in = (numbers >= first) & (numbers <= first + more) & (np.arange(months) < coverage.current)
                in_gap += share / _YEAR * is_in
                in_either += share / _YEAR * (is_in | np.append(False, is_in[:-1]))
        there *= 1 - gap * in_gap
        both *= 1 - gap * in_either
    both[0] = 0.0
    return there, both
