"""Which tests are repeated for the conditions that people have, how often, and in which panels."""

from collections.abc import Sequence

import numpy as np

from healthsim.planning.measurements import Booleans, marks
from healthsim.planning.naming import NamedCondition
from healthsim.planning.testing_plan import MonitoredTest, PanelRule
from healthsim.reference import Analyte, monitoring_share, panels

PANELS = ("bmp", "cmp", "lipid", "cbc")
"""Panels that are ordered in place of their single tests, smaller ones before those that hold them."""

_SERVES_FROM = 2
"""Tests from which on a panel takes their place.

Laboratories bill Medicare for metabolic panels far more often than for creatinine or potassium alone (CMS, Part B
National Summary); that two tests suffice is assumed.
"""


def monitored_tests(labs: Sequence[Analyte], named: Sequence[NamedCondition]) -> tuple[MonitoredTest, ...]:
    """Give the tests that conditions call for.

    Args:
        labs: What can be measured.
        named: The conditions, by slot.
    """
    days = [condition.model.monitoring_days if condition.model else {} for condition in named]
    planned = []
    for place, lab in enumerate(labs):
        intervals = tuple((slot, known[lab.id]) for slot, known in enumerate(days) if lab.id in known)
        if intervals:
            different = sorted({interval for _, interval in intervals})
            shares = tuple((interval, monitoring_share(lab.id, interval)) for interval in different)
            planned.append(MonitoredTest(place, marks(labs, [lab.id]), intervals, shares))
    return tuple(planned)


def panel_rules(labs: Sequence[Analyte]) -> tuple[PanelRule, ...]:
    """Give the panels that take the place of single tests."""
    measured = np.array([not lab.computed_from for lab in labs])
    rules: list[PanelRule] = []
    for name in PANELS:
        tests = marks(labs, panels()[name].members)
        within = [rule.tests for rule in rules if not (rule.tests & ~tests).any()]
        own = tests & ~np.logical_or.reduce(within) if within else tests
        rules.append(PanelRule(tests, tests & measured, own & measured))
    return tuple(rules)


def with_panels(rules: Sequence[PanelRule], wanted: Booleans) -> Booleans:
    """Give what is done where tests are wanted, both of the shape `(occasions, labs)`."""
    done = wanted.copy()
    for rule in rules:
        serves = (wanted[:, rule.counted].sum(axis=1) >= _SERVES_FROM) & wanted[:, rule.own].any(axis=1)
        done[serves] |= rule.tests
    return done
