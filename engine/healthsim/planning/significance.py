"""Constants of a plan are rounded to 12 significant digits, so that they have the same bits on every machine."""

import numpy as np

from healthsim.randomness import Floats

_DROPPED = 12
"""Bits dropped of the 52 of a double's fraction: the 40 left are 12 significant digits."""

_HALF = np.int64(1 << (_DROPPED - 1))
_KEPT = np.int64(-(1 << _DROPPED))


def rounded(values: Floats) -> Floats:
    """Round to 12 significant digits, by integer arithmetic alone; infinities and zeros stay."""
    bits = np.ascontiguousarray(values, dtype=np.float64).view(np.int64)
    kept: Floats = ((bits + _HALF) & _KEPT).view(np.float64)
    return kept
