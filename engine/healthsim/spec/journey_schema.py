"""The published JSON Schema of a journey, derived from the models, the types of events and the shorthands."""

from typing import Any

from healthsim.spec.event_types import event_types
from healthsim.spec.journey import JourneyDefinition
from healthsim.spec.schema import DIALECT
from healthsim.spec.vocabulary import PRODUCTS

Schema = dict[str, Any]

_PLACEHOLDER: Schema = {
    "type": "string",
    "pattern": "^\\$\\{parameters\\.[A-Za-z_][A-Za-z0-9_]*\\}$",
    "description": "A parameter of the journey, put in before anything else.",
}
_DELAY: Schema = {
    "description": "The older spelling of a timing: days after what the event depends on, else from the first day.",
    "anyOf": [
        {"type": "number"},
        {
            "type": "object",
            "properties": {
                "days": {"type": "number", "description": "Days."},
                "days_min": {"type": "number", "description": "Fewest days."},
                "days_max": {"type": "number", "description": "Most days."},
                "distribution": {"enum": ["fixed", "uniform", "normal"], "description": "How they vary."},
            },
            "additionalProperties": False,
        },
    ],
}
_FOLLOWING = ("Trigger", "Choice")
_CONDITIONED = ("EventDefinition", *_FOLLOWING)


def journey_schema() -> Schema:
    """Give the JSON Schema (2020-12) of a journey, in its flat or nested form, shorthands included."""
    schema = JourneyDefinition.model_json_schema(by_alias=True)
    definitions = schema.pop("$defs")
    for part in (schema, *definitions.values()):
        _admit_placeholders(part)
    _add_shorthands(definitions, schema)
    definitions["Placeholder"] = dict(_PLACEHOLDER)
    definitions["JourneyDefinition"] = schema
    return {
        "$schema": DIALECT,
        "$id": "https://healthsim.example/schemas/journey.schema.json",
        "title": "HealthSim journey",
        "description": "What happens to people over time. Flat, or as the only key `journey` of an object.",
        "anyOf": [
            {
                "type": "object",
                "properties": {"journey": {"$ref": "#/$defs/JourneyDefinition"}},
                "required": ["journey"],
                "additionalProperties": False,
            },
            {"$ref": "#/$defs/JourneyDefinition"},
        ],
        "$defs": dict(sorted(definitions.items())),
    }


def _admit_placeholders(schema: Any) -> None:  # noqa: ANN401 - a part of a schema
    """Let every number be a parameter's name."""
    if isinstance(schema, list):
        for part in schema:
            _admit_placeholders(part)
    if not isinstance(schema, dict):
        return
    for part in schema.values():
        _admit_placeholders(part)
    if schema.get("type") in ("integer", "number"):  # not a set: a key of `properties` may hold a schema
        number = {key: schema.pop(key) for key in list(schema) if key not in {"description", "default", "title"}}
        schema["anyOf"] = [number, {"$ref": "#/$defs/Placeholder"}]


def _add_shorthands(definitions: dict[str, Schema], journey: Schema) -> None:
    product = {"anyOf": [{"enum": list(PRODUCTS)}, {"type": "array", "items": {"enum": list(PRODUCTS)}}]}
    journey["properties"]["product"] = {**product, "description": "The product, instead of `products`."}
    journey["properties"]["version"]["anyOf"].append({"type": "number"})
    _rename(journey, "id", "journey_id")
    event = definitions["EventDefinition"]
    _rename(event, "id", "event_id")
    event["properties"]["delay"] = _DELAY
    event["properties"]["event_type"]["enum"] = list(event_types())
    event["properties"]["depends_on"] = _or_one(event["properties"]["depends_on"])
    event["allOf"] = [_parameters_of(name) for name in event_types()]
    for name in _CONDITIONED:
        properties = definitions[name]["properties"]
        properties["conditions"] = _or_one(properties["conditions"])
    for name in _FOLLOWING:
        definitions[name]["properties"]["delay"] = _DELAY
        _rename(definitions[name], "event", "event_id")
        definitions[name] = {"anyOf": [{"type": "string", "description": "The event's id alone."}, definitions[name]]}
    for definition in definitions.values():
        properties = definition.get("properties", {})
        if "jitter" in properties:
            properties["jitter"]["anyOf"].append({"type": "number", "minimum": 0})
        if "to" in properties and "days" in properties:
            direction = {"enum": ["after", "before"], "description": "`before` counts the days backwards."}
            properties["direction"] = direction


def _rename(schema: Schema, name: str, older: str) -> None:
    """Admit an older name of a key that is needed."""
    schema["properties"][older] = {**schema["properties"][name], "description": f"The same as `{name}`."}
    if name in schema.get("required", []):
        schema["required"] = [key for key in schema["required"] if key != name]
        schema["anyOf"] = [{"required": [name]}, {"required": [older]}]


def _or_one(many: Schema) -> Schema:
    described: Schema = {key: many[key] for key in ("description", "default") if key in many}
    listed = {key: part for key, part in many.items() if key not in described}
    return {**described, "anyOf": [listed, listed["items"]]}


def _parameters_of(event_type: str) -> Schema:
    parameters = {
        "type": "object",
        "properties": dict(event_types()[event_type].parameters),
        "additionalProperties": False,
    }
    return {
        "if": {"properties": {"event_type": {"const": event_type}}},
        "then": {"properties": {"parameters": parameters}},
    }
