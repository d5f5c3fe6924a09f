"""From what a chart may say to a plan of how it is billed."""

from collections.abc import Mapping, Sequence

import numpy as np

from healthsim.planning.payer.billing_codes import BASIS, CENTS, CodeBook, code_book
from healthsim.planning.payer.billing_content import billing_rules, drg_groups, fees, localities
from healthsim.planning.payer.billing_orders import delivery_codes, planned_orders
from healthsim.planning.payer.billing_plan import (
    KINDS,
    SETTINGS,
    BillingPlan,
    BundlePlan,
    DiagnosisCodes,
    FeePlan,
    LinePlan,
)
from healthsim.planning.payer.billing_rules import Bundle, Line
from healthsim.planning.payer.billing_stays import drg_titles, longest_prefix, planned_stays
from healthsim.planning.payer.billing_visits import planned_visit_codes
from healthsim.planning.payer.services import SERVICES
from healthsim.planning.visits import ENCOUNTERS, OBSERVATION, VACCINATION
from healthsim.randomness import Ints

Texts = Mapping[str, Mapping[str, tuple[str, ...]]]

_UNNAMED = "Service without a fee of its own"
_MODIFIERS = ("25", "26", "95")
_NETWORK = 65_536


def planned_billing(
    dictionaries: Texts,
    states: Sequence[str],
    county_state: Ints,
    claimed: Sequence[str | None] = (),
    *,
    has_care: bool = False,
) -> BillingPlan:
    """Plan what is billed.

    Args:
        dictionaries: Texts of the clinical tables.
        states: Letters of the states where people live.
        county_state: Index of each county's state, shape `(counties,)`.
        claimed: Code of a service that each event of the journeys claims; None for none.
        has_care: Whether the chart tells all the care that people have anyway.

    Raises:
        InvalidInputError: The files of `benefits` are not as they must be.
    """
    rules = billing_rules()
    diagnoses = _diagnosis_texts(dictionaries)
    procedures = dictionaries.get("procedures", {}).get("code", ())
    book = code_book(dictionaries, [code for code in claimed if code is not None])
    stays, drgs = planned_stays(diagnoses, procedures, book.place)
    bill_types = (rules.stays.outpatient_bill_type, rules.stays.bill_type)
    return BillingPlan(
        texts={
            "bill_type": bill_types,
            "drg": drgs,
            "diagnosis": diagnoses,
            "code": book.codes,
            "modifier": _MODIFIERS,
            "revenue": book.revenues,
        },
        titles={
            "services": {code: fees()[code].name if code in fees() else _UNNAMED for code in book.codes},
            "drgs": drg_titles(),
            "icd10": {code: ENCOUNTERS[code] for code in (VACCINATION, OBSERVATION)},
        },
        fees=_planned_fees(book, states, county_state),
        visits=planned_visit_codes(dictionaries, book, _MODIFIERS),
        orders=planned_orders(dictionaries, book, delivery_codes(diagnoses, book), claimed),
        diagnoses=_planned_diagnoses(dictionaries, diagnoses),
        stays=stays,
        bundles=tuple(_planned_bundle(bundle, book, diagnoses, has_care=has_care) for bundle in rules.bundles),
        bill_type=(0, 1),
        network={name: round(share * _NETWORK) for name, share in rules.network.shares.items()},
        sources=tuple(dict.fromkeys((*(fee.source for fee in fees().values()), drg_groups()[0].source))),
    )


def _diagnosis_texts(dictionaries: Texts) -> tuple[str, ...]:
    """Give every ICD-10-CM code that a claim may name."""
    named = (("encounters", "reason_code"), ("diagnoses", "code"), ("procedures", "reason_code"))
    texts = (code for table, column in named for code in dictionaries.get(table, {}).get(column, ()))
    return tuple(dict.fromkeys((*texts, VACCINATION, OBSERVATION)))


def _planned_diagnoses(dictionaries: Texts, codes: Sequence[str]) -> DiagnosisCodes:
    rules = billing_rules()
    place = {code: index for index, code in enumerate(codes)}

    def indices(table: str, column: str) -> Ints:
        return np.array([place[code] for code in dictionaries.get(table, {}).get(column, ())], np.int64)

    services = [longest_prefix(code, rules.services) for code in codes]
    most = rules.diagnoses
    return DiagnosisCodes(
        of_reason=indices("encounters", "reason_code"),
        of_diagnosis=indices("diagnoses", "code"),
        of_procedure=indices("procedures", "reason_code"),
        vaccination=place[VACCINATION],
        observation=place[OBSERVATION],
        service=np.array([-1 if each is None else SERVICES.index(rules.services[each]) for each in services], np.int64),
        most=np.array([most.professional, most.institutional, most.institutional], np.int64),
    )


def _planned_fees(book: CodeBook, states: Sequence[str], county_state: Ints) -> FeePlan:
    charges, factors = billing_rules().charges, localities()
    multiples = (charges.professional, charges.outpatient, charges.inpatient, charges.emergency, charges.laboratory)
    of_states = np.array([round(factors.get(state, 1.0) * BASIS) for state in states], np.int64)
    return FeePlan(
        rate=book.rate,
        is_local=book.is_local,
        service=book.service,
        revenue=book.revenue,
        factor=of_states[county_state],
        multiple=np.array([round(each.times * BASIS) for each in multiples], np.int64),
        spread=round(charges.spread.times * BASIS),
    )


def _planned_bundle(bundle: Bundle, book: CodeBook, diagnoses: Sequence[str], *, has_care: bool) -> BundlePlan:
    share = bundle.share_in_care if has_care and bundle.share_in_care else bundle.share
    return BundlePlan(
        name=bundle.name,
        stream=bundle.beside or bundle.name,
        setting=SETTINGS.index(bundle.setting),
        slot=bundle.slot,
        kind=KINDS.index(bundle.kind),
        is_by_drg=bundle.priced == "drg",
        place_of_service=-1 if bundle.place_of_service is None else bundle.place_of_service,
        is_without_results=bundle.without_results,
        fits=np.array([_fits(code, bundle) for code in diagnoses], np.bool_),
        share=np.array([share.under_18, share.under_65, share.from_65]),
        lines=tuple(_planned_line(line, number, bundle, book) for number, line in enumerate(bundle.lines)),
    )


def _fits(code: str, bundle: Bundle) -> bool:
    """Tell whether a bundle may come with visits for a diagnosis."""
    return code.startswith(bundle.only_for or "") and not code.startswith(bundle.not_for)


def _planned_line(line: Line, number: int, bundle: Bundle, book: CodeBook) -> LinePlan:
    revenue = -1
    if bundle.kind != "professional":
        given = line.revenue or (fees()[line.code].revenue if line.code else None)
        revenue = -1 if given is None else book.revenues.index(given)
    return LinePlan(
        name=f"{number}:{line.level or line.code or line.revenue}",
        code=book.place[line.code] if line.code else -1,
        is_level=line.level is not None,
        revenue=revenue,
        modifier=-1 if line.modifier is None else _MODIFIERS.index(line.modifier),
        share=line.share,
        is_fallback=line.otherwise,
        is_one=line.one,
        weight=line.weight,
        cents=round(line.amount * CENTS),
        units=0 if line.units == "nights" else line.units,
        is_of_newborns=line.newborn,
    )
