"""Chances of groups of drugs: everybody treated takes one, and the shares asked for hold."""

from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from healthsim.planning.regimens import chances_of_groups

SHARES = st.lists(st.floats(0.01, 1.0), min_size=1, max_size=5)


def taken_shares(shares: list[float], suitable: int) -> tuple[list[float], float]:
    """Give the exact share who take each group, and who take none, by going through every outcome."""
    first, later = chances_of_groups(shares)
    each, none = [0.0] * len(shares), 0.0
    for outcome in product((False, True), repeat=len(shares)):
        probability, any_taken = 1.0, False
        for place, takes in enumerate(outcome):
            chance = (later if any_taken else first)[suitable, place]
            probability *= chance if takes else 1.0 - chance
            any_taken |= takes
        none += 0.0 if any_taken else probability
        for place, takes in enumerate(outcome):
            each[place] += probability * takes
    return each, none


@settings(deadline=None)
@given(SHARES)
def test_the_shares_hold_and_nobody_treated_goes_without(shares: list[float]) -> None:
    assume(sum(shares) >= 1)
    each, none = taken_shares(shares, (1 << len(shares)) - 1)
    assert none == pytest.approx(0, abs=1e-9)
    assert each == pytest.approx(shares, abs=1e-6)


@settings(deadline=None)
@given(SHARES)
def test_shares_below_one_leave_exactly_one_drug_in_proportion(shares: list[float]) -> None:
    assume(sum(shares) < 1)
    each, none = taken_shares(shares, (1 << len(shares)) - 1)
    assert none == pytest.approx(0, abs=1e-9)
    assert each == pytest.approx(list(np.array(shares) / sum(shares)), abs=1e-6)


def test_what_does_not_suit_is_not_taken_and_the_rest_makes_up_for_it() -> None:
    each, none = taken_shares([0.6, 0.5, 0.3], 0b110)
    assert each[0] == 0
    assert none == pytest.approx(0, abs=1e-9)
    assert each[1:] == pytest.approx([0.5 / 0.8, 0.3 / 0.8])


def test_nothing_is_taken_where_nothing_suits() -> None:
    first, later = chances_of_groups([0.6, 0.5])
    assert not first[0].any()
    assert not later[0].any()
