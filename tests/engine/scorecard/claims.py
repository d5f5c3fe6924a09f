"""Coverage and claims in which everything is as it should be, of the visit of each person of `people`."""

from datetime import date
from decimal import Decimal
from typing import Any

Row = dict[str, Any]
SLOTS = 65_536

_VISIT, _DECIDED, _PAID = date(2024, 6, 3), date(2024, 6, 20), date(2024, 6, 21)
_COVERED, _ENROLLED = date(2020, 1, 1), date(2019, 12, 1)
_NOTHING = Decimal("0.00")
_LINES = (
    {"code": "99214", "billed": Decimal("210.00"), "allowed": Decimal("126.07"), "copay": Decimal("26.00")},
    {"code": "83036", "billed": Decimal("40.00"), "allowed": Decimal("9.71"), "deductible": Decimal("9.71")},
)
_PLAN = {
    "plan_id": 1,
    "plan_key": "ppo",
    "name": "Example PPO",
    "payer": "Example Mutual",
    "line_of_business": "commercial",
    "monthly_premium": Decimal("781.92"),
}
_AMOUNTS = ("billed", "allowed", "adjustment", "deductible", "copay", "coinsurance", "other_payer", "paid")


def clean_claims(people: int) -> dict[str, list[Row]]:
    """Give the tables of MemberSim; keys are `person_id * SLOTS`, of the second claim one more."""
    everybody = range(1, people + 1)
    return {
        "plans": [_PLAN],
        "members": [_member(person) for person in everybody],
        "relatives": [_relative(person) for person in everybody],
        "relative_accumulators": [_relative_accumulator(person) for person in everybody],
        "enrollments": [_enrollment(person) for person in everybody],
        "enrollment_changes": [change for person in everybody for change in _changes(person)],
        "eligibility_checks": [_check(person) for person in everybody],
        "claims": [claim for person in everybody for claim in (_claim(person), _refused(person))],
        "claim_lines": [
            line
            for person in everybody
            for line in (*(_line(person, number) for number in (1, 2)), _refused_line(person))
        ],
        "accumulators": [_accumulator(person) for person in everybody],
        "prior_authorizations": [_authorization(person) for person in everybody],
        "remittances": [_remittance(person) for person in everybody],
    }


def _member(person: int) -> Row:
    identifier = f"M{person:012d}"
    family = {"relationship": "self", "coverage_tier": "plus one", "household_size": 2}
    dates = {"first_covered": _COVERED, "last_covered": None}
    return {"person_id": person, "member_id": identifier, "subscriber_id": identifier, **family, **dates}


def _relative(person: int) -> Row:
    names = {"member_id": f"S{person:012d}", "subscriber_id": f"M{person:012d}", "relationship": "spouse"}
    return {"person_id": person, "relative_id": person * SLOTS, **names, "birth_date": date(1970, 1, 1), "gender": "F"}


def _relative_accumulator(person: int) -> Row:
    ids = {"person_id": person, "accumulator_id": person * SLOTS, "relative_id": person * SLOTS}
    return {**ids, "deductible": Decimal("1.00"), "out_of_pocket": Decimal("2.00")}


def _enrollment(person: int) -> Row:
    dates = {"start_date": _COVERED, "end_date": None, "recorded_date": _ENROLLED}
    ids = {"person_id": person, "enrollment_id": person * SLOTS, "plan_id": 1}
    return {**ids, **dates, "monthly_premium": Decimal("781.92")}


def _changes(person: int) -> list[Row]:
    """Give what was told: the enrollment, and an end that was taken back."""
    return [
        _change(person, 0, "addition", _COVERED, _ENROLLED),
        _change(person, 1, "termination", date(2021, 3, 31), date(2021, 4, 3)),
        _change(person, 2, "reinstatement", date(2021, 4, 1), date(2021, 4, 20)),
    ]


def _change(person: int, number: int, kind: str, effective: date, recorded: date) -> Row:
    ids = {"person_id": person, "change_id": person * SLOTS + number, "enrollment_id": person * SLOTS}
    dates = {"effective_date": effective, "recorded_date": recorded, "is_retroactive": recorded > effective}
    return {**ids, "type": kind, **dates}


def _check(person: int) -> Row:
    ids = {"person_id": person, "check_id": person * SLOTS, "plan_id": 1}
    return {**ids, "checked_date": _VISIT, "is_eligible": True}


def _amounts(number: int) -> dict[str, Decimal]:
    known = {**dict.fromkeys(_AMOUNTS, _NOTHING), **_LINES[number - 1]}
    owed = known["deductible"] + known["copay"]
    known.pop("code")
    return {**known, "adjustment": known["billed"] - known["allowed"], "paid": known["allowed"] - owed}


def _ids(person: int, claim: int) -> Row:
    return {"person_id": person, "claim_id": person * SLOTS + claim}


def _filed(person: int, claim: int) -> Row:
    dates = {"from_date": _VISIT, "to_date": _VISIT, "received_date": date(2024, 6, 6), "decided_date": _DECIDED}
    billing = {"plan_id": 1, "claim_type": "professional", "frequency_code": "1", "original_claim_id": None}
    place = {"place_of_service": 11, "diagnosis_1": "E11.22", "encounter_id": person * SLOTS}
    return {**_ids(person, claim), **billing, **place, **dates, "remittance_id": person * SLOTS}


def _claim(person: int) -> Row:
    first, second = _amounts(1), _amounts(2)
    decided = {"status": "paid", "denial_code": None, "authorization_id": None}
    return {**_filed(person, 0), **decided, **{name: first[name] + second[name] for name in _AMOUNTS}}


def _refused(person: int) -> Row:
    """Give a claim that is denied because its authorization was."""
    decided = {"status": "denied", "denial_code": "39", "authorization_id": person * SLOTS}
    return {**_filed(person, 1), **decided, **_denied()}


def _denied() -> dict[str, Decimal]:
    return {**dict.fromkeys(_AMOUNTS, _NOTHING), "billed": Decimal("900.00"), "adjustment": Decimal("900.00")}


def _line(person: int, number: int) -> Row:
    coded = {"line_number": number, "service_date": _VISIT, "code": _LINES[number - 1]["code"], "units": 1}
    return {**_ids(person, 0), **coded, **_amounts(number), "reason_code": "45"}


def _refused_line(person: int) -> Row:
    coded = {"line_number": 1, "service_date": _VISIT, "code": "70553", "units": 1, "reason_code": "39"}
    return {**_ids(person, 1), **coded, **_denied()}


def _accumulator(person: int) -> Row:
    of_member = {"deductible": Decimal("9.71"), "deductible_limit": Decimal(1500), "hospital_deductible": _NOTHING}
    paid = {"out_of_pocket": Decimal("35.71"), "out_of_pocket_limit": Decimal(4500)}
    of_family = {"family_deductible": Decimal("10.71"), "family_deductible_limit": Decimal(3000)}
    family_paid = {"family_out_of_pocket": Decimal("37.71"), "family_out_of_pocket_limit": Decimal(9000)}
    ids = {"person_id": person, "accumulator_id": person * SLOTS, "plan_id": 1, "plan_year": 2024}
    return {**ids, **of_member, **paid, **of_family, **family_paid}


def _authorization(person: int) -> Row:
    ids = {"person_id": person, "authorization_id": person * SLOTS, "plan_id": 1, "diagnosis_code": "E11.22"}
    dates = {"requested_date": date(2024, 5, 20), "decided_date": date(2024, 5, 25), "service_date": _VISIT}
    appeal = {"appealed_date": date(2024, 5, 26), "appeal_decided_date": date(2024, 6, 1), "appeal_decision": "upheld"}
    return {**ids, "timing": "prospective", **dates, "decision": "denied", **appeal, "status": "denied"}


def _remittance(person: int) -> Row:
    ids = {"person_id": person, "remittance_id": person * SLOTS, "plan_id": 1, "payment_date": _PAID, "claims": 2}
    return {**ids, "billed": Decimal("1150.00"), "paid": Decimal("100.07")}
