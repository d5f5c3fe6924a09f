"""The base of every part of a profile, and the numbers they are made of."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


class Part(BaseModel):
    """A part of a profile: immutable, and without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def _integral(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Take 10.0 for 10, as JSON makes no difference."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
"""A finite number, not a text and not a truth value."""

INTEGRAL = BeforeValidator(_integral)
"""Marks a whole number; stands after its bounds, so that the published schema has them."""

Positive = Annotated[Number, Field(gt=0)]
Share = Annotated[Number, Field(ge=0, le=1)]


def keys_of(model: type[Part]) -> tuple[str, ...]:
    """Give the keys of a model as a document writes them."""
    return tuple(field.alias or name for name, field in model.model_fields.items())
