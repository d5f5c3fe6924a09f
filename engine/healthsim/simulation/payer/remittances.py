"""Remittances: payers pay once a week, and tell each time of all claims that they have decided on."""

import numpy as np

from healthsim.planning.plan import Ints
from healthsim.tables import Batch, Column

WEEK_BITS = 14
"""Bits that number a payer's weeks; a person's remittances are numbered by the insurance plan and the week."""

_FIRST_WEEK = -6_000
_WEEK = 7


def payment_days(decided_day: Ints, payday: int) -> Ints:
    """Give the first payday on or after days, shape `(claims,)`."""
    days: Ints = decided_day + (payday - decided_day) % _WEEK
    return days


def remittance_numbers(insurance: Ints, decided_day: Ints, payday: int) -> Ints:
    """Number the remittances that tell of decisions among a person's, shape `(claims,)`.

    Args:
        insurance: Place of the insurance plan.
        decided_day: When claims were decided.
        payday: Day of the week on which payers pay, days since 1970-01-01 modulo 7.
    """
    week = payment_days(decided_day, payday) // _WEEK - _FIRST_WEEK
    return (insurance << WEEK_BITS) + week


def remittance_rows(claims: Batch, payday: int) -> Batch:
    """Add up remittances.

    Args:
        claims: Rows of `claims`.
        payday: Day of the week on which payers pay.
    """
    of = {name: _present(claims, name) for name in ("remittance_id", "person_id", "plan_id", "decided_date")}
    decided = np.flatnonzero(of["remittance_id"] >= 0)
    number, first, place = np.unique(of["remittance_id"][decided], return_index=True, return_inverse=True)
    rows = len(number)
    sums = {name: np.zeros(rows, np.int64) for name in ("billed", "paid")}
    for name, total in sums.items():
        np.add.at(total, place, _present(claims, name)[decided])
    columns: dict[str, Column] = {
        "person_id": of["person_id"][decided][first],
        "remittance_id": number,
        "plan_id": of["plan_id"][decided][first],
        "payment_date": payment_days(of["decided_date"][decided][first], payday),
        "claims": np.bincount(place, minlength=rows),
        **sums,
    }
    return Batch("remittances", rows, columns)


def _present(batch: Batch, name: str) -> Ints:
    """Give a column that is never null throughout."""
    values = batch.columns[name]
    return np.zeros(batch.rows, np.int64) if values is None else values
