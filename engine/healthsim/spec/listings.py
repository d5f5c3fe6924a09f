"""Providers and hospitals that a profile carries with it, so that no directory is needed to execute it."""

from typing import Annotated

from pydantic import Field, StrictBool, StrictInt

from healthsim.spec.model import Number, Part
from healthsim.spec.network import NetworkReference, NetworkRequest
from healthsim.spec.places import PlaceReference

Text = Annotated[str, Field(max_length=200)]
State = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Zip = Annotated[str, Field(pattern=r"^\d{5}$")]
Fips = Annotated[str, Field(pattern=r"^\d{5}$")]


class ListedProvider(Part):
    """A provider."""

    npi: StrictInt = Field(ge=10**9, lt=10**10, description="National Provider Identifier.")
    name: Text = Field(description="Name.")
    credential: Text | None = Field(default=None, description="Letters after the name, such as MD.")
    taxonomy: Annotated[str, Field(pattern=r"^[0-9A-Z]{10}$")] = Field(description="NUCC code.")
    specialty: Text | None = Field(default=None, description="What the code stands for.")
    address_line: Text | None = Field(default=None, description="House number and street.")
    city: Text | None = Field(default=None, description="City.")
    state: State = Field(description="Letters of the state.")
    zip: Zip | None = Field(default=None, description="ZIP code.")
    county_fips: Fips | None = Field(default=None, description="FIPS code of the county.")
    phone: Text | None = Field(default=None, description="Telephone number.")
    is_synthetic: StrictBool = Field(description="Whether it is invented.")


class ListedFacility(Part):
    """A hospital."""

    facility_id: StrictInt = Field(ge=1, description="Identifier.")
    ccn: Text | None = Field(default=None, description="CMS Certification Number.")
    name: Text = Field(description="Name.")
    facility_type: Text = Field(description="Kind, such as general_acute_care.")
    ownership: Text | None = Field(default=None, description="Who owns it.")
    beds: Annotated[StrictInt, Field(ge=0)] | None = Field(default=None, description="Beds; absent where unknown.")
    assumed_beds: Annotated[Number, Field(gt=0)] | None = Field(
        default=None, description="Beds by which it is chosen where they are unknown: the median of its kind."
    )
    rating: Annotated[StrictInt, Field(ge=1, le=5)] | None = Field(default=None, description="Stars of CMS.")
    address_line: Text | None = Field(default=None, description="House number and street.")
    city: Text | None = Field(default=None, description="City.")
    state: State = Field(description="Letters of the state.")
    zip: Zip | None = Field(default=None, description="ZIP code.")
    county_fips: Fips | None = Field(default=None, description="FIPS code of the county.")
    phone: Text | None = Field(default=None, description="Telephone number.")
    latitude: Annotated[Number, Field(ge=-90, le=90)] = Field(description="Degrees north.")
    longitude: Annotated[Number, Field(ge=-180, le=180)] = Field(description="Degrees east.")
    is_synthetic: StrictBool = Field(description="Whether it is invented.")


class _Listing(Part):
    """Who was there when the profile was made."""

    home: PlaceReference | None = Field(default=None, description="The place whose people they serve.")
    reference: NetworkReference | None = Field(default=None, description="What was asked of them.")
    sources: tuple[Text, ...] = Field(min_length=1, description="The directories they are from.")
    notes: tuple[str, ...] = Field(default=(), description="Whom the lists leave out.")


class ProviderListing(_Listing):
    """Providers who serve the people of the profile; an empty list is the starter's, made by rule."""

    primary_care: tuple[ListedProvider, ...] = Field(default=(), description="Providers of primary care.")
    specialists: tuple[ListedProvider, ...] = Field(default=(), description="Those of the specialty asked for.")


class FacilityListing(_Listing):
    """Hospitals that the people of the profile go to; an empty list is the starter's, made by rule."""

    hospitals: tuple[ListedFacility, ...] = Field(default=(), description="The hospitals.")


class ProviderRequest(NetworkRequest):
    """Providers from the network."""

    listing: ProviderListing | None = Field(
        default=None, description="The providers, frozen; they hold whatever directory is at hand."
    )


class FacilityRequest(NetworkRequest):
    """Facilities from the network."""

    listing: FacilityListing | None = Field(
        default=None, description="The hospitals, frozen; they hold whatever directory is at hand."
    )
