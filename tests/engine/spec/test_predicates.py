"""The language of conditions over columns."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from healthsim.spec import AllOf, AnyOf, Comparison, Not, attributes_of, evaluate
from healthsim.spec.predicates import Predicate

COLUMNS: dict[str, Any] = {
    "age": np.array([10, 40, 65, 90]),
    "gender": np.array(["F", "M", "F", "M"]),
    "conditions": {"I10": np.array([True, False, True, False])},
}
READ: TypeAdapter[Any] = TypeAdapter(Predicate)


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        ("eq", 40, [0, 1, 0, 0]),
        ("ne", 40, [1, 0, 1, 1]),
        ("gt", 65, [0, 0, 0, 1]),
        ("gte", 65, [0, 0, 1, 1]),
        ("lt", 40, [1, 0, 0, 0]),
        ("lte", 40, [1, 1, 0, 0]),
        ("in", [10, 90], [1, 0, 0, 1]),
        ("not_in", [10, 90], [0, 1, 1, 0]),
    ],
)
def test_an_operator_compares_every_row(operator: str, value: object, expected: list[int]) -> None:
    predicate = READ.validate_python({"attribute": "age", "operator": operator, "value": value})
    assert evaluate(predicate, COLUMNS).tolist() == [bool(each) for each in expected]


def test_contains_asks_for_a_member() -> None:
    has = Comparison(attribute="conditions", operator="contains", value="I10")
    lacks = Comparison(attribute="conditions", operator="contains", value="E11")
    assert evaluate(has, COLUMNS).tolist() == [True, False, True, False]
    assert not evaluate(lacks, COLUMNS).any()


def test_conditions_combine() -> None:
    document = {
        "all": [
            {"attribute": "gender", "operator": "eq", "value": "F"},
            {
                "any": [
                    {"attribute": "age", "operator": "lt", "value": 18},
                    {"not": {"attribute": "age", "operator": "lt", "value": 80}},
                ]
            },
        ]
    }
    predicate = READ.validate_python(document)
    assert evaluate(predicate, COLUMNS).tolist() == [True, False, False, False]
    assert attributes_of(predicate) == {"age", "gender"}
    assert READ.validate_python(READ.dump_python(predicate, by_alias=True)) == predicate


@given(st.integers(0, 110), st.integers(0, 110))
def test_de_morgan(low: int, high: int) -> None:
    one = Comparison(attribute="age", operator="gte", value=low)
    other = Comparison(attribute="age", operator="lt", value=high)
    both = Not(condition=AllOf(all=(one, other)))
    either = AnyOf(any=(Not(condition=one), Not(condition=other)))
    assert (evaluate(both, COLUMNS) == evaluate(either, COLUMNS)).all()


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"all": []},
        {"attribute": "age", "operator": "like", "value": 1},
        {"attribute": "age", "operator": "eq"},
        {"all": [{"attribute": "age", "operator": "eq", "value": 1}], "any": []},
        "__import__('os')",
    ],
    ids=str,
)
def test_what_is_no_condition_is_refused(document: Any) -> None:  # noqa: ANN401 - whatever is wrong
    with pytest.raises(ValidationError):
        READ.validate_python(document)


def test_an_unknown_column_is_an_error() -> None:
    with pytest.raises(KeyError):
        evaluate(Comparison(attribute="height", operator="eq", value=1), COLUMNS)
