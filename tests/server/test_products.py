"""What people ask an assistant for beyond charts: claims, pharmacies and trials, as an assistant would ask for them."""

from typing import Any

import pytest

from healthsim_mcp.sizes import compact
from server.calling import Caller
from server.counting import tokens_of

CONCISE, LONGEST_ERROR = 500, 600
MEDICARE: dict[str, Any] = {
    "products": ["patientsim", "membersim"],
    "demographics": {"reference": {"type": "county", "fips": "48201"}, "age": {"min": 65}},
    "clinical": {"primary_condition": {"code": "E11"}},
    "utilization": "realistic",
    "coverage": {"payer_mix": {"medicare": 1}},
}


@pytest.fixture(scope="module")
def claims(shared_caller: Caller) -> dict[str, Any]:
    return shared_caller.answer("generate_cohort", profile=MEDICARE, count=60, seed=1, name="claims")


def test_claims_of_a_county_are_answered_with_their_money_and_dates(
    shared_caller: Caller, claims: dict[str, Any]
) -> None:
    sql = "SELECT sum(paid), min(from_date), max(from_date), count(*) FROM claims"
    ((paid, first, last, count),) = shared_caller.answer("query_cohort", cohort_id="claims", sql=sql)["rows"]
    assert claims["claims"]["submissions"] == claims["tables"]["claims"] == count > 1000
    assert claims["claims"]["paid"] == pytest.approx(paid, abs=0.5)
    assert claims["dates"]["claims"] == [first, last]
    assert "notes" not in claims
    assert tokens_of(compact(claims)) <= CONCISE


def test_everybody_of_a_payer_alone_is_its_member(shared_caller: Caller, claims: dict[str, Any]) -> None:
    sql = "SELECT DISTINCT line_of_business FROM enrollments JOIN plans USING (plan_id) WHERE end_date IS NULL"
    lines = {line for (line,) in shared_caller.answer("query_cohort", cohort_id=claims["cohort_id"], sql=sql)["rows"]}
    assert lines <= {"medicare", "medicare_advantage"}


@pytest.mark.parametrize(
    ("asked", "tables"),
    [
        ("membersim", {"members", "claims"}),
        ("MemberSim", {"members", "claims"}),
        ("patientsim, membersim", {"encounters", "claims"}),
        ('["patientsim", "rxmembersim"]', {"encounters", "pharmacy_claims"}),
        (["TrialSim"], {"subjects", "trials"}),
    ],
)
def test_products_are_understood_as_they_are_written(shared_caller: Caller, asked: object, tables: set[str]) -> None:
    made = shared_caller.answer("generate_cohort", condition="diabetes", count=20, seed=2, product=asked)
    assert tables <= made["tables"].keys()
    assert ("encounters" in made["tables"]) == ("patientsim" in str(asked))


def test_claims_of_one_visit_say_how_to_have_more(shared_caller: Caller) -> None:
    made = shared_caller.answer("generate_cohort", condition="diabetes", count=20, seed=2, product="membersim")
    assert any("utilization realistic" in note for note in made["notes"])


def test_fills_are_answered_with_what_they_cost_and_who_paid(shared_caller: Caller) -> None:
    made = shared_caller.answer(
        "generate_cohort", condition="hyperlipidemia", min_age=40, product="rxmembersim", count=100, seed=3
    )
    pharmacy = made["pharmacy"]
    assert pharmacy["total_cost"] == pytest.approx(pharmacy["patient_pay"] + pharmacy["plan_paid"], rel=0.05)
    assert 0 < pharmacy["rejected"] < 0.3
    assert made["next"][0] == "query_cohort: DESCRIBE pharmacy_claims"
    sql = "SELECT count(*) FROM pharmacy_claims WHERE transaction = 'B1' AND status = 'paid'"
    counted = shared_caller.answer("query_cohort", cohort_id=made["cohort_id"], sql=sql)["rows"]
    assert counted == [[pharmacy["paid_claims"]]]


def test_fills_of_people_without_conditions_say_why_there_are_none(shared_caller: Caller) -> None:
    made = shared_caller.answer("generate_cohort", product="rxmembersim", count=10, seed=3)
    assert any("there are no prescriptions" in note for note in made["notes"])


def test_a_trial_is_answered_with_who_is_in_which_arm(shared_caller: Caller) -> None:
    made = shared_caller.answer("generate_cohort", condition="diabetes", product="trialsim", count=300, seed=3)
    assert set(made["arms"]) == {"Placebo", "Dapagliflozin 10 mg"}
    assert abs(made["arms"]["Placebo"] - made["arms"]["Dapagliflozin 10 mg"]) <= 8
    assert "trial_visits" in made["dates"]


@pytest.mark.parametrize(
    ("profile", "told"),
    [
        ({"products": ["membersm"]}, "did you mean membersim or rxmembersim?"),
        ({"coverage": {}, "products": ["trialsim"], "trial": {"phase": 3}}, "name profile.trial tells its keys"),
        ({"product": "trialsim", "trial": {"protocol": "phase 3"}}, "did you mean t2dm-phase-3?"),
        ({"product": "trialsim", "trial": {"sites": 0}}, "$.trial.sites"),
        ({"product": "trialsim", "trial": {"protocol": {"id": "x", "armz": []}}}, "did you mean arms?"),
        ({"product": "membersim", "coverage": {"payer_mix": {"medicar": 1}}}, "medicar"),
        ({"product": "membersim", "coverage": {"plans": ["ppo"]}}, "$.coverage.plans"),
        ({"product": "rxmembersim", "pharmacy": {"drug_class": "statin"}}, "name profile.pharmacy tells its keys"),
        ({"product": "patientsim", "pharmacy": {"adherence": 0.8}}, "add rxmembersim to products"),
        ({"utilisation": "realistic"}, "did you mean utilization?"),
        ({"product": "trialsim", "trial": "xyz"}, "did you mean hf-outcomes or nsclc-response or t2dm-phase-3?"),
        (
            {"product": "membersim", "coverage": {"payer_mix": {"medicare": 1}}, "demographics": {"age": {"max": 17}}},
            "ages from 20 on are such",
        ),
    ],
)
def test_what_is_wrong_with_a_section_is_told_with_its_path_and_the_way_on(
    shared_caller: Caller, profile: dict[str, Any], told: str
) -> None:
    refusal = shared_caller.refusal("generate_cohort", profile=profile, count=10)
    assert told in refusal
    assert refusal.startswith("$.")
    assert len(refusal) <= LONGEST_ERROR


def test_a_section_of_a_profile_that_came_as_an_argument_is_told_where_it_belongs(shared_caller: Caller) -> None:
    refusal = shared_caller.refusal("generate_cohort", condition="diabetes", coverage={"payer_mix": {"medicare": 1}})
    assert "coverage is a key of profile" in refusal
    assert "did you mean product?" in shared_caller.refusal("generate_cohort", products=["membersim"])


def test_the_journeys_of_a_product_are_those_with_its_events(shared_caller: Caller) -> None:
    found = shared_caller.answer("list_library", kind="journeys", product="trialsim")["items"]
    assert "phase-3-trial" in [item["name"] for item in found]
    assert "diabetic-year-one" not in [item["name"] for item in found]


def test_columns_are_told_where_assistants_look_for_them(shared_caller: Caller, claims: dict[str, Any]) -> None:
    cohort = {"cohort_id": claims["cohort_id"]}
    described = dict(shared_caller.answer("query_cohort", **cohort, sql="DESCRIBE claims", limit=100)["rows"])
    assert described["paid"] == "DECIMAL(12,2)"
    assert "DESCRIBE" in shared_caller.refusal("query_cohort", **cohort, sql="FROM information_schema.columns")
    refusal = shared_caller.refusal("query_cohort", **cohort, sql="SELECT sum(paid_amount) FROM claims")
    assert "did you mean paid?" in refusal
