"""Insurance of the people of a profile: who pays, through which plans, and since when."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from healthsim.spec.insurance import InsurancePlan
from healthsim.spec.model import INTEGRAL, Part, Share

Insurer = Literal["uninsured", "private", "medicare", "medicaid"]

LONGEST_COVERAGE_YEARS = 20
MOST_PLANS = 1_000
"""Plans that members may have, at most: numbers of claims and accumulators have room for these."""

PlanRequest = Annotated[
    Annotated[InsurancePlan, Tag("plan")] | Annotated[str, Tag("name")],
    Discriminator(lambda value: "name" if isinstance(value, str) else "plan"),
]
"""A plan in full, or the id of one of the package."""


class Coverage(Part):
    """Who is insured by what; whatever is left out is as in life."""

    payer_mix: dict[Insurer, Share] | None = Field(
        default=None, description="Shares of people by who pays first, summing to 1; as in their place if absent."
    )
    plans: tuple[PlanRequest, ...] | None = Field(
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


def first_covered_day(as_of: date, years: int) -> date:
    """Give the first day of coverage that is told of: that of the month, some years before a date."""
    return date(as_of.year - years, as_of.month, 1)
