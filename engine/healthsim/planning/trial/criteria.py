"""Whether the criteria of a protocol can be asked of people, and what their names stand for."""

from collections.abc import Iterator, Sequence

import numpy as np

from healthsim.errors import Problem, did_you_mean, nearest_names, rendered
from healthsim.planning.journey_names import KnownConditions
from healthsim.planning.medication_plan import MedicationPlan
from healthsim.planning.naming import NamedCondition
from healthsim.planning.trial.trial_plan import EligibilityPlan, Ints
from healthsim.reference import analytes, is_icd10
from healthsim.skills import SkillLibrary
from healthsim.spec import Comparison, Predicate, Protocol
from healthsim.spec.predicates import comparisons_of
from healthsim.spec.shorthand import dotted_code

CONSENT_WITHDRAWN = "Consent withdrawn before randomisation"

PLAIN = ("age", "gender", "race", "ethnicity", "smoking")
SETS = ("conditions", "codes", "medications")
"""Attributes that are sets, asked by `contains`."""

_KINDS = {"labs": "lab", "vitals": "vital"}


def criteria_of(protocol: Protocol) -> Iterator[tuple[str, Predicate]]:
    """Give every condition on a person in a protocol, with its place."""
    for section in ("inclusion", "exclusion", "stratification"):
        for index, each in enumerate(getattr(protocol, section)):
            yield f"{section}[{index}].rule", each.rule


def criteria_problems(
    protocol: Protocol, named: Sequence[NamedCondition], library: SkillLibrary, path: str
) -> Iterator[Problem]:
    """Give everything that a protocol names and that is not there.

    Args:
        protocol: The protocol.
        named: Conditions of the people asked for.
        library: The skills.
        path: Where the protocol stands.
    """
    code = protocol.indication.code
    if not any(share.code.startswith(code) for each in named for share in each.codes):
        message = "nobody of the people asked for has the disease of the trial"
        yield Problem(
            f"{path}.indication.code", message, rendered(code), "ask for it in clinical, or for another protocol"
        )
    for index, test in enumerate(protocol.tests):
        if test not in analytes():
            yield _unknown("laboratory test or vital sign", f"{path}.tests[{index}]", test, tuple(analytes()))
    for index, effect in enumerate(protocol.effects):
        if effect.analyte not in analytes():
            yield _unknown("analyte", f"{path}.effects[{index}].analyte", effect.analyte, tuple(analytes()))
        elif analytes()[effect.analyte].computed_from:
            parts = " and ".join(analytes()[effect.analyte].computed_from)
            message = f"this is computed from {parts}: give the effect on these"
            yield Problem(f"{path}.effects[{index}].analyte", message, rendered(effect.analyte))
    for where, predicate in criteria_of(protocol):
        for comparison in comparisons_of(predicate):
            yield from _comparison_problems(comparison, library, f"{path}.{where}")


def planned_eligibility(
    protocol: Protocol,
    named: Sequence[NamedCondition],
    codes: Sequence[str],
    library: SkillLibrary,
    medications: MedicationPlan | None,
) -> EligibilityPlan:
    """Look up what the criteria compare.

    Args:
        protocol: The protocol.
        named: Conditions of the people, by slot.
        codes: The plan's codes.
        library: The skills.
        medications: The drugs people may take.
    """
    compared = [each for _, predicate in criteria_of(protocol) for each in comparisons_of(predicate)]
    asked = {kind: {str(each.value) for each in compared if each.attribute == kind} for kind in SETS}
    known = KnownConditions(named, library)
    slots = {text: known.slot(known.named(text) or "") for text in sorted(asked["conditions"])}
    return EligibilityPlan(
        indication=_below(protocol.indication.code, codes),
        conditions={text: -1 if slot is None else slot for text, slot in slots.items()},
        codes={text: _below(dotted_code(text), codes) for text in sorted(asked["codes"])},
        drugs={text: _drugs(text, medications) for text in sorted(asked["medications"])},
        labs=tuple(
            sorted({each.attribute.partition(".")[2] for each in compared if each.attribute.split(".")[0] in _KINDS})
        ),
        reasons=(*(each.text for each in (*protocol.inclusion, *protocol.exclusion)), CONSENT_WITHDRAWN),
        strata=_strata(protocol),
    )


def _strata(protocol: Protocol) -> tuple[str, ...]:
    """Name the strata by their number: the bit of a factor is set where its condition holds."""
    factors = protocol.stratification
    return tuple(
        "; ".join(factor.yes if stratum >> bit & 1 else factor.no for bit, factor in enumerate(factors)) or "All"
        for stratum in range(1 << len(factors))
    )


def _below(code: str, codes: Sequence[str]) -> Ints:
    return np.array([index for index, each in enumerate(codes) if each.startswith(code)], np.int64)


def _drugs(text: str, medications: MedicationPlan | None) -> Ints:
    drugs = medications.drugs if medications else ()
    named = [each.entry for each in drugs if text in (each.drug.id, each.drug.ingredient, each.drug.group)]
    return np.array(named, np.int64)


def _comparison_problems(comparison: Comparison, library: SkillLibrary, path: str) -> Iterator[Problem]:
    kind, _, name = comparison.attribute.partition(".")
    if kind in SETS and not name:
        yield from _set_problems(comparison, kind, library, path)
    elif kind in _KINDS and name:
        known = tuple(each.id for each in analytes().values() if each.kind == _KINDS[kind])
        if name not in known:
            yield _unknown("analyte", path, name, known)
        elif isinstance(comparison.value, str | tuple) or comparison.operator == "contains":
            yield Problem(path, f"{comparison.attribute} is a number", rendered(comparison.value))
    elif kind == "stage" and name:
        yield from _stage_problems(comparison, name, library, path)
    elif comparison.attribute not in PLAIN:
        hint = f"known are {', '.join((*PLAIN, *SETS))}, labs.…, vitals.… and stage.…"
        yield Problem(path, "no such attribute", rendered(comparison.attribute), hint)


def _set_problems(comparison: Comparison, kind: str, library: SkillLibrary, path: str) -> Iterator[Problem]:
    text = str(comparison.value)
    if comparison.operator != "contains":
        yield Problem(path, f"{kind} are asked by contains", rendered(comparison.operator))
    elif kind == "conditions" and KnownConditions(None, library).named(text) is None:
        yield _unknown("condition", path, text, tuple(each.id for each in library.conditions))
    elif kind == "codes" and not is_icd10(dotted_code(text)):
        yield Problem(path, "no such ICD-10-CM code", rendered(text))
    elif kind == "medications" and text not in _drug_names(library):
        yield _unknown("drug or group of drugs", path, text, _drug_names(library))


def _stage_problems(comparison: Comparison, name: str, library: SkillLibrary, path: str) -> Iterator[Problem]:
    stages = {each.id: tuple(stage.id for stage in each.stages) for each in library.conditions if each.stages}
    if name not in stages:
        yield _unknown("condition with stages", path, name, tuple(stages))
        return
    for value in comparison.value if isinstance(comparison.value, tuple) else (comparison.value,):
        if value not in stages[name]:
            yield _unknown("stage", path, str(value), stages[name])


def _drug_names(library: SkillLibrary) -> tuple[str, ...]:
    drugs = [drug for each in library.conditions if each.treatment for drug in each.treatment.drugs]
    return tuple(dict.fromkeys(name for drug in drugs for name in (drug.id, drug.ingredient, drug.group)))


def _unknown(kind: str, path: str, name: str, known: tuple[str, ...]) -> Problem:
    hint = did_you_mean(nearest_names(name, known)) or f"known are {', '.join(known)}"
    return Problem(path, f"no such {kind}", rendered(name), hint)
