"""A planned trial in words and figures, and the rows it is expected to give."""

from datetime import date, timedelta
from typing import Any

from healthsim.planning.journey_explain import expected_by_type
from healthsim.planning.plan import Plan
from healthsim.planning.trial.trial_plan import TrialPlan

_EPOCH = date(1970, 1, 1)


def explained_trial(plan: Plan, trial: TrialPlan) -> dict[str, Any]:
    """Describe a trial, as JSON."""
    protocol = trial.protocol
    screened, randomised = _expected(plan, trial)
    return {
        "protocol": protocol.id,
        "title": protocol.title,
        "phase": protocol.phase,
        "arms": [{"id": arm.id, "name": arm.name, "ratio": arm.ratio} for arm in protocol.arms],
        "strata": list(trial.eligibility.strata),
        "endpoints": [endpoint.name for endpoint in protocol.endpoints],
        "sites": len(trial.sites.ids),
        "first_date": (_EPOCH + timedelta(days=trial.start_day)).isoformat(),
        "treatment_days": protocol.treatment_days,
        "enrollment": trial.enrollment,
        "expected_screened": round(screened),
        "expected_randomized": round(randomised),
    }


def expected_trial_rows(plan: Plan, trial: TrialPlan) -> dict[str, float]:
    """Give the rows expected in the tables of a trial, as if nobody left, and subjects had events as others do."""
    screened, randomised = _expected(plan, trial)
    visits = len(trial.schedule.names) - 2
    every = trial.protocol.dosing.every_days
    doses = visits if every == 1 else trial.protocol.treatment_days / every
    events = sum(sum(event.share.values()) / len(event.share) for event in trial.protocol.adverse_events)
    at_visits = int(trial.at_visits.sum())
    often = expected_by_type(plan.timeline, plan.conditions)
    given = [often[kind] * randomised for kind in ("adverse_event", "dosing", "efficacy_measure")]
    return {
        "trials": 1.0,
        "sites": float(len(trial.sites.ids)),
        "subjects": screened,
        "trial_visits": screened + randomised * visits,
        "adverse_events": randomised * events + given[0],
        "exposures": given[1] if "dosing" in trial.events.types else randomised * doses,
        "trial_measurements": screened * len(trial.tests) + randomised * visits * at_visits + given[2],
        "dispositions": 2 * screened + randomised,
    }


def _expected(plan: Plan, trial: TrialPlan) -> tuple[float, float]:
    """Give how many are expected to be screened and randomised, if as many are eligible as the protocol says."""
    code, eligible = trial.protocol.indication.code, trial.protocol.accrual.eligible
    shares = zip(plan.conditions.conditions, plan.conditions.expected_shares.tolist(), strict=True)
    diseased = max((share for each, share in shares if _is_of(each.code, code)), default=1.0)
    candidates = plan.count * diseased * trial.screened
    screened = min(candidates, trial.enrollment / eligible)
    return screened, screened * eligible


def _is_of(code: str, disease: str) -> bool:
    return code.startswith(disease) or disease.startswith(code)
