"""Orders of journeys: laboratory tests, vital signs and drugs, by the names that skills and catalogues give them."""

from collections.abc import Mapping, Sequence
from typing import Any

from healthsim.errors import InvalidInputError, Problem, did_you_mean, nearest_names, rendered
from healthsim.planning.event_details import Details, Labs, Medication, Vitals
from healthsim.planning.measurements import with_parts
from healthsim.reference import analytes, panels
from healthsim.skills import SkillLibrary
from healthsim.spec import EventDefinition

_PANEL_ALIASES = {
    "lipids": "lipid",
    "lipid_panel": "lipid",
    "a1c": "hba1c",
    "tsh": "thyroid",
    "metabolic": "cmp",
    "comprehensive_metabolic_panel": "cmp",
    "basic_metabolic_panel": "bmp",
    "complete_blood_count": "cbc",
}


def labs_ordered(event: EventDefinition, wanted: Mapping[str, Any], path: str, library: SkillLibrary) -> Details:
    """Complete an order of laboratory tests: panels and tests with what they are computed from and told with.

    Raises:
        InvalidInputError: A name is unknown, or there is none.
    """
    problems: list[Problem] = []
    ordered: list[str] = [analyte for analyte in wanted.get("analytes", ()) if analyte in analytes()]
    for index, name in enumerate(wanted.get("panels", ())):
        panel = panels().get(_PANEL_ALIASES.get(name.casefold(), name.casefold()))
        if panel is None:
            hint = did_you_mean(nearest_names(name, panels())) or f"known are {', '.join(panels())}"
            problems.append(Problem(f"{path}.panels[{index}]", "no such panel", rendered(name), hint))
        else:
            ordered += panel.members
    found, unknown = _measured(wanted.get("tests", ()), "lab", f"{path}.tests")
    if problems or unknown:
        raise InvalidInputError((*problems, *unknown))
    ordered += found
    if not ordered and event.condition is not None:
        ordered = list(library.condition(event.condition).monitored)
    if not ordered:
        raise missing(path, "nothing says which tests are ordered", "give panels, tests, a skill_ref or a condition")
    return Labs(frozenset(with_parts(name for name in ordered if name in analytes())))


def vitals_taken(_event: EventDefinition, wanted: Mapping[str, Any], path: str, _library: SkillLibrary) -> Details:
    """Complete the vital signs that are taken.

    Raises:
        InvalidInputError: A name is unknown.
    """
    found, unknown = _measured(wanted.get("signs", ()), "vital", f"{path}.signs")
    if unknown:
        raise InvalidInputError(unknown)
    parts = [part for name in found for part in analytes()[name].computed_from if analytes()[part].kind == "vital"]
    return Vitals(frozenset((*found, *parts)) or None)


def drug_ordered(event: EventDefinition, wanted: Mapping[str, Any], path: str, library: SkillLibrary) -> Details:
    """Complete an order, or a stop, of a drug of the condition's skill.

    Raises:
        InvalidInputError: The drug is unknown, or nothing says what it is for.
    """
    if event.condition is None:
        raise missing(path, "nothing says what the drug is for", "give the event's condition")
    condition = library.condition(event.condition)
    known = condition.treatment.drugs if condition.treatment is not None else ()
    if not known:
        raise missing(path, f"the skill of {condition.name} has no drugs", "name a condition that is treated by drugs")
    named = wanted.get("drug")
    chosen = [drug for drug in known if named is None or named in {drug.id, drug.ingredient, drug.rxnorm, drug.group}]
    if not chosen:
        names = dict.fromkeys(name for drug in known for name in (drug.id, drug.ingredient, drug.group))
        hint = did_you_mean(nearest_names(str(named), names)) or f"known are {', '.join(names)}"
        raise InvalidInputError(
            [Problem(f"{path}.drug", "no such drug of the condition's skill", rendered(named), hint)]
        )
    if named is None:
        first = min(drug.line for drug in known if not drug.is_adjunct)
        chosen = [drug for drug in chosen if drug.line == first and not drug.is_adjunct]
    return Medication(
        condition=condition.id,
        drugs=tuple(drug.id for drug in chosen),
        stops=wanted.get("action") == "stop",
        days_supply=wanted.get("days_supply"),
        refills=wanted.get("refills"),
    )


def _measured(names: Sequence[str], kind: str, path: str) -> tuple[list[str], list[Problem]]:
    """Look analytes or vital signs up by id or LOINC code."""
    known = {analyte.id: analyte.id for analyte in analytes().values() if analyte.kind == kind}
    known |= {analyte.loinc: analyte.id for analyte in analytes().values() if analyte.kind == kind}
    found, problems = [], []
    for index, name in enumerate(names):
        if name in known:
            found.append(known[name])
        else:
            hint = did_you_mean(nearest_names(name, known))
            what = "laboratory test" if kind == "lab" else "vital sign"
            problems.append(Problem(f"{path}[{index}]", f"no such {what}", rendered(name), hint))
    return found, problems


def missing(path: str, message: str, hint: str) -> InvalidInputError:
    """Give the error of something that an event lacks."""
    return InvalidInputError([Problem(path, message, None, hint)])
