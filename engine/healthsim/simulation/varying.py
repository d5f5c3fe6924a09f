"""How results vary from day to day about a person's level, and are rounded."""

import numpy as np

from healthsim.planning.plan import Floats, Ints
from healthsim.reference import Analyte
from healthsim.simulation.bounds import Limits
from healthsim.simulation.truncated import normal_share_below, truncated_normal

_WIDEST = 3.0
"""Standard deviations within a person beyond which no result lies."""


def varied(level: Floats, normals: Floats, analyte: Analyte) -> Ints:
    """Vary levels from day to day, and round to the nearest; whole numbers of the last decimal, shape `(rows,)`.

    Args:
        level: Levels, shape `(rows,)`.
        normals: What they vary by, in standard deviations.
        analyte: What is measured.
    """
    scale = 10**analyte.decimals
    raw = level * (1.0 + analyte.cv * np.clip(normals, -_WIDEST, _WIDEST))
    least, highest = round(analyte.least * scale), round(analyte.highest * scale)
    units: Ints = np.clip(np.floor(raw * scale + 0.5).astype(np.int64), least, highest)
    return units


def varied_between(level: Floats, normals: Floats, analyte: Analyte, limits: Limits, *, is_inward: bool) -> Ints:
    """Vary levels from day to day between limits, and round; whole numbers of the last decimal, shape `(rows,)`.

    Args:
        level: Levels, shape `(rows,)`.
        normals: What they vary by, in standard deviations.
        analyte: What is measured.
        limits: Between which values results stay.
        is_inward: Whether they are rounded inward, as limits computed from other results ask, or to the nearest.
    """
    scale = 10**analyte.decimals
    low, high = np.maximum(limits[0], analyte.least), np.minimum(limits[1], analyte.highest)
    inside = np.clip(level, low, np.maximum(low, high))
    spread = analyte.cv * inside
    below, above = np.maximum((low - inside) / spread, -_WIDEST), np.minimum((high - inside) / spread, _WIDEST)
    within = inside + spread * truncated_normal(normal_share_below(normals), below, np.maximum(below, above))
    if is_inward:
        lowest, highest = np.ceil(low * scale), np.floor(high * scale)
    else:
        lowest, highest = np.floor(low * scale + 0.5), np.floor(high * scale + 0.5)
    rounded = np.clip(np.floor(within * scale + 0.5), lowest, np.maximum(lowest, highest))
    units: Ints = rounded.astype(np.int64)
    return units
