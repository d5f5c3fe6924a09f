"""What clients are told of the tools."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from mcp.shared.exceptions import MCPError

from healthsim.content import content_directory
from healthsim_mcp.tools import TOOLS
from server.calling import Caller, connected

NAMES = [
    "generate_cohort",
    "get_run",
    "run_journey",
    "explain_profile",
    "save_profile",
    "save_journey",
    "list_library",
    "get_item",
    "lookup_county",
    "find_providers",
    "lookup_skill",
    "get_cohort_summary",
    "query_cohort",
    "export_cohort",
    "rerun_execution",
    "delete_cohort",
]
WRITING = {
    "generate_cohort",
    "get_run",
    "run_journey",
    "save_profile",
    "save_journey",
    "export_cohort",
    "delete_cohort",
}
MOST_TOKENS = 2_500
CHARACTERS_A_TOKEN = 4.25  # definitions of tools: 4.28 counted with the o200k vocabulary


def arguments_of(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from schema["properties"].items()


def test_the_tools_are_listed_in_their_order(shared_caller: Caller) -> None:
    assert list(shared_caller.tools()) == NAMES


def test_every_schema_file_belongs_to_a_tool_and_every_tool_has_one() -> None:
    assert {path.stem for path in (content_directory("schemas") / "tools").glob("*.json")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_tool_and_each_of_its_arguments_is_described(shared_caller: Caller, name: str) -> None:
    tool = shared_caller.tools()[name]
    assert tool.title
    assert len(tool.description) > 40
    undescribed = [argument for argument, schema in arguments_of(tool.input_schema) if not schema.get("description")]
    assert undescribed == []


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_valid_and_closed(shared_caller: Caller, name: str) -> None:
    schema = shared_caller.tools()[name].input_schema
    Draft202012Validator.check_schema(schema)
    assert schema["type"] == "object"
    assert schema["additionalProperties"] is False


def test_all_definitions_together_stay_within_their_tokens(shared_caller: Caller) -> None:
    tools = [tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in shared_caller.tools().values()]
    assert len(json.dumps(tools, separators=(",", ":"))) / CHARACTERS_A_TOKEN < MOST_TOKENS


def test_a_tool_says_whether_it_writes_destroys_and_may_be_repeated(shared_caller: Caller) -> None:
    hints = {name: tool.annotations for name, tool in shared_caller.tools().items()}
    assert {name for name, hint in hints.items() if not hint.read_only_hint} == WRITING
    assert [name for name, hint in hints.items() if hint.destructive_hint] == ["delete_cohort"]
    assert {name for name in WRITING if not hints[name].idempotent_hint} == {"generate_cohort", "export_cohort"}
    assert not any(hint.open_world_hint for hint in hints.values())


def test_generating_is_not_said_to_be_idempotent_because_it_may_draw_a_seed(
    shared_caller: Caller,
) -> None:
    assert shared_caller.tools()["generate_cohort"].annotations.idempotent_hint is False


def test_the_server_lists_what_the_tools_are_registered_as() -> None:
    assert [tool.name for tool in TOOLS] == NAMES


def test_a_read_only_server_offers_what_changes_nothing_and_refuses_the_rest(workspace: Path) -> None:
    with connected(workspace, is_read_only=True) as caller:
        assert list(caller.tools()) == [name for name in NAMES if name not in WRITING]
        with pytest.raises(MCPError, match="read-only"):
            caller.call("generate_cohort", condition="copd", count=1)
    assert not workspace.exists()
