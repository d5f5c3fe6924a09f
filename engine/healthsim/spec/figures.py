"""Figures of places that a profile carries with it, so that no reference data are needed to execute it."""

from typing import Annotated, Literal, Self

from pydantic import Field, StrictInt, model_validator

from healthsim.spec.model import INTEGRAL, Number, Part
from healthsim.spec.places import PlaceReference

PlaceCode = Annotated[str, Field(pattern=r"^(\d{5}|\d{2})$")]
Column = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")]
Figure = Annotated[StrictInt | Number, Field(ge=0)]


class FigureTable(Part):
    """Figures of some places from one source and year."""

    source: str = Field(description="Where they are from, such as CDC PLACES.")
    year: Annotated[int, Field(strict=True, ge=2000, le=2100), INTEGRAL] = Field(description="Release year.")
    origin: Literal["loaded", "starter"] = Field(description="From a loaded file, or from the starter tables.")
    places: tuple[PlaceCode, ...] = Field(
        min_length=1, description="Codes of counties (five digits), of states (two), or 00 the nation."
    )
    values: dict[Column, tuple[Figure, ...]] = Field(
        min_length=1, description="Figures by the source's own name, one a place, in its unit."
    )

    @model_validator(mode="after")
    def _one_value_a_place(self) -> Self:
        if len(set(self.places)) != len(self.places):
            raise ValueError("a place is named twice")
        for name, values in self.values.items():
            if len(values) != len(self.places):
                raise ValueError(f"{name} has {len(values)} values for {len(self.places)} places")
        return self


class PlaceFigures(Part):
    """Figures that hold in the profile's place, taken from reference data when the profile was made."""

    reference: PlaceReference | None = Field(default=None, description="The place they were taken for.")
    version: str = Field(max_length=64, description="Version of the reference data they were taken from.")
    tables: tuple[FigureTable, ...] = Field(min_length=1, description="The figures, by source and year.")
