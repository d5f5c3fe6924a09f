"""Tests of birthdays and completed years."""

from datetime import date, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from healthsim.simulation.birthdays import birthdays, completed_years

_EPOCH = date(1970, 1, 1)
_DATES = st.dates(date(1, 1, 1), date(2400, 1, 1))


@given(born=_DATES, days=st.integers(0, 120 * 366))
def test_years_are_completed_on_birthdays_in_any_century(born: date, days: int) -> None:
    day = born + timedelta(days=days)
    years = day.year - born.year - ((day.month, day.day) < (born.month, born.day))

    assert completed_years(_days(born), _days(day)).tolist() == [years]


@given(born=_DATES, years=st.integers(0, 110))
def test_a_person_completes_an_age_on_the_birthday_and_not_the_day_before(born: date, years: int) -> None:
    birthday = birthdays(_days(born), years)

    assert completed_years(_days(born), birthday).tolist() == [years]
    assert completed_years(_days(born), birthday - 1).tolist() == [years - 1]


def _days(day: date) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    return np.array([(day - _EPOCH).days])
