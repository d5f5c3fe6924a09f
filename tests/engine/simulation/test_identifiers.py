"""Identifiers are unique by construction: every number fits into its bits, for the most rows there can be."""

import numpy as np

from healthsim.planning.journey_columns import MOST_COLUMNS
from healthsim.planning.payer.billing_content import billing_rules
from healthsim.planning.payer.billing_rules import SURGEON_SLOT
from healthsim.planning.payer.coverage_plan import MOST_RELATIVES
from healthsim.planning.plan import AGES
from healthsim.planning.utilization import MOST_A_YEAR
from healthsim.planning.utilization_plan import BETWEEN_DELIVERIES
from healthsim.reference.utilization import care_kinds
from healthsim.simulation import background_rows
from healthsim.simulation.cases import SLOT_BITS
from healthsim.simulation.events import happened
from healthsim.simulation.payer import charges, claim_events, claim_rows, household, occasions, plan_years, submissions
from healthsim.simulation.payer.remittances import WEEK_BITS
from healthsim.simulation.pharmacy import attempts, claims, fills, rows
from healthsim.spec.coverage import LONGEST_COVERAGE_YEARS, MOST_PLANS
from healthsim.spec.profile import MOST_PEOPLE

YEARS_OF_A_LIFE = AGES
FIRST_YEAR, LAST_YEAR = 1950 - AGES, 2100 + 10
"""Of what may be told: as_of lies from 1950 to 2100, lives are 110 years long, journeys last up to ten years."""


def test_a_lifetime_of_background_care_fits_beside_journeys_and_the_latest_visit() -> None:
    often = [kind for kind in care_kinds() if kind.name in {"office", "emergency", "inpatient"}]
    fertile = next(kind for kind in care_kinds() if kind.name == "delivery").rates.any(axis=1).sum()
    births = 1 + int(fertile) * 366 // BETWEEN_DELIVERIES + 1
    encounters = len(often) * MOST_A_YEAR * YEARS_OF_A_LIFE + births
    complications = MOST_A_YEAR * YEARS_OF_A_LIFE
    assert background_rows.FIRST_NUMBER + encounters + complications <= 1 << SLOT_BITS
    assert happened.FIRST_NUMBER + MOST_COLUMNS <= background_rows.FIRST_NUMBER


def test_claims_have_room_for_every_occasion_claim_and_submission() -> None:
    assert occasions.NUMBER_BITS >= SLOT_BITS + 1  # encounters, and what journeys order without one
    assert (claim_events.SERVICE_CLAIMED + 1) << SLOT_BITS <= 1 << occasions.NUMBER_BITS
    assert max(SURGEON_SLOT, *(bundle.slot for bundle in billing_rules().bundles)) < 1 << charges.OCCASION_BITS
    assert occasions.NUMBER_BITS + charges.OCCASION_BITS + submissions.SUBMISSION_BITS <= claim_rows.CLAIM_BITS


def test_plan_years_remittances_and_messages_have_room_for_every_year_and_plan() -> None:
    assert MOST_PLANS + 13 <= 1 << plan_years.PLAN_BITS
    assert FIRST_YEAR + 1 >= 1850 - 10
    assert LAST_YEAR - 1850 < 1 << plan_years.YEAR_BITS
    assert plan_years.PLAN_BITS + WEEK_BITS <= claim_rows.REMITTANCE_BITS
    assert (LAST_YEAR - 1970 + 1) * 53 + (1970 - FIRST_YEAR + 1) * 53 < 1 << WEEK_BITS
    months = (LAST_YEAR - FIRST_YEAR + LONGEST_COVERAGE_YEARS) * 12
    assert months << 2 < 1 << SLOT_BITS


def test_relatives_have_numbers_of_their_own() -> None:
    assert 3 + MOST_RELATIVES < household.SUFFIXES


def test_pharmacy_claims_have_room_for_every_order_fill_and_attempt() -> None:
    assert claims.ROW_BITS == SLOT_BITS + fills.FILL_BITS + attempts.ATTEMPT_BITS
    # A fill every two weeks for a lifetime; who has more of one order has no further ones.
    assert YEARS_OF_A_LIFE * 366 // 20 < 1 << fills.FILL_BITS


def test_the_most_people_fit_into_sixty_three_bits_with_all_of_it() -> None:
    widest = max(SLOT_BITS, claim_rows.CLAIM_BITS, claim_rows.REMITTANCE_BITS, claims.ROW_BITS + rows.RULE_BITS)
    assert MOST_PEOPLE << widest < 2**63
    assert MOST_PEOPLE * household.SUFFIXES + household.SUFFIXES < 2**63


def test_the_numbers_of_a_million_people_do_not_touch() -> None:
    people = np.arange(1, 1_000_001, dtype=np.int64)
    alerts = claims.ROW_BITS + rows.RULE_BITS
    for bits in (SLOT_BITS, claim_rows.CLAIM_BITS, claim_rows.REMITTANCE_BITS, claims.ROW_BITS, alerts):
        least, most = people << bits, (people << bits) + (1 << bits) - 1
        assert (least[1:] > most[:-1]).all()
        assert most.max() > 0
