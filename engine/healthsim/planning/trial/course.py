"""What is expected to happen to subjects, as rates, shares and tables."""

import numpy as np

from healthsim.planning.plan import Floats
from healthsim.planning.significance import rounded
from healthsim.planning.trial.trial_plan import CoursePlan
from healthsim.randomness import CategoryTable, QuantileTable
from healthsim.spec import Protocol

DAYS_PER_YEAR = 365.25
BEST_RESPONSES = ("CR", "PR", "SD", "PD")

_CELLS = 4_096


def planned_course(protocol: Protocol) -> CoursePlan:
    """Turn a protocol's figures into daily rates and tables."""
    arms = [arm.id for arm in protocol.arms]
    days = protocol.treatment_days
    leaving = _daily([protocol.discontinuation.share[arm] for arm in arms], days)
    shares = np.array([[event.share[arm] for arm in arms] for event in protocol.adverse_events]).reshape(-1, len(arms))
    outcomes = [[each.per_100_years[arm] for arm in arms] for each in protocol.outcomes]
    return CoursePlan(
        waits=_waits(),
        leaving=leaving,
        reasons=CategoryTable.from_weights(list(protocol.discontinuation.reasons.values())),
        outcomes=rounded(np.array(outcomes).reshape(-1, len(arms)) / (100 * DAYS_PER_YEAR)),
        adverse=_daily(shares, days),
        leading=CategoryTable.from_weights(rounded(shares.T + _NEVER) if len(shares) else np.ones((len(arms), 1))),
        responses=CategoryTable.from_weights(_responses(protocol, leaving)),
        progression=_progression(protocol),
        changes=rounded(
            np.array([[effect.change[arm] for arm in arms] for effect in protocol.effects]).reshape(-1, len(arms))
        ),
    )


_NEVER = 1e-9
"""Weight of an adverse event that an arm does not have, so that the weights of an arm without any are some."""


def _daily(shares: "Floats | list[float]", days: int) -> Floats:
    """Give the constant daily rate at which a share of subjects has had an event after some days."""
    return rounded(-np.log1p(-np.minimum(np.array(shares, np.float64), _MOST)) / days)


_MOST = 0.999
"""Share of subjects that counts as all of them, as no rate makes it sooner."""


def _waits() -> QuantileTable:
    """Tabulate the exponential distribution; its last cell ends where a straight line keeps the tail's mean."""
    inner = -np.log1p(-np.arange(_CELLS) / _CELLS)
    last = 2 * (inner[-1] + 1.0) - inner[-1]
    return QuantileTable.from_quantiles(rounded(np.append(inner, last)))


def _responses(protocol: Protocol, leaving: Floats) -> Floats:
    """Give the shares of best responses among those who are assessed, shape `(arms, 4)`.

    Published shares are among all; who leaves or dies before the first assessment has no response, so that the others
    have more.
    """
    response = protocol.response
    if response is None:
        return np.ones((len(protocol.arms), len(BEST_RESPONSES)))
    rows = []
    for place, arm in enumerate(protocol.arms):
        dying = sum(each.per_100_years[arm.id] for each in protocol.outcomes if each.is_fatal) / (100 * DAYS_PER_YEAR)
        assessed = np.exp(-(float(leaving[place]) + dying) * response.every_days)
        responding = [response.complete[arm.id], response.partial[arm.id]]
        scaled = np.minimum(np.array(responding) / assessed, 1.0)
        progressive = min(response.progressive[arm.id], 1.0 - float(scaled.sum()))
        rows.append([*scaled.tolist(), 1.0 - float(scaled.sum()) - progressive, progressive])
    return rounded(np.clip(np.array(rows), 0.0, 1.0))


def _progression(protocol: Protocol) -> Floats:
    """Give the daily rate of progression after the first assessment, so that the median is as published."""
    response = protocol.response
    if response is None:
        return np.zeros(len(protocol.arms))
    medians = np.array([response.months_to_progression[arm.id] for arm in protocol.arms]) * (DAYS_PER_YEAR / 12)
    progressing = np.array([response.progressive[arm.id] for arm in protocol.arms])
    left = np.minimum(0.5 / np.maximum(1.0 - progressing, 0.5), _MOST)
    return rounded(-np.log(left) / np.maximum(medians - response.every_days, response.every_days))
