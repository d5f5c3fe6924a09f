"""Warnings that journeys have pharmacies shown, beside those that rules find."""

import numpy as np

from healthsim.planning.pharmacy.pharmacy_plan import PharmacyPlan
from healthsim.planning.plan import Ints, Plan
from healthsim.simulation.block import Block
from healthsim.simulation.events.marked import marks_of
from healthsim.simulation.pharmacy.attempts import PAID
from healthsim.simulation.pharmacy.claims import Claims
from healthsim.simulation.pharmacy.review import NOTHING, Alerts

_DAY_BITS, _BEFORE = 2**33, 2**32
_WITH_ANOTHER = frozenset({"DD", "TD", "ID"})
"""Reasons of rules about two drugs."""


def with_asked(plan: Plan, pharmacy: PharmacyPlan, block: Block, claims: Claims, found: Alerts) -> Alerts:
    """Add the warnings of journeys, each at the latest fill by its day of a drug that its rule is about.

    Args:
        plan: The plan of the run.
        pharmacy: The rules.
        block: The people.
        claims: The claims.
        found: What rules find among these; nothing is warned of twice.
    """
    marks = marks_of(plan, block, "dur_alert")
    if plan.timeline is None or not len(marks.person):
        return found
    names = [planned.rule.id for planned in pharmacy.rules]
    rules = np.array([_place(names, event.parameters.get("alert")) for event in plan.timeline.events])[marks.event]
    parts = [found]
    for rule in np.unique(rules).tolist():
        planned, rows = pharmacy.rules[rule], np.flatnonzero(rules == rule)
        claim = _latest(claims, planned.drugs | planned.others, marks.person[rows], marks.day[rows])
        claim = np.unique(claim[claim >= 0])
        claim = claim[~np.isin(claim, found.claim[found.rule == rule])]
        nothing = np.full(len(claim), NOTHING)
        other = _others(claims, rule, pharmacy, claim) if planned.rule.reason in _WITH_ANOTHER else nothing
        parts.append(Alerts(claim, np.full(len(claim), rule), other, nothing))
    claim, rule_of, other, code = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("claim", "rule", "other", "code")
    )
    order = np.lexsort((rule_of, claim))
    return Alerts(claim[order], rule_of[order], other[order], code[order])


def _place(names: list[str], name: object) -> int:
    return names.index(name) if isinstance(name, str) and name in names else -1


def _others(claims: Claims, rule: int, pharmacy: PharmacyPlan, claim: Ints) -> Ints:
    """Give the other drug that claims meet: the latest of the rule's other ones by their day; `NOTHING` for none."""
    planned, other = pharmacy.rules[rule], np.full(len(claim), NOTHING)
    for drug in np.unique(claims.drug[claim]).tolist():
        rows = np.flatnonzero(claims.drug[claim] == drug)
        fits = planned.others if planned.drugs[drug] else planned.drugs
        fits = fits & (np.arange(len(fits)) != drug)
        place = _latest(claims, fits, claims.person[claim[rows]], claims.attempts.day[claim[rows]])
        other[rows] = np.where(place >= 0, claims.drug[np.maximum(place, 0)], NOTHING)
    return other


def _latest(claims: Claims, drugs: "np.ndarray[tuple[int], np.dtype[np.bool_]]", person: Ints, day: Ints) -> Ints:
    """Give the place of the latest claim by a day for some drugs that were dispensed to people; -1 for none."""
    rows = np.flatnonzero((claims.attempts.attempt == PAID) & drugs[claims.drug])
    keys = claims.person[rows] * _DAY_BITS + claims.attempts.day[rows] + _BEFORE
    order = np.argsort(keys, kind="stable")
    place = np.searchsorted(keys[order], person * _DAY_BITS + day + _BEFORE, side="right") - 1
    found = np.append(rows[order], -1)[place]
    is_own = (place >= 0) & (np.append(claims.person, -1)[found] == person)
    return np.where(is_own, found, -1)
