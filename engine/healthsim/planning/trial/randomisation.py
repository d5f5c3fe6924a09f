"""Lists of arms: permuted blocks for each stratum, a pure function of seed, stratum and position."""

import numpy as np

from healthsim.randomness import Draws, Ints
from healthsim.spec.protocol import Arm

_SIZES = (1, 2)
"""Blocks have this many times as many places as the ratio of the arms, so that nobody can tell which is the last."""

_STREAM = "trial:randomisation"


def randomisation_lists(seed: int, arms: tuple[Arm, ...], strata: int, length: int) -> Ints:
    """Give the arm of each subject of a stratum in order of randomisation, shape `(strata, length)`.

    A longer list begins with the shorter one.

    Args:
        seed: The run's seed.
        arms: The arms, with their ratio.
        strata: How many strata there are.
        length: Most subjects of a stratum.
    """
    pattern = np.repeat(np.arange(len(arms)), [arm.ratio for arm in arms])
    blocks = np.arange(-(-length // len(pattern)))
    places = np.arange(len(blocks) * len(pattern) * max(_SIZES))
    lists = np.empty((strata, length), np.int64)
    for stratum in range(strata):
        draws = Draws.for_indices(seed, np.full(1, stratum))
        size = np.array(_SIZES)[
            (draws.rows(np.zeros(len(blocks), np.int64)).event_uniform(f"{_STREAM}:size", blocks) * len(_SIZES)).astype(
                np.int64
            )
        ]
        block = np.repeat(blocks, size * len(pattern))
        here = places[: len(block)]
        order = draws.rows(np.zeros(len(here), np.int64)).event_uniform(f"{_STREAM}:order", here)
        first = np.searchsorted(block, block)
        arm = pattern[(here - first) % len(pattern)]
        lists[stratum] = arm[np.lexsort((order, block))][:length]
    return lists
