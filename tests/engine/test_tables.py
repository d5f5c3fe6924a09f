"""Money is whole cents in memory and exact dollars in the database."""

from decimal import Decimal

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from healthsim.tables import MISSING, MONEY, ColumnDefinition, money_array

CENTS = st.integers(min_value=-(10**11), max_value=10**11).filter(lambda cents: cents != MISSING)


@given(st.lists(st.one_of(CENTS, st.none())))
def test_every_amount_comes_back_to_the_cent(amounts: list[int | None]) -> None:
    column = ColumnDefinition("paid", MONEY, "What was paid.", is_nullable=True)
    cents = np.array([MISSING if amount is None else amount for amount in amounts], np.int64)
    expected = [None if amount is None else Decimal(amount) / 100 for amount in amounts]
    assert money_array(cents, column).to_pylist() == expected


@given(st.lists(CENTS))
def test_columns_without_missing_amounts_have_no_nulls(amounts: list[int]) -> None:
    column = ColumnDefinition("paid", MONEY, "What was paid.")
    assert money_array(np.array(amounts, np.int64), column).null_count == 0
