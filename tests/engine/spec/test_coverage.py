"""The section on insurance: short forms, and all that is wrong with it at once, with the nearest name."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthsim import explain
from healthsim.errors import InvalidProfileError
from healthsim.planning.payer.insurance import insurance_plans
from healthsim.spec import Profile, parse_profile
from healthsim.spec.coverage import Coverage
from healthsim.spec.coverage_checks import plan_problems
from healthsim.spec.coverage_shorthand import SPELLINGS
from healthsim.spec.insurance import InsurancePlan, PerHousehold

PLAN: dict[str, Any] = {
    "id": "own",
    "name": "Own Plan",
    "payer": "Own Payer",
    "line_of_business": "commercial",
    "type": "PPO",
    "members": "private",
    "monthly_premium": 500,
    "deductible": {"individual": 1000, "family": 2000},
    "out_of_pocket_maximum": {"individual": 4000, "family": 8000},
    "cost_sharing": {"default": {"coinsurance": 0.2}, "preventive": {"copay": 0}},
    "price": {"professional": 1.4, "outpatient": 2.6, "inpatient": 1.9},
}


def asked(coverage: Any) -> Coverage:  # noqa: ANN401 - whatever JSON holds
    found = parse_profile({"product": "membersim", "coverage": coverage}).coverage
    assert found is not None
    return found


def own(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever JSON holds
    return {"plans": [{**PLAN, **changes}]}


@pytest.mark.parametrize(
    ("written", "mix"),
    [
        ({"commercial": 0.6, "medicare": 0.4}, {"private": 0.6, "medicare": 0.4}),
        ({"commercial": 60, "medicare": 25, "self-pay": 15}, {"private": 0.6, "medicare": 0.25, "uninsured": 0.15}),
        ({"Medicaid": "70%", "none": "30 %"}, {"medicaid": 0.7, "uninsured": 0.3}),
        ({"commercial": 0.5, "employer": 0.5}, {"private": 1.0}),
        ("medicare", {"medicare": 1.0}),
    ],
    ids=str,
)
def test_a_mix_is_written_in_many_ways(written: Any, mix: dict[str, float]) -> None:  # noqa: ANN401 - whatever JSON holds
    assert asked({"payer_mix": written}).payer_mix == pytest.approx(mix)


def test_insurance_and_plans_stand_for_the_whole_by_their_name() -> None:
    assert asked("medicaid").payer_mix == {"medicaid": 1.0}
    assert asked({"plans": "ppo-employer"}).plans == ("ppo-employer",)
    assert asked({"plans": PLAN}).plans == (InsurancePlan.model_validate(PLAN),)


@given(st.dictionaries(st.sampled_from(sorted(SPELLINGS)), st.floats(0.01, 100), min_size=1))
def test_shares_are_those_asked_for_or_told_not_to_sum_to_one(shares: dict[str, float]) -> None:
    if 0.99 <= sum(shares.values()) <= 1.01 or 99 <= sum(shares.values()) <= 101:
        mix = asked({"payer_mix": shares}).payer_mix
        assert mix is not None
        assert sum(mix.values()) == pytest.approx(1.0)
        return
    with pytest.raises(InvalidProfileError) as caught:
        asked({"payer_mix": shares})
    assert all(problem.path.startswith("$.coverage.payer_mix") for problem in caught.value.problems)


def test_a_dict_json_and_python_are_the_same() -> None:
    document = {"product": "membersim", "coverage": {"payer_mix": {"private": 1.0}, **own()}}
    written = parse_profile(json.dumps(document))
    built = Profile(
        products=("membersim",), coverage=Coverage(payer_mix={"private": 1.0}, plans=(InsurancePlan(**PLAN),))
    )
    assert parse_profile(document) == written == parse_profile(built)


def test_a_profile_built_in_python_is_checked_like_a_document() -> None:
    built = Profile(products=("membersim",), coverage=Coverage(payer_mix={"private": 0.7}))
    with pytest.raises(InvalidProfileError, match="payer_mix: shares must sum to 1"):
        explain(built)


@pytest.mark.parametrize(
    ("coverage", "path", "told"),
    [
        ({"payer_mix": {"medcare": 1.0}}, "$.coverage.payer_mix.medcare", "did you mean medicare"),
        ({"payer_mix": {"private": 0.7}}, "$.coverage.payer_mix", "0.3 is missing"),
        ({"payer_mix": 3}, "$.coverage.payer_mix", "object"),
        ({"plan": "ppo-employer"}, "$.coverage.plan", "did you mean plans"),
        ({"plans": [5]}, "$.coverage.plans[0]", "object"),
        (own(deductable=3), "$.coverage.plans[0].deductable", "did you mean deductible"),
        (own(line_of_business="comercial"), "$.coverage.plans[0].line_of_business", "did you mean commercial"),
        (own(weight=0), "$.coverage.plans[0].weight", "greater than 0"),
        (
            own(cost_sharing={"default": {"coinsurance": 20}}),
            "$.coverage.plans[0].cost_sharing.default.coinsurance",
            "less than or equal to 1",
        ),
        (
            own(cost_sharing={"default": {"copay": 1}, "emergncy": {"copay": 2}}),
            "$.coverage.plans[0].cost_sharing.emergncy",
            "did you mean emergency",
        ),
        (own(cost_sharing={"emergency": {"copay": 2}}), "$.coverage.plans[0].cost_sharing", "needs a default"),
        (own(deductible={"individual": 9, "family": 8}), "$.coverage.plans[0].deductible", "family"),
        (own(members="medicare"), "$.coverage.plans[0].members", "did you mean private"),
        (own(metal="gold"), "$.coverage.plans[0].metal", "on the exchange"),
        (own(hospital_deductible=5), "$.coverage.plans[0].hospital_deductible", "traditional Medicare"),
        (own(out_of_pocket_maximum=None), "$.coverage.plans[0].out_of_pocket_maximum", "at most 9200"),
        (
            own(out_of_pocket_maximum={"individual": 9201, "family": 18_400}),
            "$.coverage.plans[0].out_of_pocket_maximum.individual",
            "at most 9200",
        ),
        (
            own(deductible={"individual": 4001, "family": 8000}),
            "$.coverage.plans[0].deductible.individual",
            "at most 4000",
        ),
        (
            own(type="HDHP", deductible={"individual": 1649, "family": 3300}),
            "$.coverage.plans[0].deductible.individual",
            "at least 1650",
        ),
        (
            own(
                type="HDHP",
                deductible={"individual": 1650, "family": 3300},
                cost_sharing={"default": {"coinsurance": 0.1}, "specialist": {"copay": 40}},
            ),
            "$.coverage.plans[0].cost_sharing.specialist.copay",
            "after the deductible",
        ),
        (
            own(line_of_business="medicare_advantage", members="medicare", type="HMO", out_of_pocket_maximum=None),
            "$.coverage.plans[0].out_of_pocket_maximum",
            "at most 9350",
        ),
    ],
    ids=str,
)
def test_a_problem_is_told_once_with_its_path_and_what_would_be_right(
    coverage: dict[str, Any], path: str, told: str
) -> None:
    with pytest.raises(InvalidProfileError) as caught:
        asked(coverage)
    (problem,) = caught.value.problems
    assert problem.path == path
    assert told in str(problem)


def test_all_problems_are_told_at_once() -> None:
    plans = ["ppo-employr", {**PLAN, "weight": -1}, {**PLAN, "members": "medicaid"}, {"id": "x"}]
    with pytest.raises(InvalidProfileError) as caught:
        explain({"product": "membersim", "coverage": {"payer_mix": {"medicare": 0.4}, "plans": plans, "years": 0}})
    paths = [problem.path for problem in caught.value.problems]
    assert len(paths) == len(set(paths))
    assert {"$.coverage.plans[1].weight", "$.coverage.plans[3].name", "$.coverage.years"} <= set(paths)


def test_plans_of_the_package_keep_the_law() -> None:
    for plan in insurance_plans():
        assert list(plan_problems(plan, 2025, plan.id)) == []


@pytest.mark.parametrize(("year", "least"), [(2019, 1400), (2022, 1400), (2024, 1600), (2026, 1700), (2040, 1700)])
def test_the_years_limits_hold_and_those_of_the_nearest_year_otherwise(year: int, least: int) -> None:
    high = InsurancePlan.model_validate({**PLAN, "type": "HDHP"})
    for dollars, is_refused in ((least - 1, True), (least, False)):
        deductible = PerHousehold(individual=dollars, family=4_000)
        problems = list(plan_problems(high.model_copy(update={"deductible": deductible}), year, "plan"))
        assert bool(problems) == is_refused
    profile = {"product": "membersim", "as_of": date(min(year, 2100), 1, 1), "coverage": own(type="HDHP")}
    with pytest.raises(InvalidProfileError, match=f"at least {least}"):
        parse_profile(profile)


@pytest.mark.parametrize(
    ("age", "mix", "told"),
    [
        ({"min": 0, "max": 17}, "medicare", "none of them is"),
        ({"0-17": 0.5, "65+": 0.5}, {"medicare": 0.9, "medicaid": 0.1}, "at most 0.5 of them are"),
    ],
    ids=str,
)
def test_children_have_no_medicare(age: dict[str, Any], mix: Any, told: str) -> None:  # noqa: ANN401 - whatever JSON holds
    profile = {"product": "membersim", "demographics": {"age": age}, "coverage": {"payer_mix": mix}}
    with pytest.raises(InvalidProfileError) as caught:
        explain(profile)
    (problem,) = caught.value.problems
    assert problem.path == "$.coverage.payer_mix.medicare"
    assert told in str(problem)


def test_a_wrong_key_of_a_trial_is_told_with_the_nearest() -> None:
    with pytest.raises(InvalidProfileError, match=r"\$\.trial\.enrolment: unknown key .* did you mean enrollment"):
        parse_profile({"product": "trialsim", "trial": {"protocol": "hf-outcomes", "enrolment": 5}})
