"""An insurance plan as it is written: what it costs, what it pays, and for whom."""

from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from healthsim.spec.model import Number, Part, Positive, Share

Dollars = Annotated[Number, Field(ge=0, le=10_000_000)]

Service = Literal[
    "preventive",
    "primary_care",
    "specialist",
    "telehealth",
    "emergency",
    "inpatient",
    "outpatient_hospital",
    "surgery",
    "laboratory",
    "imaging",
    "mental_health",
    "therapy",
    "maternity",
    "immunization",
    "drug_administration",
    "other",
]
"""Kinds of services, as benefits tell them apart."""

LineOfBusiness = Literal["commercial", "exchange", "medicare", "medicare_advantage", "medicaid"]


class CostSharing(Part):
    """What a member pays for a service: a copay, or a share of the allowed amount after the deductible."""

    copay: Dollars | None = Field(default=None, description="Dollars a claim; the deductible does not apply.")
    coinsurance: Share | None = Field(default=None, description="Share of the allowed amount after the deductible.")

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.copay is None) == (self.coinsurance is None):
            raise ValueError("cost sharing is either a copay or a coinsurance")
        return self


class PerHousehold(Part):
    """An amount a year for one person, and for all that are covered together."""

    individual: Dollars = Field(description="Dollars a person and year.")
    family: Dollars = Field(description="Dollars a household and year.")

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        if self.family < self.individual:
            raise ValueError("the family's amount is at least the individual's")
        return self


class Prices(Part):
    """What the plan allows, as a multiple of Medicare's rates."""

    professional: Positive = Field(description="Physicians and laboratories.")
    outpatient: Positive = Field(description="Outpatient departments of hospitals.")
    inpatient: Positive = Field(description="Stays in hospitals.")


class InsurancePlan(Part):
    """An insurance plan."""

    id: str = Field(min_length=1, max_length=64, description="Identifier.")
    name: str = Field(min_length=1, max_length=128, description="Name, invented.")
    payer: str = Field(min_length=1, max_length=128, description="Who runs it, invented.")
    line_of_business: LineOfBusiness = Field(description="Kind of insurance.")
    type: Literal["HMO", "PPO", "EPO", "POS", "HDHP", "FFS"] = Field(description="Kind of plan.")
    metal: Literal["bronze", "silver", "gold", "platinum"] | None = Field(
        default=None, description="Metal tier of a plan on the exchange."
    )
    members: Literal["private", "medicare", "medicaid"] = Field(description="Whose insurance it may be.")
    weight: Positive = Field(default=1.0, description="How many of these have it, beside the other plans.")
    monthly_premium: Dollars = Field(description="Dollars a month for one person.")
    deductible: PerHousehold = Field(description="What members pay first, a year.")
    out_of_pocket_maximum: PerHousehold | None = Field(
        default=None, description="Most that members pay, a year; no limit if absent."
    )
    hospital_deductible: Dollars | None = Field(
        default=None, description="What members pay first of a stay in a hospital, as in Medicare Part A."
    )
    cost_sharing: dict[Literal[Service, "default"], CostSharing] = Field(
        description="What members pay, by service; `default` holds for services that are not named."
    )
    price: Prices = Field(description="What is allowed.")
    needs_network: bool = Field(default=False, description="Whether providers outside the network are not paid.")
    needs_authorization: tuple[Service, ...] = Field(
        default=(), description="Services that need the plan's authorization before."
    )
    source: str | None = Field(default=None, description="Where the figures are from.")
    confidence: Literal["published", "assumed"] | None = Field(default=None, description="How sure they are.")

    @field_validator("cost_sharing")
    @classmethod
    def _has_default(cls, shares: dict[str, CostSharing]) -> dict[str, CostSharing]:
        if "default" not in shares:
            raise ValueError("this needs a default for the services that it does not name")
        return shares
