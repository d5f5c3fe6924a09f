"""Checks of a single event: its type, its parameters, and what its conditions compare."""

from collections.abc import Iterator, Sequence
from functools import cache

from jsonschema import Draft202012Validator

from healthsim.errors import Problem, did_you_mean, nearest_names, rendered
from healthsim.spec.checks import unknown_category
from healthsim.spec.event_types import event_types
from healthsim.spec.journey import EventDefinition
from healthsim.spec.predicates import Comparison, comparisons_of
from healthsim.spec.vocabulary import CATEGORIES, Product

SETS = ("conditions", "events", "medications")
"""Attributes that are sets: they are asked whether they contain something."""

MEASURED = ("labs", "vitals", "stage")
"""Attributes with a name of their own behind a dot, such as `labs.hba1c`."""

_ATTRIBUTES = ("age", *CATEGORIES, *SETS, *(f"{name}.…" for name in MEASURED))
_EQUALITIES = {"eq", "ne", "in", "not_in"}


def type_problems(event: EventDefinition, products: Sequence[Product] | None, path: str) -> Iterator[Problem]:
    """Give what is wrong with an event's type, product and parameters."""
    known = event_types().get(event.event_type)
    if known is None:
        hint = did_you_mean(nearest_names(event.event_type, event_types()))
        listed = f"known are {', '.join(event_types())}"
        yield Problem(f"{path}.event_type", "no such type of event", rendered(event.event_type), hint or listed)
        return
    if event.product is not None and event.product != known.product:
        message = f"events of type {known.name} belong to {known.product}"
        yield Problem(f"{path}.product", message, rendered(event.product))
    if products is not None and known.product not in products:
        message = f"belongs to {known.product}, which is not among the journey's products"
        yield Problem(f"{path}.event_type", message, rendered(known.name), f"its products are {', '.join(products)}")
    for name, value in event.parameters.items():
        where = f"{path}.parameters.{name}"
        if name not in known.parameters:
            hint = did_you_mean(nearest_names(name, known.parameters)) or f"known are {', '.join(known.parameters)}"
            yield Problem(where, f"{known.name} knows no such parameter", rendered(value), hint)
            continue
        for error in _validator(known.name, name).iter_errors(value):
            at = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path)
            message = (
                error.message[:1].lower() + error.message[1:] if error.validator != "enum" else "not a value of it"
            )
            hint = f"known are {', '.join(error.validator_value)}" if error.validator == "enum" else None
            yield Problem(f"{where}{at}", message, rendered(error.instance), hint)


@cache
def _validator(event_type: str, parameter: str) -> Draft202012Validator:
    return Draft202012Validator(event_types()[event_type].parameters[parameter])


def condition_problems(event: EventDefinition, events: Sequence[str], path: str) -> Iterator[Problem]:
    """Give what is wrong with the conditions of an event, its triggers and choices."""
    for index, predicate in enumerate(event.conditions):
        for comparison in comparisons_of(predicate):
            yield from _comparison_problems(comparison, events, f"{path}.conditions[{index}]")
    for section in ("triggers", "choices"):
        for place, following in enumerate(getattr(event, section)):
            for index, predicate in enumerate(following.conditions):
                for comparison in comparisons_of(predicate):
                    where = f"{path}.{section}[{place}].conditions[{index}]"
                    yield from _comparison_problems(comparison, events, where)


def _comparison_problems(comparison: Comparison, events: Sequence[str], path: str) -> Iterator[Problem]:
    named, operator, value = comparison.attribute, comparison.operator, comparison.value
    head, _, rest = named.partition(".")
    if named in SETS:
        if operator != "contains":
            yield Problem(f"{path}.operator", f"{named} is asked by contains", rendered(operator))
        elif named == "events" and value not in events:
            hint = did_you_mean(nearest_names(str(value), events))
            yield Problem(f"{path}.value", "no such event", rendered(value), hint)
    elif named in CATEGORIES or (head == "stage" and rest):
        yield from _category_problems(comparison, path)
    elif named == "age" or (head in {"labs", "vitals"} and rest):
        if operator == "contains" or isinstance(value, str | bool):
            yield Problem(f"{path}.value", f"{named} is compared with numbers", rendered(value))
    else:
        hint = did_you_mean(nearest_names(named, _ATTRIBUTES)) or f"known are {', '.join(_ATTRIBUTES)}"
        yield Problem(f"{path}.attribute", "no such attribute", rendered(named), hint)


def _category_problems(comparison: Comparison, path: str) -> Iterator[Problem]:
    named, value = comparison.attribute, comparison.value
    if comparison.operator not in _EQUALITIES:
        message = f"{named} can only be compared by eq, ne, in and not_in"
        yield Problem(f"{path}.operator", message, rendered(comparison.operator))
    if named in CATEGORIES:
        for each in value if isinstance(value, tuple) else (value,):
            yield from unknown_category(named, each, f"{path}.value")
