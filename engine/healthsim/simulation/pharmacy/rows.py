"""The rows of RxMemberSim's tables."""

import numpy as np

from healthsim.planning.payer.coverage_plan import CoveragePlan
from healthsim.planning.pharmacy.compile import STATUSES, TRANSACTIONS
from healthsim.planning.pharmacy.documents import REASONS, SEVERITIES
from healthsim.planning.pharmacy.pharmacy_plan import CHANNELS, PharmacyPlan
from healthsim.planning.plan import Ints
from healthsim.simulation.block import Block
from healthsim.simulation.cases import SLOT_BITS
from healthsim.simulation.chart import Chart
from healthsim.simulation.payer.membership import OPEN
from healthsim.simulation.pharmacy.attempts import RETURNED, REVERSAL
from healthsim.simulation.pharmacy.benefit import DrugCoverage
from healthsim.simulation.pharmacy.claims import Claims, prescription_ids
from healthsim.simulation.pharmacy.decisions import NOT_REJECTED
from healthsim.simulation.pharmacy.fills import Fills
from healthsim.simulation.pharmacy.review import Alerts
from healthsim.simulation.pharmacy.therapies import Therapies
from healthsim.tables import MISSING, Batch, Column

RULE_BITS = 6
"""Bits of an id that number a claim's warnings by their rule."""

_PAID, _REJECTED, _REVERSED = range(len(STATUSES))
_BILLING, _TAKING_BACK = range(len(TRANSACTIONS))
_RETAIL = CHANNELS.index("retail")
_FIRST_PHARMACY = 9_000_000
"""NCPDP numbers have seven digits, of which the first two stand for the state: none is 90 or above."""

_PHARMACIES_OF_ZIP = 3
_ELSEWHERE = 9_900_000


def span_ids(coverage: CoveragePlan, block: Block, drug_benefits: DrugCoverage) -> Ints:
    """Give the identifiers of spans of coverage, those of the enrollments, shape `(spans,)`."""
    membership = drug_benefits.membership
    month = np.searchsorted(coverage.months, membership.start_day, side="right") - 1 + coverage.first_month
    return (block.people.ids[membership.person] << SLOT_BITS) + month


def rx_member_rows(coverage: CoveragePlan, block: Block, drug_benefits: DrugCoverage) -> Batch:
    """Describe the spans of coverage by a drug benefit."""
    membership = drug_benefits.membership
    rows = np.flatnonzero(drug_benefits.benefit >= 0)
    person, end = membership.person[rows], membership.end_day[rows]
    benefit = drug_benefits.benefit[rows]
    columns: dict[str, Column] = {
        "person_id": block.people.ids[person],
        "rx_member_id": span_ids(coverage, block, drug_benefits)[rows],
        "member_number": membership.member_id[person],
        **dict.fromkeys(("benefit", "processor", "bin", "pcn", "rx_group"), benefit),
        "start_date": membership.start_day[rows],
        "end_date": np.where(end == OPEN, MISSING, end),
    }
    return Batch("rx_members", len(rows), columns)


def prescription_rows(pharmacy: PharmacyPlan, block: Block, chart: Chart, therapies: Therapies, fills: Fills) -> Batch:
    """Describe what was prescribed: a row for each first fill."""
    rows = np.flatnonzero(fills.index == fills.first_index)
    order = fills.order[rows]
    drug, days = therapies.drug[order], fills.days[rows]
    package = pharmacy.drugs.package[drug]
    encounter = therapies.encounter_id[order]
    columns: dict[str, Column] = {
        "person_id": block.people.ids[therapies.person[order]],
        "prescription_id": prescription_ids(block.people, therapies, fills)[rows],
        "medication_id": therapies.medication_id[order],
        "encounter_id": encounter,
        "rxnorm": drug,
        "dose": therapies.dose[order],
        "frequency": therapies.frequency[order],
        "written_date": fills.written[rows],
        "days_supply": days,
        "quantity_thousandths": -(-days * pharmacy.drugs.per_day[drug] // package) * package,
        "refills": fills.refills[rows],
        "prescriber_npi": _providers(chart, encounter),
        "reason_code": therapies.reason[order],
    }
    return Batch("prescriptions", len(rows), columns)


def claim_rows(block: Block, spans: Ints, fills: Fills, claims: Claims) -> Batch:
    """Describe claims.

    Args:
        block: The people.
        spans: Identifiers of the spans of coverage.
        fills: The fills decided on.
        claims: The claims.
    """
    attempts, money = claims.attempts, claims.accumulated.shared
    is_back = attempts.attempt == REVERSAL
    is_reversed = is_back | (attempts.attempt == RETURNED)
    status = np.where(claims.has_money, np.where(is_reversed, _REVERSED, _PAID), _REJECTED)
    sign = np.where(is_back, -1, 1) * claims.has_money
    ingredient, fee = claims.dispensed.ingredient * sign, claims.dispensed.fee * sign
    patient = money.deductible + money.copay + money.coinsurance
    columns: dict[str, Column] = {
        "person_id": block.people.ids[claims.person],
        "pharmacy_claim_id": claims.claim_id,
        "prescription_id": claims.prescription_id,
        "rx_member_id": spans[attempts.span] if len(spans) else attempts.span,
        "transaction": np.where(is_back, _TAKING_BACK, _BILLING),
        "status": status,
        "reject_code": np.where(attempts.reject == NOT_REJECTED, -1, attempts.reject),
        "reversed_claim_id": np.where(is_back, claims.claim_id[claims.reverses], MISSING),
        "fill_number": fills.fill_number[attempts.fill],
        "service_date": attempts.day,
        "processed_date": attempts.billed_day,
        "rxnorm": claims.drug,
        "kind": claims.kind,
        "tier": claims.tier,
        "is_authorized": claims.is_authorized,
        "days_supply": attempts.days,
        "quantity_thousandths": claims.dispensed.quantity * np.where(is_back, -1, 1),
        "channel": claims.dispensed.channel,
        "pharmacy_number": _pharmacies(block, claims),
        "phase": np.where(claims.has_money, money.phase, -1),
        "ingredient_cost": ingredient,
        "dispensing_fee": fee,
        "total_cost": ingredient + fee,
        "deductible": money.deductible,
        "copay": money.copay,
        "coinsurance": money.coinsurance,
        "patient_pay": patient,
        "manufacturer_discount": money.discount,
        "plan_paid": ingredient + fee - patient - money.discount,
        "deductible_met": np.where(claims.has_money, claims.accumulated.deductible_met, MISSING),
        "out_of_pocket": np.where(claims.has_money, claims.accumulated.own, MISSING),
    }
    return Batch("pharmacy_claims", len(claims.claim_id), columns)


def alert_rows(pharmacy: PharmacyPlan, block: Block, claims: Claims, alerts: Alerts) -> Batch:
    """Describe what pharmacies were warned of.

    Args:
        pharmacy: The rules.
        block: The people.
        claims: The claims.
        alerts: The warnings, of places among the claims.
    """
    rules = [planned.rule for planned in pharmacy.rules]
    reason = np.array([REASONS.index(rule.reason) for rule in rules], np.int64)
    severity = np.array([SEVERITIES.index(rule.severity) for rule in rules], np.int64)
    claim = alerts.claim
    columns: dict[str, Column] = {
        "person_id": block.people.ids[claims.person[claim]],
        "dur_alert_id": (claims.claim_id[claim] << RULE_BITS) + alerts.rule,
        "pharmacy_claim_id": claims.claim_id[claim],
        "service_date": claims.attempts.day[claim],
        "rule": alerts.rule,
        "reason_for_service": reason[alerts.rule],
        "severity": severity[alerts.rule],
        "rxnorm": claims.drug[claim],
        "other_rxnorm": alerts.other,
        "diagnosis_code": alerts.code,
        "is_dispensed": claims.has_money[claim],
    }
    return Batch("dur_alerts", len(claim), columns)


def _providers(chart: Chart, encounter: Ints) -> Ints:
    """Give the provider of encounters, `MISSING` for none, shape `(rows,)`."""
    known, npi = chart.column("encounters", "encounter_id"), chart.column("encounters", "provider_npi")
    if not len(known):
        return np.full(len(encounter), MISSING)
    order = np.argsort(known, kind="stable")
    place = np.minimum(np.searchsorted(known, encounter, sorter=order), len(known) - 1)
    found = order[place]
    return np.where(known[found] == encounter, npi[found], MISSING)


def _pharmacies(block: Block, claims: Claims) -> Ints:
    """Give the pharmacies of claims: everybody's own one near home, and those that send drugs."""
    draws = block.people.draws
    near = block.people.zip_code * _PHARMACIES_OF_ZIP + draws.integer("pharmacy", 0, _PHARMACIES_OF_ZIP - 1)
    channel = claims.dispensed.channel
    return np.where(channel == _RETAIL, _FIRST_PHARMACY + near[claims.person], _ELSEWHERE + channel)
