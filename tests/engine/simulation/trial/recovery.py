"""What the tables of a trial say of its primary endpoint, beside what its protocol plans."""

from collections.abc import Callable, Mapping
from math import log, sqrt
from typing import Any

import duckdb

from engine.simulation.trial.trials import profile, tables
from healthsim.planning import Plan
from healthsim.planning.trial.library import protocol_library
from healthsim.spec import Protocol

Interval = tuple[float, float]
"""An estimate and its standard error."""

PEOPLE: Mapping[str, int] = {"t2dm-phase-3": 4_000, "hf-outcomes": 5_000, "nsclc-response": 700}
"""As many as it takes to randomise 600."""

PROTOCOLS = tuple(PEOPLE)
_TWO_SIDED = 1.959964


def recovers(planned: Callable[[dict[str, Any], int], Plan], protocol: str, seed: int) -> bool:
    """Tell whether the planned effect lies within the 95 % confidence interval of a simulated trial of 600."""
    document = profile(protocol, PEOPLE[protocol], enrollment=600)
    with tables(planned(document, seed)) as trial:
        (randomised,) = trial.execute("SELECT count(*) FROM subjects WHERE armcd IS NOT NULL").fetchone() or (0,)
        assert randomised == 600
        estimate, error = ESTIMATES[protocol](trial)
    return abs(estimate - planned_effect(protocol_library().protocols[protocol])) <= _TWO_SIDED * error


def planned_effect(protocol: Protocol) -> float:
    """Give the planned effect of the active arm over the control."""
    control = protocol.arms[0].id
    if protocol.response is not None:
        shares = {arm: protocol.response.complete[arm] + protocol.response.partial[arm] for arm in (control, "active")}
        return shares["active"] - shares[control]
    if protocol.outcomes:
        counted = protocol.outcomes[:2]
        return log(sum(each.per_100_years["active"] for each in counted)) - log(
            sum(each.per_100_years[control] for each in counted)
        )
    change = protocol.effects[0].change
    return change["active"] - change[control]


def difference_of_means(trial: duckdb.DuckDBPyConnection) -> Interval:
    """Give the difference of the mean changes of HbA1c at the last visit."""
    rows = trial.execute("""
        SELECT armcd = 'active' AS is_active, avg(chg), var_samp(chg) / count(*)
        FROM trial_measurements AS measured JOIN trial_visits USING (visit_id)
        JOIN subjects ON subjects.person_id = measured.person_id
        WHERE testcd = 'HBA1C' AND visit = 'Week 24' GROUP BY 1 ORDER BY 1
    """).fetchall()
    (_, control, its_variance), (_, active, other_variance) = rows
    return active - control, sqrt(its_variance + other_variance)


def ratio_of_rates(trial: duckdb.DuckDBPyConnection) -> Interval:
    """Give the logarithm of the ratio of the rates of the primary endpoint."""
    rows = trial.execute("""
        SELECT armcd = 'active' AS is_active, count(*) FILTER (result = 'EVENT'), sum(value)
        FROM trial_measurements JOIN subjects USING (person_id) WHERE testcd = 'TTE1' GROUP BY 1 ORDER BY 1
    """).fetchall()
    (_, events, days), (_, other_events, other_days) = rows
    return log(other_events / other_days) - log(events / days), sqrt(1 / events + 1 / other_events)


def difference_of_shares(trial: duckdb.DuckDBPyConnection) -> Interval:
    """Give the difference of the shares of responders among the randomised."""
    rows = trial.execute("""
        SELECT armcd = 'active' AS is_active, avg((result IN ('CR', 'PR'))::INTEGER), count(*)
        FROM trial_measurements JOIN subjects USING (person_id) WHERE testcd = 'BOR' GROUP BY 1 ORDER BY 1
    """).fetchall()
    (_, share, many), (_, other, as_many) = rows
    return other - share, sqrt(share * (1 - share) / many + other * (1 - other) / as_many)


ESTIMATES: Mapping[str, Callable[[duckdb.DuckDBPyConnection], Interval]] = {
    "t2dm-phase-3": difference_of_means,
    "hf-outcomes": ratio_of_rates,
    "nsclc-response": difference_of_shares,
}
