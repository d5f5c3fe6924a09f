"""The section on the pharmacy benefit: all that is wrong with it at once, with the nearest name."""

from typing import Any

import pytest

from healthsim.errors import InvalidProfileError
from healthsim.planning.pharmacy.benefits import benefit_columns, benefits_asked
from healthsim.spec import Profile, parse_profile
from healthsim.spec.pharmacy import DrugBenefits


def asked(section: dict[str, Any]) -> Profile:
    return parse_profile({"product": "rxmembersim", "pharmacy": section})


@pytest.mark.parametrize(
    ("section", "path", "told"),
    [
        ({"adherance": 0.5}, "$.pharmacy.adherance", "did you mean adherence"),
        ({"benefits": {"comercial": {}}}, "$.pharmacy.benefits.comercial", "did you mean commercial"),
        ({"benefits": {"exchange": {"deductable": 3}}}, "$.pharmacy.benefits.exchange.deductable", "deductible"),
        ({"benefits": {"medicare": {"deductible": 3}}}, "$.pharmacy.benefits.medicare.deductible", "known are copays"),
        (
            {"benefits": {"medicaid": {"copays": {"specality": 3}}}},
            "$.pharmacy.benefits.medicaid.copays.specality",
            "did you mean specialty",
        ),
        ({"rejections": "no"}, "$.pharmacy.rejections", "boolean"),
    ],
    ids=str,
)
def test_a_problem_is_told_with_its_path_and_the_nearest_name(section: dict[str, Any], path: str, told: str) -> None:
    with pytest.raises(InvalidProfileError) as caught:
        asked(section)
    (problem,) = caught.value.problems
    assert problem.path == path
    assert told in str(caught.value)


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(InvalidProfileError) as caught:
        asked({"adherence": 2, "benefits": {"medicare": {"mail_share": -1}}})
    paths = [problem.path for problem in caught.value.problems]
    assert paths == ["$.pharmacy.adherence", "$.pharmacy.benefits.medicare.mail_share"]


def test_what_is_not_asked_is_as_usual() -> None:
    changed = benefits_asked(DrugBenefits.model_validate({"medicare": {"copays": {"preferred_brand": 12.5}}}))
    usual = benefits_asked(DrugBenefits())
    differ = [after.id for after, before in zip(changed, usual, strict=True) if after != before]
    assert differ == ["medicare_drug_plan"]
    place = [benefit.id for benefit in changed].index("medicare_drug_plan")
    assert benefit_columns(changed, [2024]).copay[place].tolist() == [-1, -1, -1, 1_250, -1, -1]


def test_an_own_deductible_holds_on_every_tier() -> None:
    (benefit, *_) = benefits_asked(DrugBenefits.model_validate({"commercial": {"deductible": 250}}))
    columns = benefit_columns([benefit], [2024])
    assert columns.deductible.tolist() == [[25_000]]
    assert columns.has_deductible[0].tolist() == [False, True, True, True, True, True]
