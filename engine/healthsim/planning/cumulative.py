"""Cumulative distribution functions of the distributions a profile or a journey names."""

from collections.abc import Callable
from typing import Any, assert_never

import numpy as np
from scipy import stats

from healthsim.randomness import Floats
from healthsim.spec import Beta, Gamma, LogNormal, Normal, Poisson, Triangular


def cumulative(
    distribution: Normal | LogNormal | Beta | Gamma | Poisson | Triangular,
) -> Callable[[Floats], Floats]:
    """Give the cumulative distribution function, before truncation."""
    frozen: Any
    match distribution:
        case Normal():
            frozen = stats.norm(distribution.mean, distribution.std_dev)
        case LogNormal():
            frozen = stats.lognorm(distribution.sigma, scale=np.exp(distribution.mu))
        case Beta():
            width = distribution.max - distribution.min
            frozen = stats.beta(distribution.alpha, distribution.beta, loc=distribution.min, scale=width)
        case Gamma():
            frozen = stats.gamma(distribution.shape, scale=distribution.scale)
        case Poisson():
            frozen = stats.poisson(distribution.mean)
        case Triangular():
            width = distribution.max - distribution.min
            peak = (distribution.mode - distribution.min) / width
            frozen = stats.triang(peak, loc=distribution.min, scale=width)
        case _:
            assert_never(distribution)
    cumulative: Callable[[Floats], Floats] = frozen.cdf
    return cumulative
