"""The insurance plans of the package say what they cost and where that is from."""

from itertools import pairwise

import pytest

from healthsim.planning.payer.insurance import UNLIMITED, benefits_of, insurance_plans
from healthsim.planning.payer.services import SERVICES
from healthsim.spec.insurance import InsurancePlan


@pytest.mark.parametrize("plan", insurance_plans(), ids=lambda plan: plan.id)
def test_every_plan_names_its_sources(plan: InsurancePlan) -> None:
    assert plan.source
    assert plan.confidence


def test_every_kind_of_plan_is_there_once() -> None:
    plans = insurance_plans()
    assert len({plan.id for plan in plans}) == len(plans)
    assert {"HMO", "PPO", "EPO", "POS", "HDHP", "FFS"} <= {plan.type for plan in plans}
    assert {"bronze", "silver", "gold"} <= {plan.metal for plan in plans}
    assert {"private", "medicare", "medicaid"} == {plan.members for plan in plans}


@pytest.mark.parametrize("plan", insurance_plans(), ids=lambda plan: plan.id)
def test_prevention_is_free_and_nobody_pays_a_deductible_above_the_maximum(plan: InsurancePlan) -> None:
    benefits = benefits_of([plan])
    assert benefits.copay[0, SERVICES.index("preventive")] == 0
    assert benefits.copay[0, SERVICES.index("immunization")] == 0
    assert benefits.deductible[0] <= benefits.maximum[0] <= UNLIMITED
    assert benefits.family_deductible[0] <= benefits.family_maximum[0]


def test_better_metals_have_lower_deductibles() -> None:
    by_metal = {plan.metal: plan.deductible.individual for plan in insurance_plans() if plan.metal}
    assert all(by_metal[worse] > by_metal[better] for worse, better in pairwise(("bronze", "silver", "gold")))
