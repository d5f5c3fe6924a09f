"""The clinical trial that a profile asks for."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, Discriminator, Field, Tag

from healthsim.spec.dates import no_number
from healthsim.spec.model import INTEGRAL, Number, Part, Share
from healthsim.spec.protocol import Count, Protocol

DEFAULT_SITES = 12
SLOWEST_ACCRUAL = 3
"""How many times as long as planned subjects are looked for, at most."""


def _kind(value: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    return "name" if isinstance(value, str) else "protocol"


ProtocolRequest = Annotated[Annotated[Protocol, Tag("protocol")] | Annotated[str, Tag("name")], Discriminator(_kind)]
"""A protocol in full, or the id of a known one."""


class Trial(Part):
    """A trial among the people of a profile."""

    protocol: ProtocolRequest | None = Field(
        default=None, description="The protocol, or its id; that of the primary condition if absent."
    )
    sites: Annotated[int, Field(strict=True, ge=1, le=500), INTEGRAL] = Field(
        default=DEFAULT_SITES, description="Sites."
    )
    enrollment: Count | None = Field(default=None, description="Subjects to randomise; as the protocol says if absent.")
    screened: Share = Field(default=1.0, description="Share of the people with the disease who are screened.")
    start: Annotated[date, BeforeValidator(no_number), Field(ge=date(1950, 1, 1), le=date(2100, 12, 31))] | None = (
        Field(default=None, description="First day of screening, as_of or later; as_of if absent.")
    )
    effect: Mapping[str, Number] | None = Field(
        default=None,
        description="The primary endpoint by arm, instead of the protocol's: mean change, events in 100 years of all "
        "outcomes together, or share of responders.",
    )
    discontinuation: Mapping[str, Share] | None = Field(
        default=None, description="Share who leave before the end by arm, instead of the protocol's."
    )


def last_trial_day(start: date, protocol: Mapping[str, Any]) -> date:
    """Give the last day on which anything of a trial can happen.

    Args:
        start: First day of screening.
        protocol: The protocol, as JSON.
    """
    longest = max([protocol["treatment_days"], *(visit["day"] + visit["after"] for visit in protocol["visits"])])
    accrual = protocol["screening"]["most_days"] + protocol["accrual"]["days"] * SLOWEST_ACCRUAL
    return start + timedelta(days=accrual + longest + _MARGIN)


_MARGIN = 60
"""Days for weekends, late visits and what follows the end of treatment."""
