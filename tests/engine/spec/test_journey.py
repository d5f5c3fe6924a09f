"""Journeys are read alike from Python, mappings and JSON, and everything wrong with one is told at once."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthsim.errors import InvalidJourneyError
from healthsim.spec import EventDefinition, JourneyDefinition, journey_json, parse_journey
from healthsim.spec.journey import MOST_EVENTS


def journey(*events: dict[str, Any], **rest: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever a journey has
    return {"id": "j", "duration_days": 365, "events": list(events), **rest}


def visit(name: str = "visit", **rest: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever an event has
    return {"id": name, "event_type": "encounter", **rest}


def problems(document: dict[str, Any]) -> dict[str, str]:
    """Give what is wrong with a journey, by path."""
    with pytest.raises(InvalidJourneyError) as raised:
        parse_journey(document)
    return {problem.path: str(problem) for problem in raised.value.problems}


WRITTEN = journey(
    visit(timing={"type": "recurring", "interval_days": 90, "jitter": 7}, condition="diabetes"),
    {
        "id": "labs",
        "event_type": "lab_order",
        "timing": {"type": "relative", "to": "visit", "days": 7, "direction": "before"},
        "conditions": [{"attribute": "gender", "operator": "eq", "value": "female"}],
        "parameters": {"panels": ["cmp"]},
    },
)


def test_python_a_mapping_json_and_a_file_mean_the_same(tmp_path: Path) -> None:
    path = tmp_path / "journey.json"
    path.write_text(json.dumps({"journey": WRITTEN}), encoding="utf-8")
    in_python = JourneyDefinition(
        id="j", duration_days=365, events=[EventDefinition(**one) for one in WRITTEN["events"]]
    )
    expected = parse_journey(WRITTEN)
    assert parse_journey(in_python) == expected
    assert parse_journey(json.dumps(WRITTEN)) == expected
    assert parse_journey(path) == expected


def test_a_journey_written_as_json_is_read_as_itself() -> None:
    parsed = parse_journey(WRITTEN)
    assert parse_journey(json.loads(json.dumps(journey_json(parsed)))) == parsed


def test_the_older_spelling_means_the_same() -> None:
    older = {
        "journey_id": "j",
        "product": "patientsim",
        "events": [
            {"event_id": "a", "event_type": "encounter", "delay": {"days": 3}},
            {"event_id": "b", "event_type": "encounter", "delay": {"days": 5}, "depends_on": "a"},
            {
                "event_id": "c",
                "event_type": "encounter",
                "depends_on": ["a", "b"],
                "delay": {"days_min": 7, "days_max": 14, "distribution": "uniform"},
            },
        ],
    }
    newer = {
        "id": "j",
        "products": ["patientsim"],
        "events": [
            visit("a", timing={"type": "fixed", "day": 3}),
            visit("b", timing={"type": "relative", "to": "a", "days": 5}, depends_on=["a"]),
            visit(
                "c", timing={"type": "window", "to": ["a", "b"], "days_min": 7, "days_max": 14}, depends_on=["a", "b"]
            ),
        ],
    }
    assert parse_journey(older) == parse_journey(newer)


@pytest.mark.parametrize("as_object", [False, True])
def test_previous_is_the_event_above(*, as_object: bool) -> None:
    above, below = visit("a"), visit("b", timing={"type": "relative", "to": "previous", "days": 2})
    events = [EventDefinition(**above), EventDefinition(**below)] if as_object else [above, below]
    parsed = parse_journey(JourneyDefinition(id="j", events=events))
    assert parsed.events[1].timing.to == "a"  # type: ignore[union-attr]


def test_parameters_of_the_journey_are_put_in_with_their_type() -> None:
    parsed = parse_journey(
        journey(
            visit(timing={"type": "recurring", "interval_days": "${parameters.every}"}),
            {**visit("other"), "name": "every ${parameters.every} days"},
            parameters={"every": 30},
        )
    )
    assert parsed.events[0].timing.interval_days == 30  # type: ignore[union-attr]
    assert parsed.events[1].name == "every 30 days"


@pytest.mark.parametrize("count", [MOST_EVENTS, MOST_EVENTS + 1, 100_000])
def test_a_journey_has_only_so_many_events(count: int) -> None:
    many = journey(*({"id": f"e{index}", "event_type": "encounter"} for index in range(count)))
    if count == MOST_EVENTS:
        assert len(parse_journey(many).events) == count
        return
    with pytest.raises(InvalidJourneyError) as caught:
        parse_journey(many)
    (problem,) = caught.value.problems
    assert problem.path == "$.events"


def test_everything_wrong_with_a_journey_is_told_at_once() -> None:
    told = problems(
        journey(
            visit("a", parameters={"clas_code": "AMB", "class_code": "XX"}),
            {"id": "b", "event_type": "lab_ordr", "timing": {"type": "relative", "to": "aa"}},
            visit("c", timing={"type": "fixed", "day": 400}),
            visit("c", depends_on=["a", "nobody"], probability=0),
            {"id": "d", "event_type": "claim"},
            visit("e", conditions=[{"attribute": "labs.hba1c", "operator": "gt", "value": "high"}]),
            visit("f", conditions=[{"attribute": "events", "operator": "contains", "value": "b_"}]),
            visit("g", parameters={"type": "${parameters.kind}"}),
            visit("start"),
            products=["patientsim"],
        )
    )
    assert "did you mean class_code" in told["$.events[0].parameters.clas_code"]
    assert "known are AMB" in told["$.events[0].parameters.class_code"]
    assert "did you mean lab_order" in told["$.events[1].event_type"]
    assert "no such event" in told["$.events[1].timing.to"]
    assert "used twice" in told["$.events[3].id"]
    assert "no such event" in told["$.events[3].depends_on[1]"]
    assert "can never happen" in told["$.events[3].probability"]
    assert "belongs to membersim" in told["$.events[4].event_type"]
    assert "compared with numbers" in told["$.events[5].conditions[0].value"]
    assert "no such event" in told["$.events[6].conditions[0].value"]
    assert "no such parameter of the journey" in told["$.events[7]"]
    assert "taken for timings" in told["$.events[8].id"]


def test_a_misspelt_key_or_timing_is_told_with_the_nearest_in_python_too() -> None:
    with pytest.raises(InvalidJourneyError, match="did you mean event_type") as raised:
        EventDefinition(id="a", event_typ="encounter", timing={"type": "recuring"})
    assert {problem.path for problem in raised.value.problems} == {"$.event_type", "$.event_typ", "$.timing.type"}


def test_events_that_wait_for_each_other_are_refused_with_their_circle() -> None:
    told = problems(
        journey(
            visit("a", timing={"type": "relative", "to": "c"}),
            visit("b", depends_on=["a"]),
            visit("c", triggers=["d"], depends_on=["b"]),
            visit("d"),
        )
    )
    assert list(told) == ["$.events[0]"]
    assert "a -> b -> c -> a" in told["$.events[0]"]


NEVER = {
    "after the end": visit(timing={"type": "fixed", "day": 366}),
    "before the start": visit(timing={"type": "relative", "days": -1}),
    "a window after the end": visit(timing={"type": "window", "days_min": 366, "days_max": 400}),
    "a recurrence after the end": visit(timing={"type": "recurring", "interval_days": 5, "start_day": 366}),
    "a recurrence that ends first": visit(timing={"type": "recurring", "interval_days": 5, "start_day": 9, "until": 8}),
    "a date that no year has": visit(timing={"type": "calendar", "month": 2, "day": 30}),
    "itself": visit(timing={"type": "relative", "to": "visit"}),
    "an unlikely one": visit(probability=0),
}


@pytest.mark.parametrize("event", NEVER.values(), ids=list(NEVER))
def test_an_event_that_can_never_happen_is_refused(event: dict[str, Any]) -> None:
    with pytest.raises(InvalidJourneyError):
        parse_journey(journey(event))


def test_an_event_that_must_wait_for_a_later_one_is_refused() -> None:
    told = problems(
        journey(
            visit("late", timing={"type": "fixed", "day": 50}), visit(timing={"type": "fixed"}, depends_on=["late"])
        )
    )
    assert "late is never before day 50" in told["$.events[1].depends_on[0]"]


def test_the_last_day_of_a_journey_belongs_to_it() -> None:
    assert parse_journey(journey(visit(timing={"type": "fixed", "day": 365})))


def test_what_recurs_needs_an_end() -> None:
    endless = {"id": "j", "events": [visit(timing={"type": "recurring", "interval_days": 90})]}
    assert "recurs without end" in problems(endless)["$.events[0].timing"]


def test_an_event_that_is_set_off_has_no_timing_of_its_own() -> None:
    told = problems(journey(visit("a", triggers=["b"]), visit("b", timing={"type": "fixed", "day": 3})))
    assert "set off by a" in told["$.events[1].timing"]


def test_a_discharge_ends_an_admission() -> None:
    told = problems(journey({"id": "out", "event_type": "discharge", "timing": {"type": "fixed", "day": 3}}))
    assert "ends one admission" in told["$.events[0].timing"]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "id",
                        "events",
                        "timing",
                        "type",
                        "days",
                        "to",
                        "delay",
                        "event_type",
                        "depends_on",
                        "conditions",
                        "jitter",
                        "x",
                    ]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_whatever_is_no_journey_is_refused_and_never_breaks(document: object) -> None:
    with pytest.raises(InvalidJourneyError):
        parse_journey({"id": "j", "events": [document]})  # type: ignore[dict-item]
