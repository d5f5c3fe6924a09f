"""The alias method (Walker 1977): tables by which a category is drawn in constant time."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def alias_tables(scaled: Floats) -> tuple[Floats, NDArray[np.int32]]:
    """Sweep light and heavy cells of all rows at once.

    At each step one cell of every row is finished: either the next light one, filled up by the current heavy one,
    or the current heavy one when what is left of it has become light (Hübschle-Schneider and Sanders 2019).

    Args:
        scaled: Weights whose mean in each row is 1, shape `(rows, categories)`.

    Returns:
        Share of each cell that keeps its own category, and the category that takes the rest, both of that shape.
    """
    rows, size = scaled.shape
    every = np.arange(rows)
    is_heavy = scaled > 1.0
    order = np.argsort(is_heavy, axis=1, kind="stable")
    light = np.zeros(rows, dtype=np.int64)
    lights = size - is_heavy.sum(axis=1)
    heavy = np.minimum(lights, size - 1)
    left = scaled[every, order[every, heavy]]
    keep = np.ones_like(scaled)
    alias = np.tile(np.arange(size, dtype=np.int32), (rows, 1))
    for _ in range(size):
        donor = order[every, heavy]
        takes_light = (left > 1.0) & (light < lights)
        cell = np.where(takes_light, order[every, np.minimum(light, size - 1)], donor)
        following = np.minimum(heavy + 1, size - 1)
        share = np.where(takes_light, scaled[every, cell], left)
        receiver = np.where(takes_light, donor, order[every, following])
        live = takes_light | ((left <= 1.0) & (heavy + 1 < size))
        keep[every[live], cell[live]] = share[live]
        alias[every[live], cell[live]] = receiver[live]
        base = np.where(takes_light, left, scaled[every, order[every, following]])
        left = np.where(live, base + share - 1.0, left)
        light += takes_light
        heavy = np.where(live & ~takes_light, following, heavy)
    return keep, alias
