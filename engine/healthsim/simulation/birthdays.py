"""Birthdays and completed years, by the calendar."""

from functools import cache

import numpy as np

from healthsim.planning.plan import Ints

_MONTHS = 12

_FIRST_DAY, _DAYS = -60_000, 110_000
"""Days since 1970-01-01 whose months are kept in a table: those from 1805 to 2106."""


def birthdays(birth_day: Ints, years: int | Ints) -> Ints:
    """Give the day on which people complete an age, days since 1970-01-01; of those born on a leap day, 1 March.

    Args:
        birth_day: Dates of birth, days since 1970-01-01, shape `(people,)`.
        years: The age, or everybody's, shape `(people,)`.
    """
    month, day_of_month = _parts(birth_day)
    first: Ints = (month + years * _MONTHS).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return first + day_of_month


def completed_years(birth_day: Ints, day: Ints) -> Ints:
    """Give the age on a day, completed years, shape `(people,)`."""
    born_in, born_on = _parts(birth_day)
    month, day_of_month = _parts(day)
    return (month - born_in - (day_of_month < born_on)) // _MONTHS


def _parts(day: Ints) -> tuple[Ints, Ints]:
    """Give the month of days, months since January 1970, and how many days of it lie before them."""
    place = day - _FIRST_DAY
    if place.size and not 0 <= place.min() <= place.max() < _DAYS:
        return _reckoned(day)
    months, before = _calendar()
    return months[place], before[place]


@cache
def _calendar() -> tuple[Ints, Ints]:
    return _reckoned(np.arange(_FIRST_DAY, _FIRST_DAY + _DAYS))


def _reckoned(day: Ints) -> tuple[Ints, Ints]:
    date = day.astype("datetime64[D]")
    month = date.astype("datetime64[M]")
    before: Ints = (date - month.astype("datetime64[D]")).astype(np.int64)
    return month.astype(np.int64), before
