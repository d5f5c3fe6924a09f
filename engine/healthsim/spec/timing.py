"""When an event of a journey happens: the kinds of timing. Days count from the journey's first day, which is day 0."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from healthsim.spec.distributions import (
    Beta,
    Constant,
    Empirical,
    Explicit,
    Gamma,
    LogNormal,
    Normal,
    Poisson,
    Triangular,
    Uniform,
)
from healthsim.spec.model import INTEGRAL, Number, Part

LONGEST_DAYS = 45_000
"""Days of the longest journey: a life."""

Day = Annotated[int, Field(strict=True, ge=0, le=LONGEST_DAYS), INTEGRAL]
Offset = Annotated[int, Field(strict=True, ge=-LONGEST_DAYS, le=LONGEST_DAYS), INTEGRAL]
Count = Annotated[int, Field(strict=True, ge=1, le=LONGEST_DAYS), INTEGRAL]
Interval = Annotated[int, Field(strict=True, ge=1, le=LONGEST_DAYS), INTEGRAL]

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _widened(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Take a number of days for as many days either way, each equally likely."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return {"type": "uniform", "min": -abs(value), "max": abs(value)}
    return value


Jitter = Annotated[
    Annotated[
        Normal | Uniform | LogNormal | Beta | Gamma | Poisson | Triangular | Empirical | Explicit | Constant,
        Field(discriminator="type"),
    ],
    BeforeValidator(_widened),
]
"""Days added to a day: a distribution, cut to whole days, or a number of days either way."""

Anchor = Annotated[str, Field(min_length=1)]
Anchors = Anchor | Annotated[tuple[Anchor, ...], Field(min_length=1)]


class _Timing(Part):
    """What all timings share."""

    jitter: Jitter | None = Field(
        default=None,
        description="Days added, each time anew: a distribution, or a number of days either way.",
    )
    business_days: Literal["next", "previous"] | None = Field(
        default=None, description="Where a Saturday or Sunday moves to, after the jitter; stays if absent."
    )


class Fixed(_Timing):
    """On one day of the journey."""

    type: Literal["fixed"] = "fixed"
    day: Day = Field(default=0, description="The day; the journey's first is 0.")


class Relative(_Timing):
    """Some days after, or before, something else: once for each time that it happens."""

    type: Literal["relative"] = "relative"
    to: Anchors = Field(
        default="start",
        description="`start`, a phase, an event, `previous` for the event above; of several events, after the last.",
    )
    days: Offset = Field(default=0, description="Days after it; negative for days before it.")


class Recurring(_Timing):
    """Again and again, the first time on the first day."""

    type: Literal["recurring"] = "recurring"
    interval_days: Interval = Field(description="Days from one time to the next; jitter does not add up.")
    start_day: Offset = Field(default=0, description="Day of the first time.")
    count: Count | None = Field(default=None, description="How many times at most.")
    until: Day | None = Field(default=None, description="Last day, included.")
    to: Anchor = Field(
        default="start", description="What the days count from: `start`, a phase, or each time of an event."
    )


class Window(_Timing):
    """Once, between two days."""

    type: Literal["window"] = "window"
    days_min: Offset = Field(description="First day, included.")
    days_max: Offset = Field(description="Last day, included.")
    distribution: Literal["uniform", "normal"] = Field(
        default="uniform",
        description="Every day equally likely; or normal around the middle, a quarter of the width as deviation.",
    )
    to: Anchors = Field(default="start", description="What the days count from, as of a relative timing.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.days_min > self.days_max:
            raise ValueError(f"days_min {self.days_min} is above days_max {self.days_max}")
        return self


class Calendar(_Timing):
    """On every date of the journey that fits."""

    type: Literal["calendar"] = "calendar"
    month: Annotated[int, Field(strict=True, ge=1, le=12), INTEGRAL] | None = Field(
        default=None, description="Month, 1 to 12; every month if absent."
    )
    day: Annotated[int, Field(strict=True, ge=1, le=31), INTEGRAL] | None = Field(
        default=None, description="Day of the month."
    )
    weekday: Weekday | None = Field(default=None, description="Day of the week.")
    week: Literal[1, 2, 3, 4, 5, -1] | None = Field(
        default=None, description="Which of the month's such weekdays; -1 for the last. Every one if absent."
    )
    count: Count | None = Field(default=None, description="How many times at most.")

    @model_validator(mode="after")
    def _fits_dates(self) -> Self:
        if self.day is None and self.weekday is None:
            raise ValueError("a date needs its day, or a weekday")
        if self.week is not None and self.weekday is None:
            raise ValueError("week counts weekdays, and none is named")
        longest = 29 if self.month == 2 else 30 if self.month in {4, 6, 9, 11} else 31  # noqa: PLR2004 - months
        if self.day is not None and self.day > longest:
            raise ValueError(f"month {self.month} has no day {self.day}")
        return self


class Age(_Timing):
    """On the birthday of an age, or of each of several; not if it lies before the journey."""

    type: Literal["age"] = "age"
    years: (
        Annotated[int, Field(strict=True, ge=0, le=110), INTEGRAL]
        | tuple[Annotated[int, Field(strict=True, ge=0, le=110), INTEGRAL], ...]
    ) = Field(description="Completed years; one age or several.")
    days: Offset = Field(default=0, description="Days after the birthday; negative for before.")


class OnResult(_Timing):
    """After a laboratory result that is so: once for each such result of the event."""

    type: Literal["on_result"] = "on_result"
    event: Anchor = Field(description="The event whose results are looked at.")
    analyte: str = Field(min_length=1, description="The analyte, such as hba1c.")
    operator: Literal["gt", "gte", "lt", "lte", "eq", "ne"] = Field(description="How to compare.")
    value: Number = Field(description="What to compare with, in the analyte's unit.")
    days: Annotated[int, Field(strict=True, ge=0, le=LONGEST_DAYS), INTEGRAL] = Field(
        default=0, description="Days after the result."
    )


Timing = Annotated[
    Fixed | Relative | Recurring | Window | Calendar | Age | OnResult,
    Field(discriminator="type"),
]

TIMINGS = ("fixed", "relative", "recurring", "window", "calendar", "age", "on_result")
"""Names of the timings."""
