"""A hundred thousand members for three years, with every product, audited in SQL: `make torture` runs it."""

import sys
from pathlib import Path

import pytest

from healthsim import generate, get_manager

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

from audit_products import audit

PEOPLE = 100_000
PROFILE = {
    "products": ["patientsim", "membersim", "rxmembersim", "trialsim"],
    "demographics": {"reference": {"type": "nation"}},
    "utilization": {"level": "realistic", "lookback_years": 3},
    "coverage": {"years": 3},
    "trial": "t2dm-phase-3",
}


@pytest.mark.torture
def test_a_hundred_thousand_members_for_three_years_add_up_to_the_cent(tmp_path: Path) -> None:
    db = tmp_path / "workspace.duckdb"
    made = generate(profile=PROFILE, count=PEOPLE, seed=20, persist=True, db=db)
    found = audit(get_manager(db).cohorts.get(made.get("cohort_id")).path)
    rows = made.summary["tables"]
    print(f"\n{rows['members']:,} members, {rows['claim_lines']:,} lines, {len(found)} checks")  # noqa: T201 - what was measured
    assert rows["claims"] > 20 * PEOPLE
    assert {title: count for title, count in found.items() if count} == {}
