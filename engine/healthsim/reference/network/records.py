"""What a search of the network gives: providers and facilities."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider.

    Attributes:
        npi: National Provider Identifier.
        name: Of the person or organisation.
        credential: Such as MD; None for organisations.
        taxonomy: NUCC code.
        specialty: What it stands for; None where that is not known.
        address_line: House number and street.
        city: City.
        state: Letters of the state.
        zip: ZIP code; None where unknown, as with what follows.
        county_fips: FIPS code of the county.
        phone: Telephone number.
        latitude: Of the ZIP code, degrees north.
        longitude: Of the ZIP code, degrees east.
        is_synthetic: Whether it is invented.
    """

    npi: int
    name: str
    credential: str | None
    taxonomy: str
    specialty: str | None
    address_line: str | None
    city: str
    state: str
    zip: str | None
    county_fips: str | None
    phone: str | None
    latitude: float | None
    longitude: float | None
    is_synthetic: bool


@dataclass(frozen=True, slots=True)
class Facility:
    """A hospital.

    Attributes:
        facility_id: Identifier: HIFLD's, or one of ours.
        ccn: CMS Certification Number; None where there is none.
        name: Its name.
        facility_type: Kind of hospital, such as `general_acute_care`.
        ownership: `nonprofit`, `for_profit`, `government` or `tribal`; None where unknown.
        beds: Beds; None where unknown.
        rating: Overall star rating of CMS, 1 to 5; None where there is none.
        address_line: House number and street.
        city: City.
        state: Letters of the state.
        zip: ZIP code; None where unknown, as with what follows.
        county_fips: FIPS code of the county.
        phone: Telephone number.
        latitude: Degrees north.
        longitude: Degrees east.
        is_synthetic: Whether it is invented.
    """

    facility_id: int
    ccn: str | None
    name: str
    facility_type: str
    ownership: str | None
    beds: int | None
    rating: int | None
    address_line: str | None
    city: str
    state: str
    zip: str | None
    county_fips: str | None
    phone: str | None
    latitude: float | None
    longitude: float | None
    is_synthetic: bool
