"""Who smokes and who is insured, as drawn."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from healthsim import generate
from healthsim.planning import Plan
from healthsim.planning.attributes_plan import SMOKING_STATUSES
from healthsim.reference import PAYERS, SMOKING, Reference
from samples import HARRIS, made

Planned = Callable[..., Plan]
PEOPLE = 30_000
WITHIN = 0.012
"""Four standard errors of a share of one half among 30,000."""

NEVER, FORMER, CURRENT = range(3)


def with_people(profile: Mapping[str, Any], **more: Any) -> dict[str, Any]:  # noqa: ANN401 - parts of a profile
    clinical = {**more.pop("clinical", {}), "baseline": "none"}
    return {**profile, "generation": {"count": PEOPLE}, "clinical": clinical, **more}


def ages_of(plan: Plan, born: np.ndarray) -> np.ndarray:
    """Give completed years at the plan's date, from days of birth."""
    return np.searchsorted(-plan.people.years_ago, -born, side="right") - 1


def test_a_countys_people_smoke_and_are_uninsured_at_its_rates(planned: Planned) -> None:
    plan = planned(with_people(HARRIS))
    rows, _ = made(plan)
    smoking, payer = rows.column("patients", "smoking_status"), rows.column("patients", "insurance")
    figures = Reference().places(["48201"])
    adults = smoking >= 0
    assert (smoking[adults] == CURRENT).mean() == pytest.approx(figures.prevalence[SMOKING][0], abs=WITHIN)
    assert (payer == PAYERS.index("uninsured")).mean() == pytest.approx(figures.uninsured[0], abs=WITHIN)


def test_children_have_no_smoking_status_and_all_adults_have_one(planned: Planned) -> None:
    plan = planned(with_people(HARRIS))
    rows, _ = made(plan)
    age = ages_of(plan, rows.column("patients", "birth_date"))
    assert ((rows.column("patients", "smoking_status") < 0) == (age < 18)).all()


def test_most_of_the_old_have_medicare_and_no_child_has(planned: Planned) -> None:
    plan = planned(with_people(HARRIS))
    rows, _ = made(plan)
    age, payer = ages_of(plan, rows.column("patients", "birth_date")), rows.column("patients", "insurance")
    medicare = payer == PAYERS.index("medicare")
    assert medicare[age >= 65].mean() > 0.85
    assert not medicare[age < 19].any()


def test_copd_is_rarest_among_those_who_never_smoked_and_most_common_among_smokers(planned: Planned) -> None:
    plan = planned(with_people(HARRIS, demographics={**HARRIS["demographics"], "age": {"min": 45, "max": 64}}))
    rows, _ = made(plan)
    ill = np.zeros(PEOPLE, dtype=bool)
    code = np.array([text.startswith("J4") and not text.startswith("J45") for text in plan.conditions.codes])
    ill[rows.column("diagnoses", "person_id")[code[rows.column("diagnoses", "code")]] - 1] = True
    status = rows.column("patients", "smoking_status")
    never, former, current = (ill[status == each].mean() for each in (NEVER, FORMER, CURRENT))
    assert 1.5 * never < former < current
    assert 3.5 < current / never < 8, "MMWR 2019;68:533: 15.2 % against 2.8 %"


def test_people_with_copd_smoke_more_than_others(planned: Planned) -> None:
    plan = planned(with_people(HARRIS, clinical={"primary_condition": {"name": "copd", "prevalence": 0.5}}))
    rows, _ = made(plan)
    has_copd = np.zeros(PEOPLE, dtype=bool)
    has_copd[rows.column("diagnoses", "person_id")[rows.column("diagnoses", "diagnosis_id") % 2**16 == 0] - 1] = True
    status = rows.column("patients", "smoking_status")
    smokes, adults = status == CURRENT, status >= 0
    assert smokes[has_copd & adults].mean() > 2 * smokes[~has_copd & adults].mean()


def test_attributes_come_out_as_words_and_the_countys_rank_as_a_number() -> None:
    table = generate(county_fips="48201", count=200, seed=1).table("patients")
    assert set(table["smoking_status"].to_pylist()) == {*SMOKING_STATUSES, None}
    assert set(table["insurance"].to_pylist()) == set(PAYERS)
    assert set(table["social_vulnerability"].to_pylist()) == {0.9201}


def test_a_county_of_unknown_rank_has_none() -> None:
    table = generate(county_fips="01001", count=10, seed=1).table("patients")
    assert set(table["social_vulnerability"].to_pylist()) == {None}
