"""Dates of the calendar that fall into a journey."""

from collections.abc import Iterator
from datetime import date, timedelta

from healthsim.spec.timing import LONGEST_DAYS, WEEKDAYS, Calendar


def dates_of(timing: Calendar, start: date, end: int) -> Iterator[int]:
    """Give the days of the journey whose dates fit."""
    found = 0
    for day in range(min(end, LONGEST_DAYS) + 1):
        when = start + timedelta(days=day)
        if _fits(timing, when):
            yield day
            found += 1
            if found == timing.count:
                return


def _fits(timing: Calendar, when: date) -> bool:
    if timing.month not in {None, when.month} or timing.day not in {None, when.day}:
        return False
    if timing.weekday is None:
        return True
    if WEEKDAYS[when.weekday()] != timing.weekday:
        return False
    if timing.week == -1:
        return (when + timedelta(days=7)).month != when.month
    return timing.week in {None, (when.day - 1) // 7 + 1}
