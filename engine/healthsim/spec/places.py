"""Places a profile names."""

from typing import Literal, Self

from pydantic import Field, model_validator

from healthsim.spec.model import Part


class PlaceReference(Part):
    """A place whose population is taken."""

    type: Literal["county", "state", "nation"] = Field(description="What kind of place.")
    fips: str | None = Field(default=None, description="Five-digit FIPS code of the county.")
    state: str | None = Field(default=None, description="State, by its letters or name.")

    @model_validator(mode="after")
    def _is_named(self) -> Self:
        if self.type == "county" and self.fips is None:
            raise ValueError("a county needs its fips, such as 48201")
        if self.type == "state" and self.state is None and self.fips is None:
            raise ValueError("a state needs its letters or name, such as TX")
        if self.type == "nation" and (self.state is not None or self.fips is not None):
            raise ValueError("the nation has no fips and no state; name the type county or state, or leave them out")
        return self
