"""Who cares for people: near home first, by equal panels where asked, hospitals by beds and distance."""

from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthsim.planning.care import Neighbourhood, near, nearest_hospitals
from healthsim.planning.care_plan import HOSPITALS, Near

AROUND = Neighbourhood(
    zips=pa.array(["77001", "77002", "77003", "78001", "10001"]),
    cities=pa.array(["TX HOUSTON", "TX HOUSTON", "TX KATY", "TX WACO", "NY NEW YORK"]),
    counties=pa.array(["48201", "48201", "48201", "48309", "36061"]),
    states=pa.array(["TX", "TX", "TX", "TX", "NY"]),
)


def directory(*rows: tuple[str, str, str | None, str]) -> pa.Table:
    columns = (pa.array(values, pa.string()) for values in zip(*rows, strict=True))
    return pa.table(dict(zip(("zip", "city", "county_fips", "state"), columns, strict=True)))


def serving(found: Near, zip_code: int) -> list[int]:
    first = int(found.first[zip_code])
    return found.members[first : first + int(found.count[zip_code])].tolist()


def everyone(table: pa.Table) -> Any:  # noqa: ANN401 - an array of truths
    return np.ones(table.num_rows, dtype=bool)


def test_the_zip_code_comes_first_then_city_county_and_state() -> None:
    table = directory(
        ("77001", "Houston", "48201", "TX"),
        ("77099", "HOUSTON", "48201", "TX"),
        ("77001", "Houston", "48201", "TX"),
    )
    found = near(table, everyone(table), AROUND)
    assert serving(found, 0) == [0, 2]
    assert serving(found, 1) == [0, 1, 2]
    assert serving(found, 2) == [0, 1, 2]
    assert serving(found, 3) == [0, 1, 2]
    assert serving(found, 4) == []


def test_rows_that_do_not_count_serve_nobody() -> None:
    table = directory(("77001", "Houston", "48201", "TX"), ("77001", "Houston", "48201", "TX"))
    found = near(table, np.array([False, True]), AROUND)
    assert serving(found, 0) == [1]


def test_a_provider_of_an_unknown_county_serves_the_state() -> None:
    table = directory(("99999", "Elsewhere", None, "TX"))
    found = near(table, everyone(table), AROUND)
    assert serving(found, 0) == [0]
    assert serving(found, 4) == []


def test_the_lists_of_counties_leave_zip_codes_out() -> None:
    table = directory(("77001", "Houston", "48201", "TX"), ("77002", "Houston", "48201", "TX"))
    assert serving(near(table, everyone(table), AROUND, is_local=False), 0) == [0, 1]


@given(st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=12))
def test_the_zip_codes_of_an_area_share_it_without_gap_or_overlap(counties: list[str]) -> None:
    around = Neighbourhood(
        zips=pa.array([f"{index:05d}" for index in range(len(counties))]),
        cities=pa.array(["X"] * len(counties)),
        counties=pa.array(counties),
        states=pa.array(["S"] * len(counties)),
    )
    table = directory(*(("none", "none", county, "S") for county in ("a", "b", "c")))
    found = near(table, everyone(table), around)
    for county in set(counties):
        own = [index for index, name in enumerate(counties) if name == county]
        edges = sorted((float(found.start[index]), float(found.start[index] + found.width[index])) for index in own)
        assert edges[0][0] == 0
        assert edges[-1][1] == pytest.approx(1)
        assert all(one[1] == pytest.approx(other[0]) for one, other in pairwise(edges))


def hospitals(*rows: tuple[float | None, float | None, int | None]) -> pa.Table:
    columns = list(zip(*rows, strict=True))
    return pa.table(
        {
            "latitude": pa.array(columns[0], pa.float64()),
            "longitude": pa.array(columns[1], pa.float64()),
            "beds": pa.array(columns[2], pa.int32()),
        }
    )


def chosen(table: pa.Table, people: int = 20_000) -> Any:  # noqa: ANN401 - counts by hospital
    hospital, rows = nearest_hospitals(table, np.array([29.76]), np.array([-95.37]))
    choice = hospital.draw((np.arange(people) + 0.5) / people)
    return np.bincount(rows[choice], minlength=table.num_rows) / people


def test_the_larger_of_two_equally_near_hospitals_takes_more() -> None:
    shares = chosen(hospitals((29.80, -95.37, 300), (29.72, -95.37, 100)))
    assert shares[0] / shares[1] == pytest.approx(3, rel=0.02)


def test_the_nearer_of_two_equally_large_hospitals_takes_more() -> None:
    # 10 and 20 km away: by the square of the distance, four to one.
    shares = chosen(hospitals((29.76 + 10 / 111.2, -95.37, 100), (29.76 - 20 / 111.2, -95.37, 100)))
    assert shares[0] / shares[1] == pytest.approx(4, rel=0.05)


def test_a_hospital_without_beds_or_place_is_not_lost_or_chosen() -> None:
    shares = chosen(hospitals((29.80, -95.37, None), (None, None, 900)))
    assert shares.tolist() == [1.0, 0.0]


def test_only_the_nearest_hospitals_count() -> None:
    table = hospitals(*((29.76 + index / 50, -95.37, 100) for index in range(HOSPITALS + 5)))
    assert (chosen(table)[HOSPITALS:] == 0).all()


def test_without_hospitals_there_are_none_to_choose() -> None:
    assert nearest_hospitals(hospitals((None, None, 1)), np.array([29.76]), np.array([-95.37]))[1].size == 0
