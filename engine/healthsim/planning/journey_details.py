"""What an event's rows are made of: its parameters, completed from the skill of its condition."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from healthsim.errors import InvalidInputError, NotFoundError, Problem, did_you_mean, rendered
from healthsim.planning.event_details import (
    MARKED,
    Death,
    Details,
    Diagnosis,
    Discharge,
    Encounter,
    Immunization,
    Marked,
    PlanOfCare,
    Procedure,
    Referral,
    Transfer,
)
from healthsim.planning.journey_orders import drug_ordered, labs_ordered, missing, vitals_taken
from healthsim.reference import analytes, is_billable, nearest_codes, vaccine_names
from healthsim.reference.network import specialty_named
from healthsim.skills import SkillLibrary, resolve, resolve_reference
from healthsim.spec import EventDefinition
from healthsim.spec.shorthand import dotted_code

_CLASSES = {"telehealth": "VR", "ed_visit": "EMER", "admission": "IMP"}
_TYPES = {
    "AMB": "Office visit",
    "VR": "Telehealth visit",
    "EMER": "Emergency department visit",
    "IMP": "Inpatient stay",
    "HH": "Home visit",
}


def details_of(event: EventDefinition, library: SkillLibrary, path: str) -> Details:
    """Complete an event's parameters.

    Args:
        event: The event; its parameters fit its type, and its condition is known.
        library: The skills.
        path: Where it stands.

    Raises:
        InvalidInputError: Something is missing, unknown, or no code; lists every problem.
    """
    problems: list[Problem] = []
    wanted = dict(event.parameters)
    try:
        wanted = {**_of_skill(event, library), **wanted}
    except InvalidInputError as error:
        problems += [
            Problem(f"{path}.parameters{each.path[1:]}", each.message, each.received, each.hint)
            for each in error.problems
        ]
    problems += _code_problems(event.event_type, wanted, path)
    if problems:
        raise InvalidInputError(problems)
    return _MAKERS[event.event_type](event, wanted, f"{path}.parameters", library)


def _of_skill(event: EventDefinition, library: SkillLibrary) -> Mapping[str, Any]:
    """Give what a skill says of an event: what its reference names, or the entry that its parameters name."""
    reference = event.parameters.get("skill_ref")
    if reference is not None:
        try:
            found = resolve_reference(library, reference)
        except NotFoundError as error:
            raise InvalidInputError([_below(problem, "$.skill_ref") for problem in error.problems]) from error
        return _entry(event.event_type, found.value)
    named = event.parameters.get("procedure")
    if named is None or event.condition is None:
        return {}
    found = resolve(library, event.condition, "procedure")
    entries = {entry["id"]: entry for entry in found.value}
    if named not in entries:
        raise NotFoundError("procedure of the condition's skill", str(named), entries, path="$.procedure")
    return _entry(event.event_type, entries[named])


def _below(problem: Problem, path: str) -> Problem:
    return Problem(f"{path}{problem.path[1:]}", problem.message, problem.received, problem.hint)


def _entry(event_type: str, value: Any) -> Mapping[str, Any]:  # noqa: ANN401 - whatever a skill says
    """Give the parameters that an entry of a skill stands for."""
    entry = value[0] if isinstance(value, list) and value else value
    known = {
        "procedure": ("system", "code", "name"),
        "imaging": ("system", "code", "name"),
        "immunization": ("cvx", "name"),
        "referral": ("specialty",),
        "encounter": ("class_code", "type"),
        "diagnosis": ("code",),
    }
    if event_type in {"lab_order", "lab_result"}:
        return {"analytes": _analytes_in(value)}
    if event_type in {"medication_order", "medication_change", "prescription"}:
        return {"drug": entry["id"]} if isinstance(entry, Mapping) and "id" in entry else {}
    if not isinstance(entry, Mapping):
        return {}
    return {key: entry[key] for key in known.get(event_type, ()) if key in entry}


def _analytes_in(value: Any) -> list[str]:  # noqa: ANN401 - whatever a skill says
    """Give the analytes whose LOINC codes stand somewhere in an entry of a skill."""
    by_loinc = {analyte.loinc: analyte.id for analyte in analytes().values()}
    if isinstance(value, Mapping):
        own = [by_loinc[value["loinc"]]] if value.get("loinc") in by_loinc else []
        return own + [name for part in value.values() for name in _analytes_in(part)]
    return [name for part in value for name in _analytes_in(part)] if isinstance(value, list) else []


def _code_problems(event_type: str, wanted: Mapping[str, Any], path: str) -> Iterator[Problem]:
    for key in ("reason_code",) if event_type == "claim" else ("reason_code", "code"):
        code = wanted.get(key)
        if isinstance(code, str) and "system" not in wanted and not is_billable(code):
            hint = did_you_mean(nearest_codes(code))
            yield Problem(f"{path}.parameters.{key}", "no billable ICD-10-CM code", rendered(code), hint)


def _encounter(event: EventDefinition, wanted: Mapping[str, Any], _path: str, _library: SkillLibrary) -> Details:
    class_code = _CLASSES.get(event.event_type, wanted.get("class_code", "AMB"))
    reason = wanted.get("reason_code")
    kind = str(wanted.get("type", _TYPES[class_code]))
    return Encounter(
        class_code=class_code,
        type=kind[:1].upper() + kind[1:],
        reason_code=dotted_code(reason) if reason else None,
        minutes=wanted.get("minutes"),
        nights=wanted.get("days"),
    )


def _diagnosis(event: EventDefinition, wanted: Mapping[str, Any], path: str, _library: SkillLibrary) -> Details:
    code = wanted.get("code")
    if code is None and event.condition is None:
        raise missing(path, "a diagnosis needs its code", "give parameters.code, or the event's condition")
    return Diagnosis(dotted_code(code) if code else None, is_new="onset" in wanted)


def _procedure(_event: EventDefinition, wanted: Mapping[str, Any], path: str, _library: SkillLibrary) -> Details:
    lacking = [key for key in ("system", "code", "name") if key not in wanted]
    if lacking:
        hint = "give system, code and name, the id of a procedure of the condition's skill, or a skill_ref"
        raise missing(path, f"nothing says the {' and '.join(lacking)} of what is done", hint)
    return Procedure(wanted["system"], wanted["code"], wanted["name"])


def _immunization(_event: EventDefinition, wanted: Mapping[str, Any], path: str, _library: SkillLibrary) -> Details:
    cvx = wanted.get("cvx")
    name = wanted.get("name") or (vaccine_names().get(str(cvx).zfill(2)) if cvx else None)
    if cvx is None or name is None:
        raise missing(
            path, "nothing says which vaccine is given", "give its cvx, and its name if the code is a rare one"
        )
    return Immunization(str(cvx).zfill(2), str(name))


def _referral(_event: EventDefinition, wanted: Mapping[str, Any], path: str, _library: SkillLibrary) -> Details:
    if "specialty" not in wanted:
        raise missing(path, "nothing says whom the person is referred to", "give the specialty")
    specialty = specialty_named(wanted["specialty"], path=f"{path}.specialty")
    reason = wanted.get("reason_code")
    return Referral(specialty.title, dotted_code(reason) if reason else None)


def _transfer(_event: EventDefinition, wanted: Mapping[str, Any], path: str, _library: SkillLibrary) -> Details:
    if "to" not in wanted:
        raise missing(path, "nothing says where the person is moved to", "give to, the ward")
    unit = str(wanted["to"])
    return Transfer(unit[:1].upper() + unit[1:])


def _care_plan(event: EventDefinition, wanted: Mapping[str, Any], _path: str, library: SkillLibrary) -> Details:
    model = library.find(event.condition) if event.condition is not None else None
    title = wanted.get("title") or (f"Plan of care: {model.name}" if model is not None else "Plan of care")
    reason = wanted.get("reason_code")
    return PlanOfCare(
        category=wanted.get("category", "other" if event.condition is None else "disease management"),
        title=str(title),
        goals="; ".join(wanted["goals"]) if wanted.get("goals") else None,
        days=wanted.get("days"),
        reason_code=dotted_code(reason) if reason else None,
    )


_MAKERS: Mapping[str, Callable[[EventDefinition, Mapping[str, Any], str, SkillLibrary], Details]] = {
    "encounter": _encounter,
    "telehealth": _encounter,
    "ed_visit": _encounter,
    "admission": _encounter,
    "discharge": lambda *_: Discharge(),
    "transfer": _transfer,
    "care_plan": _care_plan,
    "diagnosis": _diagnosis,
    "procedure": _procedure,
    "imaging": _procedure,
    "immunization": _immunization,
    "referral": _referral,
    "death": lambda *_: Death(),
    "lab_order": labs_ordered,
    "lab_result": labs_ordered,
    "vital_signs": vitals_taken,
    "medication_order": drug_ordered,
    "medication_change": drug_ordered,
    "prescription": drug_ordered,
    **dict.fromkeys(MARKED, lambda *_: Marked()),
}
