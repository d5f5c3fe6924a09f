"""Every rule of drug utilization review fires on the case it is for, and only there."""

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from healthsim.planning.pharmacy.documents import DurRule, dur_rules
from healthsim.planning.pharmacy.drugs import drug_columns, names_of, products_of
from healthsim.planning.pharmacy.pharmacy_plan import PlannedRule
from healthsim.planning.pharmacy.review import planned_rules
from healthsim.simulation.pharmacy.review import Reviewed, alerts_of
from healthsim.skills import Drug, skill_library

Ints = NDArray[np.int64]

DRUGS: dict[str, Drug] = {
    drug.rxnorm: drug
    for condition in skill_library().conditions
    if condition.treatment is not None
    for drug in condition.treatment.drugs
}
RXNORMS = tuple(sorted(DRUGS))
CODES = ("J45.40", "I50.22", "N18.4", "N18.31", "G40.909", "E11.9", "O09.91", "Z34.90", "I10")
PRODUCTS = products_of(RXNORMS)[0]
COLUMNS = drug_columns(PRODUCTS, [DRUGS[rxnorm].days_supply for rxnorm in RXNORMS])
RULES = planned_rules(DRUGS, RXNORMS, CODES)
TODAY, BORN = 20_000, 20_000 - 45 * 365


@dataclass
class Case:
    """A fill that a rule is about, and what went before it."""

    drug: str
    before: str | None = None
    code: str | None = None
    age: int = 45
    is_early: bool = False
    doses: int = 1


def named(rule: PlannedRule, *, others: bool = False) -> list[str]:
    chosen = rule.others if others else rule.drugs
    return [RXNORMS[place] for place in np.flatnonzero(chosen).tolist()]


def case_of(rule: PlannedRule) -> Case:  # noqa: PLR0911 - a way for each reason
    """Give a case that a rule is for."""
    match rule.rule.reason:
        case "ER":
            return Case("197361", is_early=True)
        case "HD":
            return Case("197361", doses=3)
        case "ID":
            return Case("617310", before="617311")
        case "TD":
            first = named(rule)[0]
            return Case(first, before=next(each for each in named(rule) if ingredient(each) != ingredient(first)))
        case "DD":
            return Case(named(rule)[0], before=named(rule, others=True)[0])
        case "MC" | "PG":
            return Case(named(rule)[0], code=next(code for code in CODES if code.startswith(rule.rule.codes)))
        case "PA":
            return Case(named(rule)[0], age=70 if rule.rule.least_age else (rule.rule.most_age or 0))


def rules_for(*reasons: str) -> list[PlannedRule]:
    return [rule for rule in RULES if rule.rule.reason in reasons]


def ingredient(rxnorm: str) -> str:
    return DRUGS[rxnorm].ingredient


def fired(case: Case, *, days_since: int = 20, known_days: int = 30) -> set[str]:
    """Give the rules that fire on the last claim of a case."""
    return fired_on([case], days_since=days_since, known_days=known_days)[0]


def fired_on(cases: list[Case], *, days_since: int = 20, known_days: int = 30) -> list[set[str]]:
    """Give the rules that fire on the last claim of each case, each of another person.

    The drug before was filled for 30 days some days ago, and the diagnosis known for some.
    """
    fills = [
        (person, case, rxnorm, ago)
        for person, case in enumerate(cases)
        for rxnorm, ago in ((case.before, days_since), (case.drug, 0))
        if rxnorm is not None
    ]
    drug = np.array([RXNORMS.index(rxnorm) for _, _, rxnorm, _ in fills], np.int64)
    is_last = np.array([ago == 0 for *_, ago in fills], np.bool_)
    doses = np.array([case.doses if ago == 0 else 1 for _, case, _, ago in fills], np.int64)
    day = TODAY - np.array([ago for *_, ago in fills], np.int64)
    known = [(person, CODES.index(case.code)) for person, case in enumerate(cases) if case.code is not None]
    claims = Reviewed(
        person=np.array([person for person, *_ in fills], np.int64),
        day=day,
        drug=drug,
        quantity=-(-30 * COLUMNS.per_day[drug] // COLUMNS.package[drug]) * COLUMNS.package[drug] * doses,
        days=np.full(len(fills), 30),
        supplied_until=day + 30,
        is_early=np.array([case.is_early for _, case, _, _ in fills], np.bool_) & is_last,
        birth_day=np.array([TODAY - case.age * 1_461 // 4 - 20 for _, case, _, _ in fills], np.int64),
        diagnosed=np.array([person for person, _ in known], np.int64),
        diagnosis=np.array([code for _, code in known], np.int64),
        diagnosed_day=np.full(len(known), TODAY - known_days),
    )
    alerts = alerts_of(RULES, COLUMNS, claims)
    found: list[set[str]] = [set() for _ in cases]
    for claim, rule in zip(alerts.claim.tolist(), alerts.rule.tolist(), strict=True):
        if is_last[claim]:
            found[fills[claim][0]].add(RULES[rule].rule.id)
    return found


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.rule.id)
def test_a_rule_fires_on_its_case(rule: PlannedRule) -> None:
    case = case_of(rule)
    assert rule.rule.id in fired(case)


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if rule.rule.reason in {"DD", "TD", "ID"}], ids=lambda r: r.rule.id
)
def test_a_drug_that_ran_out_is_no_partner_and_the_order_does_not_matter(rule: PlannedRule) -> None:
    case = case_of(rule)
    assert case.before is not None
    assert rule.rule.id not in fired(case, days_since=30)
    assert rule.rule.id in fired(Case(case.before, before=case.drug))


@pytest.mark.parametrize("rule", rules_for("MC", "PG"), ids=lambda rule: rule.rule.id)
def test_a_disease_counts_once_it_is_known_and_a_pregnancy_for_its_time(rule: PlannedRule) -> None:
    case = case_of(rule)
    assert rule.rule.id not in fired(case, known_days=-1)
    long_ago = rule.rule.id in fired(case, known_days=400)
    assert long_ago == (rule.rule.reason == "MC")


def expected(rule: DurRule, case: Case) -> bool:  # noqa: PLR0911 - a way for each reason
    """Tell by the rule's own words, one drug at a time, whether it is about a case."""
    own, before = (set(names_of(DRUGS[each])) if each else set[str]() for each in (case.drug, case.before))
    is_about = not rule.names or bool(own & set(rule.names))
    match rule.reason:
        case "ER":
            return case.is_early
        case "HD":
            most = products_of([case.drug])[0][0].maximum_units_per_day
            return most is not None and case.doses * products_of([case.drug])[0][0].units_per_day > most
        case "ID":
            return (
                case.before is not None
                and case.drug != case.before
                and own & before != set()
                and (ingredient(case.drug) == ingredient(case.before))
            )
        case "TD":
            both = is_about and bool(before & set(rule.names))
            return both and ingredient(case.drug) != ingredient(case.before or case.drug)
        case "DD":
            there = bool(before & set(rule.others)) and is_about
            return there or (bool(before & set(rule.names)) and bool(own & set(rule.others)))
        case "MC" | "PG":
            return is_about and case.code is not None and case.code.startswith(rule.codes)
        case "PA":
            if rule.least_age is not None:
                return is_about and case.age >= rule.least_age
            return is_about and case.age <= (rule.most_age or 0)


def test_rules_fire_nowhere_else() -> None:
    """Every drug with every other, every diagnosis, young, of middle age and old."""
    cases = [Case(drug, before=before) for drug in RXNORMS for before in RXNORMS if drug != before]
    cases += [Case(drug, code=code) for drug in RXNORMS for code in CODES]
    cases += [Case(drug, age=age, doses=doses) for drug in RXNORMS for age in (12, 30, 80) for doses in (1, 9)]
    rules = dur_rules().rules
    for case, found in zip(cases, fired_on(cases), strict=True):
        assert found == {rule.id for rule in rules if expected(rule, case)}, case


def test_another_persons_drugs_and_diseases_are_nobodys() -> None:
    rule = next(rule for rule in RULES if rule.rule.id == "warfarin-with-amiodarone")
    drugs = np.array([RXNORMS.index(named(rule, others=True)[0]), RXNORMS.index(named(rule)[0])], np.int64)
    day = np.array([TODAY - 1, TODAY])
    claims = Reviewed(
        person=np.array([0, 1]),
        day=day,
        drug=drugs,
        quantity=np.full(2, 30_000),
        days=np.full(2, 30),
        supplied_until=day + 30,
        is_early=np.zeros(2, np.bool_),
        birth_day=np.full(2, BORN),
        diagnosed=np.array([0]),
        diagnosis=np.array([CODES.index("O09.91")]),
        diagnosed_day=np.array([TODAY - 5]),
    )
    assert not len(alerts_of(RULES, COLUMNS, claims).claim)
