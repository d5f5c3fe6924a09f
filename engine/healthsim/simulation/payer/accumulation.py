"""What members owe, line after line in the order that claims come, against what they and their families owed before."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from healthsim.planning.payer.insurance import BASIS
from healthsim.planning.plan import Ints
from healthsim.tables import MISSING

Booleans = NDArray[np.bool_]

_HALF = BASIS // 2


@dataclass(frozen=True, slots=True)
class Limits:
    """What a member's plan year is decided by, one each; money in cents, shape `(years,)`.

    Attributes:
        deductible: Of the member.
        family_deductible: Of the family.
        maximum: Most that the member pays out of pocket.
        family_maximum: Most that the family pays.
    """

    deductible: Ints
    family_deductible: Ints
    maximum: Ints
    family_maximum: Ints


@dataclass(frozen=True, slots=True)
class Owing:
    """Lines to decide on, each plan year's in the order that they are decided in; money in cents, shape `(lines,)`.

    Attributes:
        year: Place of the member's plan year.
        day: When it is decided.
        reverses: Place of the line that it takes back; -1 for none.
        shared: Allowed amount that no other payer has paid.
        stay: Deductible of a benefit period that may fall to it, outside the year's deductible.
        takes_deductible: Whether the year's deductible comes first.
        copay: Copayment that may fall to it.
        coinsurance: Share of the rest, basis points.
        relatives_deductible: What relatives have had of the family's deductible by then.
        relatives_paid: What relatives have paid by then.
    """

    year: Ints
    day: Ints
    reverses: Ints
    shared: Ints
    stay: Ints
    takes_deductible: Booleans
    copay: Ints
    coinsurance: Ints
    relatives_deductible: Ints
    relatives_paid: Ints


@dataclass(frozen=True, slots=True)
class Owed:
    """What members owe; money in cents.

    Attributes:
        stay: Deductible of benefit periods, shape `(lines,)`.
        deductible: Deductible of the year, of the same shape.
        copay: Copayment.
        coinsurance: Coinsurance.
        used_deductible: Deductible of each plan year, shape `(years,)`.
        used_maximum: What was paid out of pocket.
        deductible_day: When the deductible was met; `MISSING` if never.
        maximum_day: When the most was reached; `MISSING` if never.
    """

    stay: Ints
    deductible: Ints
    copay: Ints
    coinsurance: Ints
    used_deductible: Ints
    used_maximum: Ints
    deductible_day: Ints
    maximum_day: Ints


def owed(lines: Owing, limits: Limits) -> Owed:
    """Decide what members owe for each line.

    Each step decides on the next line of every plan year that has one. Plan years with more lines stand first, so that
    those that go on are always the first ones, and what is at hand are slices.

    Args:
        lines: The lines.
        limits: Of the plan years.
    """
    steps = _Steps.of(lines.year, len(limits.deductible))
    asked = {name: steps.turned(getattr(lines, name)) for name in _ASKED}
    reverses = steps.turned(np.where(lines.reverses < 0, -1, steps.place[lines.reverses]))
    most = [getattr(limits, name)[steps.years] for name in _LIMITS]
    found = {name: np.zeros(len(lines.year), np.int64) for name in _FOUND}
    used = [np.zeros(len(steps.years), np.int64) for _ in range(2)]
    met = [np.full(len(steps.years), MISSING) for _ in range(2)]
    for first, last in steps.bounds:
        count, these = last - first, slice(first, last)
        line = {name: values[these] for name, values in asked.items()}
        limit = [values[:count] for values in most]
        parts = _parts(line, limit, [values[:count] for values in used])
        taken_back = np.flatnonzero(reverses[these] >= 0)
        for name, part in zip(_FOUND, parts, strict=True):
            part[taken_back] = -found[name][reverses[these][taken_back]]
            found[name][these] = part
        used[0][:count] += parts[1]
        used[1][:count] += parts[0] + parts[1] + parts[2] + parts[3]
        for which, relatives in enumerate(("relatives_deductible", "relatives_paid")):
            left = _left(limit[2 * which], limit[2 * which + 1], used[which][:count], line[relatives])
            is_now = (left == 0) & (limit[2 * which] > 0) & (met[which][:count] == MISSING)
            met[which][:count][is_now] = line["day"][is_now]
    return Owed(
        **{name: values[steps.place] for name, values in found.items()},
        used_deductible=steps.years_back(used[0]),
        used_maximum=steps.years_back(used[1]),
        deductible_day=steps.years_back(met[0]),
        maximum_day=steps.years_back(met[1]),
    )


_ASKED = (
    "day",
    "shared",
    "stay",
    "takes_deductible",
    "copay",
    "coinsurance",
    "relatives_deductible",
    "relatives_paid",
)
_LIMITS = ("deductible", "family_deductible", "maximum", "family_maximum")
_FOUND = ("stay", "deductible", "copay", "coinsurance")


def _parts(line: dict[str, Ints], limit: list[Ints], used: list[Ints]) -> list[Ints]:
    """Give what falls to the member of one line each: of the stay, the deductible, the copayment, the coinsurance.

    The deductible comes before copayment and coinsurance, and none of them goes beyond the most that is left to pay.
    """
    left = _left(limit[0], limit[1], used[0], line["relatives_deductible"])
    rest = line["shared"]
    stay = np.minimum(line["stay"], rest)
    deductible = np.where(line["takes_deductible"], np.minimum(left, rest - stay), 0)
    rest = rest - stay - deductible
    copay = np.minimum(line["copay"], rest)
    coinsurance = ((rest - copay) * line["coinsurance"] + _HALF) // BASIS
    most = _left(limit[2], limit[3], used[1], line["relatives_paid"])
    parts = []
    for part in (stay, deductible, copay, coinsurance):
        parts.append(np.minimum(part, most))
        most = most - parts[-1]
    return parts


def _left(own: Ints, family: Ints, used: Ints, relatives: Ints) -> Ints:
    """Give what is left of a member's and a family's limit; neither goes below zero."""
    left: Ints = np.maximum(np.minimum(own, family - relatives) - used, 0)
    return left


@dataclass(frozen=True, slots=True)
class _Steps:
    """The order in which lines are decided: the first of every plan year, then the second, and so on.

    Attributes:
        place: Where each line stands in it, shape `(lines,)`.
        years: Plan years by how many lines they have, most first, shape `(years,)`.
        bounds: Where each step begins and ends.
    """

    place: Ints
    years: Ints
    bounds: list[tuple[int, int]]

    @classmethod
    def of(cls, year: Ints, years: int) -> "_Steps":
        counts = np.bincount(year, minlength=years)
        by_count = np.argsort(-counts, kind="stable")
        seat = np.empty(years, np.int64)
        seat[by_count] = np.arange(years)
        order = np.argsort(year, kind="stable")
        turn = np.empty(len(year), np.int64)
        turn[order] = np.arange(len(year)) - np.repeat(np.cumsum(counts) - counts, counts)
        sizes = np.bincount(turn)
        starts = np.cumsum(sizes) - sizes
        bounds = list(zip(starts.tolist(), (starts + sizes).tolist(), strict=True))
        return cls(starts[turn] + seat[year] if len(year) else turn, by_count, bounds)

    def turned(self, values: Ints) -> Ints:
        turned = np.empty_like(values)
        turned[self.place] = values
        return turned

    def years_back(self, values: Ints) -> Ints:
        back = np.empty_like(values)
        back[self.years] = values
        return back
