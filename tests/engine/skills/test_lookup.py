"""An event finds what it needs in the skill of its condition; a dotted path leads to a value with its source."""

from itertools import product

import pytest

from healthsim.errors import InvalidInputError, NotFoundError
from healthsim.skills import lookup, resolve, resolve_reference, skill_library, substituted

CONDITIONS = ("diabetes", "ckd", "hf", "htn", "copd")
EVENTS = ("encounter", "diagnosis", "lab_order", "medication_order", "procedure", "referral")


@pytest.mark.parametrize(("condition", "event_type"), list(product(CONDITIONS, EVENTS)))
def test_every_condition_of_the_guide_answers_every_kind_of_event(condition: str, event_type: str) -> None:
    found = resolve(skill_library(), condition, event_type)
    assert found.value
    model = skill_library().find(condition)
    assert model is not None
    assert (found.skill, found.condition) == (model.skill, model.id)


def test_a_dotted_path_leads_to_the_value_with_its_source() -> None:
    found = lookup(skill_library(), "diabetes-management", "monitoring.labs.hba1c")
    assert found.value["loinc"] == "4548-4"
    assert found.source is not None
    assert "American Diabetes Association" in found.source


def test_an_entry_of_a_list_is_named_by_its_id() -> None:
    assert lookup(skill_library(), "diabetes-management", "medications.metformin.rxnorm").value == "861007"
    assert lookup(skill_library(), "chronic-kidney-disease", "stages.items.3a.codes").value[0]["code"] == "N18.31"


def test_a_path_may_begin_with_the_condition() -> None:
    library = skill_library()
    path = "monitoring.labs.fev1"
    assert lookup(library, "copd", f"copd.{path}") == lookup(library, "copd", path)


def test_a_path_that_leads_nowhere_names_the_nearest() -> None:
    with pytest.raises(NotFoundError, match=r"did you mean monitoring\.labs\.hba1c") as caught:
        lookup(skill_library(), "diabetes-management", "monitoring.labs.hba1")
    assert caught.value.problems[0].path == "$.lookup"


def test_an_unknown_event_type_or_condition_names_the_nearest() -> None:
    with pytest.raises(NotFoundError, match="did you mean lab_order"):
        resolve(skill_library(), "diabetes", "lab_ordr")
    with pytest.raises(NotFoundError, match="did you mean diabetes"):
        resolve(skill_library(), "diabetis", "lab_order")


def test_a_reference_takes_its_path_from_the_context() -> None:
    reference = {
        "skill": "diabetes-management",
        "lookup": "monitoring.labs.${order.test}",
        "context": {"order": {"test": "uacr"}},
    }
    assert resolve_reference(skill_library(), reference).value["loinc"] == "9318-7"


def test_a_fallback_answers_where_the_skill_does_not_but_an_unknown_skill_is_an_error() -> None:
    reference = {"skill": "copd", "lookup": "monitoring.labs.gold", "fallback": "${person.name}"}
    with_context = {**reference, "context": {"person": {"name": "A"}}}
    assert resolve_reference(skill_library(), with_context).value == "A"
    with pytest.raises(NotFoundError, match="did you mean copd"):
        resolve_reference(skill_library(), {**with_context, "skill": "copdd"})


def test_a_reference_tells_all_that_is_wrong_with_its_keys() -> None:
    with pytest.raises(InvalidInputError) as caught:
        resolve_reference(skill_library(), {"skil": "copd"})
    assert [problem.path for problem in caught.value.problems] == ["$.skil", "$.skill", "$.lookup"]


def test_an_attribute_that_the_context_lacks_is_told_with_the_nearest() -> None:
    with pytest.raises(NotFoundError, match=r"did you mean person\.age"):
        substituted(["${person.agee}"], {"person": {"age": 60}})


def test_screenings_and_immunisations_are_looked_up_without_a_condition() -> None:
    found = lookup(skill_library(), "preventive-care", "immunizations.zoster")
    assert found.condition is None
    assert found.value["cvx"] == "187"
    with pytest.raises(NotFoundError, match=r"did you mean immunizations\.zoster"):
        lookup(skill_library(), "preventive-care", "immunizations.zostr")


def test_a_fallback_answers_in_a_skill_of_prevention_too() -> None:
    reference = {"skill": "preventive-care", "lookup": "screenings.eyes", "fallback": {"interval_days": 365}}
    assert resolve_reference(skill_library(), reference).value == {"interval_days": 365}
