"""What providers charge for: claims before anybody decides on them."""

from dataclasses import dataclass

from healthsim.planning.payer.claim_texts import CLAIM_TYPES
from healthsim.planning.plan import Ints

CLAIM_KINDS = CLAIM_TYPES

OCCASION_BITS = 4
"""Bits of the number of a claim that tell the claims of one occasion apart; the others are the occasion's."""

MOST_DIAGNOSES = 12
"""Diagnoses that a claim has at most."""


@dataclass(frozen=True, slots=True)
class Charges:
    """Claims and their lines, person after person in order of service; money in cents.

    Attributes:
        person: Place of the person in the block, shape `(claims,)`.
        number: Number of the claim among the person's; stable, whatever else is billed.
        kind: Place in `CLAIM_KINDS`.
        encounter_id: The encounter it is for; `MISSING` for none.
        from_day: First day of service, days since 1970-01-01.
        to_day: Last day of service.
        place_of_service: Place-of-service code of a professional claim; -1 for others.
        bill_type: Type of bill of an institutional claim, as index of the plan's texts; -1 for others.
        drg: Index of the MS-DRG of an inpatient claim; -1 for others.
        admission_type: UB-04 type of admission; -1 for professional claims.
        discharge_status: UB-04 patient status; -1 for professional claims.
        diagnosis: Index of the ICD-10-CM codes in the plan's texts, principal first, -1 for none, shape `(claims, 12)`.
        provider_npi: Rendering or attending provider; `MISSING` where nobody of the directory serves the place.
        facility_id: Hospital; `MISSING` for none.
        is_network: Whether the provider belongs to the plan's network.
        claim: Claim that each line belongs to, shape `(lines,)`; ascending.
        line: Number of the line within its claim, from 1.
        code: Index of the HCPCS or CPT code in the plan's texts; -1 for none.
        modifier: Index of the modifier; -1 for none.
        revenue: Index of the revenue code; -1 on professional claims.
        units: Units of service.
        pointer: Place of the diagnosis that the line is for, from 0.
        service: Place in `SERVICES`.
        service_day: Date of service.
        billed: Charge.
        rate: What Medicare would allow for it in this place, before the payer's multiplier.
    """

    person: Ints
    number: Ints
    kind: Ints
    encounter_id: Ints
    from_day: Ints
    to_day: Ints
    place_of_service: Ints
    bill_type: Ints
    drg: Ints
    admission_type: Ints
    discharge_status: Ints
    diagnosis: Ints
    provider_npi: Ints
    facility_id: Ints
    is_network: Ints
    claim: Ints
    line: Ints
    code: Ints
    modifier: Ints
    revenue: Ints
    units: Ints
    pointer: Ints
    service: Ints
    service_day: Ints
    billed: Ints
    rate: Ints
