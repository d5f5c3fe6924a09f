"""How many rows the tables of MemberSim are expected to have, for the dry run: estimates, not what is drawn from."""

from dataclasses import dataclass

import numpy as np

from healthsim.planning.journey_explain import expected_by_type
from healthsim.planning.payer.adjudication import AUTHORIZATION, DUPLICATE, OUTSIDE
from healthsim.planning.payer.adjudication_plan import AdjudicationPlan, HandlingPlan
from healthsim.planning.payer.billing_plan import BillingPlan
from healthsim.planning.payer.claims_content import LINES, Denials, benefits_file
from healthsim.planning.payer.coverage_expected import expected_coverage
from healthsim.planning.payer.coverage_plan import CoveragePlan
from healthsim.planning.payer.occasions_expected import Occasions, expected_occasions
from healthsim.planning.payer.services import SERVICES
from healthsim.planning.plan import Floats, Ints, Plan

_POINTS = 200
"""Days at which what happens over a time is looked at."""

_NETWORK = 65_536
_WEEK = 7
_EMERGENCY = SERVICES.index("emergency")


def expected_member_rows(plan: Plan, coverage: CoveragePlan) -> dict[str, float]:
    """Give the rows expected in the tables of MemberSim, as if nobody died or left."""
    found = expected_coverage(plan, coverage, plan.people.expected["age"])
    rows = {
        "plans": float(len(coverage.benefits.plans)),
        "members": plan.count * found.members,
        "enrollments": plan.count * found.enrollments,
        "enrollment_changes": plan.count * found.changes,
    }
    often = expected_by_type(plan.timeline, plan.conditions)
    if "eligibility_checks" in plan.dictionaries:
        rows["eligibility_checks"] = plan.count * often["eligibility_check"]
    billing, adjudication = plan.others.billing, plan.others.adjudication
    if billing is None or adjudication is None:
        return rows
    payers = _Payers.of(adjudication, coverage, billing)
    of_claims = dict.fromkeys(("claims", "claim_lines", "remittances", "prior_authorizations"), 0.0)
    quiet: dict[int, Floats] = {}
    for occasions in expected_occasions(plan, billing):
        days = np.linspace(occasions.first_day, occasions.last_day, _POINTS).astype(np.int64)
        months = np.searchsorted(coverage.months, days, side="right") - 1
        is_of_all = occasions.ages is plan.people.expected["age"]
        covered = (found if is_of_all else expected_coverage(plan, coverage, occasions.ages)).covered[months]
        for name, count in payers.rows_of(plan.people.expected["age"], occasions, days, covered).items():
            of_claims[name] += plan.count * count
        _add_times(quiet, plan, occasions, days, payers)
    covered_now = float(found.covered[coverage.current].sum())
    of_claims["prior_authorizations"] += plan.count * often["prior_authorization"] * covered_now
    of_claims["accumulators"] = plan.count * _plan_years(quiet, plan, coverage, found.covered)
    return {**rows, **of_claims}


@dataclass(frozen=True, slots=True)
class _Payers:
    """What becomes of claims with each plan; arrays have the shape `(plans,)` unless said.

    Attributes:
        plan: How claims are handled.
        denied: Share of claims that are denied at first.
        resubmitted: Share that is denied and sent again.
        duplicated: Share that is sent twice.
        required: Share of the claims for each service that a request is made for, shape `(plans, services)`.
    """

    plan: AdjudicationPlan
    denied: Floats
    resubmitted: Floats
    duplicated: Floats
    required: Floats

    @classmethod
    def of(cls, plan: AdjudicationPlan, coverage: CoveragePlan, billing: BillingPlan) -> "_Payers":
        content = benefits_file("denials", Denials)
        share = {reason.name: reason.share for reason in content.reasons}
        kept = 1 - share[DUPLICATE]
        again = sum(each.share * each.resubmitted for each in content.reasons if each.name != DUPLICATE) / kept
        rates = np.array([content.lines[name].denied for name in LINES])[plan.line] * (
            1 + plan.denials.duplicated[plan.line]
        )
        outside = (
            1 - np.array([billing.network.get(each.type, _NETWORK) for each in coverage.benefits.plans]) / _NETWORK
        )
        refused = np.minimum(rates * content.out_of_network.times, 1.0) * kept
        of_network = plan.denials.resubmitted[plan.denials.names.index(OUTSIDE)]
        for_network = np.where(plan.benefits.needs_network, 1 - rates * kept / refused, 0.0)
        sent = again + (of_network - again) * for_network
        unasked = plan.denials.unauthorized[::2]
        late = plan.denials.resubmitted[plan.denials.names.index(AUTHORIZATION)]
        granted = late * plan.denials.paid_later[plan.line]
        return cls(
            plan=plan,
            denied=(1 - outside) * rates * kept + outside * refused,
            resubmitted=(1 - outside) * rates * kept * again + outside * refused * sent,
            duplicated=plan.denials.duplicated[plan.line],
            required=plan.authorizations.required * (1 - unasked * (1 - granted))[:, np.newaxis],
        )

    def rows_of(self, ages: Floats, occasions: Occasions, days: Ints, covered: Floats) -> dict[str, float]:
        """Give the rows a person that occasions of a kind leave.

        Args:
            ages: Shares of all people by age, shape `(111,)`.
            occasions: The occasions.
            days: Days on which they are, shape `(points,)`.
            covered: Share of the people covered by each plan then, shape `(points, plans)`.
        """
        time = _Time.of(self.plan.handling, days)
        handling, paid = self.plan.handling, 1 - self.denied
        taken = paid * (handling.voided + 2 * handling.adjusted)
        more = np.outer(time.again, self.duplicated) + np.outer(time.resubmitted, self.resubmitted)
        more += np.outer(time.taken_back, taken)
        billed = (covered * (time.received[:, np.newaxis] + more)).sum(axis=1).mean()
        decided = (covered * (time.decided[:, np.newaxis] + more)).sum(axis=1).mean()
        claims = occasions.claims.sum()
        asked = covered.mean(axis=0) @ self.required @ (occasions.claims @ occasions.services)
        apart = sum(1 - np.prod(1 - occasions.claims * share) for share in time.weeks) / claims
        counts = {
            "claims": billed * claims,
            "claim_lines": billed * occasions.lines,
            "remittances": decided * claims * apart * self._alone(ages, occasions, decided * claims * apart),
            "prior_authorizations": float(asked),
        }
        return {name: occasions.times * float(count) for name, count in counts.items()}

    @staticmethod
    def _alone(ages: Floats, occasions: Occasions, each: float) -> float:
        """Give the share of remittances that no other of the same person's week takes the place of.

        Args:
            ages: Shares of all people by age, shape `(111,)`.
            occasions: The occasions.
            each: Remittances of one of them, alone.
        """
        if not occasions.recurs:
            return 1.0
        weeks = max((occasions.last_day - occasions.first_day) / _WEEK, 1.0)
        of_age = np.divide(occasions.ages, ages, out=np.zeros_like(ages), where=ages > 0)
        mean = np.outer(of_age, occasions.needs) * occasions.times * each / weeks
        some = ages @ (1 - np.exp(-mean)).mean(axis=1)
        return float(some / max(ages @ mean.mean(axis=1), np.finfo(float).tiny))


@dataclass(frozen=True, slots=True)
class _Time:
    """Chances that something comes to pass before claims are followed no more; shape `(points,)` but the last.

    Attributes:
        received: That a claim is received.
        decided: That it is decided.
        again: That it is sent a second time.
        resubmitted: That it is sent again after a denial.
        taken_back: That a payment is taken back.
        weeks: Shares of the weeks after the service in which it is decided.
    """

    received: Floats
    decided: Floats
    again: Floats
    resubmitted: Floats
    taken_back: Floats
    weeks: Floats

    @classmethod
    def of(cls, handling: HandlingPlan, days: Ints) -> "_Time":
        left = handling.last_day - days
        received = handling.received[0]
        delays = np.add.outer(received, handling.decided).ravel()
        phases = np.add.outer(delays, np.arange(_WEEK)).ravel() // _WEEK
        return cls(
            received=(left[:, np.newaxis] >= received).mean(axis=1),
            decided=(left[:, np.newaxis] >= delays).mean(axis=1),
            again=_within(left, received, handling.duplicated),
            resubmitted=_within(left, delays, handling.resubmitted),
            taken_back=_within(left, delays, handling.taken_back),
            weeks=np.bincount(phases) / len(phases),
        )


def _within(left: Ints, delays: Ints, window: tuple[int, int]) -> Floats:
    """Give the chance that some delay, and days of a window after it, are over in time, shape `(points,)`."""
    least, most = window
    within = np.clip((left[:, np.newaxis] - delays - least + 1) / (most - least + 1), 0.0, 1.0)
    chance: Floats = within.mean(axis=1)
    return chance


def _add_times(quiet: dict[int, Floats], plan: Plan, occasions: Occasions, days: Ints, payers: _Payers) -> None:
    """Multiply, year by year, the chance that people of each age have none of the occasions that is paid for.

    Args:
        quiet: The chances so far by year, shape `(111, steps)` each; changed in place.
        plan: The plan.
        occasions: The occasions.
        days: Days on which they are.
        payers: What becomes of claims.
    """
    ages = plan.people.expected["age"]
    of_age = np.divide(occasions.ages, ages, out=np.zeros_like(ages), where=ages > 0)
    paid = 1 - float(payers.denied.mean()) ** max(float(occasions.claims.sum()), 1.0)
    years, counts = np.unique(days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64), return_counts=True)
    for year, count in zip(years.tolist(), counts.tolist(), strict=True):
        mean = occasions.times * paid * count / len(days) * of_age
        none = (
            np.exp(-np.outer(mean, occasions.needs)) if occasions.recurs else np.maximum(1 - mean, 0.0)[:, np.newaxis]
        )
        quiet[year] = quiet.get(year, np.ones((1, 1))) * none


def _plan_years(quiet: dict[int, Floats], plan: Plan, coverage: CoveragePlan, covered: Floats) -> float:
    """Give the plan years of a person with something paid for."""
    numbers = (coverage.first_month + np.arange(len(covered))) // 12
    total = 0.0
    for year, none in quiet.items():
        of_year = covered[numbers == year]
        if len(of_year):
            some = float(plan.people.expected["age"] @ (1 - none.mean(axis=1)))
            total += some * float(of_year.max(axis=0).sum())
    return total
