"""Other ways to write a journey, turned into the full one before it is validated."""

import re
from collections.abc import Mapping
from typing import Any

from healthsim.spec.shorthand import canonical_predicate

Document = dict[str, Any]

_PLACEHOLDER = re.compile(r"\$\{parameters\.([A-Za-z_][A-Za-z0-9_]*)\}")
_RENAMED = {"journey_id": "id", "product": "products"}
_VARYING = {"uniform", "normal"}


def journey_document(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Give a journey without shorthands; what is wrong in it stays, for validation to name."""
    if not isinstance(value, Mapping):
        return value
    given = value.get("parameters")
    parameters = given if isinstance(given, Mapping) else {}
    filled = {key: part if key == "parameters" else _filled(part, parameters) for key, part in value.items()}
    document = _renamed(filled, _RENAMED)
    if document.get("products") is not None:
        document["products"] = as_list(document["products"])
    if isinstance(document.get("version"), int | float) and not isinstance(document["version"], bool):
        document["version"] = str(document["version"])
    if isinstance(document.get("events"), list | tuple):
        document["events"] = _with_previous([event_document(event) for event in document["events"]])
    return document


def event_document(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Give an event without shorthands."""
    if not isinstance(value, Mapping):
        return value
    document = _renamed(value, {"event_id": "id"})
    if "depends_on" in document:
        document["depends_on"] = as_list(document["depends_on"])
    if "conditions" in document:
        document["conditions"] = [canonical_predicate(each) for each in as_list(document["conditions"])]
    if "delay" in document and document.get("timing") is None:
        document.pop("timing", None)
        document["timing"] = _delayed(document.pop("delay"), document.get("depends_on"))
    if isinstance(document.get("timing"), Mapping):
        document["timing"] = _signed(document["timing"])
    return document


def following_document(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Give a trigger or a choice without shorthands: the id alone, or the older `event_id` and `delay`."""
    if isinstance(value, str):
        return {"event": value}
    if not isinstance(value, Mapping):
        return value
    document = _renamed(value, {"event_id": "event"})
    if "conditions" in document:
        document["conditions"] = [canonical_predicate(each) for each in as_list(document["conditions"])]
    delay = document.get("delay")
    if isinstance(delay, int | float):
        document["days"] = document.pop("delay")
    elif isinstance(delay, Mapping) and delay.keys() <= {"days", "days_min", "days_max", "distribution"}:
        timing = _delayed(document.pop("delay"), None)
        if timing["type"] == "window":
            document["jitter"] = _window_jitter(timing)
        else:
            document["days"] = timing["day"]
    return document


def as_list(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Give a list: of one, for what is none; of nothing, for nothing."""
    if value is None:
        return []
    return value if isinstance(value, list | tuple) else [value]


def _renamed(value: Mapping[str, Any], names: Mapping[str, str]) -> Document:
    """Give the keys their names of today, where these are not there already."""
    return {(names[key] if key in names and names[key] not in value else key): part for key, part in value.items()}


def _delayed(delay: Any, depends_on: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Turn a delay into a timing: after what the event depends on, else from the first day."""
    if isinstance(delay, int | float):
        delay = {"days": delay}
    if not isinstance(delay, Mapping):
        return delay
    written = dict(delay)
    kind = written.pop("distribution", "uniform" if {"days_min", "days_max"} <= written.keys() else "fixed")
    anchors = depends_on[0] if depends_on and len(depends_on) == 1 else depends_on
    anchored = {"to": anchors} if anchors else {}
    if kind in _VARYING:
        days = written.pop("days", None)
        low, high = written.pop("days_min", days), written.pop("days_max", days)
        return {"type": "window", "days_min": low, "days_max": high, "distribution": kind, **anchored, **written}
    days = written.pop("days", 0)
    written = {key: part for key, part in written.items() if key not in {"days_min", "days_max"}}
    if anchors:
        return {"type": "relative", "days": days, **anchored, **written}
    return {"type": "fixed", "day": days, **written}


def _window_jitter(timing: Mapping[str, Any]) -> Document:
    low, high = timing["days_min"], timing["days_max"]
    if timing["distribution"] == "normal" and isinstance(low, int | float) and isinstance(high, int | float):
        return {
            "type": "normal",
            "mean": (low + high) / 2,
            "std_dev": max((high - low) / 4, 0.25),
            "min": low,
            "max": high,
        }
    return {"type": "uniform", "min": low, "max": high}


def _signed(timing: Mapping[str, Any]) -> Document:
    """Write days before something as negative days."""
    document = dict(timing)
    direction = document.get("direction")
    days = document.get("days", 0)
    if direction in {"before", "after"} and isinstance(days, int | float):
        document.pop("direction")
        document["days"] = -abs(days) if direction == "before" else days
    return document


def _with_previous(events: list[Any]) -> list[Any]:
    """Name the event that `previous` stands for, so that their order has no more meaning."""
    named = []
    for event, before in zip(events, [None, *events], strict=False):
        timing = _part(event, "timing")
        if before is None or _part(timing, "to") != "previous":
            named.append(event)
        elif isinstance(event, Mapping):
            named.append({**event, "timing": {**timing, "to": _part(before, "id")}})
        else:
            changed = timing.model_copy(update={"to": _part(before, "id")})
            named.append(event.model_copy(update={"timing": changed}))
    return named


def _part(value: Any, name: str) -> Any:  # noqa: ANN401 - a document or a definition
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)


def _filled(value: Any, parameters: Mapping[str, Any]) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Put the journey's parameters in the places that name them; unknown names stay, for validation to tell."""
    if isinstance(value, str):
        whole = _PLACEHOLDER.fullmatch(value)
        if whole and whole[1] in parameters:
            return parameters[whole[1]]
        return _PLACEHOLDER.sub(lambda found: str(parameters.get(found[1], found[0])), value)
    if isinstance(value, Mapping):
        return {key: _filled(part, parameters) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_filled(part, parameters) for part in value]
    return value


def unfilled(value: Any) -> list[str]:  # noqa: ANN401 - whatever JSON holds
    """Name the parameters that a value names and that were not there."""
    if isinstance(value, str):
        return _PLACEHOLDER.findall(value)
    if isinstance(value, Mapping):
        value = list(value.values())
    return [name for part in value for name in unfilled(part)] if isinstance(value, list | tuple) else []
