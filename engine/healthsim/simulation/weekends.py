"""Days of the week: what keeps events off weekends."""

import numpy as np

from healthsim.planning.plan import Ints

_EPOCH_WEEKDAY = 3
"""1970-01-01 was a Thursday; Mondays are 0."""

_FRIDAY, _DAYS_OF_WEEK = 4, 7


def off_weekends(day: Ints, direction: int) -> Ints:
    """Give the days to add to move Saturdays and Sundays to the Monday after (1) or the Friday before (-1)."""
    weekday = (day + _EPOCH_WEEKDAY) % _DAYS_OF_WEEK
    beyond = weekday - _FRIDAY
    return np.where(beyond > 0, _DAYS_OF_WEEK - weekday if direction > 0 else -beyond, 0)
