"""The conformance suite's tools that answer in one round."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import anyio
import mcp.types as wire
from mcp.server.context import ServerRequestContext
from mcp.shared.exceptions import MCPError
from mcp.types import MISSING_REQUIRED_CLIENT_CAPABILITY

Context = ServerRequestContext[Any]
Tool = Callable[[Context, Mapping[str, Any]], Awaitable[wire.CallToolResult]]

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=="
WAV = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA="
PAUSE = 0.05


def text_content(text: str) -> wire.TextContent:
    return wire.TextContent(type="text", text=text)


def image() -> wire.ImageContent:
    return wire.ImageContent(type="image", data=PNG, mime_type="image/png")


def embedded_resource(uri: str, mime_type: str, text: str) -> wire.EmbeddedResource:
    content = wire.TextResourceContents(uri=uri, mime_type=mime_type, text=text)
    return wire.EmbeddedResource(type="resource", resource=content)


def _showing(*content: Any) -> Tool:
    """Give a tool that answers with the same content always."""

    async def show(_context: Context, _arguments: Mapping[str, Any]) -> wire.CallToolResult:
        return wire.CallToolResult(content=list(content))

    return show


async def _failing(_context: Context, _arguments: Mapping[str, Any]) -> wire.CallToolResult:
    return wire.CallToolResult(
        content=[text_content("This tool intentionally returns an error for testing")], is_error=True
    )


async def _logging(context: Context, _arguments: Mapping[str, Any]) -> wire.CallToolResult:
    for step in ("Tool execution started", "Tool processing data", "Tool execution completed"):
        await context.session.send_log_message("info", step, related_request_id=context.request_id)
        await anyio.sleep(PAUSE)
    return wire.CallToolResult(content=[text_content("three messages were logged")])


async def _progressing(context: Context, _arguments: Mapping[str, Any]) -> wire.CallToolResult:
    for done in (0, 50, 100):
        await context.session.report_progress(done, 100)
        await anyio.sleep(PAUSE)
    return wire.CallToolResult(content=[text_content("progress was reported")])


async def _requiring(context: Context, _arguments: Mapping[str, Any]) -> wire.CallToolResult:
    """Refuse a client that did not say that it samples."""
    declared = context.session.client_capabilities or wire.ClientCapabilities()
    if declared.sampling is None:
        required = wire.ClientCapabilities(sampling=wire.SamplingCapability())
        data = wire.MissingRequiredClientCapabilityErrorData(required_capabilities=required)
        told = data.model_dump(mode="json", by_alias=True, exclude_none=True)
        raise MCPError(MISSING_REQUIRED_CLIENT_CAPABILITY, "this tool needs a client that samples", told)
    return wire.CallToolResult(content=[text_content("the client samples")])


async def _sampling(context: Context, arguments: Mapping[str, Any]) -> wire.CallToolResult:
    message = wire.SamplingMessage(role="user", content=text_content(str(arguments.get("prompt", ""))))
    sampled = await context.session.create_message([message], max_tokens=100, related_request_id=context.request_id)
    told = sampled.content.text if isinstance(sampled.content, wire.TextContent) else "no text"
    return wire.CallToolResult(content=[text_content(f"LLM response: {told}")])


def _eliciting(properties: Mapping[str, Any], required: tuple[str, ...] = ()) -> Tool:
    """Give a tool that asks the user for properties."""
    schema = {"type": "object", "properties": dict(properties), "required": list(required)}

    async def elicit(context: Context, arguments: Mapping[str, Any]) -> wire.CallToolResult:
        message = str(arguments.get("message", "Please fill this in"))
        told = await context.session.elicit(message, schema, related_request_id=context.request_id)
        text = f"Elicitation completed: action={told.action}, content={json.dumps(told.content or {})}"
        return wire.CallToolResult(content=[text_content(text)])

    return elicit


def _titled(**titles: str) -> list[dict[str, str]]:
    return [{"const": value, "title": title} for value, title in titles.items()]


_OPTIONS = ["option1", "option2", "option3"]
_ENUMS = {
    "untitledSingle": {"type": "string", "enum": _OPTIONS},
    "titledSingle": {"type": "string", "oneOf": _titled(value1="First Option", value2="Second Option")},
    "legacyEnum": {"type": "string", "enum": ["opt1", "opt2"], "enumNames": ["Option One", "Option Two"]},
    "untitledMulti": {"type": "array", "items": {"type": "string", "enum": _OPTIONS}},
    "titledMulti": {"type": "array", "items": {"anyOf": _titled(value1="First Choice", value2="Second Choice")}},
}
_DEFAULTS = {
    "name": {"type": "string", "default": "John Doe"},
    "age": {"type": "integer", "default": 30},
    "score": {"type": "number", "default": 95.5},
    "status": {"type": "string", "enum": ["active", "inactive", "pending"], "default": "active"},
    "verified": {"type": "boolean", "default": True},
}
_USER = {"username": {"type": "string"}, "email": {"type": "string"}}

TOOLS: Mapping[str, Tool] = {
    "test_simple_text": _showing(text_content("This is a simple text response for testing.")),
    "test_image_content": _showing(image()),
    "test_audio_content": _showing(wire.AudioContent(type="audio", data=WAV, mime_type="audio/wav")),
    "test_embedded_resource": _showing(
        embedded_resource("test://embedded-resource", "text/plain", "This is an embedded resource content.")
    ),
    "test_multiple_content_types": _showing(
        text_content("Multiple content types test:"),
        image(),
        embedded_resource("test://mixed-content-resource", "application/json", '{"test":"data","value":123}'),
    ),
    "test_error_handling": _failing,
    "test_tool_with_logging": _logging,
    "test_tool_with_progress": _progressing,
    "test_logging_tool": _logging,
    "test_missing_capability": _requiring,
    "test_sampling": _sampling,
    "test_elicitation": _eliciting(_USER, ("username", "email")),
    "test_elicitation_sep1034_defaults": _eliciting(_DEFAULTS),
    "test_elicitation_sep1330_enums": _eliciting(_ENUMS),
}
"""The suite's tools, by name; those that ask in several rounds are in `questions`."""

ARGUMENTS: Mapping[str, Any] = {
    "test_sampling": {"prompt": {"type": "string"}},
    "test_elicitation": {"message": {"type": "string"}},
}
"""What the tools that take arguments take."""
