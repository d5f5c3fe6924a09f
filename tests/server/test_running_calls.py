"""Calls that take a while: beside each other, with progress, and taken back."""

import json
import re
from pathlib import Path
from threading import Event
from typing import Any

import anyio
import pytest
from mcp import Client
from mcp.types import CallToolResult

from healthsim import generate, get_manager
from healthsim_mcp import server as server_module
from healthsim_mcp.server import healthsim_server
from healthsim_mcp.settings import Settings
from server.calling import text_of

MANY = {"condition": "diabetes", "count": 60_000, "seed": 1}


def server_of(workspace: Path) -> Any:  # noqa: ANN401 - generic in a type of no interest
    return healthsim_server(Settings(db=str(workspace)))


def left_in(workspace: Path) -> list[str]:
    return sorted(path.name for path in workspace.with_suffix(".cohorts").glob("*"))


def test_two_calls_at_once_both_answer(workspace: Path) -> None:
    answers: dict[int, CallToolResult] = {}

    async def call_both() -> None:
        async with Client(server_of(workspace)) as client, anyio.create_task_group() as tasks:

            async def call(seed: int) -> None:
                answers[seed] = await client.call_tool("generate_cohort", {**MANY, "count": 15_000, "seed": seed})

            tasks.start_soon(call, 1)
            tasks.start_soon(call, 2)

    anyio.run(call_both)
    assert not any(answer.is_error for answer in answers.values())
    digests = {seed: json.loads(text_of(answer))["digest"] for seed, answer in answers.items()}
    assert digests[1] != digests[2]
    alone = generate(condition="diabetes", count=15_000, seed=2)
    assert digests[2] == alone.digest


def test_the_same_call_twice_at_once_keeps_one_cohort(workspace: Path) -> None:
    existing = []

    async def call_both() -> None:
        async with Client(server_of(workspace)) as client, anyio.create_task_group() as tasks:

            async def call() -> None:
                answer = await client.call_tool("generate_cohort", {**MANY, "count": 15_000})
                existing.append(json.loads(text_of(answer))["existing"])

            tasks.start_soon(call)
            tasks.start_soon(call)

    anyio.run(call_both)
    assert sorted(existing) == [False, True]
    assert len(get_manager(workspace).list_cohorts()) == 1
    assert len(left_in(workspace)) == 1


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_call_taken_back_leaves_nothing(workspace: Path, mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    under_way = Event()
    in_block = server_module.Call.progress

    def noticed(call: server_module.Call, done: int, total: int) -> None:
        under_way.set()
        in_block(call, done, total)

    monkeypatch.setattr(server_module.Call, "progress", noticed)

    async def call_and_take_back() -> None:
        async with Client(server_of(workspace), mode=mode) as client, anyio.create_task_group() as tasks:
            tasks.start_soon(client.call_tool, "generate_cohort", {**MANY, "count": 400_000})
            await anyio.to_thread.run_sync(under_way.wait)
            tasks.cancel_scope.cancel()

    anyio.run(call_and_take_back)
    assert get_manager(workspace).list_cohorts() == []
    assert left_in(workspace) == []


def test_progress_grows_up_to_the_people_asked_for(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "_REPORT_SECONDS", 0.001)
    reports: list[tuple[float, float | None]] = []
    messages: set[str | None] = set()

    async def listen(done: float, total: float | None, message: str | None) -> None:
        await anyio.lowlevel.checkpoint()
        reports.append((done, total))
        messages.add(message)

    async def call() -> None:
        async with Client(server_of(workspace)) as client:
            await client.call_tool("generate_cohort", MANY, progress_callback=listen)

    anyio.run(call)
    done = [each for each, _ in reports]
    assert done
    assert done == sorted(set(done))
    assert done[-1] < MANY["count"] + 1
    assert {total for _, total in reports} - {None} == {MANY["count"] + 1}
    assert any(
        re.fullmatch(r"[\d,]+ of 60,000 people, [\d,]+ a second, about \d+ s left", str(each)) for each in messages
    )


def test_a_bug_is_told_without_its_insides_and_logged(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(**_arguments: object) -> None:
        raise ZeroDivisionError("in /secret/place.py")

    monkeypatch.setattr("healthsim.generate", broken, raising=False)

    async def call() -> CallToolResult:
        async with Client(server_of(workspace)) as client:
            return await client.call_tool("generate_cohort", {"count": 1})

    result = anyio.run(call)
    assert result.is_error
    assert text_of(result) == "internal error in generate_cohort; the server's log has the details"
    assert "/secret/place.py" in caplog.text
