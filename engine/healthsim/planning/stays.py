"""How long people are in hospitals and emergency departments."""

from functools import cache

import numpy as np
from scipy import stats

from healthsim.planning.significance import rounded
from healthsim.randomness import CategoryTable

UNIT_CLASS = "ACUTE"
"""Class of the time that an inpatient is in a ward, in HL7 v3 ActCode: a part of a stay, whose class is IMP."""

SHORTEST_ED, LONGEST_ED = 20, 24 * 60
"""Minutes in an emergency department, at least and at most."""

MOST_NIGHTS = 60
"""Nights of the longest stay that is drawn."""

# CMS, Timely and Effective Care, measure OP-18b, 2023: a median of 2 hours and 40 minutes from arrival to departure of
# those sent home. The spread is assumed: a quarter stays beyond 4 hours.
_MEDIAN_ED, _SPREAD_ED = 160.0, 0.6

# AHRQ, HCUP Statistical Brief 246: stays of 2016 took 4.6 days on average. The median is assumed.
_MEAN_NIGHTS, _MEDIAN_NIGHTS = 4.6, 3.0


@cache
def emergency_minutes() -> CategoryTable:
    """Tabulate how long visits to emergency departments take; category 0 is `SHORTEST_ED` minutes."""
    edges = np.arange(SHORTEST_ED, LONGEST_ED + 2) - 0.5
    return CategoryTable.from_weights(rounded(np.diff(stats.lognorm(_SPREAD_ED, scale=_MEDIAN_ED).cdf(edges))))


@cache
def stay_nights() -> CategoryTable:
    """Tabulate the nights of stays in hospital; category 0 is no night."""
    spread = np.sqrt(2 * np.log(_MEAN_NIGHTS / _MEDIAN_NIGHTS))
    edges = np.append(0.0, np.arange(MOST_NIGHTS + 1) + 0.5)
    return CategoryTable.from_weights(rounded(np.diff(stats.lognorm(spread, scale=_MEDIAN_NIGHTS).cdf(edges))))
