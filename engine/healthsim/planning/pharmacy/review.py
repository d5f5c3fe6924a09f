"""Rules of drug utilization review, with their names looked up."""

from collections.abc import Mapping, Sequence

import numpy as np

from healthsim.planning.pharmacy.documents import DurRule, dur_rules
from healthsim.planning.pharmacy.drugs import named
from healthsim.planning.pharmacy.pharmacy_plan import Booleans, Ints, PlannedRule
from healthsim.skills import Drug


def planned_rules(drugs: Mapping[str, Drug], rxnorms: Sequence[str], codes: Sequence[str]) -> tuple[PlannedRule, ...]:
    """Look up whom rules are about.

    Args:
        drugs: Drugs by RxCUI.
        rxnorms: The RxCUIs of the table of medications.
        codes: The codes of the table of diagnoses.
    """
    twin = _ingredients(drugs, rxnorms)
    return tuple(_planned(rule, drugs, rxnorms, codes, twin) for rule in dur_rules().rules)


def _planned(
    rule: DurRule, drugs: Mapping[str, Drug], rxnorms: Sequence[str], codes: Sequence[str], twin: Ints
) -> PlannedRule:
    about = named(rule.names, drugs, rxnorms) if rule.names else np.ones(len(rxnorms), np.bool_)
    others: Booleans = named(rule.others, drugs, rxnorms) if rule.others else about
    return PlannedRule(rule, about, others, np.array([code.startswith(rule.codes) for code in codes], np.bool_), twin)


def _ingredients(drugs: Mapping[str, Drug], rxnorms: Sequence[str]) -> Ints:
    every = sorted({drugs[rxnorm].ingredient for rxnorm in rxnorms})
    return np.array([every.index(drugs[rxnorm].ingredient) for rxnorm in rxnorms], np.int64)
