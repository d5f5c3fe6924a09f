"""The care that people have anyway: how much of it a profile asks for, and since when."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from healthsim.spec.model import INTEGRAL, Part

DEFAULT_LOOKBACK_YEARS = 3
"""Years of background care when a profile names none."""

LONGEST_LOOKBACK_YEARS = 110


class Utilization(Part):
    """Visits and stays at national rates, up to `as_of`."""

    level: Literal["realistic"] = Field(default="realistic", description="Published national rates.")
    lookback_years: (
        Annotated[int, Field(strict=True, ge=1, le=LONGEST_LOOKBACK_YEARS, description="Years."), INTEGRAL] | None
    ) = Field(default=None, description="Years before as_of that have background care; 3 if absent.")
    lookback: Literal["lifetime"] | None = Field(
        default=None, description="`lifetime`: from birth on, instead of lookback_years."
    )
    conditions: Literal["asked", "natural"] = Field(
        default="natural",
        description=(
            "`natural`: beside the conditions asked for, people have all that skills know, as often as in the place or"
            " the nation; `asked`: only those asked for, and those of the place."
        ),
    )

    @model_validator(mode="after")
    def _has_one_lookback(self) -> Self:
        if self.lookback is not None and self.lookback_years is not None:
            raise ValueError("lookback and lookback_years contradict each other; leave one of them out")
        return self

    @property
    def years(self) -> int | None:
        """Years of background care; None from birth on."""
        return None if self.lookback == "lifetime" else self.lookback_years or DEFAULT_LOOKBACK_YEARS
