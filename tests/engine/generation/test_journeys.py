"""Journeys of one person, and of the people of a profile."""

from datetime import date
from pathlib import Path

import pytest

from healthsim import generate, get_manager
from healthsim.errors import InvalidInputError, InvalidJourneyError, InvalidProfileError
from healthsim.generation import EventDefinition, JourneyDefinition, JourneyEngine, Person, ProfileJourneyOrchestrator
from healthsim.planning.journey_library import journey_library
from healthsim.spec import journey_json

START = date(2024, 1, 1)
PERSON = Person(birth_date=date(1955, 3, 15), gender="M")
JOURNEY = JourneyDefinition(
    id="j",
    duration_days=365,
    events=[
        EventDefinition(
            id="visit",
            event_type="encounter",
            timing={"type": "recurring", "interval_days": 90, "jitter": 9},
            condition="diabetes",
        ),
        EventDefinition(id="record", event_type="diagnosis", condition="hypertension", probability=0.5),
    ],
)
DIABETICS = {"generation": {"count": 20}, "clinical": {"primary_condition": "diabetes"}}


def test_the_same_seed_gives_the_same_events_and_a_drawn_one_is_told() -> None:
    drawn = JourneyEngine().execute(JOURNEY, PERSON, start_date=START)
    again = JourneyEngine().execute(JOURNEY, PERSON, start_date="2024-01-01", seed=drawn.seed)
    assert drawn == again
    assert any(JourneyEngine().execute(JOURNEY, PERSON, start_date=START, seed=seed) != drawn for seed in (1, 2))


def test_a_person_has_the_conditions_the_journey_is_about_unless_told_otherwise() -> None:
    events = JourneyEngine().execute(JOURNEY, PERSON, start_date=START, seed=3)
    (row,) = events[0]["records"]["encounters"]
    assert row["reason_code"].startswith("E11")
    healthy = Person(birth_date=PERSON.birth_date, gender="M", conditions=("hypertension", "diabetes"))
    assert len(JourneyEngine().execute(JOURNEY, healthy, start_date=START, seed=3)) >= 5
    with pytest.raises(InvalidJourneyError, match="nobody of the people asked for"):
        JourneyEngine().execute(JOURNEY, Person(PERSON.birth_date, "M", conditions=()), start_date=START, seed=3)


def test_skipped_events_are_given_with_their_reason_where_asked() -> None:
    for seed in range(3):
        events = JourneyEngine().execute(JOURNEY, PERSON, start_date=START, seed=seed, include_skipped=True)
        (record,) = (event for event in events if event["event_id"] == "record")
        assert record["status"] in {"completed", "by chance"}
        assert bool(record["records"]) == (record["status"] == "completed")


def test_a_person_of_a_county_is_seen_by_providers_of_it() -> None:
    person = Person(birth_date=PERSON.birth_date, gender="F", county_fips="48201")
    events = JourneyEngine().execute(JOURNEY, person, start_date=START, seed=1)
    assert all(event["records"]["encounters"][0]["provider_npi"] for event in events if event["event_id"] == "visit")


def test_somebody_who_is_not_born_yet_and_journeys_that_cannot_be_are_refused_with_their_paths() -> None:
    with pytest.raises(InvalidInputError, match="birth_date: born after"):
        JourneyEngine().execute(JOURNEY, Person(date(2030, 1, 1), "F"), start_date=START)
    wrong = {"id": "j", "events": [{"id": "a", "event_type": "procedure"}]}
    with pytest.raises(InvalidJourneyError, match=r"\n  \$\.events\[0\]\.parameters: "):
        JourneyEngine().execute(wrong, PERSON, start_date=START)
    with pytest.raises(InvalidJourneyError, match=r"\n  \$\.events\[0\]\.parameters: nothing says which encounter"):
        JourneyEngine().execute({"id": "j", "events": [{"id": "a", "event_type": "claim"}]}, PERSON, start_date=START)


def test_the_orchestrator_takes_an_id_a_definition_or_both() -> None:
    orchestrator = ProfileJourneyOrchestrator()
    by_id = orchestrator.execute(DIABETICS, journey_id="diabetic-first-year", seed=1)
    in_full = orchestrator.execute(DIABETICS, journey=journey_json(journey_library().find("Diabetic_Year one")), seed=1)
    assert by_id.digest == in_full.digest
    both = orchestrator.execute(
        {"clinical": {"primary_condition": "diabetes", "comorbidities": ["hypertension"]}},
        journey_id="diabetic-year-one",
        journey=JOURNEY,
        seed=1,
        count=5,
    )
    assert len(both["encounters"]) > 5 * 5
    with pytest.raises(InvalidInputError, match="no journey to go through"):
        orchestrator.execute(DIABETICS)


def test_a_saved_journey_is_gone_through_by_its_name() -> None:
    get_manager().journeys.save_journey("mine", JOURNEY)
    events = JourneyEngine().execute("mine", PERSON, start_date=START, seed=1)
    assert events == JourneyEngine().execute(JOURNEY, PERSON, start_date=START, seed=1)
    clinical = {"primary_condition": "diabetes", "comorbidities": ["hypertension"]}
    named = {"generation": {"count": 5}, "clinical": clinical, "journeys": ["mine"]}
    in_full = {**named, "journeys": [JOURNEY]}
    assert generate(profile=named, seed=1).digest == generate(profile=in_full, seed=1).digest


def test_an_unknown_journey_is_told_with_the_nearest() -> None:
    with pytest.raises(InvalidProfileError, match="did you mean diabetic-year-one"):
        ProfileJourneyOrchestrator().execute(DIABETICS, journey_id="diabetic-year-on")


def test_generate_takes_journeys_and_keeps_them_with_the_cohort(tmp_path: Path) -> None:
    path = tmp_path / "journey.json"
    path.write_text('{"id": "j", "events": [{"id": "a", "event_type": "encounter"}]}', encoding="utf-8")
    result = generate(condition="diabetes", count=10, seed=1, journey=path, start_date="2025-03-01", persist=True)
    assert {row["start_time"].date() for row in result["encounters"]} == {date(2025, 3, 1)}
    assert result.spec["journeys"][0]["id"] == "j"
    again = generate(profile=result.spec, seed=1, persist=True)
    assert again.existing
    assert again.digest == result.digest


def test_people_with_journeys_have_no_latest_visit_besides_unless_it_is_asked_for() -> None:
    journey = {"id": "j", "events": [{"id": "a", "event_type": "encounter"}]}
    alone = generate(condition="diabetes", count=10, seed=1, journey=journey)
    assert len(alone["encounters"]) == 10
    document = {"generation": {"count": 10}, "clinical": {"primary_condition": "diabetes", "baseline": "visit"}}
    assert len(generate(profile=document, seed=1, journey=journey)["encounters"]) == 20


def test_what_is_wrong_with_a_journey_is_told_at_the_argument() -> None:
    with pytest.raises(InvalidProfileError, match=r"\$\.journey\.events\[0\]\.event_type: no such type"):
        generate(condition="diabetes", journey={"id": "j", "events": [{"id": "a", "event_type": "encountr"}]})
