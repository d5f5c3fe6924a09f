"""How often each test is expected at the latest visit, for the dry run."""

import numpy as np

from healthsim.planning.natural import ADULT
from healthsim.planning.plan import Floats, Plan
from healthsim.reference import Analyte


def ordered_shares(plan: Plan) -> Floats:
    """Give the share of people whose latest visit has each test, as if conditions and panels were independent.

    Shape `(labs,)`; empty where nothing is measured.
    """
    measured = plan.measurements
    if measured is None or plan.visits is None:
        return np.zeros(0)
    adults = float(plan.people.expected["age"][ADULT:].sum())
    unordered = np.prod(1 - plan.conditions.expected_shares[:, np.newaxis] * measured.for_condition, axis=0)
    shares = np.array(measured.panel_shares)[:, np.newaxis] * adults
    unordered = unordered * (1 - adults if measured.everything else np.prod(1 - shares * measured.panels, axis=0))
    of_age = np.array([share_of_age(plan, analyte) for analyte in measured.labs])
    ordered: Floats = (1 - unordered) * of_age
    return ordered


def share_of_age(plan: Plan, analyte: Analyte) -> float:
    """Give the share of people at whose age an analyte is measured."""
    return float(plan.people.expected["age"][analyte.first_age : analyte.last_age + 1].sum())
