"""What the conformance suite asks a server to have: tools, resources and prompts that do nothing but show a feature.

They stand on the shipped server, built by its own factory, and in front of its own tools: whatever is not of the suite
is answered by HealthSim.
"""

import json
from collections.abc import Mapping
from typing import Any

import mcp.types as wire
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.request_state import RequestStateBoundary, RequestStateSecurity

from conformance.questions import ASKING, asked
from conformance.tools import ARGUMENTS, PNG, TOOLS, embedded_resource, image, text_content
from healthsim_mcp.server import healthsim_server
from healthsim_mcp.settings import NAME, Settings

Context = ServerRequestContext[Any]


def conformance_server(settings: Settings) -> Server[Any]:
    """Build the shipped server with the suite's fixtures."""
    server = healthsim_server(settings)
    server.middleware.append(RequestStateBoundary(RequestStateSecurity.ephemeral(), default_audience=NAME))
    _add_tools(server)
    _add_resources(server)
    _add_prompts(server)

    async def set_level(_context: Context, _request: wire.SetLevelRequestParams) -> wire.EmptyResult:
        return wire.EmptyResult()

    server.add_request_handler("logging/setLevel", wire.SetLevelRequestParams, set_level)
    return server


def _add_tools(server: Server[Any]) -> None:
    async def listed(context: Context, page: Any) -> wire.ListToolsResult:
        own = await list_own(context, page)
        fixtures = [
            wire.Tool(
                name=name,
                description="Of the conformance suite.",
                input_schema={"type": "object", "properties": ARGUMENTS.get(name, {})},
            )
            for name in (*TOOLS, *ASKING)
        ]
        return wire.ListToolsResult(tools=[*own.tools, *fixtures])

    async def called(context: Context, request: wire.CallToolRequestParams) -> Any:
        if request.name in ASKING:
            return asked(request.name, context, request)
        if request.name in TOOLS:
            return await TOOLS[request.name](context, request.arguments or {})
        return await call_own(context, request)

    list_own = _replaced(server, "tools/list", listed)
    call_own = _replaced(server, "tools/call", called)


def _add_resources(server: Server[Any]) -> None:
    async def listed(context: Context, page: Any) -> wire.ListResourcesResult:
        own = await list_own(context, page)
        fixtures = [wire.Resource(name=uri.removeprefix("test://"), uri=uri) for uri in _RESOURCES]
        return wire.ListResourcesResult(resources=[*own.resources, *fixtures])

    async def read(context: Context, request: wire.ReadResourceRequestParams) -> Any:
        found = _resource(request.uri)
        return wire.ReadResourceResult(contents=[found]) if found else await read_own(context, request)

    async def noted(_context: Context, _request: Any) -> wire.EmptyResult:
        return wire.EmptyResult()

    list_own = _replaced(server, "resources/list", listed)
    read_own = _replaced(server, "resources/read", read)
    server.add_request_handler("resources/subscribe", wire.SubscribeRequestParams, noted)
    server.add_request_handler("resources/unsubscribe", wire.UnsubscribeRequestParams, noted)


def _add_prompts(server: Server[Any]) -> None:
    async def listed(context: Context, page: Any) -> wire.ListPromptsResult:
        own = await list_own(context, page)
        fixtures = [
            wire.Prompt(
                name=name,
                description="Of the conformance suite.",
                arguments=[wire.PromptArgument(name=each, required=True) for each in arguments],
            )
            for name, arguments in _PROMPTS.items()
        ]
        return wire.ListPromptsResult(prompts=[*own.prompts, *fixtures])

    async def given(context: Context, request: wire.GetPromptRequestParams) -> Any:
        if request.name in ASKING:
            return asked(request.name, context, request)
        if request.name in _PROMPTS:
            return wire.GetPromptResult(
                messages=[
                    wire.PromptMessage(role="user", content=content)
                    for content in _prompt(request.name, request.arguments or {})
                ]
            )
        return await give_own(context, request)

    list_own = _replaced(server, "prompts/list", listed)
    give_own = _replaced(server, "prompts/get", given)


def _replaced(server: Server[Any], method: str, handler: Any) -> Any:
    """Put a handler in the place of the server's own, and give that one."""
    own = server.get_request_handler(method)
    assert own is not None
    server.add_request_handler(method, own.params_type, handler)
    return own.handler


_RESOURCES = ("test://static-text", "test://static-binary", "test://watched-resource")
_PROMPTS: Mapping[str, tuple[str, ...]] = {
    "test_simple_prompt": (),
    "test_prompt_with_arguments": ("arg1", "arg2"),
    "test_prompt_with_embedded_resource": ("resourceUri",),
    "test_prompt_with_image": (),
}


def _resource(uri: str) -> wire.TextResourceContents | wire.BlobResourceContents | None:
    if uri == "test://static-binary":
        return wire.BlobResourceContents(uri=uri, mime_type="image/png", blob=PNG)
    if uri in _RESOURCES:
        text = "This is the content of the static text resource."
        return wire.TextResourceContents(uri=uri, mime_type="text/plain", text=text)
    if uri.startswith("test://template/") and uri.endswith("/data"):
        name = uri.removeprefix("test://template/").removesuffix("/data")
        text = json.dumps({"id": name, "templateTest": True, "data": f"Data for ID: {name}"})
        return wire.TextResourceContents(uri=uri, mime_type="application/json", text=text)
    return None


def _prompt(name: str, arguments: Mapping[str, str]) -> list[Any]:
    if name == "test_simple_prompt":
        return [text_content("This is a simple prompt for testing.")]
    if name == "test_prompt_with_arguments":
        return [text_content(f"Prompt with arguments: arg1='{arguments['arg1']}', arg2='{arguments['arg2']}'")]
    if name == "test_prompt_with_image":
        return [image(), text_content("Please analyze the image above.")]
    embedded = embedded_resource(arguments["resourceUri"], "text/plain", "Embedded resource content for testing.")
    return [embedded, text_content("Please process the embedded resource above.")]
