"""What a profile asks of the pharmacy benefit."""

from pydantic import Field, StrictBool

from healthsim.spec.insurance import Dollars, LineOfBusiness
from healthsim.spec.model import Part, Share


class TierCopays(Part):
    """Copays by tier, in the order of the tiers from 1 to 5."""

    preferred_generic: Dollars | None = Field(default=None, description="Dollars for 30 days on tier 1.")
    generic: Dollars | None = Field(default=None, description="Dollars for 30 days on tier 2.")
    preferred_brand: Dollars | None = Field(default=None, description="Dollars for 30 days on tier 3.")
    non_preferred_brand: Dollars | None = Field(default=None, description="Dollars for 30 days on tier 4.")
    specialty: Dollars | None = Field(default=None, description="Dollars for 30 days on tier 5.")


class PartDBenefit(Part):
    """A drug benefit of Medicare, where it differs from the usual one; deductible and limits are the year's."""

    copays: TierCopays | None = Field(default=None, description="Copays instead of what is usual on these tiers.")
    ninety_day_share: Share | None = Field(
        default=None, description="Share of long-term prescriptions dispensed for 90 days rather than 30."
    )
    mail_share: Share | None = Field(default=None, description="Share of 90-day supplies that come by mail.")


class DrugBenefit(PartDBenefit):
    """A drug benefit, where it differs from the usual one of its line of business."""

    deductible: Dollars | None = Field(default=None, description="Dollars a year, on every tier.")
    out_of_pocket_maximum: Dollars | None = Field(default=None, description="Dollars a year.")


class DrugBenefits(Part):
    """Drug benefits by line of business."""

    commercial: DrugBenefit | None = Field(default=None, description="Of employers.")
    exchange: DrugBenefit | None = Field(default=None, description="Of plans on the exchange.")
    medicare: PartDBenefit | None = Field(default=None, description="Of drug plans beside traditional Medicare.")
    medicare_advantage: PartDBenefit | None = Field(default=None, description="Of Medicare Advantage.")
    medicaid: DrugBenefit | None = Field(default=None, description="Of Medicaid.")

    def of(self, line: LineOfBusiness) -> PartDBenefit | None:
        """Give what is asked for a line of business; None for what is usual."""
        asked: PartDBenefit | None = getattr(self, line)
        return asked


class Pharmacy(Part):
    """The pharmacy benefit; everything as published if absent."""

    adherence: Share | None = Field(
        default=None,
        description="Share of prescriptions kept with at least 80 % of days covered, in every class and benefit.",
    )
    rejections: StrictBool = Field(
        default=True, description="Whether claims are refused and taken back, or all paid at once."
    )
    benefits: DrugBenefits = Field(
        default_factory=DrugBenefits, description="Where drug benefits differ from the usual ones."
    )
