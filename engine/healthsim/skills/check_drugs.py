"""Whether the drugs of a condition can be: told apart, possible shares, and names that something answers to."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from healthsim.errors import Problem, rendered
from healthsim.skills.check_predicates import PLAIN, predicate_problems, unknown_name
from healthsim.skills.check_together import Known
from healthsim.skills.files import at

_NEAR_ENOUGH = 1e-9


def drug_problems(skill: str, condition: Mapping[str, Any], path: str, known: Known) -> Iterator[Problem]:
    """Give everything that is wrong with the drugs of a well-formed condition.

    Args:
        skill: Name of the skill.
        condition: Its part of the document.
        path: Where it stands.
        known: What is known beside it.
    """
    drugs = condition.get("medications", ())
    where = f"{path}.medications"
    if drugs:
        yield from _line_up_problems(skill, drugs, where)
    for index, drug in enumerate(drugs):
        yield from _one_problems(skill, drug, f"{where}[{index}]", known)
    for index, given in enumerate(condition.get("treated_share", {}).get("given", ())):
        yield from predicate_problems(skill, given["when"], f"{path}.treated_share.given[{index}].when", known)
    for part in ("procedures", "complications"):
        for index, entry in enumerate(condition.get(part, ())):
            for place, predicate in enumerate(entry.get("indications", ())):
                yield from predicate_problems(skill, predicate, f"{path}.{part}[{index}].indications[{place}]", known)


def prevention_problems(skill: str, prevention: Mapping[str, Any], known: Known) -> Iterator[Problem]:
    """Give everything that is wrong with whom screenings and immunisations are for.

    Args:
        skill: Name of the skill.
        prevention: Its part of the document, well formed.
        known: What is known beside it.
    """
    for part, entries in prevention.items():
        for index, entry in enumerate(entries):
            for place, predicate in enumerate(entry["indications"]):
                path = f"$.prevention.{part}[{index}].indications[{place}]"
                yield from predicate_problems(skill, predicate, path, known, (*PLAIN, "smoking"))


def _line_up_problems(skill: str, drugs: Sequence[Mapping[str, Any]], path: str) -> Iterator[Problem]:
    for key in ("id", "rxnorm"):
        values = [drug[key] for drug in drugs]
        for value in sorted({value for value in values if values.count(value) > 1}):
            yield Problem(at(skill, path), f"two drugs have the same {key}", rendered(value))
    if min(drug["line"] for drug in drugs) != 1:
        yield Problem(at(skill, path), "no drug is of the first line")
    for group in dict.fromkeys(drug["group"] for drug in drugs):
        members = [drug for drug in drugs if drug["group"] == group]
        share = sum(drug["share"] for drug in members)
        if share > 1 + _NEAR_ENOUGH:
            message = f"nobody takes two of {group}, so its shares sum to 1 at most"
            yield Problem(at(skill, path), message, f"{share:g}")
        if len({drug.get("adjunct", False) for drug in members}) > 1:
            yield Problem(at(skill, path), f"all drugs of {group} are adjunct, or none is")


def _one_problems(skill: str, drug: Mapping[str, Any], path: str, known: Known) -> Iterator[Problem]:
    approved_on = drug.get("approved_on")
    if approved_on is not None and not _is_date(approved_on):
        yield Problem(at(skill, f"{path}.approved_on"), "no such date", rendered(approved_on))
    for part in ("indications", "contraindications"):
        for index, predicate in enumerate(drug[part]):
            yield from predicate_problems(skill, predicate, f"{path}.{part}[{index}]", known)
    for index, effect in enumerate(drug.get("effects", ())):
        if effect["analyte"] not in known.analytes:
            yield unknown_name(skill, f"{path}.effects[{index}].analyte", "analyte", effect["analyte"], known.analytes)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
