"""The published schemas: valid, equal to what they are derived from, and true to what is accepted."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from healthsim.content import content_directory
from healthsim.errors import InvalidJourneyError, InvalidProfileError
from healthsim.spec import Profile, event_types, journey_schema, parse_journey, parse_profile, profile_schema
from healthsim.spec.distributions import TYPES
from samples import DIABETICS, HARRIS, MIXED

SCHEMAS = content_directory("schemas")
EVERY = sorted([*SCHEMAS.glob("*.schema.json"), *SCHEMAS.glob("tools/*.json")])

ACCEPTED: list[dict[str, Any]] = [
    {},
    DIABETICS,
    HARRIS,
    MIXED,
    {"profile": DIABETICS},
    {"product": "patientsim", "as_of": "2024-02-29", "name": "n", "description": "d"},
    {"products": ["patientsim"], "generation": {"count": 1, "seed": 0, "batch_size": 50}},
    {"demographics": {"age": {"mean": 65, "std_dev": 10}, "gender": "female", "race": {"white": 60, "black": 40}}},
    {"demographics": {"age": 70, "ethnicity": {"type": "constant", "value": "hispanic"}}},
    {"demographics": {"age": [64, 70], "reference": {"fips": 48201}}},
    {"providers": {"reference": {"fips": 6037, "specialty": "cardiology"}, "assignment": "panel"}},
    {"facilities": {"reference": {"state": 6, "min_beds": 100}}, "clinical": {"baseline": "none"}},
    {"demographics": {"age": {"0-17": 0.5, "18+": 0.5}, "source": "populationsim"}},
    {"demographics": {"age": {"type": "log_normal", "mu": 3.5, "sigma": 0.3, "min": 18}}},
    {"clinical": {"primary_condition": "diabetes", "comorbidities": ["I10"], "conditions": [{"condition": "copd"}]}},
    {"clinical": {"primary_condition": {"name": "copd", "prevalence": 0.5, "description": "x"}}},
]

REFUSED: list[dict[str, Any]] = [
    {"idd": "x"},
    {"generation": {"count": 0}},
    {"generation": {"seed": -1}},
    {"demographics": {"age": {"type": "norml", "mean": 1}}},
    {"demographics": {"age": {"type": "normal", "mean": 50}}},
    {"clinical": {"primary_condition": {"code": "E11", "prevalence": 1.5}}},
    {"clinical": {"primary_condition": {"code": "E11", "prevalance": 0.5}}},
    {"profile": {"idd": "x"}},
    {"providers": {"assignment": "closest"}},
    {"clinical": {"baseline": "everything"}},
]

JOURNEYS: list[dict[str, Any]] = [
    {"id": "j", "events": [{"id": "a", "event_type": "encounter"}]},
    {"journey": {"journey_id": "j", "events": [{"event_id": "a", "event_type": "encounter", "delay": {"days": 3}}]}},
    {
        "id": "j",
        "version": 2,
        "product": "patientsim",
        "duration_days": "${parameters.days}",
        "phases": [{"id": "p", "start_day": 10, "end_day": 40}],
        "parameters": {"days": 90},
        "events": [
            {
                "id": "a",
                "event_type": "lab_order",
                "timing": {"type": "recurring", "interval_days": 30, "to": "p", "jitter": 3},
                "parameters": {"panels": ["cmp"]},
                "conditions": {"attribute": "age", "operator": "gte", "value": 50},
                "triggers": ["b", {"event": "c", "delay": 3, "probability": 0.5}],
                "choices": [{"event": "d", "weight": 3}, {"weight": 1}],
            },
            *({"id": name, "event_type": "encounter"} for name in "bcd"),
            {"id": "e", "event_type": "encounter", "timing": {"type": "age", "years": [50, 60]}},
            {"id": "f", "event_type": "encounter", "timing": {"type": "calendar", "month": 10, "day": 1}},
            {
                "id": "g",
                "event_type": "encounter",
                "timing": {"type": "on_result", "event": "a", "analyte": "potassium", "operator": "gt", "value": 5.5},
            },
        ],
    },
]

NO_JOURNEYS: list[dict[str, Any]] = [
    {"id": "j"},
    {"id": "j", "events": []},
    {"events": [{"id": "a", "event_type": "encounter"}]},
    {"id": "j", "events": [{"id": "a", "event_type": "encountr"}]},
    {"id": "j", "events": [{"id": "a", "event_type": "encounter", "parameters": {"panels": ["cmp"]}}]},
    {"id": "j", "events": [{"id": "a", "event_type": "encounter", "timing": {"type": "recurring"}}]},
    {"id": "j", "events": [{"id": "a", "event_type": "encounter", "probability": 2}]},
]


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.name)
def test_a_schema_is_one_and_describes_itself(path: Path) -> None:
    schema = json.loads(path.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    assert schema["title"]
    assert len(schema["description"]) > 20


def test_the_schema_of_profiles_is_the_one_the_models_give() -> None:
    published = json.loads((SCHEMAS / "profile.schema.json").read_text(encoding="utf-8"))
    assert published == json.loads(json.dumps(profile_schema())), "run tools/write_schemas.py"


@pytest.mark.parametrize("document", ACCEPTED, ids=str)
def test_what_is_accepted_fits_the_schema(document: dict[str, Any]) -> None:
    assert isinstance(parse_profile(document), Profile)
    assert list(Draft202012Validator(profile_schema()).iter_errors(document)) == []


@pytest.mark.parametrize("document", REFUSED, ids=str)
def test_what_the_schema_refuses_is_refused(document: dict[str, Any]) -> None:
    assert not Draft202012Validator(profile_schema()).is_valid(document)
    with pytest.raises(InvalidProfileError):
        parse_profile(document)


def test_the_schema_of_journeys_is_the_one_the_models_give() -> None:
    published = json.loads((SCHEMAS / "journey.schema.json").read_text(encoding="utf-8"))
    assert published == json.loads(json.dumps(journey_schema())), "run tools/write_schemas.py"


@pytest.mark.parametrize("document", JOURNEYS, ids=str)
def test_a_journey_that_is_accepted_fits_the_schema(document: dict[str, Any]) -> None:
    assert parse_journey(document).id == "j"
    assert list(Draft202012Validator(journey_schema()).iter_errors(document)) == []


@pytest.mark.parametrize("document", NO_JOURNEYS, ids=str)
def test_what_the_schema_of_journeys_refuses_is_refused(document: dict[str, Any]) -> None:
    assert not Draft202012Validator(journey_schema()).is_valid(document)
    with pytest.raises(InvalidJourneyError):
        parse_journey(document)


def test_every_type_of_event_has_a_title_and_parameters_that_are_described() -> None:
    for kind in event_types().values():
        assert kind.title
        for name, schema in kind.parameters.items():
            Draft202012Validator.check_schema(schema)
            assert schema["description"], (kind.name, name)


def test_every_distribution_is_published() -> None:
    text = json.dumps(profile_schema())
    assert [name for name in TYPES if f'"const": "{name}"' not in text] == []


def test_every_key_of_a_profile_is_described() -> None:
    undescribed = [
        f"{name}.{key}"
        for name, definition in profile_schema()["$defs"].items()
        for key, schema in definition.get("properties", {}).items()
        if "description" not in schema and key != "type"
    ]
    assert undescribed == []
