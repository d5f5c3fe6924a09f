"""The pharmacy benefit, planned: over the drugs people may take and the insurance they may have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from healthsim.planning.medication_plan import MedicationPlan
from healthsim.planning.pharmacy.adherence import planned_adherence
from healthsim.planning.pharmacy.benefits import benefit_columns, benefits_asked
from healthsim.planning.pharmacy.documents import (
    REASONS,
    SEVERITIES,
    Benefit,
    Reason,
    adherence,
    drug_benefits,
    dur_rules,
    formularies,
    products,
    rejections,
)
from healthsim.planning.pharmacy.drugs import drug_columns, formulary_columns, products_of
from healthsim.planning.pharmacy.pharmacy_plan import CHANNELS, KINDS, PHASES, PharmacyPlan, RejectionPlan
from healthsim.planning.pharmacy.review import planned_rules
from healthsim.spec.insurance import InsurancePlan
from healthsim.spec.pharmacy import Pharmacy

_EPOCH = date(1970, 1, 1)

STATUSES = ("paid", "rejected", "reversed")
TRANSACTIONS = ("B1", "B2")
_REASON_TITLES: Mapping[Reason, str] = {
    "DD": "Drug with drug",
    "TD": "Duplicate therapy",
    "ID": "Duplicate ingredient",
    "ER": "Early refill",
    "HD": "High dose",
    "MC": "Drug with disease",
    "PG": "Pregnancy",
    "PA": "Age",
}
"""NCPDP reasons for service, in our own words."""

Texts = Mapping[str, Mapping[str, tuple[str, ...]]]

_NOTHING_ORDERED: Mapping[str, tuple[str, ...]] = dict.fromkeys(("rxnorm", "dose", "frequency", "reason_code"), ())


@dataclass(frozen=True, slots=True)
class PlannedPharmacy:
    """The pharmacy benefit, with what its tables need.

    Attributes:
        plan: What it is drawn from.
        dictionaries: Texts of its tables.
        titles: Titles that views add to codes.
        sources: Where the figures are from.
        notes: What the caller should know.
    """

    plan: PharmacyPlan
    dictionaries: Texts
    titles: Mapping[str, Mapping[str, str]]
    sources: tuple[str, ...]
    notes: tuple[str, ...]


def planned_pharmacy(
    asked: Pharmacy,
    medications: MedicationPlan | None,
    texts: Texts,
    insurance: Sequence[InsurancePlan],
    days: tuple[int, int],
) -> PlannedPharmacy:
    """Plan the pharmacy benefit.

    Args:
        asked: What the profile asks of it.
        medications: The drugs that people may take; None where nobody is ordered any.
        texts: Texts of the tables of medications and diagnoses.
        insurance: The insurance plans that people may have.
        days: First and last day of which there are claims, days since 1970-01-01.
    """
    ordered = texts.get("medications", _NOTHING_ORDERED)
    rxnorms, codes = ordered["rxnorm"], texts.get("diagnoses", {}).get("code", ())
    every = medications.drugs if medications is not None else ()
    drugs = {each.drug.rxnorm: each.drug for each in every}
    found, missing = products_of(rxnorms)
    benefits = benefits_asked(asked.benefits)
    years = range(_year_of(days[0]), _year_of(days[1]) + 1)
    lines = [benefit.line_of_business for benefit in benefits]
    supplies = {
        rxnorm: max(each.drug.days_supply for each in every if each.drug.rxnorm == rxnorm) for rxnorm in rxnorms
    }
    plan = PharmacyPlan(
        first_day=days[0],
        last_day=days[1],
        years=np.array([(date(year, 1, 1) - _EPOCH).days for year in years], np.int64),
        drugs=drug_columns(found, [supplies[rxnorm] for rxnorm in rxnorms]),
        formulary=formulary_columns(benefits, found, drugs, rxnorms),
        benefits=benefit_columns(benefits, years),
        benefit_of_plan=np.array([lines.index(each.line_of_business) for each in insurance], np.int64),
        adherence=planned_adherence(benefits, asked.adherence),
        rejections=_rejections(is_asked=asked.rejections),
        rules=planned_rules(drugs, rxnorms, codes),
    )
    return PlannedPharmacy(
        plan=plan,
        dictionaries=_dictionaries(ordered, codes, benefits),
        titles={
            "reject_codes": {each.code: each.title for each in rejections().codes},
            "dur_reasons": {str(reason): title for reason, title in _REASON_TITLES.items()},
            "dur_rules": {each.id: each.title for each in dur_rules().rules},
            "drug_benefits": {each.id: each.title for each in benefits},
            "drug_formularies": {each.id: each.formulary for each in benefits},
        },
        sources=_sources(),
        notes=tuple(f"nothing is known of what RxCUI {each} costs; a middling generic stands in" for each in missing),
    )


def _rejections(*, is_asked: bool) -> RejectionPlan:
    rates = rejections().rates
    returned = rates["returned"]
    by_kind = {"generic": returned.generic, "brand": returned.brand, "specialty": returned.brand, "otc": 0.0}
    weight = 1.0 if is_asked else 0.0
    return RejectionPlan(
        codes=tuple(each.code for each in rejections().codes),
        wrong_cardholder=weight * rates["wrong_cardholder"].share,
        too_soon=weight * rates["refill_too_soon"].share,
        authorized=rates["authorized"].share if is_asked else 1.0,
        excepted=rates["excepted"].share if is_asked else 1.0,
        returned=weight * np.array([by_kind[kind] for kind in KINDS]),
        after_coverage=weight * rates["tried_after_coverage"].share,
        after_days=rates["tried_after_coverage"].days,
        is_asked=is_asked,
    )


def _dictionaries(
    medications: Mapping[str, tuple[str, ...]], codes: tuple[str, ...], benefits: Sequence[Benefit]
) -> Texts:
    """Give the texts of the tables; those of drugs and reasons are those of the table of medications."""
    ids = tuple(benefit.id for benefit in benefits)
    processors = [benefit.processor for benefit in benefits]
    return {
        "rx_members": {
            "benefit": ids,
            "processor": tuple(each.name for each in processors),
            "bin": tuple(each.bin for each in processors),
            "pcn": tuple(each.pcn for each in processors),
            "rx_group": tuple(each.group for each in processors),
        },
        "prescriptions": {name: medications[name] for name in ("rxnorm", "dose", "frequency", "reason_code")},
        "pharmacy_claims": {
            "transaction": TRANSACTIONS,
            "status": STATUSES,
            "reject_code": tuple(each.code for each in rejections().codes),
            "rxnorm": medications["rxnorm"],
            "channel": CHANNELS,
            "kind": KINDS,
            "phase": PHASES,
        },
        "dur_alerts": {
            "rule": tuple(each.id for each in dur_rules().rules),
            "reason_for_service": REASONS,
            "severity": SEVERITIES,
            "rxnorm": medications["rxnorm"],
            "other_rxnorm": medications["rxnorm"],
            "diagnosis_code": codes,
        },
    }


def _sources() -> tuple[str, ...]:
    every = (
        products(),
        formularies(),
        *drug_benefits().benefits,
        drug_benefits().part_d_years,
        adherence(),
        rejections(),
        dur_rules(),
    )
    return tuple(each.source for each in every if each.source)


def _year_of(day: int) -> int:
    return (_EPOCH + timedelta(days=day)).year
