"""Arguments generated from each tool's own schema, whole and broken: an answer or a short refusal."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis_jsonschema import from_schema

from healthsim_mcp.replies import HARD_CAP
from healthsim_mcp.tools import TOOLS
from healthsim_mcp.validation import tool_schema
from server.calling import Caller, connected, text_of

LONGEST_ERROR = 600
NAMES = [tool.name for tool in TOOLS]
PROFILE = {"generation": {"count": 5, "seed": 5}, "clinical": {"primary_condition": {"code": "E11"}}}
JOURNEY = {"id": "check", "events": [{"id": "visit", "event_type": "encounter"}]}

# What is there, so that arguments of the right shape also lead somewhere; counts small, so that it takes a moment.
KNOWN: Mapping[str, st.SearchStrategy[Any]] = {
    "count": st.integers(1, 20),
    "seed": st.integers(0, 3),
    "cohort_id": st.sampled_from(["people", "people", "co_none", "", "../people", "people'--"]),
    "profile": st.sampled_from([PROFILE, {"profile": PROFILE}, {"demographics": {"reference": {"fips": "48201"}}}]),
    "profile_name": st.sampled_from(["known", "unknown", "1"]),
    "journey": st.sampled_from(["check", "diabetic-year-one", "none", JOURNEY, {"id": "x", "events": []}]),
    "start_date": st.sampled_from(["2024-01-01", "2024-02-30", "9999-12-31"]),
    "condition": st.sampled_from(["diabetes", "E11", "copd", "nothing"]),
    "county_fips": st.sampled_from(["48201", "Cook, IL", "99999", ""]),
    "fips": st.sampled_from(["48201", "01001", "1"]),
    "state": st.sampled_from(["TX", "Texas", "ZZ", ""]),
    "city": st.sampled_from(["HOUSTON", "", "Nowhere"]),
    "specialty": st.sampled_from(["cardiology", "none"]),
    "min_age": st.integers(-5, 130),
    "max_age": st.integers(-5, 130),
    "sql": st.sampled_from(
        [
            *("SELECT 1", "SELECT * FROM patients", "SELECT", "DROP TABLE patients", "SELECT 1; SELECT 2", "\x00"),
            *("SELECT * FROM read_csv('/etc/passwd')", "COPY patients TO '/tmp/x'", "SELECT 1/0", "PRAGMA version"),
        ]
    ),
    "execution_id": st.integers(-1, 3),
    "run_id": st.sampled_from(["run_none", ""]),
    "tables": st.lists(st.sampled_from(["patients", "labs", "none"]), max_size=3),
    "directory": st.sampled_from(["out", "a/b", "../out", "/", "/proc/x", "", "."]),
    "path": st.sampled_from(["monitoring.labs", "x", "", "a..b"]),
    "cursor": st.sampled_from(["0", "5", "999999"]),
}
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([2**63, -(2**63) - 1, 10**40])
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["\ud800", "\u202e", "a\x00b", "'; --", "{}", "9" * 400]),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(max_size=8), part, max_size=3),
    max_leaves=6,
)


DOCUMENTS = ("profile", "journey")


def whole(tool: str) -> st.SearchStrategy[dict[str, Any]]:
    """Give arguments of the shape that the schema asks for, most of them with names of what is there."""
    schema = tool_schema(tool)
    named = {name: _named(name, part) for name, part in schema["properties"].items()}
    needed = set(schema.get("required", ()))
    return st.fixed_dictionaries(
        {name: each for name, each in named.items() if name in needed},
        optional={name: each for name, each in named.items() if name not in needed},
    )


def _named(name: str, part: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """Give values of an argument; documents and counts are ours: the schema leaves the first open, the second large."""
    if name in DOCUMENTS or name == "count":
        return KNOWN[name]
    return KNOWN[name] | from_schema(part) if name in KNOWN else from_schema(part)


@st.composite
def broken(draw: st.DrawFn, tool: str) -> dict[str, Any]:
    """Give arguments of which some are missing, some are anything, and some nobody knows."""
    arguments = draw(whole(tool))
    for name in draw(st.lists(st.sampled_from(sorted(tool_schema(tool)["properties"])), max_size=3)):
        if draw(st.booleans()):
            arguments.pop(name, None)
        elif name != "count":
            arguments[name] = draw(ANYTHING)
    return {**arguments, **draw(st.dictionaries(st.text(max_size=8), ANYTHING, max_size=2))}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Any:  # noqa: ANN401 - a client and its place
    """Give a client of a workspace where there is something of each kind, and the folder it lies in."""
    home = tmp_path_factory.mktemp("place-of-the-workspace")
    with connected(home / "workspace.duckdb") as caller:
        caller.answer("save_profile", name="known", profile=PROFILE)
        caller.answer("save_journey", name="check", journey=JOURNEY)
        caller.answer("generate_cohort", profile_name="known", name="people")
        yield caller, home


def check(caller: Caller, home: Path, tool: str, arguments: dict[str, Any]) -> None:
    """Call, and hold the reply to its promises; a client that cannot be asked raises."""
    if not caller.answer("list_library", kind="cohorts", search="people")["items"]:
        caller.answer("generate_cohort", profile=PROFILE, name="people")
    result = caller.call(tool, **arguments)
    text = text_of(result)
    assert len(text) <= HARD_CAP
    assert not re.search(r"Traceback|File \"|site-packages|\.py\b|0x[0-9a-f]{6}", text)
    if result.is_error:
        assert len(text) <= LONGEST_ERROR
        assert "internal error" not in text
        assert str(home) not in text
    else:
        assert json.loads(text) == result.structured_content


def trial(examples: int) -> Any:  # noqa: ANN401 - a decorator
    return settings(
        deadline=None,
        max_examples=examples,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
    )


@pytest.mark.parametrize("tool", NAMES)
@trial(10)
@given(drawn=st.data())
def test_whole_and_broken_arguments_get_an_answer_or_a_short_refusal(
    prepared: tuple[Caller, Path], tool: str, drawn: st.DataObject
) -> None:
    check(*prepared, tool, drawn.draw(whole(tool) | broken(tool)))


@pytest.mark.torture
@pytest.mark.parametrize("tool", NAMES)
@trial(1_000)
@given(drawn=st.data())
def test_a_thousand_whole_and_broken_arguments_get_an_answer_or_a_short_refusal(
    prepared: tuple[Caller, Path], tool: str, drawn: st.DataObject
) -> None:
    check(*prepared, tool, drawn.draw(whole(tool) | broken(tool)))
