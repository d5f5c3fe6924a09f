"""Lines of claims while they are gathered, and what they add up to."""

from dataclasses import dataclass, field

import numpy as np

from healthsim.planning.payer.billing_plan import BillingPlan
from healthsim.planning.payer.insurance import BASIS
from healthsim.planning.plan import Ints
from healthsim.simulation.payer.seen import Seen

CLAIM_BITS = 3
"""Bits that number the claims of an encounter."""

VISIT, TESTS, HOSPITAL, OTHERS, PROCEDURE = 0, 1, 2, 3, 7
"""Claims of an encounter: of whoever sees the person, of the laboratory, of the hospital, of up to four other
physicians, and of whoever does a procedure."""

_HALF = BASIS // 2


@dataclass(slots=True)
class Drafts:
    """Lines as they are gathered, in the order they stand on a claim.

    Attributes:
        plan: How care is billed.
        seen: The encounters.
        parts: Columns of the lines so far.
    """

    plan: BillingPlan
    seen: Seen
    parts: list[dict[str, Ints]] = field(default_factory=list)

    def bill(
        self,
        rows: Ints,
        claim: int,
        item: Ints | int,
        setting: int,
        *,
        units: Ints | int = 1,
        day: Ints | None = None,
        service: Ints | int | None = None,
        modifier: Ints | int = -1,
    ) -> None:
        """Bill items at their fees.

        Args:
            rows: Encounters.
            claim: Which of their claims.
            item: Item of each.
            setting: Whose fees.
            units: Units of each.
            day: Date of service; the first day of the encounter if None.
            service: Service of each; that of the item if None.
            modifier: Modifier of each.
        """
        items = np.broadcast_to(np.asarray(item, np.int64), rows.shape)
        count = np.broadcast_to(np.asarray(units, np.int64), rows.shape)
        factor = self.plan.geography[self.seen.state[rows]]
        self._add(
            rows,
            claim,
            item=items,
            revenue=self.plan.revenue_of[items] if setting == _HOSPITAL else -1,
            modifier=modifier,
            units=count,
            day=self.seen.day[rows] if day is None else day,
            service=self.plan.services[items] if service is None else service,
            billed=(self.plan.charges[setting][items] * factor + _HALF) // BASIS * count,
            rate=(self.plan.rates[setting][items] * factor + _HALF) // BASIS * count,
        )

    def charge(self, rows: Ints, claim: int, revenue: int, service: int, *, units: Ints, billed: Ints) -> None:
        """Bill a revenue code without an item: amounts for outpatients, relative ones of a stay."""
        self._add(
            rows,
            claim,
            item=-1,
            revenue=revenue,
            modifier=-1,
            units=units,
            day=self.seen.day[rows],
            service=service,
            billed=billed,
            rate=0,
        )

    def columns(self) -> dict[str, Ints]:
        """Give the lines, those of a claim together and in their order."""
        names = ("row", "claim", "item", "revenue", "modifier", "units", "day", "service", "billed", "rate")
        joined = {name: np.concatenate([part[name] for part in self.parts]) for name in names}
        order = np.argsort(joined["row"] * (1 << CLAIM_BITS) + joined["claim"], kind="stable")
        return {name: values[order] for name, values in joined.items()}

    def _add(self, rows: Ints, claim: int, **columns: Ints | int) -> None:
        part = {name: np.broadcast_to(np.asarray(values, np.int64), rows.shape) for name, values in columns.items()}
        self.parts.append({"row": rows, "claim": np.full(len(rows), claim), **part})


_HOSPITAL = 2
