"""When events of journeys happen: every timing, every reason why one does not, and what never changes a timeline."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from healthsim.errors import InvalidProfileError
from healthsim.planning import Plan
from healthsim.planning import explained as explained_plan
from healthsim.simulation.block import block_of
from healthsim.simulation.events import happened_of

PEOPLE = 300
START = date(2025, 1, 1)
Planned = Callable[..., Plan]
Days = dict[str, list[tuple[int, ...]]]


def event(name: str, kind: str = "encounter", **rest: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever an event has
    return {"id": name, "event_type": kind, **rest}


def profile(*events: dict[str, Any], **rest: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever a journey has
    return {
        "as_of": START.isoformat(),
        "demographics": {"age": {"type": "uniform", "min": 40, "max": 69}},
        "clinical": {"primary_condition": {"name": "diabetes", "prevalence": 0.5}, "baseline": "none"},
        "journeys": [{"id": "j", "duration_days": 365, "events": list(events), **rest}],
    }


def days_of(plan: Plan, first: int = 0, count: int = PEOPLE) -> Days:
    """Give on which days of the journey each event happens to each person."""
    assert plan.timeline is not None
    block = block_of(plan, first, count)
    assert block.timeline is not None
    start = (plan.timeline.start - date(1970, 1, 1)).days
    names = [plan.timeline.events[column.event].id for column in plan.timeline.columns]
    days: Days = {each.id: [()] * count for each in plan.timeline.events}
    occurrences = zip(block.timeline.person, block.timeline.column, block.timeline.day, strict=True)
    for person, column, day in occurrences:
        days[names[column]][person] += (int(day) - start,)
    return days


@pytest.fixture
def happens(planned: Planned) -> Callable[..., Days]:
    """Give a function from events to the days on which they happen to each person."""

    def days(*events: dict[str, Any], **rest: Any) -> Days:  # noqa: ANN401 - whatever a journey has
        return days_of(planned(profile(*events, **rest)))

    return days


Happens = Callable[..., Days]


def everybody(days: list[tuple[int, ...]]) -> set[tuple[int, ...]]:
    return set(days)


def test_day_0_counts_and_so_does_the_last_day(happens: Happens) -> None:
    quarterly = {"type": "recurring", "interval_days": 90}
    assert everybody(happens(event("a", timing=quarterly))["a"]) == {(0, 90, 180, 270, 360)}
    assert everybody(happens(event("a", timing=quarterly), duration_days=360)["a"]) == {(0, 90, 180, 270, 360)}
    assert everybody(happens(event("a", timing=quarterly), duration_days=359)["a"]) == {(0, 90, 180, 270)}


EXACT = {
    "fixed": ({"type": "fixed", "day": 30}, (30,)),
    "no timing": (None, (0,)),
    "a start": ({"type": "recurring", "interval_days": 100, "start_day": 10}, (10, 110, 210, 310)),
    "a count": ({"type": "recurring", "interval_days": 100, "count": 2}, (0, 100)),
    "until, included": ({"type": "recurring", "interval_days": 100, "until": 200}, (0, 100, 200)),
    "relative to the start": ({"type": "relative", "days": 12}, (12,)),
    "relative to a phase": ({"type": "relative", "to": "later", "days": 5}, (105,)),
    "recurring in a phase": ({"type": "recurring", "interval_days": 20, "to": "later"}, (100, 120, 140)),
    "a date": ({"type": "calendar", "month": 10, "day": 1}, (273,)),
    "a day of every month": ({"type": "calendar", "day": 31, "count": 3}, (30, 89, 150)),
    "a weekday of a month": ({"type": "calendar", "month": 1, "weekday": "monday"}, (5, 12, 19, 26)),
    "the first weekday": ({"type": "calendar", "month": 9, "weekday": "monday", "week": 1}, (243,)),
    "the last weekday": ({"type": "calendar", "month": 5, "weekday": "monday", "week": -1}, (145,)),
    "the business day after": ({"type": "fixed", "day": 3, "business_days": "next"}, (5,)),
    "the business day before": ({"type": "fixed", "day": 3, "business_days": "previous"}, (2,)),
    "a business day as it is": ({"type": "fixed", "day": 2, "business_days": "next"}, (2,)),
}


@pytest.fixture(scope="module")
def exact(planned: Planned) -> Days:
    events = (event(name, timing=timing) for name, (timing, _) in EXACT.items())
    return days_of(planned(profile(*events, phases=[{"id": "later", "start_day": 100, "end_day": 140}])), count=20)


@pytest.mark.parametrize("name", EXACT)
def test_timings_without_chance_are_exact(name: str, exact: Days) -> None:
    assert everybody(exact[name]) == {EXACT[name][1]}


def test_what_is_relative_to_an_event_happens_once_for_each_time_of_it(happens: Happens) -> None:
    days = happens(
        event("a", timing={"type": "recurring", "interval_days": 100, "start_day": 50, "count": 3}),
        event("before", timing={"type": "relative", "to": "a", "days": 7, "direction": "before"}),
        event("after", timing={"type": "recurring", "interval_days": 10, "count": 2, "start_day": 1, "to": "a"}),
        event("last", timing={"type": "relative", "to": ["a", "before"], "days": 3}),
        event("with", depends_on="a"),
    )
    assert everybody(days["before"]) == {(43, 143, 243)}
    assert everybody(days["after"]) == {(51, 61, 151, 161, 251, 261)}
    assert everybody(days["last"]) == {(53,)}
    assert everybody(days["with"]) == {(50, 150, 250)}


def test_windows_and_jitter_vary_and_keep_their_bounds(happens: Happens) -> None:
    days = happens(
        event("even", timing={"type": "window", "days_min": 10, "days_max": 20}),
        event("normal", timing={"type": "window", "days_min": 100, "days_max": 140, "distribution": "normal"}),
        event("about", timing={"type": "recurring", "interval_days": 180, "jitter": 5}),
        event("late", timing={"type": "fixed", "day": 9, "jitter": {"type": "gamma", "shape": 2, "scale": 3}}),
    )
    assert {day for (day,) in days["even"]} == set(range(10, 21))
    normal = np.array([day for (day,) in days["normal"]])
    assert 100 <= normal.min() <= normal.max() <= 140
    assert abs(normal.mean() - 120) < 2
    assert abs((np.abs(normal - 120) <= 10).mean() - 0.72) < 0.1
    first, second, third = (np.array(each) for each in zip(*days["about"], strict=True))
    assert set(first) == set(range(6)), "what would fall before the journey falls on its first day"
    assert set(second) == set(range(175, 186))
    assert set(third) == set(range(355, 366))
    assert (np.array([day for (day,) in days["late"]]) >= 9).all()


def test_a_birthday_falls_on_the_birthday(planned: Planned) -> None:
    plan = planned(profile(event("fifty", timing={"type": "age", "years": [50, 51]})))
    days = days_of(plan)["fifty"]
    birth = block_of(plan, 0, PEOPLE).people.birth_day
    for born, found in zip(birth.tolist(), days, strict=True):
        when = date(1970, 1, 1) + timedelta(days=born)
        birthdays = [(date(when.year + years, when.month, when.day) - START).days for years in (50, 51)]
        assert found == tuple(day for day in birthdays if 0 <= day <= 365)
    assert 0 < sum(map(len, days)) < 2 * PEOPLE


def test_an_event_for_a_condition_happens_to_those_who_have_it(planned: Planned) -> None:
    plan = planned(
        profile(
            event("a", condition="E11"),
            event("b", conditions=[{"attribute": "conditions", "operator": "contains", "value": "T2DM"}]),
        )
    )
    held = block_of(plan, 0, PEOPLE).held[:, 0]
    days = days_of(plan)
    for name in ("a", "b"):
        assert [bool(found) for found in days[name]] == held.tolist()
    assert 0.4 < held.mean() < 0.6


def test_an_event_for_a_condition_does_not_happen_before_its_onset(planned: Planned) -> None:
    look = [{"attribute": "conditions", "operator": "contains", "value": "E11"}]
    weekly = {"type": "recurring", "interval_days": 7}
    asked = profile(event("a", condition="E11", timing=weekly), event("b", conditions=look, timing=weekly))
    plan = planned({**asked, "start_date": "2015-01-01", "journeys": [{**asked["journeys"][0], "duration_days": 3650}]})
    cases = block_of(plan, 0, PEOPLE).cases
    first = (date(2015, 1, 1) - date(1970, 1, 1)).days
    onset = dict(zip(cases.person.tolist(), (cases.onset_day - first).tolist(), strict=True))
    days = days_of(plan)
    assert any(0 < day < 3650 for day in onset.values())
    for name in ("a", "b"):
        expected = [tuple(day for day in range(0, 3651, 7) if day >= onset.get(who, 9999)) for who in range(PEOPLE)]
        assert days[name] == expected


def test_conditions_look_at_the_age_on_the_day(planned: Planned) -> None:
    of_age = [
        {"attribute": "age", "operator": "gte", "value": 50},
        {"attribute": "gender", "operator": "eq", "value": "female"},
    ]
    plan = planned(profile(event("a", timing={"type": "recurring", "interval_days": 365}, conditions=of_age)))
    people = block_of(plan, 0, PEOPLE).people
    for born, sex, found in zip(people.birth_day.tolist(), people.sex.tolist(), days_of(plan)["a"], strict=True):
        when = date(1970, 1, 1) + timedelta(days=born)
        ages = {day: 2025 - when.year - ((when.month, when.day) > (1, 1)) + (day == 365) for day in (0, 365)}
        assert found == tuple(day for day, age in ages.items() if age >= 50 and sex == 0)


def test_chance_is_drawn_anew_each_time_and_children_of_what_did_not_happen_do_not_happen(happens: Happens) -> None:
    days = happens(
        event("a", timing={"type": "recurring", "interval_days": 90}, probability=0.6),
        event("child", timing={"type": "relative", "to": "a", "days": 3}, probability=0.5),
        event("grandchild", timing={"type": "relative", "to": "child", "days": 1}),
        event("needs", timing={"type": "fixed", "day": 364}, depends_on=["grandchild"]),
    )
    assert abs(sum(map(len, days["a"])) / (5 * PEOPLE) - 0.6) < 0.05
    assert len(everybody(days["a"])) > 20
    for parents, children, grandchildren, needing in zip(*(days[name] for name in days), strict=True):
        assert {day - 3 for day in children} <= set(parents)
        assert tuple(day + 1 for day in children) == grandchildren
        assert bool(needing) == bool(grandchildren)


def test_a_need_must_be_met_by_the_day(happens: Happens) -> None:
    days = happens(
        event("need", timing={"type": "window", "days_min": 0, "days_max": 100}),
        event("a", timing={"type": "fixed", "day": 50}, depends_on=["need"]),
    )
    for (need,), found in zip(days["need"], days["a"], strict=True):
        assert bool(found) == (need <= 50)


def test_triggers_set_events_off_with_delay_and_probability(happens: Happens) -> None:
    days = happens(
        event(
            "a",
            timing={"type": "recurring", "interval_days": 100},
            triggers=[{"event": "b", "days": 4}, {"event": "c", "delay": 2, "probability": 0.3}],
        ),
        event("b"),
        event("c"),
    )
    assert everybody(days["b"]) == {(4, 104, 204, 304)}
    assert abs(sum(map(len, days["c"])) / (4 * PEOPLE) - 0.3) < 0.04
    assert {day % 100 for found in days["c"] for day in found} == {2}


def test_of_the_choices_exactly_one_is_taken_by_weight_among_those_that_hold(planned: Planned) -> None:
    young = {"attribute": "age", "operator": "lt", "value": 55}
    plan = planned(
        profile(
            event(
                "a",
                choices=[
                    {"event": "b", "weight": 3},
                    {"event": "c", "weight": 1},
                    {"event": "d", "weight": 4, "conditions": [young]},
                ],
            ),
            *(event(name) for name in "bcd"),
        )
    )
    days = days_of(plan)
    is_young = block_of(plan, 0, PEOPLE).people.age < 55
    taken = np.array([[bool(found) for found in days[name]] for name in "bcd"])
    assert (taken.sum(axis=0) == 1).all()
    assert not taken[2, ~is_young].any()
    assert abs(taken[2, is_young].mean() - 0.5) < 0.12
    assert abs(taken[0, ~is_young].mean() - 0.75) < 0.12


def test_nothing_happens_after_death_nor_what_hangs_on_it(happens: Happens) -> None:
    days = happens(
        event("die", "death", timing={"type": "window", "days_min": 0, "days_max": 365}, probability=0.5),
        event("visit", timing={"type": "recurring", "interval_days": 30, "start_day": 10}),
        event("before", timing={"type": "relative", "to": "visit", "days": -9}),
    )
    for died, visits, before in zip(days["die"], days["visit"], days["before"], strict=True):
        assert visits == tuple(day for day in range(10, 366, 30) if day <= (died or (365,))[0])
        assert before == tuple(day - 9 for day in visits)
    assert 0.4 < sum(map(len, days["die"])) / PEOPLE < 0.6


def test_death_is_the_last_event_of_its_day(planned: Planned) -> None:
    plan = planned(
        profile(event("die", "death"), event("visit"), event("zz", timing={"type": "relative", "to": "visit"}))
    )
    block = block_of(plan, 0, 3)
    assert plan.timeline is not None
    order = [plan.timeline.events[each].id for each in happened_of(plan, block).event(np.arange(9))]
    assert order == ["visit", "zz", "die"] * 3


def test_nothing_happens_before_birth(planned: Planned) -> None:
    document = profile(event("a", timing={"type": "recurring", "interval_days": 50}))
    document |= {"demographics": {"age": 0}, "start_date": "2024-01-01", "clinical": {"baseline": "none"}}
    plan = planned(document)
    births = block_of(plan, 0, PEOPLE).people.birth_day - (date(2024, 1, 1) - date(1970, 1, 1)).days
    for born, found in zip(births.tolist(), days_of(plan)["a"], strict=True):
        assert found == tuple(day for day in range(0, 366, 50) if day >= born)


VARIED = [
    event("visit", timing={"type": "recurring", "interval_days": 60, "jitter": 9}, probability=0.8, triggers=["x"]),
    event("x", probability=0.7),
    event("window", timing={"type": "window", "days_min": 3, "days_max": 200, "to": "visit"}, choices=["c", "d"]),
    event("c"),
    event("d"),
    event(
        "seen",
        timing={"type": "fixed", "day": 300},
        conditions=[{"attribute": "events", "operator": "contains", "value": "c"}],
    ),
]


def test_the_order_of_events_in_the_spec_changes_nothing(happens: Happens) -> None:
    assert happens(*VARIED) == happens(*reversed(VARIED))


def test_a_further_event_moves_no_other(happens: Happens) -> None:
    before = happens(*VARIED)
    after = happens(
        event("aaa", probability=0.5), *VARIED, event("zzz", timing={"type": "window", "days_min": 0, "days_max": 9})
    )
    assert {name: after[name] for name in before} == before


def test_people_alone_have_the_timeline_they_have_among_others(planned: Planned) -> None:
    plan = planned(profile(*VARIED))
    together = days_of(plan)
    for person in (0, 7, 299):
        alone = days_of(plan, person, 1)
        assert alone == {name: [found[person]] for name, found in together.items()}


def test_several_journeys_are_gone_through_side_by_side_and_death_ends_all(planned: Planned) -> None:
    document = profile(event("a", timing={"type": "recurring", "interval_days": 90}))
    document["journeys"].append(
        {
            "id": "k",
            "events": [
                event("die", "death", timing={"type": "fixed", "day": 100}),
                event("b", timing={"type": "fixed", "day": 101}),
            ],
        }
    )
    days = days_of(planned(document))
    assert everybody(days["a"]) == {(0, 90)}
    assert everybody(days["b"]) == {()}


def test_events_that_look_at_each_other_are_unrolled_in_time(happens: Happens) -> None:
    days = happens(
        event(
            "visit",
            timing={"type": "recurring", "interval_days": 90},
            conditions=[{"not": {"attribute": "events", "operator": "contains", "value": "stop"}}],
        ),
        event("stop", timing={"type": "relative", "to": "visit", "days": 30}, probability=0.3),
    )
    for visits, stops in zip(days["visit"], days["stop"], strict=True):
        assert visits == tuple(day for day in range(0, 366, 90) if not stops or day < stops[0])
        assert len(stops) <= 1


def test_events_that_look_at_each_other_on_overlapping_days_are_refused(planned: Planned) -> None:
    def unless(name: str) -> list[dict[str, Any]]:
        return [{"not": {"attribute": "events", "operator": "contains", "value": name}}]

    with pytest.raises(InvalidProfileError, match="look at each other"):
        planned(profile(event("a", conditions=unless("b")), event("b", conditions=unless("a"))))


def test_a_condition_that_nobody_has_is_refused(planned: Planned) -> None:
    with pytest.raises(InvalidProfileError, match="nobody of the people asked for") as raised:
        planned(profile(event("a", condition="copd"), event("b", condition="diabtes")))
    assert "did you mean diabetes" in str(raised.value)


def test_more_occurrences_than_rows_can_be_numbered_are_refused(planned: Planned) -> None:
    with pytest.raises(InvalidProfileError, match="more often"):
        planned(profile(event("a", timing={"type": "recurring", "interval_days": 1}), duration_days=40_000))


def test_the_plan_tells_how_often_events_are_expected(planned: Planned) -> None:
    own = event("own", condition="E11", timing={"type": "recurring", "interval_days": 90})
    plan = planned(profile(own, *VARIED))
    explained = {each["event_id"]: each for each in explained_plan(plan)["journeys"]}
    days = days_of(plan)
    assert explained["own"]["expected_per_person"] == pytest.approx(2.5, abs=0.01)
    assert explained["visit"]["days"] == [0, 365]
    assert explained["seen"]["is_conditional"]
    for name in ("own", "visit", "x"):
        reached = sum(map(len, days[name])) / PEOPLE
        assert explained[name]["expected_per_person"] == pytest.approx(reached, rel=0.15)
