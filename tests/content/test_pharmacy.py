"""What the pharmacy's content says has its source, and names drugs that there are."""

from typing import Any

import pytest

from healthsim.planning.pharmacy.documents import (
    adherence,
    drug_benefits,
    dur_rules,
    formularies,
    products,
    rejections,
)
from healthsim.planning.pharmacy.drugs import names_of
from healthsim.reference.courses import courses
from healthsim.skills import skill_library
from healthsim.spec.insurance import InsurancePlan

DRUGS = [
    drug
    for condition in skill_library().conditions
    if condition.treatment is not None
    for drug in condition.treatment.drugs
]
NAMES = {name for drug in DRUGS for name in names_of(drug)}


@pytest.mark.parametrize(
    "document",
    [products(), formularies(), adherence(), rejections(), dur_rules(), drug_benefits().part_d_years],
    ids=lambda document: type(document).__name__,
)
def test_every_document_names_its_source(document: Any) -> None:  # noqa: ANN401 - any document
    assert len(document.source) > 20
    assert len(document.description) > 20


@pytest.mark.parametrize("benefit", drug_benefits().benefits, ids=lambda benefit: benefit.id)
def test_every_benefit_names_its_source_and_shares_the_cost_of_every_tier(benefit: Any) -> None:  # noqa: ANN401
    assert len(benefit.source) > 20
    assert benefit.confidence
    assert [each.tier for each in benefit.cost_sharing] == [1, 2, 3, 4, 5]
    assert all((each.copay is None) != (each.coinsurance is None) for each in benefit.cost_sharing)
    assert benefit.formulary in {each.id for each in formularies().formularies}


@pytest.mark.parametrize("rule", dur_rules().rules, ids=lambda rule: rule.id)
def test_every_rule_names_its_source_and_drugs_that_there_are(rule: Any) -> None:  # noqa: ANN401
    assert len(rule.source) > 10
    assert set(rule.names) | set(rule.others) <= NAMES


def test_every_rate_of_rejection_names_its_source() -> None:
    assert all(len(rate.source or "") > 20 for rate in rejections().rates.values())


def test_every_drug_of_the_skills_and_of_courses_has_a_price_and_no_other_has() -> None:
    ordered = {drug.rxnorm for drug in DRUGS} | {course.rxnorm for course in courses()}
    assert ordered == {product.rxnorm for product in products().drugs}


def test_formularies_name_drugs_that_there_are() -> None:
    named = {
        name for each in formularies().formularies for rule in each.rules for name in (*rule.names, *rule.step_therapy)
    }
    assert named <= NAMES


def test_every_line_of_business_has_one_drug_benefit() -> None:
    lines = InsurancePlan.model_json_schema()["properties"]["line_of_business"]["enum"]
    assert sorted(benefit.line_of_business for benefit in drug_benefits().benefits) == sorted(lines)


def test_a_document_with_an_unknown_key_is_refused() -> None:
    with pytest.raises(ValueError, match="tiger"):
        type(formularies()).model_validate({**formularies().model_dump(), "tiger": 1})
