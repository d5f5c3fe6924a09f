"""Claims of a member's year one after another, so that deductibles and maxima add up to the cent."""

from dataclasses import dataclass, fields

import numpy as np

from healthsim.planning.plan import Ints
from healthsim.simulation.pharmacy.sharing import Shared, Terms, shared


@dataclass(frozen=True, slots=True)
class Accumulated:
    """Claims, shared, with what their accounts have after each; cents, shape `(claims,)`.

    Attributes:
        shared: How the cost is shared; negative for what is taken back.
        deductible_met: Of the deductible, after the claim.
        own: Own spending, after the claim.
    """

    shared: Shared
    deductible_met: Ints
    own: Ints


def accumulated(terms: Terms, account: Ints, reverses: Ints) -> Accumulated:
    """Share the cost of claims, account by account in their order.

    Args:
        terms: What holds for each claim, in the order in which they are decided.
        account: Number of each claim's account, shape `(claims,)`.
        reverses: Place of the earlier claim that one takes back; -1 for none.
    """
    count = len(account)
    made = {each.name: np.zeros(count, np.int64) for each in fields(Shared)}
    after = {name: np.zeros(count, np.int64) for name in ("deductible_met", "own")}
    order = np.argsort(account, kind="stable")
    begins = np.flatnonzero(np.append(True, np.diff(account[order]) != 0)[:count])
    sizes = np.diff(np.append(begins, count))
    largest_first = np.argsort(-sizes, kind="stable")
    begins, sizes = begins[largest_first], sizes[largest_first]
    deductible, gross, own = (np.zeros(len(begins), np.int64) for _ in range(3))
    for turn in range(int(sizes[0]) if len(sizes) else 0):
        going = int(np.searchsorted(-sizes, -turn, side="left"))
        rows = order[begins[:going] + turn]
        turned = shared(terms.rows(rows), deductible[:going], gross[:going], own[:going])
        back = reverses[rows]
        signs = np.where(back >= 0, -1, 1)
        for each in fields(Shared):
            values = getattr(turned, each.name)
            taken = made[each.name][np.maximum(back, 0)]
            made[each.name][rows] = np.where(back >= 0, taken if each.name == "phase" else -taken, values)
        deductible[:going] += made["deductible"][rows]
        gross[:going] += signs * terms.total[rows]
        own[:going] += made["own"][rows]
        after["deductible_met"][rows], after["own"][rows] = deductible[:going], own[:going]
    return Accumulated(Shared(**made), after["deductible_met"], after["own"])
