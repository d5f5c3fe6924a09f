"""Figures: what was expected, from where, and what a cohort reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atanh, pi, sqrt, tanh
from typing import Literal

Kind = Literal["prevalence", "share", "distribution", "correlation"]

_SHOWN = 1.96
"""Standard normal deviate of the interval that is shown: 95 %."""

_JUDGED = 3.29
"""That of the interval that is judged by: 99.9 %, so that of a hundred figures none is outside by chance alone."""

_FISHER = 3


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure.

    Attributes:
        kind: What it is of.
        what: What it is, in words.
        expected: What was asked for, or published.
        source: By whom.
        reached: What it is in the cohort.
        low: Lower end of its 95 % interval.
        high: Upper end.
        people: People it rests on.
        tolerance: How far from what was expected it may be besides chance.
        is_within: Whether it is.
    """

    kind: Kind
    what: str
    expected: float
    source: str
    reached: float
    low: float
    high: float
    people: int
    tolerance: float
    is_within: bool


def share_figure(
    kind: Kind, what: str, expected: float, source: str, *, count: int, people: int, tolerance: float
) -> Figure:
    """Give the figure of a share, with Wilson's interval (Wilson, J Am Stat Assoc 1927;22:209).

    Args:
        kind: What it is of.
        what: What it is, in words.
        expected: The share expected.
        source: By whom.
        count: People who have it.
        people: All people, at least one.
        tolerance: How far from what was expected it may be besides chance.
    """
    low, high = wilson(count, people, _SHOWN)
    widest_low, widest_high = wilson(count, people, _JUDGED)
    is_within = widest_low - tolerance <= expected <= widest_high + tolerance
    return Figure(kind, what, expected, source, count / people, low, high, people, tolerance, is_within)


def correlation_figure(
    what: str, expected: float, source: str, *, correlation: float, people: int, tolerance: float
) -> Figure:
    """Give the figure of a correlation, with Fisher's interval (Fisher, Metron 1921;1:3).

    Args:
        what: What it is, in words.
        expected: The correlation published.
        source: By whom.
        correlation: That of the cohort.
        people: People it rests on, more than three.
        tolerance: How far from what was expected it may be besides chance.
    """
    low, high = _fisher(correlation, people, _SHOWN)
    widest_low, widest_high = _fisher(correlation, people, _JUDGED)
    is_within = widest_low - tolerance <= expected <= widest_high + tolerance
    return Figure("correlation", what, expected, source, correlation, low, high, people, tolerance, is_within)


def gap_figure(what: str, source: str, *, gap: float, people: int, tolerance: float) -> Figure:
    """Give the figure of a distribution: the largest gap between the shares at or below published quantiles and theirs.

    Args:
        what: What it is of, in words.
        source: Who published the quantiles.
        gap: The gap, share, 0 to 1.
        people: People it rests on.
        tolerance: How large it may be besides chance.
    """
    chance = 0.5 / sqrt(people)
    is_within = gap <= tolerance + _JUDGED * chance
    low, high = max(gap - _SHOWN * chance, 0.0), min(gap + _SHOWN * chance, 1.0)
    return Figure("distribution", what, 0.0, source, gap, low, high, people, tolerance, is_within)


def mean_figure(what: str, figures: Sequence[Figure], *, tolerance: float) -> Figure:
    """Give the figure of how far others are from what was expected of them: their mean absolute deviation.

    Args:
        what: What it is of, in words.
        figures: The others, at least one.
        tolerance: How large the mean may be, besides what chance makes it where nothing deviates.
    """
    mean = sum(abs(figure.reached - figure.expected) for figure in figures) / len(figures)
    people = min(figure.people for figure in figures)
    is_within = mean <= tolerance + sqrt(2 / pi / people)
    return Figure(figures[0].kind, what, 0.0, figures[0].source, mean, mean, mean, people, tolerance, is_within)


def wilson(count: int, people: int, deviate: float) -> tuple[float, float]:
    """Give Wilson's interval of a share, for a standard normal deviate."""
    share, squared = count / people, deviate**2 / people
    middle = (share + squared / 2) / (1 + squared)
    half = sqrt(share * (1 - share) * squared + squared**2 / 4) / (1 + squared)
    # Rounding could leave the share itself outside.
    return max(min(middle - half, share), 0.0), min(max(middle + half, share), 1.0)


def _fisher(correlation: float, people: int, deviate: float) -> tuple[float, float]:
    bounded = max(min(correlation, 1 - 1e-12), 1e-12 - 1)
    half = deviate / sqrt(people - _FISHER)
    return tanh(atanh(bounded) - half), tanh(atanh(bounded) + half)
