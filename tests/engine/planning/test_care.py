"""Who cares for people: near home first, by equal panels where asked, hospitals by beds and distance."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from healthsim.planning.care import near, nearest_hospitals
from healthsim.planning.care_plan import HOSPITALS, Near

ZIP, CITY, COUNTY, STATE = [0, 1, 2, 3, 4], [0, 0, 1, 2, 3], [0, 0, 0, 1, 2], [48, 48, 48, 48, 36]
"""Areas of five ZIP codes: three of one county, one of another in the same state, one of another state."""


def lists(*providers: tuple[int, int, int, int], counted: list[bool] | None = None, is_local: bool = True) -> Near:
    """Give the lists of providers, each by its ZIP code, city, county and state, -1 for one that is not there."""
    theirs = np.array(providers, dtype=np.int64).T
    levels = list(zip(theirs, (np.array(area) for area in (ZIP, CITY, COUNTY, STATE)), strict=True))
    rows = np.array(counted or [True] * len(providers))
    return near(levels, rows, is_local=is_local)


def serving(found: Near, zip_code: int) -> list[int]:
    first = int(found.first[zip_code])
    return found.members[first : first + int(found.count[zip_code])].tolist()


def test_the_zip_code_comes_first_then_city_county_and_state() -> None:
    found = lists((0, 0, 0, 48), (-1, 0, 0, 48), (0, 0, 0, 48))
    assert [serving(found, zip_code) for zip_code in range(4)] == [[0, 2], [0, 1, 2], [0, 1, 2], [0, 1, 2]]


def test_whoever_has_nobody_in_the_state_goes_anywhere() -> None:
    assert serving(lists((0, 0, 0, 48)), 4) == [0]


def test_rows_that_do_not_count_serve_nobody() -> None:
    found = lists((0, 0, 0, 48), (0, 0, 0, 48), counted=[False, True])
    assert serving(found, 0) == [1]


def test_the_lists_of_counties_leave_zip_codes_out() -> None:
    assert serving(lists((0, 0, 0, 48), (1, 0, 0, 48), is_local=False), 0) == [0, 1]


@given(st.lists(st.integers(0, 2), min_size=1, max_size=12))
def test_the_zip_codes_of_an_area_share_it_without_gap_or_overlap(counties: list[int]) -> None:
    area = np.array(counties)
    nowhere = (np.full(3, -1), np.zeros(len(counties), np.int64))
    found = near([nowhere, nowhere, (np.arange(3), area), nowhere], np.ones(3, dtype=bool))
    for county in set(counties):
        own = np.flatnonzero(area == county).tolist()
        edges = sorted((float(found.start[index]), float(found.start[index] + found.width[index])) for index in own)
        assert edges[0][0] == 0
        assert edges[-1][1] == pytest.approx(1)
        assert all(one[1] == pytest.approx(other[0]) for one, other in pairwise(edges))


Hospital = tuple[float, float, int]


def chosen(*hospitals: Hospital) -> NDArray[np.float64]:
    """Give the share of each hospital, by its degrees north and east and its beds, among people of one ZIP code."""
    north, east, beds = (np.array(values) for values in zip(*hospitals, strict=True))
    hospital, rows = nearest_hospitals(beds, (north, east), np.array([29.76]), np.array([-95.37]))
    choice = hospital.draw((np.arange(20_000) + 0.5) / 20_000)
    return np.bincount(rows[choice], minlength=len(hospitals)) / 20_000


def test_the_larger_of_two_equally_near_hospitals_takes_more() -> None:
    shares = chosen((29.80, -95.37, 300), (29.72, -95.37, 100))
    assert shares[0] / shares[1] == pytest.approx(3, rel=0.02)


def test_the_nearer_of_two_equally_large_hospitals_takes_more() -> None:
    # 10 and 20 km away: by the square of the distance, four to one.
    shares = chosen((29.76 + 10 / 111.2, -95.37, 100), (29.76 - 20 / 111.2, -95.37, 100))
    assert shares[0] / shares[1] == pytest.approx(4, rel=0.05)


def test_only_the_nearest_hospitals_count() -> None:
    shares = chosen(*((29.76 + index / 50, -95.37, 100) for index in range(HOSPITALS + 5)))
    assert (shares[:HOSPITALS] > 0).all()
    assert (shares[HOSPITALS:] == 0).all()


def test_without_hospitals_there_are_none_to_choose() -> None:
    nowhere = np.zeros(0)
    assert nearest_hospitals(np.zeros(0, np.int64), (nowhere, nowhere), nowhere, nowhere)[1].size == 0
