"""Providers and facilities a profile asks for."""

from typing import Annotated, Literal

from pydantic import Field

from healthsim.spec.model import INTEGRAL, Part


class NetworkReference(Part):
    """Which providers or facilities."""

    state: str | None = Field(default=None, description="State, by its letters.")
    city: str | None = Field(default=None, description="City.")
    fips: str | None = Field(default=None, description="Five-digit FIPS code of a county.")
    specialty: str | None = Field(default=None, description="Specialty of the providers.")
    facility_type: str | None = Field(default=None, description="Kind of facility, such as hospital.")
    min_beds: Annotated[int, Field(strict=True, ge=0), INTEGRAL] | None = Field(
        default=None, description="Fewest beds of a facility."
    )


class NetworkRequest(Part):
    """Providers or facilities from the network."""

    source: Literal["networksim"] | None = Field(
        default=None,
        description="Take providers of the loaded official file; invented ones if absent, or if none is loaded.",
    )
    assignment: Literal["nearest", "random", "round_robin", "panel"] = Field(
        default="nearest",
        description="How people find their provider: near home, anywhere in the county, in turn, or by equal panels.",
    )
    reference: NetworkReference | None = Field(default=None, description="Which of them.")
