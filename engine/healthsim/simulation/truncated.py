"""Normal draws between bounds."""

from functools import cache
from statistics import NormalDist

import numpy as np

from healthsim.randomness import Floats, normal_from_uniform

_END = 8.0
_CELLS = 4096
_PER_UNIT = _CELLS / (2 * _END)


def truncated_normal(uniforms: Floats, low: Floats, high: Floats) -> Floats:
    """Turn uniforms into standard normals between `low` and `high`, shape `(rows,)`, rising with the uniform.

    Shares are taken from the tail in which the bounds lie, so that narrow bounds far out keep their precision. Where
    the normal distribution has next to nothing between the bounds, the draw lies at one of them.
    """
    is_upper = low > 0
    near, far = np.where(is_upper, -high, low), np.where(is_upper, -low, high)
    below_near, below_far = normal_share_below(near), normal_share_below(far)
    part = np.where(is_upper, 1.0 - uniforms, uniforms)
    normals = normal_from_uniform(below_near + part * (below_far - below_near))
    found: Floats = np.clip(np.where(is_upper, -normals, normals), low, high)
    return found


def normal_share_below(scores: Floats) -> Floats:
    """Give the standard normal's distribution function, tabulated, linear between; shape as given."""
    nodes, slopes = _table()
    position: Floats = np.clip(scores, -_END, _END)
    position += _END
    position *= _PER_UNIT
    cell = np.minimum(position.astype(np.int32), _CELLS - 1)
    position -= cell
    position *= slopes.take(cell)
    position += nodes.take(cell)
    return position


@cache
def _table() -> tuple[Floats, Floats]:
    """Nodes and slopes, rounded to 12 significant digits."""
    standard = NormalDist()
    nodes = np.array([float(f"{standard.cdf(i / _PER_UNIT - _END):.12g}") for i in range(_CELLS + 1)])
    return nodes[:-1], np.diff(nodes)
