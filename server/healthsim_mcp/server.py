"""The server: registers the tools, checks their arguments, runs them beside the loop, and bounds their replies."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from time import monotonic
from typing import Any

import anyio
import anyio.lowlevel
import anyio.to_thread
import mcp.types as wire
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError

from healthsim.errors import InvalidInputError, nearest_names
from healthsim.version import ENGINE_VERSION
from healthsim_mcp.call import Call
from healthsim_mcp.completions import completion
from healthsim_mcp.errors import reply_of
from healthsim_mcp.logs import OURS
from healthsim_mcp.prompts import prompt, prompts
from healthsim_mcp.repeats import Repeats
from healthsim_mcp.replies import replied
from healthsim_mcp.resources import resource, resource_templates, resources
from healthsim_mcp.runs import Runs
from healthsim_mcp.settings import INSTRUCTIONS, NAME, Settings
from healthsim_mcp.tools import TOOLS, Tool
from healthsim_mcp.validation import checked, tool_schema

_LOGGER = logging.getLogger(OURS)

_REPORT_SECONDS = 1.0
_KEEPING = 1
"""Steps that follow the people: the cohort is kept."""

_A_LITTLE = 1e-6
"""By how much of a person a report grows while a block is at work: the protocol wants each to be more than the last."""

_UNTOLD = ("minLength", "maxLength", "pattern", "minimum", "maximum", "minItems", "default")

_Context = ServerRequestContext[Any]
_Page = wire.PaginatedRequestParams | None
Report = Callable[[float, float | None, str | None], Awaitable[None]]


def healthsim_server(settings: Settings) -> Server[Any]:
    """Build a server: its tools, and as extras resources, prompts and completions."""
    tools = {tool.name: tool for tool in TOOLS if tool.is_read_only or not settings.is_read_only}
    runs, repeats = Runs(), Repeats()

    async def list_tools(_context: _Context, _page: _Page) -> wire.ListToolsResult:
        return wire.ListToolsResult(tools=[definition(tool) for tool in tools.values()])

    async def call_tool(context: _Context, request: wire.CallToolRequestParams) -> wire.CallToolResult:
        tool = _tool(request.name, tools)
        call = Call(settings, runs, repeats)
        return await called(tool, request.arguments or {}, call, context.session.report_progress)

    async def list_resources(_context: _Context, _page: _Page) -> wire.ListResourcesResult:
        return wire.ListResourcesResult(resources=resources())

    async def list_templates(_context: _Context, _page: _Page) -> wire.ListResourceTemplatesResult:
        return wire.ListResourceTemplatesResult(resource_templates=resource_templates())

    async def read_resource(_context: _Context, request: wire.ReadResourceRequestParams) -> wire.ReadResourceResult:
        content = await anyio.to_thread.run_sync(resource, request.uri, settings)
        return wire.ReadResourceResult(contents=[content])

    async def list_prompts(_context: _Context, _page: _Page) -> wire.ListPromptsResult:
        return wire.ListPromptsResult(prompts=prompts())

    async def get_prompt(_context: _Context, request: wire.GetPromptRequestParams) -> wire.GetPromptResult:
        return prompt(request.name, request.arguments or {})

    async def complete(_context: _Context, request: wire.CompleteRequestParams) -> wire.CompleteResult:
        found = await anyio.to_thread.run_sync(completion, request.ref, request.argument, settings)
        return wire.CompleteResult(completion=found)

    return Server(
        NAME,
        version=ENGINE_VERSION,
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_list_resource_templates=list_templates,
        on_read_resource=read_resource,
        on_list_prompts=list_prompts,
        on_get_prompt=get_prompt,
        on_completion=complete,
    )


def definition(tool: Tool) -> wire.Tool:
    """Describe a tool to clients; whether it destroys or may be repeated is said of one that writes."""
    schema = tool_schema(tool.name)
    arguments = {key: value for key, value in schema.items() if key not in {"title", "description"}}
    return wire.Tool(
        name=tool.name,
        title=schema["title"],
        description=schema["description"],
        input_schema=_told(arguments),
        annotations=wire.ToolAnnotations(
            read_only_hint=tool.is_read_only,
            destructive_hint=None if tool.is_read_only else tool.is_destructive,
            idempotent_hint=None if tool.is_read_only else tool.is_idempotent,
            open_world_hint=False,
        ),
    )


def _told(schema: Any) -> Any:  # noqa: ANN401 - JSON
    """Leave bounds, patterns and defaults out: they guard the server, and descriptions say what they mean."""
    if isinstance(schema, Mapping):
        return {key: _told(part) for key, part in schema.items() if key not in _UNTOLD}
    return [_told(part) for part in schema] if isinstance(schema, list) else schema


async def called(tool: Tool, arguments: Mapping[str, Any], call: Call, report: Report) -> wire.CallToolResult:
    """Answer a call; whatever is wrong with it is told in the reply."""
    began = monotonic()
    try:
        outcome = await _outcome(tool, checked(tool.name, arguments), call, report)
    except InvalidInputError as error:
        outcome = error
    reply = reply_of(outcome, tool.name) if isinstance(outcome, Exception) else replied(outcome)
    _log(tool, reply, monotonic() - began)
    return reply


def _log(tool: Tool, reply: wire.CallToolResult, seconds: float) -> None:
    """Tell of a call how it went, and nothing of what was asked and answered."""
    told = {"tool": tool.name, "seconds": round(seconds, 3), "outcome": "refused" if reply.is_error else "answered"}
    length = sum(len(part.text) for part in reply.content if isinstance(part, wire.TextContent))
    _LOGGER.info("call", extra={**told, "characters": length})


def _tool(name: str, tools: Mapping[str, Tool]) -> Tool:
    """Give a tool by its name.

    Raises:
        MCPError: There is no such tool, or it writes and the server is read-only.
    """
    if name in tools:
        return tools[name]
    if any(name == tool.name for tool in TOOLS):
        raise MCPError(wire.INVALID_PARAMS, f"{name} writes, and this server is read-only")
    near = nearest_names(name, tools)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise MCPError(wire.INVALID_PARAMS, f"no such tool: {name[:64]}{hint}")


async def _outcome(
    tool: Tool, arguments: Mapping[str, Any], call: Call, report: Report
) -> Mapping[str, Any] | Exception:
    """Run a tool beside the loop; give its answer, or the error it ended with.

    Progress is reported while it runs. A thread cannot be cancelled: when the call is, the tool is told so, asks at
    every block whether it should go on, and is waited for.
    """

    async def watch() -> None:
        told = 0.0
        try:
            while True:
                await anyio.sleep(_REPORT_SECONDS)
                told = max(float(call.done), told + _A_LITTLE)
                await report(told, call.total + _KEEPING if call.total else None, call.standing())
        finally:
            call.stopped.set()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(watch)
        try:
            outcome: Mapping[str, Any] | Exception = await anyio.to_thread.run_sync(tool.handler, arguments, call)
        except Exception as error:  # noqa: BLE001 - told in the reply; a bare task group would wrap it
            outcome = error
        tasks.cancel_scope.cancel()
    await anyio.lowlevel.checkpoint_if_cancelled()  # a call taken back meanwhile gives its caller no answer
    call.answered.set()
    return outcome
