"""Birthdays and completed years, by the calendar."""

import numpy as np

from healthsim.planning.plan import Ints

_MONTHS = 12


def birthdays(birth_day: Ints, years: int) -> Ints:
    """Give the day on which people complete an age, days since 1970-01-01; of those born on a leap day, 1 March.

    Args:
        birth_day: Dates of birth, days since 1970-01-01, shape `(people,)`.
        years: The age.
    """
    month, day_of_month = _parts(birth_day)
    first: Ints = (month + years * _MONTHS).astype("datetime64[D]").astype(np.int64)
    return first + day_of_month


def completed_years(birth_day: Ints, day: Ints) -> Ints:
    """Give the age on a day, completed years, shape `(people,)`."""
    born_in, born_on = _parts(birth_day)
    month, day_of_month = _parts(day)
    months: Ints = (month - born_in).astype(np.int64) - (day_of_month < born_on)
    return months // _MONTHS


def _parts(day: Ints) -> tuple["np.ndarray[tuple[int], np.dtype[np.datetime64]]", Ints]:
    """Give the month of days, and how many days of it lie before them."""
    date = day.astype("datetime64[D]")
    month = date.astype("datetime64[M]")
    before: Ints = (date - month.astype("datetime64[D]")).astype(np.int64)
    return month, before
