"""What is billed: fees, rules and MS-DRGs of the package name their sources, and only codes that have a fee."""

import re
from string import ascii_uppercase

import pytest

from healthsim.planning.payer.billing_codes import CONVERSION_FACTOR
from healthsim.planning.payer.billing_content import billing_rules, drg_groups, fees, localities
from healthsim.planning.payer.billing_figures import Fee, Group
from healthsim.planning.payer.billing_stays import drg_titles, longest_prefix
from healthsim.planning.payer.services import SERVICES
from healthsim.reference import analytes, panels, vaccine_names


@pytest.mark.parametrize("fee", fees().values(), ids=lambda fee: fee.code)
def test_every_fee_is_named_in_own_words_with_its_source(fee: Fee) -> None:
    assert re.fullmatch(r"\d{4}[0-9F]|[A-Z]\d{4}", fee.code)
    assert fee.source
    assert fee.service in SERVICES
    # Descriptors of the American Medical Association put what is optional after semicolons and abbreviate "w/o".
    assert not re.search(r";|w/|eg,|\(eg|separate procedure|each additional", fee.name)
    assert fee.schedule == "none" or fee.office + fee.in_facility + fee.hospital > 0


@pytest.mark.parametrize(
    ("code", "dollars"),
    [("99213", 88.95), ("99214", 125.18), ("99215", 175.64)],
)
def test_visits_of_known_patients_pay_what_medicare_paid_in_2025(code: str, dollars: float) -> None:
    assert round(fees()[code].office * CONVERSION_FACTOR, 2) == pytest.approx(dollars, abs=0.01)


@pytest.mark.parametrize("group", drg_groups(), ids=lambda group: group.group)
def test_worse_complications_never_pay_less(group: Group) -> None:
    assert group.source
    assert group.principal or group.procedures or group.group in {each.operation for each in drg_groups()}
    assert group.without_weight <= group.cc_weight <= group.mcc_weight
    assert (group.without == group.cc) <= (group.without_weight == group.cc_weight)


def test_the_same_group_has_the_same_weight_wherever_it_stands() -> None:
    weights: dict[str, set[float]] = {}
    for group in drg_groups():
        for number, weight in (
            (group.without, group.without_weight),
            (group.cc, group.cc_weight),
            (group.mcc, group.mcc_weight),
        ):
            weights.setdefault(number, set()).add(weight)
    assert {number: found for number, found in weights.items() if len(found) > 1} == {}
    assert set(weights) == set(drg_titles())


def test_operations_lead_to_groups_that_cost_more_whose_surgeons_have_a_fee() -> None:
    by_name = {group.group: group for group in drg_groups()}
    operated = [group for group in drg_groups() if group.operation is not None]
    assert len(operated) > 20
    for group in operated:
        target = by_name[str(group.operation)]
        assert 0 < group.operated < 1
        assert target.without_weight > group.without_weight
        assert target.operation is None
        assert target.surgeon in fees()


def test_no_code_leads_to_two_groups() -> None:
    principal = [code for group in drg_groups() for code in (*group.principal, *group.procedures)]
    assert len(set(principal)) == len(principal)


def test_every_diagnosis_leads_to_a_group() -> None:
    known = [code for group in drg_groups() for code in group.principal]
    categories = [f"{letter}{number:02}" for letter in ascii_uppercase for number in range(100)]
    assert [category for category in categories if longest_prefix(category, known) is None] == []


def test_every_panel_is_billed_by_a_test_that_covers_it() -> None:
    rules = billing_rules().laboratory
    named = {name for test in rules.tests for name in (*test.needs, *test.covers)}
    assert named <= set(analytes())
    labs = {name for panel in panels().values() for name in panel.members}
    assert labs <= {name for test in rules.tests for name in test.covers}


def test_every_vaccine_of_the_package_has_its_code() -> None:
    assert set(vaccine_names()) <= set(billing_rules().vaccines.codes)


def test_prices_of_states_lie_around_the_nations() -> None:
    assert len(localities()) > 50
    assert all(0.85 < factor < 1.3 for factor in localities().values())


def test_charges_leave_room_for_what_private_payers_allow() -> None:
    charges = billing_rules().charges
    assert charges.professional.times * (1 - charges.spread.times) > 1.43
    assert charges.outpatient.times * (1 - charges.spread.times) > 2.64
    assert charges.inpatient.times * (1 - charges.spread.times) > 1.89
