"""Rows of the tables of `benefits`: fees, families of MS-DRGs, localities."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from healthsim.spec.insurance import Service

Dollars = Annotated[float, Field(ge=0)]
Code = Annotated[str, Field(min_length=1)]


class Rule(BaseModel):
    """A part of a file: immutable, and without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Sourced(Rule):
    """Figures with what they are from."""

    source: Code
    confidence: Literal["published", "assumed"] | None = None


class Fee(Sourced):
    """What Medicare pays for a code: relative values for `pfs`, else dollars; hospitals' always dollars."""

    code: Code
    schedule: Literal["pfs", "clfs", "opps", "asp", "none"]
    office: Dollars
    in_facility: Dollars
    hospital: Dollars
    service: Service
    revenue: Annotated[str, Field(pattern=r"^\d{4}$")]
    name: Code


class Group(Sourced):
    """A family of MS-DRGs: without complications, with them, with major ones; and which codes lead to it.

    `operated` is the share of its stays in which something is done that makes them of the family `operation`; `surgeon`
    is the code by which who does that bills it.
    """

    group: Code
    title: Code
    principal: tuple[str, ...]
    procedures: tuple[str, ...]
    operation: Code | None = None
    operated: Annotated[float, Field(ge=0, le=1)] = 0.0
    surgeon: Code | None = None
    without: Code
    without_weight: Annotated[float, Field(gt=0)]
    cc: Code
    cc_weight: Annotated[float, Field(gt=0)]
    mcc: Code
    mcc_weight: Annotated[float, Field(gt=0)]


class Locality(Sourced):
    """By how much prices of a state differ from the nation's."""

    state: Code
    factor: Annotated[float, Field(gt=0)]
