"""Addressable draws: examples and properties of single functions; the generator's statistics are in `statistics`."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthsim.randomness import (
    CategoryTable,
    Draws,
    QuantileTable,
    integer_from_uniform,
    mixed,
    normal_from_uniform,
    stream_hash,
)

SEEDS = st.integers(0, 2**63 - 1)
NAMES = st.text(min_size=1, max_size=20)
FROZEN_UNIFORMS = ["0.247812206673124", "0.132880300425469"]
FROZEN_NORMALS = ["-0.681390537734", "-1.112878677232"]


@given(SEEDS, st.integers(0, 10**8), st.integers(1, 50), NAMES, st.integers(0, 3))
def test_a_person_draws_the_same_alone_as_in_a_block(
    seed: int, first: int, count: int, stream: str, index: int
) -> None:
    together = Draws.for_people(seed, first, count).uniform(stream, index)
    last = first + count - 1
    assert Draws.for_people(seed, last, 1).uniform(stream, index)[0] == together[-1]


@given(SEEDS, NAMES)
def test_uniforms_lie_from_zero_to_below_one(seed: int, stream: str) -> None:
    drawn = Draws.for_people(seed, 0, 500).uniform(stream)
    assert ((drawn >= 0) & (drawn < 1)).all()


def test_the_generator_is_frozen() -> None:
    draws = Draws.for_people(42, 0, 2)
    assert draws.uniform("age").tolist() == Draws.for_people(42, 0, 2).uniform("age").tolist()
    # Written down when version moremur-1 was frozen: another value is another generator, and needs another version.
    assert [f"{value:.15f}" for value in draws.uniform("age")] == FROZEN_UNIFORMS
    assert [f"{value:.12f}" for value in draws.normal("age")] == FROZEN_NORMALS


def test_rows_of_a_selection_keep_their_draws() -> None:
    draws = Draws.for_people(7, 0, 100)
    chosen = np.array([3, 3, 99, 0])
    assert (draws.rows(chosen).uniform("x") == draws.uniform("x")[chosen]).all()


def test_streams_by_row_are_the_streams_by_name() -> None:
    draws = Draws.for_people(7, 0, 3)
    streams = np.array([stream_hash(7, name) for name in ("a", "b", "a")], dtype=np.uint64)
    wanted = [draws.uniform("a")[0], draws.uniform("b")[1], draws.uniform("a")[2]]
    assert draws.uniform_of(streams).tolist() == wanted


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_events_of_a_person_draw_differently(one: int, other: int) -> None:
    draws = Draws.for_people(1, 0, 1)
    same = draws.event_uniform("dose", one)[0] == draws.event_uniform("dose", other)[0]
    assert same == (one == other)


def test_draws_do_not_change_the_keys() -> None:
    draws = Draws.for_people(1, 0, 10)
    before = draws.keys.copy()
    draws.uniform("a")
    draws.event_uniform("a", np.arange(10))
    draws.normal("b")
    assert (draws.keys == before).all()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40).filter(lambda weights: sum(weights) > 1e-6))
def test_an_alias_table_has_exactly_the_shares_of_its_weights(weights: list[float]) -> None:
    table = CategoryTable.from_weights(weights)
    shares = np.bincount(table.alias, weights=1 - table.keep, minlength=len(weights)) + table.keep
    assert np.allclose(shares / len(weights), np.array(weights) / sum(weights), atol=1e-12)


def test_a_category_without_weight_is_never_drawn() -> None:
    uniforms = np.linspace(0, 1, 100_001)[:-1]
    assert set(CategoryTable.from_weights([0, 1, 0, 2]).draw(uniforms).tolist()) == {1, 3}


@pytest.mark.parametrize("weights", [[0.0, 0.0], [1.0, -0.5], [[1.0, 1.0], [0.0, 0.0]]])
def test_weights_that_are_no_distribution_are_refused(weights: list[object]) -> None:
    with pytest.raises(ValueError, match="categorical"):
        CategoryTable.from_weights(weights)


def test_each_row_of_a_category_table_is_its_own_distribution() -> None:
    table = CategoryTable.from_weights([[1, 0, 0], [0, 0, 1]])
    assert table.draw(np.array([0.9, 0.1]), np.array([0, 1])).tolist() == [0, 2]


def test_a_quantile_table_is_linear_between_its_nodes() -> None:
    table = QuantileTable.from_quantiles([[0, 10, 30], [5, 5, 5]])
    assert table.at(np.array([0.25, 0.75, 1.0, 0.3]), np.array([0, 0, 0, 1])).tolist() == [5.0, 20.0, 30.0, 5.0]


@given(st.integers(-50, 50), st.integers(0, 50))
def test_whole_numbers_lie_within_their_bounds(low: int, width: int) -> None:
    drawn = integer_from_uniform(np.linspace(0, 1, 257)[:-1], low, low + width)
    assert drawn.min() == low
    assert drawn.max() == low + width


def test_normals_rise_with_their_uniforms_and_are_symmetric() -> None:
    uniforms = np.linspace(0, 1, 200_001)[1:-1]
    normals = normal_from_uniform(uniforms)
    assert (np.diff(normals) > 0).all()
    assert np.abs(normals + normals[::-1]).max() < 1e-9


def test_the_finaliser_is_a_bijection_on_a_sample() -> None:
    assert len(np.unique(mixed(np.arange(100_000, dtype=np.uint64)))) == 100_000


def test_a_selection_of_events_draws_what_the_events_draw_among_all() -> None:
    people = Draws.for_people(7, 0, 50)
    slots = np.arange(50) % 9
    chosen = np.arange(3, 50, 4)

    of_all = people.event_uniform("result:hba1c", slots)
    of_some = people.of_events(slots).rows(chosen).uniform("result:hba1c")

    assert np.array_equal(of_some, of_all[chosen])
    assert len(np.unique(of_some)) == len(of_some)
