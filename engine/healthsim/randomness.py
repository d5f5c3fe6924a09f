"""Addressable randomness: every draw is a pure function of seed, stream, person, event and index.

There is no generator with a position. A person's draws are the same in any block, batch, process or count, and a
new decision never moves the draws of another, because each decision has a stream of its own name.

The generator is counter-based. With `G` the golden-ratio increment of SplitMix64 (Steele, Lea and Flood 2014),
`mix64` the moremur finaliser (Evensen 2019) and `H64` an eight-byte BLAKE2b of seed and name:

    person_key  = mix64(person_index * G + H64(seed, "person"))
    stream_base = mix64(person_key ^ H64(seed, stream))
    event_base  = mix64(stream_base ^ mix64((event + 1) * G))
    uniform(i)  = (mix64(base + (i + 1) * G) >> 11) * 2**-53

Only integer operations, `+ - * /` and table lookups are used, so that the bits agree between machines, whatever
vector instructions they have.
"""

from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from healthsim.alias_method import alias_tables

VERSION = "moremur-1"

UInts = NDArray[np.uint64]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_G = np.uint64(0x9E3779B97F4A7C15)
_MUL_1 = np.uint64(0x3C79AC492BA7B653)
_MUL_2 = np.uint64(0x1C69B3F74AC4AE35)
_SHIFT_27 = np.uint64(27)
_SHIFT_33 = np.uint64(33)
_SHIFT_11 = np.uint64(11)
_TO_UNIT = 2.0**-53
_SEED_MODULUS = 2**64

NORMAL_CELLS = 4096
_TAIL_SHARE = 256
_TAILS_BEGIN = 0.5 - 1.0 / _TAIL_SHARE


@dataclass(frozen=True, slots=True)
class Draws:
    """The draws of some rows, each row a person or an event of a person.

    Attributes:
        seed: The run's seed.
        keys: Person or event keys, shape `(rows,)`.
    """

    seed: int
    keys: UInts

    @classmethod
    def for_people(cls, seed: int, first: int, count: int) -> "Draws":
        """Address the people with indices `first` to `first + count - 1`."""
        return cls.for_indices(seed, np.arange(first, first + count, dtype=np.int64))

    @classmethod
    def for_indices(cls, seed: int, indices: Ints) -> "Draws":
        """Address the people with the given indices, shape `(rows,)`."""
        keys = mixed(indices.astype(np.int64).view(np.uint64) * _G + stream_hash(seed, "person"))
        return cls(seed, keys)

    def rows(self, chosen: NDArray[np.integer] | NDArray[np.bool_]) -> "Draws":
        """Address a selection of the rows, in its order, repetitions allowed."""
        return Draws(self.seed, self.keys[chosen])

    def uniform(self, stream: str, index: int = 0) -> Floats:
        """Draw uniforms in [0, 1), shape `(rows,)`.

        Args:
            stream: The decision's own name.
            index: Which draw of that decision, from 0.
        """
        return _unit(self._base(stream_hash(self.seed, stream)), index)

    def uniform_of(self, streams: UInts, index: int = 0) -> Floats:
        """Draw uniforms in [0, 1), each row from the stream whose hash stands beside it.

        Args:
            streams: Hashes by `stream_hash`, shape `(rows,)`.
            index: Which draw of that decision, from 0.
        """
        return _unit(self._base(streams), index)

    def event_uniform(self, stream: str | UInts, events: ArrayLike, index: int = 0) -> Floats:
        """Draw uniforms in [0, 1), shape `(rows,)`, for one event of each row.

        Args:
            stream: The decision's own name; or hashes by `stream_hash`, one a row, shape `(rows,)`.
            events: Slot numbers of the events, never ranks after filtering, shape `(rows,)` or scalar.
            index: Which draw of that decision, from 0.
        """
        return self.of_events(events).uniform(stream, index)

    def of_events(self, events: ArrayLike) -> "EventDraws":
        """Address one event of each row, of which several decisions are to be drawn.

        Args:
            events: Slot numbers, as of `event_uniform`.
        """
        slots = np.atleast_1d(np.asarray(events, dtype=np.int64)).view(np.uint64) + np.uint64(1)
        return EventDraws(self.seed, self.keys, mixed(slots * _G))

    def normal(self, stream: str, index: int = 0) -> Floats:
        """Draw standard normals, shape `(rows,)`."""
        return normal_from_uniform(self.uniform(stream, index))

    def integer(self, stream: str, low: ArrayLike, high: ArrayLike, index: int = 0) -> Ints:
        """Draw whole numbers from `low` to `high`, both included, each equally likely, shape `(rows,)`."""
        return integer_from_uniform(self.uniform(stream, index), low, high)

    def _base(self, stream: np.uint64 | UInts) -> UInts:
        return mixed(self.keys ^ stream)


@dataclass(frozen=True, slots=True)
class EventDraws:
    """The draws of one event of each row.

    Attributes:
        seed: The run's seed.
        keys: Keys of the rows, shape `(rows,)`.
        events: What the events' numbers add to them, shape `(rows,)` or `(1,)`.
    """

    seed: int
    keys: UInts
    events: UInts

    def rows(self, chosen: NDArray[np.integer]) -> "EventDraws":
        """Address a selection of the rows, in its order, each with an event of its own."""
        return EventDraws(self.seed, self.keys[chosen], self.events[chosen])

    def uniform(self, stream: str | UInts, index: int = 0) -> Floats:
        """Draw uniforms in [0, 1), shape `(rows,)`, as `Draws.event_uniform` does."""
        base = mixed(self.keys ^ (stream_hash(self.seed, stream) if isinstance(stream, str) else stream))
        base ^= self.events
        return _unit(mixed(base), index)


@cache
def stream_hash(seed: int, name: str) -> np.uint64:
    """Hash a seed and a stream's name to 64 bits."""
    message = (seed % _SEED_MODULUS).to_bytes(8, "little") + name.encode()
    return np.uint64(int.from_bytes(blake2b(message, digest_size=8).digest(), "little"))


def normal_from_uniform(uniforms: Floats) -> Floats:
    """Turn uniforms into standard normals by the inverse CDF, tabulated, linear between.

    4,096 cells cover the range, and 4,096 more each of its outer 256ths, so that shares down to one in a million are
    drawn within a few percent of themselves. The outermost cells end where a straight line keeps the tail's conditional
    mean (about 5.1 standard deviations).
    """
    nodes, slopes = _normal_table(1)
    normals = _interpolated(uniforms * NORMAL_CELLS, nodes, slopes)
    tails = np.flatnonzero(np.abs(uniforms - 0.5) >= _TAILS_BEGIN)
    if tails.size:
        outer = uniforms[tails]
        nodes, slopes = _normal_table(_TAIL_SHARE)
        below = _interpolated(np.minimum(outer, 1.0 - outer) * (NORMAL_CELLS * _TAIL_SHARE), nodes, slopes)
        normals[tails] = np.where(outer < 0.5, below, -below)  # noqa: PLR2004 - the middle of the unit interval
    return normals


def integer_from_uniform(uniforms: Floats, low: ArrayLike, high: ArrayLike) -> Ints:
    """Turn uniforms into whole numbers from `low` to `high`, both included."""
    lowest = np.asarray(low, dtype=np.int64)
    width = np.asarray(high, dtype=np.int64) - lowest + 1
    return lowest + (uniforms * width).astype(np.int64)


@dataclass(frozen=True, slots=True)
class CategoryTable:
    """Categorical distributions, one a row, sampled in constant time by the alias method (Walker 1977).

    Attributes:
        size: Number of categories.
        keep: Share of each cell that keeps its own category, flat, shape `(rows * size,)`.
        alias: Category that takes the rest of the cell, flat, shape `(rows * size,)`.
    """

    size: int
    keep: Floats
    alias: NDArray[np.int32]

    @classmethod
    def from_weights(cls, weights: ArrayLike) -> "CategoryTable":
        """Build from non-negative weights, shape `(categories,)` or `(rows, categories)`.

        Raises:
            ValueError: A row has a negative weight or none above zero.
        """
        table = np.atleast_2d(np.asarray(weights, dtype=np.float64))
        totals = table.sum(axis=1, keepdims=True)
        if (table < 0).any() or not (totals > 0).all():
            raise ValueError("a categorical distribution needs weights of 0 or more, some above 0")
        keep, alias = alias_tables(table / totals * table.shape[1])
        return cls(table.shape[1], keep.ravel(), alias.ravel())

    def draw(self, uniforms: Floats, rows: NDArray[np.integer] | int = 0) -> NDArray[np.int32]:
        """Draw category numbers, shape `(people,)`.

        Args:
            uniforms: Uniforms in [0, 1), shape `(people,)`.
            rows: Which distribution holds for each, shape `(people,)` or one for all.
        """
        position = uniforms * self.size
        category = position.astype(np.int32)
        position -= category
        cell = category + np.asarray(rows, dtype=np.int32) * np.int32(self.size)
        return np.where(position < self.keep.take(cell), category, self.alias.take(cell))


@dataclass(frozen=True, slots=True)
class QuantileTable:
    """Continuous distributions, one a row, as quantiles at equal steps of probability, linear between.

    Attributes:
        cells: Number of steps.
        nodes: Quantiles, flat, shape `(rows * (cells + 1),)`.
    """

    cells: int
    nodes: Floats

    @classmethod
    def from_quantiles(cls, quantiles: ArrayLike) -> "QuantileTable":
        """Build from quantiles at 0, 1/n ... 1, shape `(n + 1,)` or `(rows, n + 1)`."""
        table = np.atleast_2d(np.asarray(quantiles, dtype=np.float64))
        return cls(table.shape[1] - 1, table.ravel())

    def at(self, probabilities: Floats, rows: NDArray[np.integer] | int = 0) -> Floats:
        """Give the quantiles at the probabilities (0 to 1), shape `(people,)`."""
        position = probabilities * self.cells
        cell = np.minimum(position.astype(np.int32), self.cells - 1)
        position -= cell
        start = cell + np.asarray(rows, dtype=np.int32) * np.int32(self.cells + 1)
        low = self.nodes.take(start)
        start += 1
        quantiles: Floats = self.nodes.take(start)
        quantiles -= low
        quantiles *= position
        quantiles += low
        return quantiles


def mixed(values: UInts) -> UInts:
    """Apply the moremur finaliser in place and give the array."""
    values ^= values >> _SHIFT_27
    values *= _MUL_1
    values ^= values >> _SHIFT_33
    values *= _MUL_2
    values ^= values >> _SHIFT_27
    return values


def _unit(base: UInts, index: int) -> Floats:
    step = np.uint64((index + 1) * int(_G) % _SEED_MODULUS)
    bits = mixed(base + step)
    bits >>= _SHIFT_11
    uniforms: Floats = bits.view(np.int64).astype(np.float64)
    uniforms *= _TO_UNIT
    return uniforms


def _interpolated(position: Floats, nodes: Floats, slopes: Floats) -> Floats:
    """Follow a table linearly; overwrites `position`, which counts cells."""
    cell = position.astype(np.int32)
    position -= cell
    position *= slopes.take(cell)
    position += nodes.take(cell)
    return position


@cache
def _normal_table(zoom: int) -> tuple[Floats, Floats]:
    """Nodes and slopes of the standard normal's inverse CDF, rounded to 12 significant digits.

    Args:
        zoom: 1 for the whole range; n for its first n-th, and one cell beyond.
    """
    standard = NormalDist()
    share = 1.0 / (NORMAL_CELLS * zoom)
    last = NORMAL_CELLS if zoom == 1 else NORMAL_CELLS + 2
    inner = [standard.inv_cdf(i * share) for i in range(1, last)]
    tail_mean = -standard.pdf(inner[0]) / share
    end = 2 * tail_mean - inner[0]
    outer = [-end] if zoom == 1 else []
    nodes = np.array([float(f"{node:.12g}") for node in [end, *inner, *outer]])
    return nodes[:-1], np.diff(nodes)
