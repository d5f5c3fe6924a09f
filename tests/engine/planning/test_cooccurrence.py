"""The bivariate normal distribution and the shifts that meet prevalences, against scipy's slow and general answers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from healthsim.planning.cooccurrence import share_given, share_of_both, shift_for, shifted, thresholds
from healthsim.planning.significance import rounded

SHARES = st.floats(0.001, 0.999)
CORRELATIONS = st.floats(-0.95, 0.95)


@given(SHARES, SHARES, CORRELATIONS)
def test_the_share_of_both_is_that_of_the_bivariate_normal(one: float, other: float, correlation: float) -> None:
    below = stats.multivariate_normal(cov=[[1, correlation], [correlation, 1]]).cdf(stats.norm.ppf([one, other]))
    assert share_of_both(np.array(one), np.array(other), correlation) == pytest.approx(below, abs=1e-4)


@given(SHARES, SHARES)
def test_without_correlation_conditions_are_independent(one: float, other: float) -> None:
    assert share_of_both(np.array(one), np.array(other), 0.0) == pytest.approx(one * other, abs=1e-9)


@given(SHARES, SHARES, CORRELATIONS)
def test_those_with_and_without_the_primary_condition_make_up_everybody(
    one: float, other: float, correlation: float
) -> None:
    having, lacking = share_given(np.array(one), np.array(other), correlation)
    assert having * other + lacking * (1 - other) == pytest.approx(one, abs=1e-9)
    assert -1e-12 <= lacking <= 1 + 1e-12
    assert -1e-12 <= having <= 1 + 1e-12


def test_half_and_half_is_the_arcsine() -> None:
    expected = 0.25 + np.arcsin(0.4) / (2 * np.pi)
    assert share_of_both(np.array(0.5), np.array(0.5), 0.4) == pytest.approx(expected, abs=1e-8)


def test_nobody_has_what_nobody_has() -> None:
    assert thresholds(np.array([0.0, 1.0])).tolist() == [np.inf, -np.inf]
    assert shifted(np.array([0.0]), 5.0).tolist() == [0.0]
    assert share_of_both(np.array(0.0), np.array(0.5), 0.9) == 0.0


@given(st.floats(0.01, 0.99), st.lists(SHARES, min_size=1, max_size=5))
def test_a_shift_meets_the_share_asked_for(asked: float, natural: list[float]) -> None:
    parts = np.array(natural)
    shift = shift_for(asked, lambda delta: float(shifted(parts, delta).mean()))
    assert float(shifted(parts, shift).mean()) == pytest.approx(asked, abs=1e-9)


@given(st.floats(1e-300, 1e300))
def test_rounding_keeps_twelve_digits(value: float) -> None:
    assert rounded(np.array([value]))[0] == pytest.approx(value, rel=1e-12)


@given(st.floats(1e-6, 1e6))
def test_rounding_absorbs_the_last_bits(value: float) -> None:
    kept = rounded(np.array([value]))
    assert rounded(kept).tolist() == kept.tolist()
    middle = float(kept[0])
    neighbours = np.array([np.nextafter(middle, 0), np.nextafter(middle, np.inf)])
    assert rounded(neighbours).tolist() == [middle, middle]
