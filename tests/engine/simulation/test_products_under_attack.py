"""Whatever is asked of the products, whole coherent rows come out, or one clear error."""

import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healthsim import generate, get_manager
from healthsim.errors import HealthSimError
from healthsim.spec import parse_profile, profile_document
from healthsim.spec.parse import parsed_profile

sys.path.insert(0, str(Path(__file__).parents[3] / "tools"))

from audit_products import audit

INSURED = ["patientsim", "membersim", "rxmembersim"]
ALL = [*INSURED, "trialsim"]
DEATH = {
    "id": "end",
    "duration_days": 300,
    "events": [{"id": "death", "event_type": "death", "timing": {"type": "fixed", "day": 20}}],
}
FREE = {
    "id": "free",
    "name": "Free",
    "payer": "Free Payer",
    "line_of_business": "commercial",
    "type": "PPO",
    "members": "private",
    "monthly_premium": 0,
    "deductible": {"individual": 0, "family": 0},
    "out_of_pocket_maximum": {"individual": 0, "family": 0},
    "cost_sharing": {"default": {"coinsurance": 1}},
    "price": {"professional": 0.01, "outpatient": 50, "inpatient": 50},
}
ATTACKS: dict[str, dict[str, Any]] = {
    "one person": {"products": ALL, "trial": "t2dm-phase-3", "generation": {"count": 1}},
    "lifetimes of a century ago": {
        "products": INSURED,
        "as_of": "1950-01-01",
        "utilization": {"lookback": "lifetime", "conditions": "natural"},
        "clinical": {"conditions": ["hypertension"]},
        "generation": {"count": 4},
    },
    "everybody dies": {"products": INSURED, "journeys": [DEATH], "start_date": "2024-01-01"},
    "nobody is insured": {"products": INSURED, "coverage": {"payer_mix": "uninsured", "changes": "none"}},
    "children": {"products": ALL, "demographics": {"age": {"min": 0, "max": 9}}, "trial": "t2dm-phase-3"},
    "the oldest": {"products": ALL, "demographics": {"age": 110}, "trial": "hf-outcomes"},
    "the end of a year": {"products": INSURED, "as_of": "2024-12-31", "coverage": {"years": 1}},
    "nobody is screened": {"products": ["trialsim"], "trial": {"protocol": "t2dm-phase-3", "screened": 0}},
    "a plan that pays everything": {
        "products": ["membersim"],
        "coverage": {"payer_mix": "private", "plans": [FREE]},
    },
    "drugs nobody pays for": {
        "products": INSURED,
        "clinical": {"conditions": ["hypertension"]},
        "pharmacy": {"adherence": 1, "benefits": {"commercial": {"deductible": 99_999, "out_of_pocket_maximum": 0}}},
    },
}

DOLLARS = st.one_of(st.integers(-5, 30_000), st.floats(-5, 30_000), st.none(), st.text(max_size=3))
SHARES = st.one_of(st.floats(-0.5, 1.5), st.integers(-1, 120), st.text(max_size=4), st.none())
ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=6)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)),
    max_leaves=6,
)
HOUSEHOLD = st.fixed_dictionaries({}, optional={"individual": DOLLARS, "family": DOLLARS})
PLANS = st.fixed_dictionaries(
    {"id": st.sampled_from(["a", "b", "ppo-employer"])},
    optional={
        **{name: st.just(FREE[name]) for name in ("name", "payer", "price", "monthly_premium")},
        "line_of_business": st.sampled_from(["commercial", "exchange", "medicare", "medicare_advantage", "medicad"]),
        "type": st.sampled_from(["HMO", "HDHP", "FFS", "hmo"]),
        "members": st.sampled_from(["private", "medicare", "medicaid", "all"]),
        "deductible": HOUSEHOLD,
        "out_of_pocket_maximum": HOUSEHOLD,
        "cost_sharing": st.dictionaries(
            st.sampled_from(["default", "emergency", "emergncy"]),
            st.fixed_dictionaries({}, optional={"copay": DOLLARS, "coinsurance": SHARES}),
            max_size=3,
        ),
    },
)
NAMES = st.text(max_size=5)
INSURERS = st.sampled_from(["private", "commercial", "medicare", "medicaid", "uninsured", "medcare", ""])
SECTIONS = st.fixed_dictionaries(
    {},
    optional={
        "coverage": st.one_of(
            ANYTHING,
            st.fixed_dictionaries(
                {},
                optional={
                    "payer_mix": st.one_of(INSURERS, st.dictionaries(INSURERS, SHARES, max_size=4)),
                    "plans": st.one_of(
                        st.text(max_size=5), st.lists(st.one_of(PLANS, st.text(max_size=5)), max_size=3)
                    ),
                    "years": st.integers(-1, 30),
                    "changes": st.sampled_from(["realistic", "none", "some"]),
                },
            ),
        ),
        "pharmacy": st.one_of(
            ANYTHING,
            st.fixed_dictionaries(
                {},
                optional={
                    "adherence": SHARES,
                    "rejections": st.one_of(st.booleans(), st.text(max_size=3)),
                    "benefits": st.dictionaries(
                        st.sampled_from(["commercial", "medicare", "medcaid"]),
                        st.fixed_dictionaries({}, optional={"deductible": DOLLARS, "mail_share": SHARES}),
                        max_size=2,
                    ),
                },
            ),
        ),
        "trial": st.one_of(
            ANYTHING,
            st.fixed_dictionaries(
                {},
                optional={
                    "protocol": st.sampled_from(["hf-outcomes", "t2dm-phase-3", "hf-outcome"]),
                    "sites": st.integers(-1, 900),
                    "enrollment": st.integers(-1, 10_000),
                    "screened": SHARES,
                    "effect": st.dictionaries(st.text(max_size=5), SHARES, max_size=2),
                },
            ),
        ),
    },
)


@settings(max_examples=100, deadline=None)
@given(SECTIONS)
def test_any_section_is_read_or_refused_with_a_path_for_every_problem(sections: dict[str, Any]) -> None:
    parsed = parsed_profile({"products": ALL, **sections})
    if parsed.profile is not None:
        assert parse_profile(profile_document(parsed.profile)) == parsed.profile
        return
    assert parsed.problems
    for problem in parsed.problems:
        assert problem.path.split(".")[:1] == ["$"]
        assert problem.path.split(".")[1].split("[")[0] in sections
        assert "literal[" not in str(problem)


@pytest.mark.parametrize("name", sorted(ATTACKS))
def test_what_is_possible_gives_whole_coherent_rows(tmp_path: Path, name: str) -> None:
    asked = {"utilization": "realistic", **ATTACKS[name]}
    asked["generation"] = {"count": 40, "seed": 3, **asked.get("generation", {})}
    made = generate(profile=asked, persist=True, db=tmp_path / "workspace.duckdb")
    manager = get_manager(tmp_path / "workspace.duckdb")
    cohort_id = made.get("cohort_id")
    assert {title: count for title, count in audit(manager.cohorts.get(cohort_id).path).items() if count} == {}
    assert [rule["id"] for rule in manager.score(cohort_id)["rules"] if rule["status"] == "broken"] == []
    assert made.summary["tables"]["patients"] == asked["generation"]["count"]


@pytest.mark.parametrize(
    ("profile", "told"),
    [
        ({"products": ["membersim"], "demographics": {"age": 120}}, "0 to 110"),
        ({"products": ["trialsim"], "trial": {"protocol": "hf-outcomes", "sites": 5_000}}, "500"),
        ({"products": ["trialsim"], "clinical": {"primary_condition": "asthma"}, "trial": "t2dm-phase-3"}, "nobody"),
        ({"products": ["patientsim"], "coverage": {"years": 1}}, "belongs to membersim"),
    ],
    ids=str,
)
def test_what_is_impossible_is_told_before_anything_is_made(tmp_path: Path, profile: dict[str, Any], told: str) -> None:
    with pytest.raises(HealthSimError, match=told):
        generate(profile=profile, count=5, seed=1, persist=True, db=tmp_path / "workspace.duckdb")
    assert not list(tmp_path.glob("*.cohorts/*.duckdb"))
