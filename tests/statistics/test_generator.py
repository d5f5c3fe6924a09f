"""The generator of random draws as a whole: uniform, and independent between neighbours, streams and seeds.

The draws are fixed by their seeds, so each test either always passes or always fails. The bounds are those that a
perfect generator would exceed about once in ten thousand trials.
"""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from healthsim.randomness import Draws

PEOPLE = 200_000
UNLIKELY = 1e-4

Floats = NDArray[np.float64]


def drawn(seed: int = 1, stream: str = "a", index: int = 0, first: int = 0) -> Floats:
    return Draws.for_people(seed, first, PEOPLE).uniform(stream, index)


@pytest.mark.parametrize("seed", [0, 1, 2, 42, 2**63 - 1])
@pytest.mark.parametrize("first", [0, 10**7])
def test_uniforms_are_uniform(seed: int, first: int) -> None:
    assert stats.kstest(drawn(seed, first=first), "uniform").pvalue > UNLIKELY


@pytest.mark.parametrize("bits", [0, 8, 20, 40])
def test_every_group_of_bits_is_uniform(bits: int) -> None:
    whole = (drawn() * 2.0**53).astype(np.int64)
    counts = np.bincount((whole >> bits) & 255, minlength=256)
    assert stats.chisquare(counts).pvalue > UNLIKELY


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {"stream": "b"}),
        ({"stream": "liability:1"}, {"stream": "liability:2"}),
        ({}, {"seed": 2}),
        ({"seed": 0}, {"seed": 2**32}),
        ({}, {"index": 1}),
        ({"index": 1}, {"index": 2}),
        ({}, {"first": 1}),
        ({}, {"first": 1000}),
    ],
    ids=["streams", "like-named-streams", "seeds", "far-seeds", "indices", "later-indices", "neighbours", "far-people"],
)
def test_two_addresses_are_independent(one: dict[str, int | str], other: dict[str, int | str]) -> None:
    left, right = drawn(**one), drawn(**other)  # type: ignore[arg-type]  # keywords of `drawn`
    cells = np.bincount((left * 16).astype(np.int64) * 16 + (right * 16).astype(np.int64), minlength=256)
    assert stats.chisquare(cells).pvalue > UNLIKELY
    assert stats.spearmanr(left, right).pvalue > UNLIKELY


def test_events_are_independent_of_each_other() -> None:
    draws = Draws.for_people(1, 0, PEOPLE)
    left, right = draws.event_uniform("dose", 0), draws.event_uniform("dose", 1)
    cells = np.bincount((left * 16).astype(np.int64) * 16 + (right * 16).astype(np.int64), minlength=256)
    assert stats.chisquare(cells).pvalue > UNLIKELY


def test_a_run_of_neighbours_has_no_pattern() -> None:
    """Overlapping triples would show the lattice of a poor counter-based generator."""
    series = (drawn() * 8).astype(np.int64)
    triples = np.bincount(series[:-2:3] * 64 + series[1:-1:3] * 8 + series[2::3], minlength=512)
    assert stats.chisquare(triples).pvalue > UNLIKELY


def test_normals_are_normal() -> None:
    normals = Draws.for_people(3, 0, PEOPLE).normal("z")
    assert stats.kstest(normals, "norm").pvalue > UNLIKELY


@pytest.mark.parametrize("share", [1e-2, 1e-3, 1e-4])
def test_tails_of_normals_have_their_share(share: float) -> None:
    normals = np.concatenate([Draws.for_people(seed, 0, PEOPLE).normal("z") for seed in range(20)])
    beyond = int((normals > stats.norm.isf(share)).sum())
    assert stats.binomtest(beyond, len(normals), share).pvalue > UNLIKELY


def test_whole_numbers_are_equally_likely() -> None:
    counts = np.bincount(Draws.for_people(5, 0, PEOPLE).integer("die", 1, 6), minlength=7)[1:]
    assert stats.chisquare(counts).pvalue > UNLIKELY
