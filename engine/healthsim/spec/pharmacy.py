"""What a profile asks of the pharmacy benefit."""

from typing import Annotated

from pydantic import Field, StrictBool

from healthsim.spec.insurance import Dollars, LineOfBusiness
from healthsim.spec.model import Part, Share

Tier = Annotated[str, Field(pattern=r"^[1-5]$")]


class DrugBenefit(Part):
    """A drug benefit, where it differs from the usual one of its line of business; Part D follows the year's rules."""

    deductible: Dollars | None = Field(default=None, description="Dollars a year; not in Part D.")
    out_of_pocket_maximum: Dollars | None = Field(default=None, description="Dollars a year; not in Part D.")
    copays: dict[Tier, Dollars] | None = Field(
        default=None, description="Dollars for 30 days by tier: 1 preferred generic ... 5 specialty."
    )
    ninety_day_share: Share | None = Field(
        default=None, description="Share of long-term prescriptions dispensed for 90 days rather than 30."
    )
    mail_share: Share | None = Field(default=None, description="Share of 90-day supplies that come by mail.")


class Pharmacy(Part):
    """The pharmacy benefit; everything as published if absent."""

    adherence: Share | None = Field(
        default=None,
        description="Share of prescriptions kept with at least 80 % of days covered, in every class and benefit.",
    )
    rejections: StrictBool = Field(
        default=True, description="Whether claims are refused and taken back, or all paid at once."
    )
    benefits: dict[LineOfBusiness, DrugBenefit] = Field(
        default_factory=dict, description="Drug benefits by line of business, where they differ from the usual ones."
    )
