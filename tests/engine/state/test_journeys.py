"""Journeys are saved once under names of their own, in versions, and only if people could go through them."""

from pathlib import Path
from typing import Any

import pytest

from healthsim import generate, get_manager
from healthsim.errors import InvalidInputError, InvalidJourneyError, NotFoundError
from healthsim.generation import EventDefinition, JourneyDefinition, ProfileJourneyOrchestrator
from healthsim.state import JourneyManager, StateManager

VISITS: dict[str, Any] = {
    "id": "visits",
    "duration_days": 365,
    "events": [
        {"id": "visit", "event_type": "encounter", "timing": {"type": "recurring", "interval_days": 90}},
        {"id": "call", "event_type": "telehealth", "timing": {"type": "fixed", "day": 30}},
    ],
}
YEARLY: dict[str, Any] = {
    **VISITS,
    "events": [{"id": "visit", "event_type": "encounter", "timing": {"type": "recurring", "interval_days": 365}}],
}
PEOPLE: dict[str, Any] = {
    "generation": {"count": 20, "seed": 1},
    "demographics": {"reference": {"type": "county", "fips": "44001"}},
}


@pytest.fixture
def manager(tmp_path: Path) -> StateManager:
    return get_manager(tmp_path / "workspace.duckdb")


@pytest.fixture
def journeys(manager: StateManager) -> JourneyManager:
    return manager.journeys


def test_a_saved_journey_is_loaded_as_it_was_written_by_name_and_by_number(journeys: JourneyManager) -> None:
    number = journeys.save_journey("mine", VISITS, "Four visits", ["visits"])
    for named in ("mine", number, str(number)):
        loaded = journeys.load_journey(named)
        assert (loaded.id, loaded.version, loaded.journey_spec) == (number, 1, VISITS)
        assert (loaded.description, loaded.tags) == ("Four visits", ("visits",))


def test_an_equal_journey_is_saved_once_and_another_is_a_new_version(journeys: JourneyManager) -> None:
    number = journeys.save_journey("mine", VISITS)
    definition = JourneyDefinition(
        id="visits", duration_days=365, events=[EventDefinition(**event) for event in VISITS["events"]]
    )
    assert journeys.save_journey("mine", {"journey": VISITS}) == journeys.save_journey("mine", definition) == number
    with pytest.raises(InvalidInputError, match="belongs to journey 1"):
        journeys.save_journey("mine", YEARLY)
    assert journeys.update_journey("mine", YEARLY).version == 2
    assert [each.version for each in journeys.versions("mine")] == [1, 2]
    assert {each.path for each in journeys.diff("mine")} >= {"$.events[0].timing.interval_days", "$.events[1]"}
    assert journeys.update_journey("mine", name="yours", tags=["x"]).version == 2
    assert [each.name for each in journeys.list_journeys(tags=["X"], product="patientsim")] == ["yours"]
    assert journeys.delete_journey("yours").id == number
    assert journeys.list_journeys() == []


def test_what_nobody_could_go_through_is_not_saved_and_everything_wrong_is_told(journeys: JourneyManager) -> None:
    event = {"id": "visit", "event_type": "encountr", "depends_on": ["nothing"]}
    with pytest.raises(InvalidJourneyError) as caught:
        journeys.save_journey("7", {"id": "wrong", "events": [event]}, tags="text")
    paths = [problem.path for problem in caught.value.problems]
    assert paths[:2] == ["$.name", "$.tags"]
    assert any(path.startswith("$.journey_spec.events[0]") for path in paths)
    with pytest.raises(InvalidJourneyError, match=r"\$\.journey_spec\.events\[0\]"):
        journeys.save_journey("mine", {"id": "wrong", "events": [{**VISITS["events"][0], "condition": "diabetis"}]})
    assert journeys.list_journeys() == []


def test_the_name_of_a_journey_of_the_package_is_refused(journeys: JourneyManager) -> None:
    with pytest.raises(InvalidInputError, match="the package has a journey diabetic-year-one"):
        journeys.save_journey("Diabetic Year One", VISITS)
    journeys.save_journey("mine", VISITS)
    with pytest.raises(InvalidInputError, match="the package has a journey"):
        journeys.update_journey("mine", name="diabetic-year-one")
    with pytest.raises(NotFoundError, match="did you mean mine"):
        journeys.load_journey("mines")


def test_people_go_through_a_saved_journey_by_its_name(manager: StateManager) -> None:
    db = manager.workspace.path
    manager.journeys.save_journey("mine", VISITS)
    by_name = generate(profile=PEOPLE, journey="mine", db=db)
    assert by_name.digest == generate(profile=PEOPLE, journey=VISITS).digest
    assert generate(profile=PEOPLE, journey=["mine"], db=db).digest == by_name.digest
    saved = manager.journeys.load_journey("mine")
    assert generate(profile=PEOPLE, journey=saved).digest == by_name.digest
    result = ProfileJourneyOrchestrator(db).execute(PEOPLE, journey_id="mine")
    assert result.digest == by_name.digest


def test_an_execution_keeps_its_journey_in_full_whatever_becomes_of_the_saved_one(manager: StateManager) -> None:
    manager.journeys.save_journey("mine", VISITS)
    made = generate(profile=PEOPLE, journey="mine", persist=True, db=manager.workspace.path)
    manager.journeys.update_journey("mine", YEARLY)
    manager.journeys.delete_journey("mine")
    again = manager.rerun_execution(1)
    assert (again.is_equal, again.digest_now) == (True, made.digest)


def test_a_saved_profile_is_given_in_place_of_its_document(manager: StateManager) -> None:
    manager.profiles.save_profile("people", {"profile": PEOPLE})
    saved = manager.profiles.load_profile("people")
    result = ProfileJourneyOrchestrator().execute(profile_spec=saved, journey_id="diabetic-year-one", seed=1)
    expected = generate(profile=PEOPLE, journey="diabetic-year-one", seed=1)
    assert result.digest == expected.digest
    assert dict(saved) == {"profile": PEOPLE}
