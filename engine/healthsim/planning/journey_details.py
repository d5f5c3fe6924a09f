"""What an event's rows are made of: its parameters, completed from the skill of its condition."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from healthsim.errors import InvalidInputError, NotFoundError, Problem, did_you_mean, rendered
from healthsim.reference import is_billable, nearest_codes, vaccine_names
from healthsim.reference.network import specialty_named
from healthsim.skills import SkillLibrary, resolve, resolve_reference
from healthsim.spec import EventDefinition
from healthsim.spec.shorthand import dotted_code


@dataclass(frozen=True, slots=True)
class Encounter:
    """A visit or a stay.

    Attributes:
        class_code: Class in HL7 v3 ActCode.
        type: Kind of encounter.
        reason_code: ICD-10-CM code of what it is for; None for that of the event's condition.
        minutes: How long it takes; None where that varies as in life.
        nights: Nights of a stay; None where they vary as in life.
    """

    class_code: str
    type: str
    reason_code: str | None
    minutes: int | None
    nights: int | None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A condition that is recorded.

    Attributes:
        code: ICD-10-CM code; None for the person's own code of the event's condition.
    """

    code: str | None


@dataclass(frozen=True, slots=True)
class Procedure:
    """Something that is done.

    Attributes:
        system: Code system.
        code: Code in it.
        name: What is done.
    """

    system: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Immunization:
    """A vaccine that is given.

    Attributes:
        cvx: CVX code.
        name: The vaccine.
    """

    cvx: str
    name: str


@dataclass(frozen=True, slots=True)
class Referral:
    """A referral.

    Attributes:
        specialty: Title of the specialty.
        reason_code: ICD-10-CM code; None for that of the event's condition.
    """

    specialty: str
    reason_code: str | None


@dataclass(frozen=True, slots=True)
class Discharge:
    """The end of a stay."""


@dataclass(frozen=True, slots=True)
class Death:
    """The end of a life."""


Details = Encounter | Diagnosis | Procedure | Immunization | Referral | Discharge | Death

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
    problems += _code_problems(wanted, path)
    if problems:
        raise InvalidInputError(problems)
    return _MAKERS[event.event_type](event, wanted, f"{path}.parameters")


def made_types() -> tuple[str, ...]:
    """Name the types of events whose rows this version makes."""
    return tuple(_MAKERS)


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
    if not isinstance(entry, Mapping):
        return {}
    return {key: entry[key] for key in known.get(event_type, ()) if key in entry}


def _code_problems(wanted: Mapping[str, Any], path: str) -> Iterator[Problem]:
    for key in ("reason_code", "code"):
        code = wanted.get(key)
        if isinstance(code, str) and "system" not in wanted and not is_billable(code):
            hint = did_you_mean(nearest_codes(code))
            yield Problem(f"{path}.parameters.{key}", "no billable ICD-10-CM code", rendered(code), hint)


def _encounter(event: EventDefinition, wanted: Mapping[str, Any], _path: str) -> Details:
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


def _diagnosis(event: EventDefinition, wanted: Mapping[str, Any], path: str) -> Details:
    code = wanted.get("code")
    if code is None and event.condition is None:
        raise _missing(path, "a diagnosis needs its code", "give parameters.code, or the event's condition")
    return Diagnosis(dotted_code(code) if code else None)


def _procedure(_event: EventDefinition, wanted: Mapping[str, Any], path: str) -> Details:
    lacking = [key for key in ("system", "code", "name") if key not in wanted]
    if lacking:
        hint = "give system, code and name, the id of a procedure of the condition's skill, or a skill_ref"
        raise _missing(path, f"nothing says the {' and '.join(lacking)} of what is done", hint)
    return Procedure(wanted["system"], wanted["code"], wanted["name"])


def _immunization(_event: EventDefinition, wanted: Mapping[str, Any], path: str) -> Details:
    cvx = wanted.get("cvx")
    name = wanted.get("name") or (vaccine_names().get(str(cvx).zfill(2)) if cvx else None)
    if cvx is None or name is None:
        raise _missing(
            path, "nothing says which vaccine is given", "give its cvx, and its name if the code is a rare one"
        )
    return Immunization(str(cvx).zfill(2), str(name))


def _referral(_event: EventDefinition, wanted: Mapping[str, Any], path: str) -> Details:
    if "specialty" not in wanted:
        raise _missing(path, "nothing says whom the person is referred to", "give the specialty")
    specialty = specialty_named(wanted["specialty"], path=f"{path}.specialty")
    reason = wanted.get("reason_code")
    return Referral(specialty.title, dotted_code(reason) if reason else None)


def _missing(path: str, message: str, hint: str) -> InvalidInputError:
    return InvalidInputError([Problem(path, message, None, hint)])


_MAKERS: Mapping[str, Callable[[EventDefinition, Mapping[str, Any], str], Details]] = {
    "encounter": _encounter,
    "telehealth": _encounter,
    "ed_visit": _encounter,
    "admission": _encounter,
    "discharge": lambda *_: Discharge(),
    "diagnosis": _diagnosis,
    "procedure": _procedure,
    "imaging": _procedure,
    "immunization": _immunization,
    "referral": _referral,
    "death": lambda *_: Death(),
}
