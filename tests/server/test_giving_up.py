"""Clients that give up at random moments: what they were not told of is not there twice, whenever they ask again."""

import json
from pathlib import Path
from random import Random
from typing import Any

import anyio
import pytest
from mcp import Client

from healthsim import get_manager
from healthsim_mcp.server import healthsim_server
from healthsim_mcp.settings import Settings
from server.calling import text_of

PEOPLE = 20_000
PATIENCE = 2.0
"""How long a client waits at most, in times that a call took where nobody gave up."""


async def give_up_and_ask_again(client: Client, arguments: dict[str, Any], after: float) -> tuple[bool, str]:
    """Ask, give up after some seconds, ask again; tell whether the first was answered, and the cohort last told of."""
    first = None
    with anyio.move_on_after(after):
        first = await client.call_tool("generate_cohort", arguments)
    told = first or await client.call_tool("generate_cohort", arguments)
    assert not told.is_error, text_of(told)
    cohort_id: str = json.loads(text_of(told))["cohort_id"]
    return first is not None, cohort_id


async def give_up(client: Client, workspace: Path, clients: int, longest: float) -> list[bool]:
    """Let clients give up one after another, each with a request of its own; tell which were answered at first."""
    moments, answered = Random(clients), list[bool]()  # noqa: S311 - moments, no secrets
    announced = {cohort["cohort_id"] for cohort in get_manager(workspace).list_cohorts()}
    for number in range(clients):
        asked: dict[str, Any] = {"condition": "copd", "count": PEOPLE + number}
        if moments.random() < 0.5:  # without a seed each call draws its own
            asked["seed"] = number
        was_answered, cohort_id = await give_up_and_ask_again(client, asked, moments.uniform(0, longest))
        answered.append(was_answered)
        announced.add(cohort_id)
        assert {cohort["cohort_id"] for cohort in get_manager(workspace).list_cohorts(1_000)} == announced
    return answered


async def usual_seconds(client: Client) -> float:
    """Ask as the others do, and tell how long the answer takes; once before, so that all is loaded."""
    for number in (1, 2):
        started = anyio.current_time()
        answer = await client.call_tool("generate_cohort", {"condition": "copd", "count": PEOPLE - number})
        assert not answer.is_error, text_of(answer)
    return anyio.current_time() - started


async def trial(workspace: Path, clients: int, mode: Any) -> list[bool]:  # noqa: ANN401 - a literal of the client
    async with Client(healthsim_server(Settings(db=str(workspace))), mode=mode) as client:
        longest = PATIENCE * await usual_seconds(client)
        answered = await give_up(client, workspace, clients, longest)
        await anyio.sleep(longest)
        kept = get_manager(workspace).list_cohorts(1_000)
    assert len(kept) == clients + 2
    assert len(list(workspace.with_suffix(".cohorts").glob("*.duckdb"))) == clients + 2
    return answered


def test_clients_that_give_up_and_ask_again_have_one_cohort_each(workspace: Path) -> None:
    anyio.run(trial, workspace, 4, "auto")


@pytest.mark.torture
@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_hundred_clients_that_give_up_and_ask_again_have_one_cohort_each(workspace: Path, mode: str) -> None:
    answered = anyio.run(trial, workspace, 100, mode)
    assert not all(answered)
    assert any(answered)
