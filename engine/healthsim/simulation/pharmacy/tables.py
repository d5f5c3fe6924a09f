"""The tables of RxMemberSim: who has which drug benefit, what is prescribed, claimed and warned of."""

from collections.abc import Iterator

import numpy as np

from healthsim.planning.pharmacy.pharmacy_plan import PharmacyPlan
from healthsim.planning.plan import Plan
from healthsim.simulation.block import Block
from healthsim.simulation.chart import Chart
from healthsim.simulation.events.marked import marks_of
from healthsim.simulation.payer.membership import Membership
from healthsim.simulation.pharmacy.attempts import PAID, TOO_SOON, attempts_of
from healthsim.simulation.pharmacy.benefit import drug_coverage, habits_of
from healthsim.simulation.pharmacy.claims import Claims, claims_of
from healthsim.simulation.pharmacy.decisions import decided
from healthsim.simulation.pharmacy.fills import Fills, fills_of
from healthsim.simulation.pharmacy.review import Alerts, Reviewed, alerts_of
from healthsim.simulation.pharmacy.rows import alert_rows, claim_rows, prescription_rows, rx_member_rows, span_ids
from healthsim.simulation.pharmacy.therapies import therapies_of
from healthsim.simulation.pharmacy.turns import turns_of
from healthsim.simulation.pharmacy.warned import with_asked
from healthsim.tables import MISSING, Batch


def pharmacy_tables(plan: Plan, block: Block, chart: Chart, membership: Membership) -> Iterator[Batch]:
    """Give the rows of RxMemberSim of a block.

    Args:
        plan: A plan with coverage and a pharmacy benefit.
        block: The people.
        chart: What their clinical tables say.
        membership: Who is covered by what.
    """
    coverage, pharmacy = plan.others.coverage, plan.others.pharmacy
    if coverage is None or pharmacy is None:
        return
    people = block.people
    benefits = drug_coverage(pharmacy, membership, people.draws)
    yield rx_member_rows(coverage, block, benefits)
    therapies = therapies_of(pharmacy, plan, block, chart)
    habits = habits_of(pharmacy, therapies, benefits, people.draws)
    own = people.draws.rows(therapies.person[therapies.first])
    fills = fills_of(pharmacy, therapies, habits, turns_of(plan, block), own)
    known = decided(pharmacy, therapies, fills, benefits, people.draws, marks_of(plan, block, "reversal"))
    yield prescription_rows(pharmacy, block, chart, therapies, known.fills)
    attempts = attempts_of(pharmacy, therapies, known, benefits)
    claims = claims_of(pharmacy, people, therapies, known, attempts, benefits)
    yield claim_rows(block, span_ids(coverage, block, benefits), known.fills, claims)
    found = _reviewed(pharmacy, block, chart, known.fills, claims)
    yield alert_rows(pharmacy, block, claims, with_asked(plan, pharmacy, block, claims, found))


def _reviewed(pharmacy: PharmacyPlan, block: Block, chart: Chart, fills: Fills, claims: Claims) -> Alerts:
    """Review what is dispensed, and what is asked for too soon."""
    attempts = claims.attempts
    rows = np.flatnonzero((attempts.attempt == PAID) | (attempts.attempt == TOO_SOON))
    fill = attempts.fill[rows]
    day, is_early = attempts.day[rows], attempts.attempt[rows] == TOO_SOON
    until = np.maximum(fills.ran_out[fill], day) + attempts.days[rows]
    recorded, onset = (chart.column("diagnoses", name).astype(np.int64) for name in ("recorded_date", "onset_date"))
    person = claims.person[rows]
    reviewed = Reviewed(
        person=person,
        day=day,
        drug=claims.drug[rows],
        quantity=claims.dispensed.quantity[rows],
        days=attempts.days[rows],
        supplied_until=np.where(is_early, day, until),
        is_early=is_early,
        birth_day=block.people.birth_day[person],
        diagnosed=chart.column("diagnoses", "person_id") - (block.people.first + 1),
        diagnosis=chart.column("diagnoses", "code").astype(np.int64),
        diagnosed_day=np.where(recorded == MISSING, onset, recorded),
    )
    alerts = alerts_of(pharmacy.rules, pharmacy.drugs, reviewed)
    return Alerts(rows[alerts.claim], alerts.rule, alerts.other, alerts.code)
