"""Ages, sexes and groups together: the margins are the place's, what binds them is the nation's."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from healthsim.planning.joint import joint_of_places
from healthsim.reference import GROUPS, Places, Reference, national_groups

Floats = NDArray[np.float64]
CHILDREN, OLD = slice(0, 18), slice(65, None)
HISPANIC, SEVERAL, WHITE = (GROUPS.index(name) for name in ("hispanic", "two_or_more", "white"))


@pytest.fixture(scope="module")
def counties() -> Places:
    reference = Reference()
    return reference.places(reference.counties_of("nation"))


@pytest.fixture(scope="module")
def joint(counties: Places) -> Floats:
    return joint_of_places(counties)


def share(joint: Floats, ages: slice, group: int) -> Floats:
    """Give the share of a group among people of some ages, by place."""
    people = joint[:, ages].sum(axis=(1, 2))
    of_group: Floats = people[:, group] / people.sum(axis=1)
    return of_group


def test_every_county_keeps_its_ages_by_sex_and_its_groups(counties: Places, joint: Floats) -> None:
    assert (joint >= 0).all()
    np.testing.assert_allclose(joint.sum(axis=3), counties.age_sex, atol=1e-12)
    np.testing.assert_allclose(joint.sum(axis=(1, 2)), counties.race, atol=1e-10)


def test_children_are_more_often_hispanic_and_of_several_races_and_the_old_more_often_white(
    counties: Places, joint: Floats
) -> None:
    for group, ages, others in ((HISPANIC, CHILDREN, OLD), (SEVERAL, CHILDREN, OLD), (WHITE, OLD, CHILDREN)):
        mixed = (counties.race[:, group] > 1e-3) & (counties.race[:, group] < 1 - 1e-3)
        assert (share(joint, ages, group) > counties.race[:, group])[mixed].all(), GROUPS[group]
        assert (share(joint, others, group) < counties.race[:, group])[mixed].all(), GROUPS[group]


def test_the_nation_is_as_the_census_bureau_counts_it() -> None:
    nation = joint_of_places(Reference().places(["00"]))
    assert share(nation, CHILDREN, HISPANIC)[0] == pytest.approx(0.256, abs=0.015)
    assert share(nation, OLD, HISPANIC)[0] == pytest.approx(0.086, abs=0.015)
    assert share(nation, OLD, WHITE)[0] == pytest.approx(0.761, abs=0.02)


positive = st.floats(0.01, 1.0)


@given(
    ages=arrays.arrays(np.float64, (3, 111, 2), elements=positive),
    groups=arrays.arrays(np.float64, (3, 8), elements=st.one_of(positive, st.just(0.0))),
    women=arrays.arrays(np.float64, (3, 8), elements=st.floats(0.0, 1.0)),
)
def test_whatever_the_margins_they_are_kept_and_odds_ratios_are_the_nations(
    ages: Floats, groups: Floats, women: Floats
) -> None:
    groups[:, WHITE] += 0.1
    known = replace(
        Reference().places(["48201", "48", "00"]),
        age_sex=ages / ages.sum(axis=(1, 2), keepdims=True),
        race=groups / groups.sum(axis=1, keepdims=True),
        sexes_of_groups=np.stack([women, 1 - women], axis=2),
    )
    joint = joint_of_places(known)
    np.testing.assert_allclose(joint.sum(axis=3), known.age_sex, atol=1e-12)
    np.testing.assert_allclose(joint.sum(axis=(1, 2)), known.race, atol=1e-9)
    first, last = (national_groups()[index].people for index in (0, -1))
    nations = first[:, HISPANIC] * last[:, WHITE] / (first[:, WHITE] * last[:, HISPANIC])
    has_both = joint[known.race[:, HISPANIC] > 0]
    young, old = has_both[:, 5], has_both[:, 70]
    odds = young[..., HISPANIC] * old[..., WHITE] / (young[..., WHITE] * old[..., HISPANIC])
    np.testing.assert_allclose(odds, np.broadcast_to(nations, odds.shape), rtol=1e-9)


def test_sexes_within_groups_follow_what_is_counted(counties: Places, joint: Floats) -> None:
    """Prisons and barracks: where the men of a group outnumber its women, they do so here."""
    by_sex = joint.sum(axis=1)
    women = by_sex[:, 0] / np.where(by_sex.sum(axis=1) > 0, by_sex.sum(axis=1), np.nan)
    present = counties.race > 0.01
    apart = np.abs(women - counties.sexes_of_groups[:, :, 0])[present]
    assert np.median(apart) < 0.01
    assert apart.max() < 0.2
