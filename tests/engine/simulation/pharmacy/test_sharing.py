"""The cost of drugs is shared exactly, through every phase of a year, and what is taken back was never there."""

from dataclasses import fields, replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from healthsim.planning.pharmacy.pharmacy_plan import BASIS, NO_LIMIT
from healthsim.simulation.pharmacy.accumulation import Accumulated, accumulated
from healthsim.simulation.pharmacy.sharing import Terms

Ints = NDArray[np.int64]

LAST = 3
STANDARD_2024 = {
    "deductible": 54_500,
    "initial_limit": 503_000,
    "maximum": 800_000,
    "copay": -1,
    "coinsurance": 2_500,
    "most": NO_LIMIT,
    "gap_coinsurance": 2_500,
    "last_coinsurance": 0,
    "initial_discount": 0,
    "gap_discount": 7_000,
    "last_discount": 0,
}
STANDARD_2025 = {
    **STANDARD_2024,
    "deductible": 59_000,
    "initial_limit": NO_LIMIT,
    "maximum": 200_000,
    "gap_discount": 0,
    "initial_discount": 1_000,
    "last_discount": 2_000,
}
COPAYS = {
    **STANDARD_2025,
    "deductible": 0,
    "maximum": NO_LIMIT,
    "copay": 3_600,
    "initial_discount": 0,
    "last_discount": 0,
}


def terms(rules: dict[str, int], totals: list[int]) -> Terms:
    total = np.array(totals, np.int64)
    columns = {name: np.full(len(totals), value, np.int64) for name, value in rules.items()}
    return Terms(total=total, cap=total, **columns)


def decided(rules: dict[str, int], totals: list[int], reverses: list[int] | None = None) -> Accumulated:
    back = np.array(reverses or [-1] * len(totals), np.int64)
    return accumulated(terms(rules, totals), np.zeros(len(totals), np.int64), back)


def patient(made: Accumulated) -> Ints:
    return made.shared.deductible + made.shared.copay + made.shared.coinsurance


def test_the_standard_benefit_of_2025_costs_2000_dollars_at_most() -> None:
    made = decided(STANDARD_2025, [100_000] * 10)
    assert patient(made).tolist()[:3] == [59_000 + 10_250, 25_000, 25_000]
    assert patient(made).sum() == 200_000
    assert made.shared.phase.tolist()[0] == 0
    assert made.shared.phase.tolist()[-1] == LAST
    assert made.shared.discount[-1] == 20_000
    assert made.shared.discount[0] == 4_100


def test_the_gap_of_2024_begins_at_the_initial_limit_and_brands_are_discounted_in_it() -> None:
    made = decided(STANDARD_2024, [503_000, 100_000])
    assert patient(made).tolist() == [54_500 + (503_000 - 54_500) // 4, 25_000]
    assert made.shared.discount.tolist() == [0, 70_000]
    assert made.shared.phase.tolist() == [0, 2]
    assert made.own[1] == made.own[0] + 95_000


def test_a_copay_is_never_more_than_the_drug_costs() -> None:
    assert patient(decided(COPAYS, [1_200, 3_600, 90_000])).tolist() == [1_200, 3_600, 3_600]


@given(
    st.sampled_from([STANDARD_2024, STANDARD_2025, COPAYS, {**STANDARD_2024, "last_coinsurance": 500}]),
    st.lists(st.integers(0, 900_000), min_size=1, max_size=25),
)
def test_whatever_is_dispensed_accumulators_are_the_sums_of_what_was_paid(
    rules: dict[str, int], totals: list[int]
) -> None:
    made = decided(rules, totals)
    shared = made.shared
    assert (np.cumsum(shared.deductible) == made.deductible_met).all()
    assert (np.cumsum(shared.own) == made.own).all()
    assert (made.deductible_met <= rules["deductible"]).all()
    assert (made.own <= rules["maximum"]).all()
    paid = patient(made) + shared.discount
    assert (paid <= np.array(totals)).all()
    for each in fields(shared):
        assert (getattr(shared, each.name) >= 0).all(), each.name
    before = np.append(0, made.own[:-1])
    is_last = (before == rules["maximum"]) & (np.array(totals) > 0)
    assert (shared.phase[is_last] == LAST).all()
    expected = (np.array(totals) * rules["last_coinsurance"] + BASIS // 2) // BASIS
    assert (patient(made)[is_last] == expected[is_last]).all()


@given(st.lists(st.integers(1, 300_000), min_size=2, max_size=12), st.data())
def test_a_claim_that_is_taken_back_leaves_the_account_as_it_was(totals: list[int], drawn: st.DataObject) -> None:
    place = drawn.draw(st.integers(0, len(totals) - 1))
    back = [-1] * (len(totals) + 1)
    back[place + 1] = place
    with_reversal = [*totals[: place + 1], totals[place], *totals[place + 1 :]]
    made = decided(STANDARD_2025, with_reversal, back)
    without = decided(STANDARD_2025, totals[:place] + totals[place + 1 :])
    kept = [index for index in range(len(with_reversal)) if index not in {place, place + 1}]
    assert patient(made)[kept].tolist() == patient(without).tolist()
    assert patient(made)[place] == -patient(made)[place + 1]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 400_000)), min_size=1, max_size=30))
def test_accounts_do_not_know_of_each_other(claims: list[tuple[int, int]]) -> None:
    account = np.array([number for number, _ in claims], np.int64)
    whole = terms(STANDARD_2024, [total for _, total in claims])
    made = accumulated(whole, account, np.full(len(claims), -1))
    for number in set(account.tolist()):
        rows = np.flatnonzero(account == number)
        alone = decided(STANDARD_2024, [claims[row][1] for row in rows.tolist()])
        assert (patient(made)[rows] == patient(alone)).all()


def test_insulin_costs_what_its_cap_is_and_no_more() -> None:
    capped = terms(STANDARD_2025, [70_000, 70_000])
    capped = replace(capped, deductible=np.zeros(2, np.int64), cap=np.full(2, 3_500))
    made = accumulated(capped, np.zeros(2, np.int64), np.full(2, -1))
    assert patient(made).tolist() == [3_500, 3_500]
    assert made.own.tolist() == [3_500, 7_000]
