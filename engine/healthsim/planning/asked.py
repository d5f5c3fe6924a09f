"""The people asked for, with and without the primary condition, and how many of them have another one."""

from dataclasses import dataclass

import numpy as np

from healthsim.planning.cooccurrence import share_given
from healthsim.planning.naming import NamedCondition
from healthsim.planning.natural import ADULT
from healthsim.planning.plan import Floats

_NOBODY = np.finfo(float).tiny


@dataclass(frozen=True, slots=True)
class AskedPeople:
    """The people among whom prevalences are to hold.

    Attributes:
        having: Shares of people with the primary condition, by row, age and sex, shape `(rows, 111, 2)`.
        lacking: Shares of people without it, of the same shape.
        natural: How common the primary condition is in life, of the same shape.
        primary: The primary condition, None where there is none.
    """

    having: Floats
    lacking: Floats
    natural: Floats
    primary: NamedCondition | None

    def ill(self, condition: NamedCondition, with_primary: Floats, without: Floats) -> tuple[Floats, Floats]:
        """Give shares of people with a condition by age and sex, shape `(111, 2)`: with the primary one, without it.

        Args:
            condition: The condition.
            with_primary: Its prevalence by threshold alone, for people with the primary condition.
            without: The same for people without it.
        """
        if condition is self.primary:
            return self.having.sum(axis=0), np.zeros(self.having.shape[1:])
        correlation = self._correlation(condition)
        among_having, among_lacking = share_given(with_primary, self.natural, correlation)
        if without is not with_primary:
            among_lacking = share_given(without, self.natural, correlation)[1]
        return (self.having * among_having).sum(axis=0), (self.lacking * among_lacking).sum(axis=0)

    def share(self, condition: NamedCondition, ill: tuple[Floats, Floats]) -> float:
        """Give the share with a condition among those it is counted among.

        Args:
            condition: The condition.
            ill: Shares of people with it, as `ill` gives them.
        """
        having, lacking = ill
        if condition.among == "primary":
            return float(having.sum() / max(self.having.sum(), _NOBODY))
        first = ADULT if condition.among == "adults" else 0
        people = float(self.having[:, first:].sum() + self.lacking[:, first:].sum())
        return float((having + lacking)[first:].sum() / max(people, _NOBODY))

    def _correlation(self, condition: NamedCondition) -> float:
        """Give the correlation of a condition's liability with the primary one's."""
        if self.primary is None:
            return 0.0
        ours = self.primary.loadings
        return sum(loading * ours.get(factor, 0.0) for factor, loading in condition.loadings.items())
