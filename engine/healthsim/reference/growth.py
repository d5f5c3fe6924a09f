"""How children grow: the parameters of the CDC growth charts of 2000."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from healthsim.reference.starter import read_table


@dataclass(frozen=True, slots=True)
class GrowthPoint:
    """How a measure is distributed at an age, by the LMS method (Cole and Green 1992).

    Attributes:
        months: Age.
        power: Power of the Box-Cox transformation.
        median: Median, in cm, kg or kg/m2.
        variation: Generalised coefficient of variation.
        sigma: Spread of body mass indices beyond the 95th percentile, kg/m2; None for other measures.
    """

    months: float
    power: float
    median: float
    variation: float
    sigma: float | None


@cache
def growth_points() -> Mapping[tuple[str, str], tuple[GrowthPoint, ...]]:
    """Give the points by measure (`height`, `weight`, `bmi`) and sex, in the order of ages."""
    found: dict[tuple[str, str], list[GrowthPoint]] = {}
    for row in read_table("growth.csv"):
        months, power, median, variation = (float(row[column]) for column in ("months", "l", "m", "s"))
        sigma = float(row["sigma"]) if row["sigma"] else None
        points = found.setdefault((row["measure"], row["sex"]), [])
        points.append(GrowthPoint(months, power, median, variation, sigma))
    return {key: tuple(points) for key, points in found.items()}
