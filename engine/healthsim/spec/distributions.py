"""Distributions an attribute can have."""

from typing import Annotated, Literal, Self

from pydantic import Field, StrictFloat, StrictInt, StrictStr, model_validator

from healthsim.spec.model import Number, Part, Positive
from healthsim.spec.predicates import Predicate

Value = StrictInt | StrictFloat | StrictStr
Weight = Annotated[Number, Field(ge=0)]
Weights = Annotated[dict[str, Weight], Field(min_length=1)]

_LOW = Field(default=None, description="Lowest value; values below are not drawn.")
_HIGH = Field(default=None, description="Highest value; values above are not drawn.")


class _Bounded(Part):
    """A distribution between two bounds, which are part of what is drawn."""

    min: Number | None = _LOW
    max: Number | None = _HIGH

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"min {self.min:g} is above max {self.max:g}")
        return self


class Normal(_Bounded):
    """The normal distribution, truncated to its bounds."""

    type: Literal["normal"] = "normal"
    mean: Number = Field(description="Mean, before truncation.")
    std_dev: Positive = Field(description="Standard deviation, before truncation.")


class Uniform(_Bounded):
    """Every value between the bounds equally likely."""

    type: Literal["uniform"] = "uniform"
    min: Number = Field(description="Lowest value.")
    max: Number = Field(description="Highest value.")


class LogNormal(_Bounded):
    """The log-normal distribution, truncated to its bounds."""

    type: Literal["log_normal"] = "log_normal"
    mu: Number = Field(description="Mean of the natural logarithm.")
    sigma: Positive = Field(description="Standard deviation of the natural logarithm.")


class Beta(_Bounded):
    """The beta distribution, stretched from `min` to `max`."""

    type: Literal["beta"] = "beta"
    alpha: Positive = Field(description="First shape.")
    beta: Positive = Field(description="Second shape.")
    min: Number = Field(default=0.0, description="Where it begins.")
    max: Number = Field(default=1.0, description="Where it ends.")


class Gamma(_Bounded):
    """The gamma distribution, truncated to its bounds."""

    type: Literal["gamma"] = "gamma"
    shape: Positive = Field(description="Shape.")
    scale: Positive = Field(description="Scale; the mean is shape times scale.")


class Poisson(_Bounded):
    """The Poisson distribution, truncated to its bounds."""

    type: Literal["poisson"] = "poisson"
    mean: Positive = Field(description="Mean, before truncation.")


class Triangular(_Bounded):
    """The triangular distribution."""

    type: Literal["triangular"] = "triangular"
    min: Number = Field(description="Lowest value.")
    mode: Number = Field(description="Most likely value.")
    max: Number = Field(description="Highest value.")

    @model_validator(mode="after")
    def _mode_between(self) -> Self:
        if not self.min <= self.mode <= self.max or self.min == self.max:
            raise ValueError(f"mode {self.mode:g} must lie between min {self.min:g} and a higher max {self.max:g}")
        return self


class Empirical(Part):
    """Observed values, each as likely as it is frequent."""

    type: Literal["empirical"] = "empirical"
    values: tuple[Value, ...] = Field(min_length=1, description="Observed values.")


class Categorical(Part):
    """Categories with weights that sum to 1."""

    type: Literal["categorical"] = "categorical"
    weights: Weights = Field(description="Share of each category; they sum to 1, or as percentages to 100.")


class AgeBands(Part):
    """Bands of age with weights that sum to 1; within a band, ages are as in the reference population."""

    type: Literal["age_bands"] = "age_bands"
    bands: Weights = Field(description='Share of each band, such as {"0-17": 0.2, "18-64": 0.6, "65+": 0.2}.')


class Explicit(Part):
    """Listed values, with weights or equally likely."""

    type: Literal["explicit"] = "explicit"
    values: tuple[Value, ...] = Field(min_length=1, description="The values.")
    weights: tuple[Weight, ...] | None = Field(default=None, description="Share of each value; they sum to 1.")

    @model_validator(mode="after")
    def _one_weight_each(self) -> Self:
        if self.weights is not None and len(self.weights) != len(self.values):
            raise ValueError(f"{len(self.values)} values have {len(self.weights)} weights")
        return self


class Constant(Part):
    """One value for everybody."""

    type: Literal["constant"] = "constant"
    value: Value = Field(description="The value.")


class Population(_Bounded):
    """The reference population's own ages, between the bounds."""

    type: Literal["population"] = "population"


class Rule(Part):
    """A distribution for those of whom a condition holds."""

    when: Predicate = Field(alias="if", description="Condition over attributes.")
    then: "Distribution" = Field(description="Distribution of those of whom it holds.")


class Conditional(Part):
    """Another distribution for each of several conditions; the first that holds decides."""

    type: Literal["conditional"] = "conditional"
    rules: tuple[Rule, ...] = Field(min_length=1, description="Conditions with their distributions, in order.")
    otherwise: "Distribution" = Field(alias="else", description="Distribution of those of whom none holds.")


Distribution = Annotated[
    Normal
    | Uniform
    | LogNormal
    | Beta
    | Gamma
    | Poisson
    | Triangular
    | Empirical
    | Categorical
    | AgeBands
    | Explicit
    | Constant
    | Population
    | Conditional,
    Field(discriminator="type"),
]

TYPES = (
    "normal",
    "uniform",
    "log_normal",
    "beta",
    "gamma",
    "poisson",
    "triangular",
    "empirical",
    "categorical",
    "age_bands",
    "explicit",
    "constant",
    "population",
    "conditional",
)
"""Names of the distributions."""

Rule.model_rebuild()
Conditional.model_rebuild()
