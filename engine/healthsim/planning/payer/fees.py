"""The fee schedule and the ways of billing, read from the package's tables."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from healthsim.content import content_directory
from healthsim.planning.payer.billing_plan import KEPT
from healthsim.planning.payer.services import SERVICES
from healthsim.randomness import Ints

_CENTS = 100
_BARE_CHARGE = 15.0
"""Dollars that a hospital's charge for an item without any fee is reckoned from."""


@dataclass(frozen=True, slots=True)
class Fees:
    """The items that may be billed; money in cents.

    Attributes:
        codes: Code numbers.
        names: What they are, by code.
        revenues: Revenue codes of all items and of what hospitals bill without one.
        revenue_of: Revenue code of each item, shape `(items,)`.
        services: Place of each item's service, `KEPT` for visits.
        rates: By setting and item, shape `(3, items)`.
        charges: What is charged, of the same shape.
    """

    codes: tuple[str, ...]
    names: Mapping[str, str]
    revenues: tuple[str, ...]
    revenue_of: Ints
    services: Ints
    rates: Ints
    charges: Ints

    def item(self, code: str | None) -> int:
        """Give the place of a code; -1 for none."""
        return self.codes.index(code) if code in self.codes else -1

    def items(self, codes: Sequence[str]) -> Ints:
        """Give the places of codes."""
        return np.array([self.codes.index(code) for code in codes], np.int64)


@cache
def billing_rules() -> Mapping[str, Any]:
    """Give how care becomes claims."""
    return _read("billing")


@cache
def drg_rules() -> Mapping[str, Any]:
    """Give the groups of inpatient stays."""
    return _read("drgs")


@cache
def fees() -> Fees:
    """Give the fee schedule."""
    items, rules = _read("fees")["items"], billing_rules()
    multiples = rules["charges"]
    bare = [
        each["revenue"]
        for part in ("outpatient_lines", "inpatient_lines")
        for each in rules[part]["items"]
        if "revenue" in each
    ]
    own = {each["revenue"] for each in items if "revenue" in each}
    room = rules["inpatient_lines"]["room"]["revenue"], rules["inpatient_lines"]["operating_room"]["revenue"]
    revenues = tuple(sorted({*bare, *own, *room}))
    is_test = np.array([each["service"] == "laboratory" for each in items])
    professional = np.where(is_test, multiples["laboratory"], multiples["professional"])
    rates = np.array([[each.get(setting) or 0.0 for each in items] for setting in ("office", "facility", "hospital")])
    base = np.maximum(rates[2], np.maximum(2.0 * rates[0], _BARE_CHARGE))
    charges = np.stack([rates[0] * professional, rates[1] * professional, base * multiples["hospital"]])
    return Fees(
        codes=tuple(each["code"] for each in items),
        names={each["code"]: each["name"] for each in items},
        revenues=revenues,
        revenue_of=np.array([revenues.index(each["revenue"]) if "revenue" in each else -1 for each in items]),
        services=np.array([KEPT if each["service"] == "visit" else SERVICES.index(each["service"]) for each in items]),
        rates=_cents(rates),
        charges=_cents(charges),
    )


def _cents(dollars: np.ndarray[Any, np.dtype[np.float64]]) -> Ints:
    return np.floor(np.round(dollars * _CENTS, 6) + 0.5).astype(np.int64)


def _read(name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((content_directory("benefits") / f"{name}.json").read_text("utf-8"))
    return found
