"""Cohorts with every product stand up to an audit in plain SQL, and each of its checks finds its fault."""

import shutil
import sys
import tomllib
from pathlib import Path
from typing import Any

import duckdb
import pytest

from healthsim import generate, get_manager

sys.path.insert(0, str(Path(__file__).parents[3] / "tools"))

from audit_products import audit, checks

EVERYTHING: dict[str, Any] = {
    "products": ["patientsim", "membersim", "rxmembersim", "trialsim"],
    "demographics": {"reference": {"type": "nation"}},
    "utilization": "realistic",
    "trial": "t2dm-phase-3",
}

FAULTS: dict[str, str] = tomllib.loads(Path(__file__).with_name("audit_faults.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the file of a cohort with every product."""
    db = tmp_path_factory.mktemp("audit") / "workspace.duckdb"
    made = generate(profile=EVERYTHING, count=700, seed=7, persist=True, db=db)
    return get_manager(db).cohorts.get(made.get("cohort_id")).path


def test_a_cohort_with_every_product_breaks_no_check(cohort: Path) -> None:
    found = audit(cohort)
    assert len(found) > 100
    assert {title: count for title, count in found.items() if count} == {}


@pytest.fixture(scope="module")
def editable(cohort: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of which every view is a table, so that what it shows can be changed."""
    copy = tmp_path_factory.mktemp("audit") / "editable.duckdb"
    shutil.copyfile(cohort, copy)
    with duckdb.connect(str(copy)) as connection:
        views = connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
        for (name,) in views:
            connection.execute(f"CREATE TABLE made_{name} AS FROM {name}")
            connection.execute(f"DROP VIEW {name}")
            connection.execute(f"ALTER TABLE made_{name} RENAME TO {name}")
    return copy


@pytest.mark.parametrize("begins", sorted(FAULTS))
def test_a_check_finds_its_fault(editable: Path, begins: str) -> None:
    with duckdb.connect(str(editable)) as connection:
        there = connection.execute("SELECT table_name FROM information_schema.tables").fetchall()
        fitting = [(title, sql) for title, sql in checks({name for (name,) in there}) if title.startswith(begins)]
        assert fitting
        connection.begin()
        connection.execute(FAULTS[begins])
        for title, sql in fitting:
            assert connection.execute(sql).fetchall()[0][0] > 0, title
        connection.rollback()


def test_every_check_of_the_audit_has_a_fault() -> None:
    sql = (Path(__file__).parents[3] / "tools" / "audit_products.sql").read_text(encoding="utf-8")
    titles = [line[3:] for line in sql.splitlines()[1:] if line.startswith("-- ")]
    assert [title for title in titles if not any(title.startswith(begins) for begins in FAULTS)] == []
