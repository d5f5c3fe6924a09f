"""Every rule finds the fault it is for, and nothing else is found."""

import shutil
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pytest

from engine.scorecard.people import SLOTS, clean_tables
from healthsim import get_manager
from healthsim.scorecard import rule_book, scorecard

Card = dict[str, Any]

FAULTS = tomllib.loads(Path(__file__).with_name("faults.toml").read_text(encoding="utf-8"))["fault"]


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the file of a cohort without a fault, a person more than there are faults."""
    manager = get_manager(tmp_path_factory.mktemp("scorecard") / "workspace.duckdb")
    kept = manager.persist(clean_tables(len(FAULTS) + 1), name="clean")
    return manager.cohorts.get(kept["cohort_id"]).path


@pytest.fixture(scope="module")
def planted(clean: Path) -> Card:
    """Give the score of a copy with every fault planted, each in a person of its own."""
    copy = clean.with_name("planted.duckdb")
    shutil.copyfile(clean, copy)
    with duckdb.connect(str(copy)) as connection:
        for person, fault in enumerate(FAULTS, start=2):
            connection.execute(fault["plant"].format(p=person, k=person * SLOTS))
    return scored(copy)


def scored(file: Path) -> Card:
    summary = {
        "cohort_id": "co_test",
        "name": "test",
        "count": 0,
        "digest": "0",
        "as_of": "2025-01-01",
        "conditions": [],
    }
    with duckdb.connect(str(file), read_only=True) as connection:
        return scorecard(connection, summary, {})


def broken(card: Card) -> Counter[str]:
    return Counter({rule["id"]: rule["broken"] for rule in card["rules"] if rule["status"] == "broken"})


def test_a_clean_cohort_breaks_no_rule(clean: Path) -> None:
    card = scored(clean)
    assert broken(card) == Counter()
    assert card["score"]["rules_broken"] == card["score"]["rows_broken"] == 0
    assert card["score"]["rules_checked"] > 100


def test_every_fault_is_found_and_only_those(planted: Card) -> None:
    expected: Counter[str] = Counter()
    for fault in FAULTS:
        expected.update(fault["breaks"])
    assert broken(planted) == expected
    assert planted["score"]["rules_broken"] == len(expected)
    assert planted["score"]["rows_broken"] == expected.total()


def test_every_rule_is_broken_by_a_fault() -> None:
    written = {rule.id.partition("/")[0] for rule in rule_book()}
    assert written - {name.partition("/")[0] for fault in FAULTS for name in fault["breaks"]} == set()


def test_a_broken_rule_shows_rows_that_break_it(planted: Card) -> None:
    shown = next(rule for rule in planted["rules"] if rule["id"] == "impossible-value")
    assert {"analyte": "potassium", "value": 42.0}.items() <= shown["examples"][0].items()
    assert shown["why"]
    assert shown["source"]
