"""The published JSON Schema of a profile, derived from the models and the shorthands."""

import json
import re
from typing import Any

from healthsim.spec.coverage_shorthand import SPELLINGS
from healthsim.spec.profile import Profile
from healthsim.spec.vocabulary import ATTRIBUTES, PRODUCTS

DIALECT = "https://json-schema.org/draft/2020-12/schema"
"""Of JSON Schema."""

_REFERENCE = re.compile(r'"#/\$defs/(\w+)"')
_WEIGHT = {"type": "number", "minimum": 0}
_BAND_PATTERN = "^\\s*\\d{1,3}\\s*(-\\s*\\d{1,3}|\\+)\\s*$"


def profile_schema() -> dict[str, Any]:
    """Give the JSON Schema (2020-12) of a profile, in its flat or nested form, shorthands included."""
    schema = Profile.model_json_schema(by_alias=True)
    definitions = schema.pop("$defs")
    definitions["Profile"] = _with_level(_with_journeys(_with_product(schema)))
    _add_shorthands(definitions)
    definitions = _needed(definitions)
    return {
        "$schema": DIALECT,
        "$id": "https://healthsim.example/schemas/profile.schema.json",
        "title": "HealthSim profile",
        "description": "A population: who, how many, with what. Flat, or as the only key `profile` of an object.",
        "anyOf": [
            {
                "type": "object",
                "properties": {"profile": {"$ref": "#/$defs/Profile"}},
                "required": ["profile"],
                "additionalProperties": False,
            },
            {"$ref": "#/$defs/Profile"},
        ],
        "$defs": dict(sorted(definitions.items())),
    }


def _with_product(schema: dict[str, Any]) -> dict[str, Any]:
    properties = schema["properties"]
    properties["product"] = {
        "anyOf": [{"enum": list(PRODUCTS)}, {"type": "array", "items": {"enum": list(PRODUCTS)}}],
        "description": "The product, instead of `products`.",
    }
    return schema


def _with_journeys(schema: dict[str, Any]) -> dict[str, Any]:
    """Leave the journeys to the schema of their own."""
    journey = {
        "anyOf": [
            {"type": "string", "description": "Id of a known journey."},
            {"type": "object", "description": "A journey in full; see journey.schema.json."},
        ]
    }
    properties = schema["properties"]
    listed = {"type": "array", "items": journey}
    described = properties["journeys"]["description"]
    properties["journeys"] = {"anyOf": [listed, *journey["anyOf"]], "description": described}
    properties["journey"] = {**journey, "description": "The journey, instead of `journeys`."}
    return schema


def _with_level(schema: dict[str, Any]) -> dict[str, Any]:
    """Let the level of background care, and the protocol of a trial, stand for the whole section."""
    schema["properties"]["utilization"]["anyOf"].append({"enum": ["realistic"], "description": "The level alone."})
    named = {"type": "string", "description": "The id of its protocol alone."}
    schema["properties"]["trial"]["anyOf"].append(named)
    insurance = {"enum": sorted(SPELLINGS), "description": "The insurance that everybody has."}
    schema["properties"]["coverage"]["anyOf"].append(insurance)
    return schema


def _needed(definitions: dict[str, Any]) -> dict[str, Any]:
    """Give the definitions that the profile's leads to."""
    needed: dict[str, Any] = {}
    waiting = ["Profile"]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed[name] = definitions[name]
            waiting += _REFERENCE.findall(json.dumps(definitions[name]))
    return needed


def _add_shorthands(definitions: dict[str, Any]) -> None:
    demographics = definitions["Demographics"]["properties"]
    for attribute in ATTRIBUTES:
        short = _age_shorthands() if attribute == "age" else _category_shorthands()
        demographics[attribute]["anyOf"] = [*demographics[attribute]["anyOf"], *short]
    for name, key in (("Rule", "then"), ("Conditional", "else")):
        part = definitions[name]["properties"][key]
        full = {key: part.pop(key) for key in list(part) if key != "description"}
        part["anyOf"] = [full, *_age_shorthands(), *_category_shorthands()]
    place = definitions["PlaceReference"]
    place.pop("required", None)
    for part in (place, definitions["NetworkReference"]):
        for code in ("fips", "state"):
            part["properties"][code]["anyOf"].append({"type": "integer", "minimum": 0})
    _add_coverage_shorthands(definitions["Coverage"]["properties"])
    request = definitions["ConditionRequest"]
    request["properties"]["condition"] = {"type": "string", "description": "The same as `name`."}
    named = {"anyOf": [{"$ref": "#/$defs/ConditionRequest"}, {"type": "string"}]}
    clinical = definitions["Clinical"]["properties"]
    clinical["primary_condition"]["anyOf"].append({"type": "string"})
    clinical["comorbidities"]["items"] = named
    clinical["conditions"]["items"] = named


def _add_coverage_shorthands(coverage: dict[str, Any]) -> None:
    share = {"anyOf": [_WEIGHT, {"type": "string", "pattern": "^\\s*\\d+(\\.\\d+)?\\s*%\\s*$"}]}
    mix = {
        "type": "object",
        "properties": dict.fromkeys(sorted(SPELLINGS), share),
        "additionalProperties": False,
        "description": "Shares that sum to 1, or as percentages to 100.",
    }
    coverage["payer_mix"]["anyOf"] = [mix, {"enum": sorted(SPELLINGS)}, {"type": "null"}]
    coverage["plans"]["anyOf"] += [{"type": "string"}, {"$ref": "#/$defs/InsurancePlan"}]


def _age_shorthands() -> list[dict[str, Any]]:
    number = {"type": "number", "minimum": 0}
    return [
        {"type": "integer", "minimum": 0, "description": "Everybody has this age."},
        {
            "type": "object",
            "properties": {"min": number, "max": number},
            "additionalProperties": False,
            "description": "The reference population's ages between the bounds.",
        },
        {
            "type": "object",
            "properties": {"mean": number, "std_dev": number, "min": number, "max": number},
            "required": ["mean", "std_dev"],
            "additionalProperties": False,
            "description": "A normal distribution.",
        },
        {
            "type": "object",
            "patternProperties": {_BAND_PATTERN: _WEIGHT},
            "minProperties": 1,
            "additionalProperties": False,
            "description": "Bands of age with their shares.",
        },
        {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 1, "description": "Observed ages."},
    ]


def _category_shorthands() -> list[dict[str, Any]]:
    return [
        {"type": "string", "description": "Everybody is of this category."},
        {
            "type": "object",
            "additionalProperties": _WEIGHT,
            "not": {"required": ["type"]},
            "minProperties": 1,
            "description": "Categories with their shares.",
        },
        {"type": "array", "items": {"type": "string"}, "minItems": 1, "description": "Observed categories."},
    ]
