"""One walk over all built-in journeys: whoever adds one adds a file, a row in the docs, and people whom it fits."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from healthsim import generate, get_manager
from healthsim.content import content_directory
from healthsim.errors import NotFoundError
from healthsim.planning import Plan
from healthsim.planning.explain import explained
from healthsim.planning.journey_library import journey_library
from healthsim.simulation.block import block_of
from healthsim.simulation.timeline import Timeline
from healthsim.skills import skill_library
from healthsim.spec import EventDefinition, JourneyDefinition
from healthsim.spec.journey_links import waits_for
from healthsim.spec.timing import Calendar, Recurring, Relative, Window
from healthsim.tables import table_definition

PAGE = Path(__file__).parents[2] / "docs" / "journeys.md"
LIBRARY = journey_library()
COUNT = 300

SOURCE = re.compile(r"(19|20)\d\d|ACOG|CMS|FDA|HCUP|ICD-10-CM|assumed|first day of the journey|principal")
"""What a note names: a dated publication, a body that publishes, or that it is assumed."""


def people(
    *conditions: tuple[str, float], youngest: int = 40, oldest: int = 85, gender: str | None = None
) -> dict[str, Any]:
    """Give a profile of people with conditions, each by name or code with its share."""
    demographics: dict[str, Any] = {"age": {"min": youngest, "max": oldest}}
    if gender is not None:
        demographics["gender"] = {gender: 1.0}
    asked = [{"code" if name[1].isdigit() else "name": name, "prevalence": share} for name, share in conditions]
    return {"generation": {"count": COUNT}, "demographics": demographics, "clinical": {"conditions": asked}}


FITTING = {
    "ckd-management": people(("ckd", 1.0), ("diabetes", 0.4), ("hypertension", 0.6)),
    "copd-exacerbation": people(("copd", 1.0)),
    "diabetes-annual": people(("diabetes", 1.0), ("ckd", 0.3), ("hypertension", 0.6)),
    "diabetic-year-one": people(("diabetes", 1.0)),
    "elective-joint-replacement": people(("M17.11", 1.0), ("diabetes", 0.2)),
    "hf-discharge-30-day": people(("heart failure", 1.0)),
    "hf-first-year": people(("heart failure", 1.0), ("hypertension", 0.6)),
    "hypertension-first-year": people(("hypertension", 1.0)),
    "medication-adherence": {**people(("hyperlipidemia", 1.0)), "product": ["patientsim", "rxmembersim"]},
    "new-member-onboarding": {
        **people(("hypertension", 0.3), youngest=18, oldest=64),
        "product": ["patientsim", "membersim"],
    },
    "oncology-chemotherapy": people(("C50.911", 1.0), youngest=30, oldest=75, gender="F"),
    "pregnancy-prenatal-to-postpartum": {
        **people(("diabetes", 0.1), youngest=18, oldest=44, gender="F"),
        "start_date": "2025-06-02",
    },
    "preventive-adult": people(("hypertension", 0.3), ("diabetes", 0.1), youngest=18, oldest=90),
}
"""People whom each journey fits."""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give one workspace for all journeys, as opening each its own takes longer than scoring it."""
    return tmp_path_factory.mktemp("journeys") / "workspace.duckdb"


@pytest.fixture(params=sorted(LIBRARY.journeys), scope="module")
def journey(request: pytest.FixtureRequest) -> JourneyDefinition:
    return LIBRARY.journeys[request.param]


@pytest.fixture(scope="module")
def plan(journey: JourneyDefinition, planned: Callable[..., Plan]) -> Plan:
    return planned({**FITTING[journey.id], "journeys": [journey.id]})


@pytest.fixture(scope="module")
def timeline(plan: Plan) -> Timeline:
    timeline = block_of(plan, 0, COUNT).timeline
    assert timeline is not None
    return timeline


def test_a_journey_says_what_it_is_and_every_event_has_its_source(journey: JourneyDefinition) -> None:
    assert journey.description
    assert journey.sources
    assert journey.duration_days is not None
    unsourced = [event.id for event in journey.events if not SOURCE.search(event.parameters.get("note", ""))]
    assert unsourced == []


def test_what_varies_by_chance_says_by_whom_or_that_it_is_assumed(journey: JourneyDefinition) -> None:
    """A share without a figure or a confession beside it is a made-up one."""
    for event in journey.events:
        if event.probability < 1:
            assert re.search(r"\d %|assumed", event.parameters["note"]), event.id


def test_explain_prints_every_event(journey: JourneyDefinition, plan: Plan) -> None:
    told = explained(plan)["journeys"]
    assert [event["journey"] for event in told] == [journey.id] * len(journey.events)
    assert {event["event_id"] for event in told} == {event.id for event in journey.events}
    assert all(event["expected_per_person"] > 0 for event in told)


def test_every_event_happens_to_somebody_whom_the_journey_fits(
    journey: JourneyDefinition, plan: Plan, timeline: Timeline
) -> None:
    assert plan.timeline is not None
    happened = {plan.timeline.events[plan.timeline.columns[column].event].id for column in np.unique(timeline.column)}
    assert {event.id for event in journey.events} - happened == set()


def test_events_are_in_order_within_the_journey(journey: JourneyDefinition, plan: Plan, timeline: Timeline) -> None:
    assert plan.timeline is not None
    first_day = np.datetime64(plan.timeline.start, "D").astype(int)
    assert timeline.day.min() >= first_day
    assert timeline.day.max() <= first_day + (journey.duration_days or 0)
    is_same = timeline.person[1:] == timeline.person[:-1]
    assert (np.diff(timeline.day)[is_same] >= 0).all()
    for event, earlier in waiting(journey):
        days, earliest = first_days(plan, timeline, event), first_days(plan, timeline, earlier)
        both = (days >= 0) & (earliest >= 0)
        assert (days[both] >= earliest[both]).all(), (event, earlier)


def waiting(journey: JourneyDefinition) -> Iterator[tuple[str, str]]:
    """Give events with what they count from or depend on, where that must come first."""
    by_id = {event.id: event for event in journey.events}
    for name, before in waits_for(journey).items():
        yield from ((name, other) for other in before if other in named_by(by_id[name]))


def named_by(event: EventDefinition) -> set[str]:
    """Give the events that an event's timing counts from, and those it depends on."""
    named = set(event.depends_on)
    if isinstance(event.timing, Relative | Window | Recurring) and isinstance(event.timing.to, str):
        named.add(event.timing.to)
    return named


def first_days(plan: Plan, timeline: Timeline, event: str) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Give everybody's first day of an event, -1 for those to whom it does not happen, shape `(people,)`."""
    assert plan.timeline is not None
    columns = [
        place for place, each in enumerate(plan.timeline.columns) if plan.timeline.events[each.event].id == event
    ]
    at = np.isin(timeline.column, columns)
    first = np.full(COUNT, -1, np.int64)
    first[timeline.person[at][::-1]] = timeline.day[at][::-1]
    return first


def test_whoever_goes_through_it_breaks_no_rule_and_has_as_many_rows_as_expected(
    journey: JourneyDefinition, plan: Plan, workspace: Path
) -> None:
    made = generate(profile=FITTING[journey.id], journey=journey.id, seed=1, persist=True, db=workspace)
    card = get_manager(workspace).score(made.get("cohort_id"))
    assert [(rule["id"], rule["examples"]) for rule in card["rules"] if rule["status"] == "broken"] == []
    assert card["score"]["rules_checked"] > 60
    expected = explained(plan)["estimated_rows"]
    clinical = {name: rows for name, rows in made.summary["tables"].items() if product_of(name) == "patientsim"}
    for table, rows in clinical.items():
        # Four deviations of a count: expected rows leave the conditions of events out, so fewer are no fault.
        assert rows <= expected[table] * 1.1 + 4 * expected[table] ** 0.5, table
        assert rows, table


def product_of(table: str) -> str:
    return table_definition(table).product


@pytest.mark.parametrize("baseline", ["none", "visit"])
def test_whatever_else_people_of_a_county_have_and_take_they_break_no_rule(
    journey: JourneyDefinition, baseline: str, workspace: Path
) -> None:
    profile = FITTING[journey.id]
    asked = {
        **profile,
        "generation": {"count": 2_000},
        "demographics": {**profile["demographics"], "reference": {"type": "county", "fips": "48201"}},
        "clinical": {**profile["clinical"], "baseline": baseline},
    }
    made = generate(profile=asked, journey=journey.id, seed=7, persist=True, db=workspace)
    card = get_manager(workspace).score(made.get("cohort_id"))
    assert [(rule["id"], rule["examples"]) for rule in card["rules"] if rule["status"] == "broken"] == []
    assert len(made.summary["conditions"]) > 10


def test_seasons_are_those_of_the_calendar(journey: JourneyDefinition) -> None:
    seasonal = {event.id for event in journey.events if isinstance(event.timing, Calendar)}
    assert seasonal == {event.id for event in journey.events if event.parameters.get("cvx") in {"135", "140"}}


def test_the_docs_tell_of_every_journey_as_it_is(journey: JourneyDefinition) -> None:
    aliases = ", ".join(f"`{alias}`" for alias, name in LIBRARY.aliases.items() if name == journey.id)
    row = f"| `{journey.id}` | {aliases} | {journey.duration_days} | {len(journey.events)} | "
    assert row in PAGE.read_text(encoding="utf-8"), row


def test_an_alias_names_one_journey_and_no_other_has_it_as_its_id() -> None:
    files = len(list(content_directory("journeys").glob("*.json")))
    assert len(LIBRARY.journeys) == files == len(FITTING)
    assert not set(LIBRARY.aliases) & set(LIBRARY.journeys)


def test_a_skill_and_its_conditions_name_their_default_journey() -> None:
    defaults = {skill.name: skill.default_journey for skill in skill_library().skills.values() if skill.default_journey}
    assert len(defaults) >= 6
    for name, journey in defaults.items():
        assert LIBRARY.find(name).id == journey
        for condition in skill_library().skills[name].conditions:
            # An alias of a journey goes first: who asks for ckd asks for its journey.
            assert LIBRARY.find(condition.name).id == LIBRARY.aliases.get(condition.name.casefold(), journey)
    assert LIBRARY.find("E11.9").id == LIBRARY.find("Diabetes Management").id == "diabetic-year-one"
    with pytest.raises(NotFoundError, match="no such journey"):
        LIBRARY.find("hypothyroidism")
