"""What the law lets insurance plans ask of members, by calendar year."""

import json
from dataclasses import dataclass
from functools import cache

from healthsim.content import content_directory


@dataclass(frozen=True, slots=True)
class InsuranceLimits:
    """Limits of a calendar year, dollars; of one person and of a family where there are two.

    Attributes:
        year: The year.
        out_of_pocket: Most that plans of employers and marketplaces let members pay (45 CFR 156.130).
        high_deductible: Least deductible of a high-deductible plan (26 U.S.C. 223).
        high_deductible_out_of_pocket: Most that such a plan lets members pay.
        medicare_advantage: Most that a plan of Medicare Advantage lets a member pay in its network (42 CFR 422.100).
    """

    year: int
    out_of_pocket: tuple[float, float]
    high_deductible: tuple[float, float]
    high_deductible_out_of_pocket: tuple[float, float]
    medicare_advantage: float


def limits_of(year: int) -> InsuranceLimits:
    """Give the limits of a year; those of the nearest one that is known for others."""
    known = _limits()
    return known[min(known, key=lambda one: abs(one - year))]


@cache
def _limits() -> dict[int, InsuranceLimits]:
    """Read `benefits/limits.json`."""
    document = json.loads((content_directory("benefits") / "limits.json").read_text(encoding="utf-8"))
    pairs = ("out_of_pocket", "high_deductible", "high_deductible_out_of_pocket")
    return {
        int(year): InsuranceLimits(
            year=int(year),
            **{name: (float(limits[name][0]), float(limits[name][1])) for name in pairs},
            medicare_advantage=float(limits["medicare_advantage"]),
        )
        for year, limits in document["years"].items()
    }
