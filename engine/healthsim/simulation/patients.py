"""The table of patients: names, addresses and identifiers."""

from math import gcd

import numpy as np

from healthsim.planning.plan import Ints, Plan
from healthsim.randomness import stream_hash
from healthsim.reference import DECADES, GROUPS, decade_index
from healthsim.simulation.block import Block
from healthsim.simulation.care import hospital_ids, npis
from healthsim.simulation.people import People, SmallInts
from healthsim.tables import Batch, Column

_DAYS_PER_YEAR = 365.2425
_EPOCH_YEAR = 1970
_HOUSE_NUMBERS = (1, 9999)
_LINES = 100

SSN_SERIALS = 9999
SSN_GROUPS = 49
SSN_AREAS = 100
SSNS = SSN_AREAS * SSN_GROUPS * SSN_SERIALS
"""Numbers with area 900 to 999, group 01 to 49, serial 0001 to 9999; beyond as many people they repeat."""

MRNS = 10**10

# Multipliers near the golden section of their modulus, and coprime to it, scatter neighbours evenly.
SSN_STEP = 30_280_609
MRN_STEP = 6_180_339_887


def patients(plan: Plan, block: Block) -> Batch:
    """Describe the people of a block."""
    people, address, draws = block.people, plan.address, block.people.draws
    zip_code = people.zip_code
    name = draws.integer("street_name", 0, address.street_name_count - 1)
    suffix = address.street_suffixes.draw(draws.uniform("street_suffix"))
    suffixes = len(address.streets) // address.street_name_count
    columns: dict[str, Column] = {
        "person_id": people.ids,
        "mrn_number": scattered(people.first, people.count, stream_hash(plan.seed, "mrn"), MRN_STEP, MRNS),
        "given_name": _given_names(plan, people),
        "family_name": address.family.draw(draws.uniform("family_name"), people.name_group),
        "birth_date": people.birth_day,
        "gender": people.sex,
        "race": people.race,
        "ethnicity": people.ethnicity,
        "house_number": draws.integer("house_number", *_HOUSE_NUMBERS).astype(np.int16),
        "street": name * suffixes + suffix,
        "city": address.zip_city[zip_code],
        "state": plan.people.county_state[people.county],
        "zip": zip_code,
        "county_fips": people.county,
        "phone_number": _phone_numbers(plan, people, zip_code),
        "ssn_number": _ssn_numbers(plan, people),
        "deceased_date": block.deaths(plan.timeline),
        "pcp_npi": npis(plan.care, block.care.primary) if plan.care and block.care else None,
        "smoking_status": block.attributes.smoking,
        "insurance": block.attributes.payer,
        "hospital_id": hospital_ids(plan.care, block.care.hospital) if plan.care and block.care else None,
    }
    return Batch("patients", people.count, columns)


def scattered(first: int, count: int, offset: np.uint64, step: int, modulus: int) -> Ints:
    """Number people by `(offset + index * step) mod modulus`: unique for as many people as there are numbers."""
    indices = np.arange(first, first + count, dtype=np.int64) % modulus
    return (indices * step + int(offset) % modulus) % modulus


def _given_names(plan: Plan, people: People) -> SmallInts:
    birth_year = _EPOCH_YEAR + np.floor(people.birth_day / _DAYS_PER_YEAR).astype(np.int64)
    row = (people.sex * len(DECADES) + decade_index(birth_year)) * len(GROUPS) + people.name_group
    return plan.address.given.draw(people.draws.uniform("given_name"), row)


def _phone_numbers(plan: Plan, people: People, zip_code: Ints) -> SmallInts:
    line = people.draws.integer("phone", 0, _LINES - 1)
    return (plan.address.zip_area_code[zip_code] * _LINES + line).astype(np.int32)


def _ssn_numbers(plan: Plan, people: People) -> SmallInts:
    number = scattered(people.first, people.count, stream_hash(plan.seed, "ssn"), SSN_STEP, SSNS)
    group_of_all, serial = np.divmod(number, SSN_SERIALS)
    area, group = np.divmod(group_of_all, SSN_GROUPS)
    numbers: SmallInts = ((900 + area) * 1_000_000 + (1 + group) * 10_000 + 1 + serial).astype(np.int32)
    return numbers


if gcd(SSN_STEP, SSNS) != 1 or gcd(MRN_STEP, MRNS) != 1:
    raise AssertionError("a step that shares a divisor with its modulus repeats numbers")
