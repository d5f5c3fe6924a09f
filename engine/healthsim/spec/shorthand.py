"""Shorter ways to write a profile, turned into the full one before it is validated."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from healthsim.spec.coverage_shorthand import coverage_document
from healthsim.spec.shares import as_shares
from healthsim.spec.vocabulary import ATTRIBUTES, category

Document = dict[str, Any]

_SECTIONS = frozenset(
    {"product", "products", "as_of", "name", "description", "generation", "demographics", "clinical"}
    | {"providers", "facilities", "coverage", "pharmacy", "trial", "utilization"}
    | {"journey", "journeys", "start_date", "journey_seed"}
)
"""Keys that count as left out when they are empty; any other empty key is an unknown one."""

_BAND = re.compile(r"\s*(\d{1,3})\s*(?:-\s*(\d{1,3})|\+)\s*")
_CODE = re.compile(r"[A-Za-z]\d[0-9ABab](?:\.?[0-9A-Za-z]{1,4})?")
_CATEGORY_LENGTH = 3
_FIPS_DIGITS = 5
_STATE_DIGITS = 2


def expanded(profile: Mapping[str, Any]) -> Document:
    """Give a profile without shorthands; what is wrong in it stays, for validation to name."""
    document = {key: value for key, value in profile.items() if key not in _SECTIONS or not is_absent(value)}
    _list_products_and_journeys(document)
    for section, in_full in _IN_FULL.items():
        if section in document:
            document[section] = in_full(document[section])
    return document


def _list_products_and_journeys(document: Document) -> None:
    if "product" in document and "products" not in document:
        document["products"] = document.pop("product")
    if "products" in document:
        document["products"] = _products(document["products"])
    if "journey" in document and "journeys" not in document:
        document["journeys"] = document.pop("journey")
    if "journeys" in document and not isinstance(document["journeys"], list | tuple):
        document["journeys"] = [document["journeys"]]


def _products(asked: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """List products by their names in small letters; one alone is a list of one."""
    listed = asked if isinstance(asked, list | tuple) else [asked]
    return [each.strip().casefold() if isinstance(each, str) else each for each in listed]


def is_absent(value: object) -> bool:
    """Tell whether a section counts as not given: nothing, `{}`, or a placeholder such as `{...}`."""
    return value is None or value is Ellipsis or value == {Ellipsis} or (isinstance(value, Mapping) and not value)


def band_bounds(text: str) -> tuple[int, int | None] | None:
    """Give the ages of a band such as `18-64` or `65+`, None for the end of an open one; None for what is no band."""
    match = _BAND.fullmatch(text)
    if match is None:
        return None
    low, high = int(match[1]), match[2]
    return low, int(high) if high else None


def dotted_code(text: str) -> str:
    """Write an ICD-10-CM code in upper case with its dot."""
    bare = text.strip().upper().replace(".", "")
    return bare if len(bare) <= _CATEGORY_LENGTH else f"{bare[:_CATEGORY_LENGTH]}.{bare[_CATEGORY_LENGTH:]}"


def _demographics(section: Mapping[str, Any]) -> Document:
    known = {*ATTRIBUTES, "source", "reference", "figures"}
    document = {key: value for key, value in section.items() if key not in known or not is_absent(value)}
    for attribute in ATTRIBUTES:
        if attribute in document:
            document[attribute] = _distribution(attribute, document[attribute])
    if isinstance(document.get("reference"), Mapping):
        document["reference"] = _place(document["reference"])
        document.setdefault("source", "populationsim")
    elif document.get("source") is not None and "reference" not in document:
        document["reference"] = {"type": "nation"}
    return document


def _network(section: Mapping[str, Any]) -> Document:
    place = section.get("reference")
    return {**section, "reference": _numbered(place)} if isinstance(place, Mapping) else dict(section)


def _distribution(attribute: str, value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, str) or (isinstance(value, int | float) and not isinstance(value, bool)):
        value = {"type": "constant", "value": value}
    elif isinstance(value, list | tuple):
        value = {"type": "empirical", "values": list(value)}
    elif isinstance(value, Mapping) and "type" not in value:
        value = _untyped(attribute, value)
    return _canonical(attribute, dict(value)) if isinstance(value, Mapping) else value


def _untyped(attribute: str, value: Mapping[str, Any]) -> Mapping[str, Any]:
    keys = {str(key) for key in value}
    if attribute != "age":
        return {"type": "categorical", "weights": dict(value)}
    if keys <= {"min", "max"}:
        return {"type": "population", **value}
    if "mean" in keys:
        return {"type": "normal", **value}
    if all(band_bounds(key) for key in keys):
        return {"type": "age_bands", "bands": dict(value)}
    return value


def _canonical(attribute: str, document: Document) -> Document:
    """Write categories as the vocabulary does, percentages as shares, and the same within conditional rules."""
    if document.get("type") == "conditional":
        return _canonical_rules(attribute, document)
    if attribute != "age":
        if isinstance(document.get("weights"), Mapping):
            document["weights"] = _canonical_keys(attribute, document["weights"])
        if isinstance(document.get("values"), list | tuple):
            document["values"] = [_canonical_value(attribute, value) for value in document["values"]]
        if "value" in document:
            document["value"] = _canonical_value(attribute, document["value"])
    for key in ("weights", "bands"):
        if key in document:
            document[key] = as_shares(document[key])
    return document


def _canonical_rules(attribute: str, document: Document) -> Document:
    if isinstance(document.get("rules"), list | tuple):
        document["rules"] = [_canonical_rule(attribute, rule) for rule in document["rules"]]
    if "else" in document:
        document["else"] = _distribution(attribute, document["else"])
    return document


def _canonical_rule(attribute: str, rule: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    if not isinstance(rule, Mapping):
        return rule
    changed = dict(rule)
    if "if" in changed:
        changed["if"] = canonical_predicate(changed["if"])
    if "then" in changed:
        changed["then"] = _distribution(attribute, changed["then"])
    return changed


def canonical_predicate(predicate: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Write the categories that a condition compares as the vocabulary does."""
    if not isinstance(predicate, Mapping):
        return predicate
    changed = dict(predicate)
    for key in ("all", "any"):
        if isinstance(changed.get(key), list | tuple):
            changed[key] = [canonical_predicate(part) for part in changed[key]]
    if "not" in changed:
        changed["not"] = canonical_predicate(changed["not"])
    attribute = changed.get("attribute")
    if attribute in ATTRIBUTES and attribute != "age" and "value" in changed:
        value = changed["value"]
        many = isinstance(value, list | tuple)
        changed["value"] = (
            [_canonical_value(attribute, each) for each in value] if many else _canonical_value(attribute, value)
        )
    return changed


def _canonical_keys(attribute: str, weights: Mapping[Any, Any]) -> Document:
    """Write the categories as the vocabulary does; of two spellings of one category, the second stays as it is."""
    changed: Document = {}
    for key, weight in weights.items():
        canonical = _canonical_value(attribute, key)
        changed[key if canonical in changed else canonical] = weight
    return changed


def _canonical_value(attribute: str, value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    return (category(attribute, value) or value) if isinstance(value, str) else value


def _numbered(reference: Mapping[str, Any]) -> Document:
    """Write codes that came as numbers with the zeros they lost."""
    place = {key: value for key, value in reference.items() if value is not None}
    for key, digits in (("fips", _FIPS_DIGITS), ("state", _STATE_DIGITS)):
        if isinstance(place.get(key), int) and not isinstance(place[key], bool):
            place[key] = f"{place[key]:0{digits}d}"
    return place


def _place(reference: Mapping[str, Any]) -> Document:
    place = _numbered(reference)
    if place.get("type") == "state" and isinstance(reference.get("fips"), int):
        place["fips"] = f"{reference['fips']:0{_STATE_DIGITS}d}"
    if "type" not in place:
        named = str(place.get("fips", ""))
        place["type"] = (
            "county" if len(named) > _STATE_DIGITS else "state" if {"fips", "state"} & place.keys() else "nation"
        )
    return place


def _clinical(section: Mapping[str, Any]) -> Document:
    known = {"primary_condition", "comorbidities", "conditions"}
    document = {key: value for key, value in section.items() if key not in known or not is_absent(value)}
    if "primary_condition" in document:
        document["primary_condition"] = condition_document(document["primary_condition"])
    for key in ("comorbidities", "conditions"):
        if isinstance(document.get(key), Sequence) and not isinstance(document[key], str):
            document[key] = [condition_document(request) for request in document[key]]
    return document


def condition_document(request: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Write a condition in full: a text is a code, or a name."""
    if isinstance(request, str):
        return {"code": dotted_code(request)} if _CODE.fullmatch(request.strip()) else {"name": request}
    if not isinstance(request, Mapping):
        return request
    changed = dict(request)
    if "condition" in changed and "name" not in changed:
        changed["name"] = changed.pop("condition")
    if isinstance(changed.get("code"), str):
        changed["code"] = dotted_code(changed["code"])
    return changed


def _if_object(in_full: Callable[[Mapping[str, Any]], Any]) -> Callable[[Any], Any]:
    """Let what is no object be as it is, for validation to name."""
    return lambda section: in_full(section) if isinstance(section, Mapping) else section


def _named(key: str) -> Callable[[Any], Any]:
    """Let a text stand for a section with one key."""
    return lambda section: {key: section} if isinstance(section, str) else section


_IN_FULL: Mapping[str, Callable[[Any], Any]] = {
    "demographics": _if_object(_demographics),
    "clinical": _if_object(_clinical),
    "utilization": _named("level"),
    "providers": _if_object(_network),
    "facilities": _if_object(_network),
    "coverage": coverage_document,
    "trial": _named("protocol"),
}
"""How each section that has shorthands is written in full."""
