"""Numbers in memory are those in the database: money to the cent, and missing ones missing."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthsim.tables import MISSING, MONEY, ColumnDefinition, column_dtype, is_missing, money_array

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


@pytest.mark.parametrize("kind", ["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "DATE", "TIMESTAMP", MONEY])
def test_missing_numbers_stay_missing_in_the_memory_of_their_column(kind: str) -> None:
    column = ColumnDefinition("some", kind, "A number.", is_nullable=True)
    kept = np.array([7, MISSING], np.int64).astype(column_dtype(column, {}))
    assert is_missing(kept).tolist() == [False, True]
