"""A cohort in which everything is as it should be, written by hand: every table, every person alike."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.scorecard.claims import SLOTS, clean_claims
from engine.scorecard.subjects import trial_tables

Row = dict[str, Any]
Tables = dict[str, list[Row]]

PROVIDER, HOSPITAL = 9000000000, 900000001
VISIT = (datetime(2024, 6, 3, 9, 0), datetime(2024, 6, 3, 9, 20))  # noqa: DTZ001 - local time, as in the tables
STAY = (datetime(2023, 3, 1, 8, 0), datetime(2023, 3, 4, 11, 0))  # noqa: DTZ001 - as above
DIAGNOSES = (
    ("E11.22", date(2010, 2, 1)),
    ("I12.9", date(2012, 3, 1)),
    ("E78.5", date(2012, 4, 1)),
    ("E66.811", date(2012, 5, 1)),
    ("J44.9", date(2015, 6, 1)),
    ("N18.31", date(2016, 7, 1)),
)
LABS = (
    ("2160-0", 1.2, "mg/dL", 0.5, 1.1, "H"),
    ("98979-8", 51.0, "mL/min/{1.73_m2}", 60.0, None, "L"),
    ("4548-4", 7.0, "%", 4.0, 5.6, "H"),
    ("27353-2", 154.0, "mg/dL", None, None, None),
    ("2093-3", 180.0, "mg/dL", None, 200.0, "N"),
    ("2085-9", 50.0, "mg/dL", 50.0, None, "N"),
    ("2571-8", 150.0, "mg/dL", None, 150.0, "N"),
    ("13457-7", 100.0, "mg/dL", None, 100.0, "N"),
    ("2951-2", 140.0, "mmol/L", 135.0, 145.0, "N"),
    ("2075-0", 102.0, "mmol/L", 98.0, 107.0, "N"),
    ("2028-9", 24.0, "mmol/L", 22.0, 29.0, "N"),
    ("33037-3", 14.0, "mmol/L", 3.0, 16.0, "N"),
    ("2823-3", 4.2, "mmol/L", 3.5, 5.1, "N"),
    ("718-7", 13.0, "g/dL", 12.0, 15.5, "N"),
    ("4544-3", 39.0, "%", 36.0, 46.0, "N"),
    ("1975-2", 0.6, "mg/dL", 0.1, 1.2, "N"),
    ("1968-7", 0.2, "mg/dL", 0.0, 0.3, "N"),
    ("1751-7", 4.2, "g/dL", 3.5, 5.0, "N"),
    ("2885-2", 7.1, "g/dL", 6.0, 8.3, "N"),
    ("20150-9", 1.8, "L", None, None, None),
    ("19868-9", 3.0, "L", None, None, None),
    ("19926-5", 60.0, "%", 70.0, None, "L"),
)
VITALS = (
    ("8302-2", 165.0, "cm"),
    ("29463-7", 87.0, "kg"),
    ("39156-5", 32.0, "kg/m2"),
    ("8480-6", 138.0, "mm[Hg]"),
    ("8462-4", 82.0, "mm[Hg]"),
    ("8478-0", 101.0, "mm[Hg]"),
)
MEDICATIONS = (
    ("861007", "metformin hydrochloride 500 MG Oral Tablet", "E11.22"),
    ("314076", "lisinopril 10 MG Oral Tablet", "I12.9"),
    ("259255", "atorvastatin 40 MG Oral Tablet", "E78.5"),
)


_PROCEDURE = {"system": "CPT", "code": "83036", "performed_date": VISIT[0].date(), "reason_code": "E11.22"}
_DOSE = {"cvx": "150", "given_date": VISIT[0].date()}
_REFERRAL = {"specialty": "ophthalmology", "referred_date": VISIT[0].date(), "reason_code": "E11.22"}


def clean_tables(people: int) -> Tables:
    """Give the tables of some people; `person_id` counts from 1, other keys are `person_id * SLOTS` and a number."""
    everybody = range(1, people + 1)
    return {
        "patients": [_patient(person) for person in everybody],
        "providers_used": [_provider(person) for person in everybody],
        "facilities_used": [_hospital(person) for person in everybody],
        "encounters": [encounter for person in everybody for encounter in _encounters(person)],
        "diagnoses": [_diagnosis(person, slot) for person in everybody for slot in range(len(DIAGNOSES))],
        "labs": [_lab(person, slot) for person in everybody for slot in range(len(LABS))],
        "vitals": [_vital(person, slot) for person in everybody for slot in range(len(VITALS))],
        "medications": [_medication(person, slot) for person in everybody for slot in range(len(MEDICATIONS))],
        "procedures": [{**_service(person, "procedure"), **_PROCEDURE} for person in everybody],
        "immunizations": [{**_service(person, "immunization"), **_DOSE} for person in everybody],
        "referrals": [{**_service(person, "referral"), **_REFERRAL} for person in everybody],
        "care_plans": [_plan_of_care(1)],
        **clean_claims(people),
        "rx_members": [_drug_benefit(person) for person in everybody],
        "prescriptions": [_prescription(person) for person in everybody],
        "pharmacy_claims": [claim for person in everybody for claim in _pharmacy_claims(person)],
        "dur_alerts": [_warning(person) for person in everybody],
        **trial_tables(everybody),
    }


def npi(person: int) -> int:
    """Give the provider of a person: nine digits with their check digit."""
    identifier = str(900_000_000 + person)
    doubled = [
        sum(divmod(2 * int(digit), 10)) if place % 2 == 0 else int(digit) for place, digit in enumerate(identifier)
    ]
    return int(identifier + str(-(24 + sum(doubled)) % 10))


def _patient(person: int) -> Row:
    return {
        "person_id": person,
        "patient_id": f"P{person:010d}",
        "mrn": f"{person:010d}",
        "given_name": "Ada",
        "family_name": "Example",
        "birth_date": date(1960, 5, 4),
        "gender": "F",
        "race": "White",
        "ethnicity": "Not Hispanic or Latino",
        "address_line": "12 Oak Street",
        "city": "Houston",
        "state": "TX",
        "zip": "77002",
        "county_fips": "48201",
        "phone": "(713) 555-0123",
        "ssn": f"900-01-{person:04d}",
        "deceased_date": None,
        "pcp_npi": npi(person),
        "hospital_id": HOSPITAL + person,
        "smoking_status": "never",
        "insurance": "private",
        "social_vulnerability": 0.5,
    }


def _provider(person: int) -> Row:
    place = {"city": "Houston", "state": "TX", "zip": "77002", "county_fips": "48201"}
    calling = {"taxonomy": "207Q00000X", "specialty": "Family medicine", "credential": "MD"}
    return {"npi": npi(person), "name": "Bo Example", **calling, **place, "is_synthetic": True}


def _hospital(person: int) -> Row:
    place = {"city": "Houston", "state": "TX", "zip": "77002", "county_fips": "48201"}
    return {"facility_id": HOSPITAL + person, "ccn": "459999", "name": "Example Hospital", "beds": 90, **place}


def _encounters(person: int) -> list[Row]:
    visit = {"class_code": "AMB", "type": "Office visit", "reason_code": "E11.22", "facility_id": None}
    stay = {"class_code": "IMP", "type": "Inpatient stay", "reason_code": "J44.9", "facility_id": HOSPITAL + person}
    return [
        {
            "person_id": person,
            "encounter_id": person * SLOTS + slot,
            "start_time": times[0],
            "end_time": times[1],
            "provider_npi": npi(person),
            "part_of_id": None,
            **kind,
        }
        for slot, (kind, times) in enumerate(((visit, VISIT), (stay, STAY)))
    ]


def _diagnosis(person: int, slot: int) -> Row:
    code, onset = DIAGNOSES[slot]
    at = {"onset_date": onset, "recorded_date": onset, "encounter_id": None}
    return {"person_id": person, "diagnosis_id": person * SLOTS + slot, "code": code, "rank": slot + 1, **at}


def _lab(person: int, slot: int) -> Row:
    loinc, value, unit, low, high, flag = LABS[slot]
    known = {"loinc": loinc, "value": value, "unit": unit, "reference_low": low, "reference_high": high}
    at = {"encounter_id": person * SLOTS, "collected_at": VISIT[1]}
    return {"person_id": person, "lab_id": person * SLOTS + slot, **known, "abnormal_flag": flag, **at}


def _vital(person: int, slot: int) -> Row:
    loinc, value, unit = VITALS[slot]
    at = {"encounter_id": person * SLOTS, "taken_at": VISIT[0]}
    return {"person_id": person, "vital_id": person * SLOTS + slot, "loinc": loinc, "value": value, "unit": unit, **at}


def _medication(person: int, slot: int) -> Row:
    rxnorm, name, reason = MEDICATIONS[slot]
    order = {"dose": "1 tablet", "route": "oral", "frequency": "once daily", "days_supply": 90, "refills": 3}
    dates = {"start_date": date(2024, 6, 3), "end_date": date(2025, 5, 28), "reason_code": reason}
    ids = {"medication_id": person * SLOTS + slot, "encounter_id": person * SLOTS}
    return {"person_id": person, **ids, "rxnorm": rxnorm, "name": name, **order, **dates}


def _plan_of_care(person: int) -> Row:
    ids = {"care_plan_id": person * SLOTS, "encounter_id": person * SLOTS, "author_npi": npi(person)}
    kind = {"category": "disease management", "title": "Plan of care: diabetes", "goals": "HbA1c below 7 %"}
    dates = {"start_date": VISIT[0].date(), "end_date": None}
    return {"person_id": person, **ids, **kind, "reason_code": "E11.22", **dates}


def _drug_benefit(person: int) -> Row:
    card = {"cardholder_id": f"M{person:012d}", "benefit": "employer", "bin": "999015", "pcn": "X", "rx_group": "Y"}
    dates = {"start_date": date(2024, 1, 1), "end_date": None}
    return {"person_id": person, "rx_member_id": person * SLOTS, **card, **dates}


def _prescription(person: int) -> Row:
    rxnorm, name, reason = MEDICATIONS[0]
    ids = {"prescription_id": person * SLOTS, "medication_id": None, "encounter_id": None}
    order = {"days_supply": 90, "quantity": 180.0, "refills": 3, "reason_code": reason, "prescriber_npi": None}
    return {"person_id": person, **ids, "rxnorm": rxnorm, "name": name, "written_date": date(2024, 3, 1), **order}


def _pharmacy_claims(person: int) -> list[Row]:
    """Give a claim that is taken back, its reversal, and the claim that stands."""
    stories = (
        (0, "B1", "reversed", None, 1, "5.00", date(2024, 3, 4)),
        (1, "B2", "reversed", person * SLOTS, -1, "0.00", date(2024, 3, 9)),
        (2, "B1", "paid", None, 1, "5.00", date(2024, 3, 10)),
    )
    return [
        {
            "person_id": person,
            "pharmacy_claim_id": person * SLOTS + slot,
            "prescription_id": person * SLOTS,
            "rx_member_id": person * SLOTS,
            "transaction": transaction,
            "status": status,
            "reject_code": None,
            "reversed_claim_id": back,
            "fill_number": 0,
            "service_date": date(2024, 3, 4) if slot < 2 else day,
            "processed_date": day,
            "rxnorm": MEDICATIONS[0][0],
            "name": MEDICATIONS[0][1],
            "days_supply": 90,
            **_drug_money(sign),
            "deductible_met": Decimal(met),
            "out_of_pocket": Decimal(met),
        }
        for slot, transaction, status, back, sign, met, day in stories
    ]


def _drug_money(sign: int) -> Row:
    """Give a cost of 7.90 dollars, of which the patient pays 5.00 as deductible."""
    amounts = {
        "ingredient_cost": "7.00",
        "dispensing_fee": "0.90",
        "total_cost": "7.90",
        "deductible": "5.00",
        "copay": "0.00",
        "coinsurance": "0.00",
        "patient_pay": "5.00",
        "manufacturer_discount": "0.00",
        "plan_paid": "2.90",
    }
    return {name: sign * Decimal(amount) for name, amount in amounts.items()}


def _warning(person: int) -> Row:
    about = {"rule": "metformin-in-kidney-failure", "reason_for_service": "MC", "severity": "major"}
    ids = {"dur_alert_id": person * SLOTS, "pharmacy_claim_id": person * SLOTS + 2}
    claim = {"service_date": date(2024, 3, 10), "rxnorm": MEDICATIONS[0][0], "other_rxnorm": None}
    return {"person_id": person, **ids, **claim, **about, "is_dispensed": True}


def _service(person: int, kind: str) -> Row:
    return {"person_id": person, f"{kind}_id": person * SLOTS, "encounter_id": person * SLOTS}
