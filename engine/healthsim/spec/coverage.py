"""Insurance of the people of a profile: who pays, through which plans, and since when."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from healthsim.spec.insurance import InsurancePlan
from healthsim.spec.model import INTEGRAL, Part, Share

Insurer = Literal["uninsured", "private", "medicare", "medicaid"]

LONGEST_COVERAGE_YEARS = 20
MOST_PLANS = 1_000
"""Plans that members may have, at most: numbers of claims and accumulators have room for these."""

_TOLERANCE = 1e-6


class Coverage(Part):
    """Who is insured by what; whatever is left out is as in life."""

    payer_mix: dict[Insurer, Share] | None = Field(
        default=None, description="Shares of people by who pays first, summing to 1; as in their place if absent."
    )
    plans: tuple[InsurancePlan | str, ...] | None = Field(
        default=None,
        min_length=1,
        max_length=MOST_PLANS,
        description="Plans that members may have: ids of those of the package, or plans in full; all of the package's "
        "if absent.",
    )
    years: Annotated[int, Field(strict=True, ge=1, le=LONGEST_COVERAGE_YEARS), INTEGRAL] | None = Field(
        default=None, description="Years before as_of that coverage is told of; 3 if absent."
    )
    changes: Literal["realistic", "none"] = Field(
        default="realistic", description="Whether people change plans, and have gaps, as in life."
    )

    @model_validator(mode="after")
    def _sums_to_one(self) -> Self:
        if self.payer_mix is not None and abs(sum(self.payer_mix.values()) - 1) > _TOLERANCE:
            raise ValueError("the shares of payer_mix sum to 1")
        return self


def first_covered_day(as_of: date, years: int) -> date:
    """Give the first day of coverage that is told of: that of the month, some years before a date."""
    return date(as_of.year - years, as_of.month, 1)
