"""How results, procedures and vaccines are billed."""

from collections.abc import Mapping, Sequence

import numpy as np

from healthsim.planning.payer.billing_codes import CodeBook, is_billable
from healthsim.planning.payer.billing_content import billing_rules
from healthsim.planning.payer.billing_plan import OrderCodes, TestPlan
from healthsim.planning.payer.billing_rules import Test, Vaccines
from healthsim.planning.payer.billing_stays import longest_prefix
from healthsim.randomness import Ints
from healthsim.reference import analytes


def planned_orders(
    dictionaries: Mapping[str, Mapping[str, tuple[str, ...]]],
    book: CodeBook,
    delivery: Ints,
    claimed: Sequence[str | None],
) -> OrderCodes:
    """Plan how results, procedures and vaccines are billed.

    Args:
        dictionaries: Texts of the clinical tables.
        book: All codes.
        delivery: Index of the code of a delivery, by diagnosis.
        claimed: Code that each event of the journeys claims; None for none.
    """
    rules = billing_rules()
    measured = {each.loinc: each.id for each in analytes().values()}
    names = [measured[loinc] for loinc in dictionaries.get("labs", {}).get("loinc", ())]
    bits = {name: 1 << bit for bit, name in enumerate(names)}
    surgeons, vaccines = rules.procedures.surgeons, rules.vaccines
    procedures = dictionaries.get("procedures", {}).get("code", ())
    given = (surgeons.get(code, code if is_billable(code) else "") for code in procedures)
    cvx = dictionaries.get("immunizations", {}).get("cvx", ())
    return OrderCodes(
        analyte_bit=np.array([bits[name] for name in names], np.int64),
        tests=tuple(_planned_test(test, bits, book) for test in rules.laboratory.tests if set(test.needs) <= set(bits)),
        drawing=book.place[rules.laboratory.drawing],
        independent=rules.laboratory.independent,
        procedure=np.array([book.place.get(code, -1) for code in given], np.int64),
        vaccine=np.array([book.place[vaccines.codes.get(code, vaccines.otherwise)] for code in cvx], np.int64),
        giving=np.array([[book.place[code] for code in _giving(vaccines, each)] for each in cvx], np.int64).reshape(
            -1, 2
        ),
        delivery=delivery,
        claimed=np.array([-1 if code is None else book.place[code] for code in claimed], np.int64),
    )


def delivery_codes(diagnoses: Sequence[str], book: CodeBook) -> Ints:
    """Give the index of the code of delivering a child, by the diagnosis of the stay; -1 for others."""
    deliveries = billing_rules().procedures.deliveries
    found = [longest_prefix(code, deliveries) for code in diagnoses]
    return np.array([-1 if each is None else book.place[deliveries[each]] for each in found], np.int64)


def _giving(vaccines: Vaccines, cvx: str) -> tuple[str, str]:
    """Give the codes of giving a vaccine, and a further one that is counted with it."""
    apart = vaccines.apart.get(cvx)
    return (vaccines.first, vaccines.further) if apart is None else (apart, apart)


def _planned_test(test: Test, bits: Mapping[str, int], book: CodeBook) -> TestPlan:
    return TestPlan(
        code=book.place[test.code],
        needs=sum(bits[name] for name in set(test.needs)),
        covers=sum(bits[name] for name in set(test.covers) if name in bits),
    )
