"""Tools and a prompt of the conformance suite that ask the client before they answer, in one round or several."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import mcp.types as wire
from mcp.server.context import ServerRequestContext

Request = wire.CallToolRequestParams | wire.GetPromptRequestParams
Questions = Mapping[str, wire.InputRequest]


@dataclass(frozen=True, slots=True)
class Asking:
    """What asks.

    Attributes:
        rounds: The questions of each round, by key.
        is_stateful: Whether rounds are counted in the state that the client carries.
    """

    rounds: tuple[Questions, ...]
    is_stateful: bool = False


def _form(message: str, **properties: str) -> wire.ElicitRequest:
    schema = {
        "type": "object",
        "properties": {name: {"type": kind} for name, kind in properties.items()},
        "required": list(properties),
    }
    return wire.ElicitRequest(params=wire.ElicitRequestFormParams(message=message, requested_schema=schema))


def _sample(text: str) -> wire.CreateMessageRequest:
    message = wire.SamplingMessage(role="user", content=wire.TextContent(type="text", text=text))
    return wire.CreateMessageRequest(params=wire.CreateMessageRequestParams(messages=[message], max_tokens=100))


_NAME = {"user_name": _form("What is your name?", name="string")}
_ROOTS = {"client_roots": wire.ListRootsRequest()}
_GREETING = {"greeting": _sample("Generate a greeting")}
_CONFIRM = {"confirm": _form("Please confirm", ok="boolean")}

PROMPT = "test_input_required_result_prompt"
CAPABILITIES = "test_input_required_result_capabilities"

ASKING: Mapping[str, Asking] = {
    "test_input_required_result_elicitation": Asking((_NAME,)),
    "test_streaming_elicitation": Asking((_NAME,)),
    "test_input_required_result_sampling": Asking(({"capital_question": _sample("What is the capital of France?")},)),
    "test_input_required_result_list_roots": Asking((_ROOTS,)),
    "test_input_required_result_request_state": Asking((_CONFIRM,), is_stateful=True),
    "test_input_required_result_tampered_state": Asking((_CONFIRM,), is_stateful=True),
    "test_input_required_result_multiple_inputs": Asking(({**_NAME, **_GREETING, **_ROOTS},), is_stateful=True),
    "test_input_required_result_multi_round": Asking(
        (
            {"step1": _form("Step 1: What is your name?", name="string")},
            {"step2": _form("Step 2: What is your favorite color?", color="string")},
        ),
        is_stateful=True,
    ),
    CAPABILITIES: Asking(({**_NAME, **_GREETING},)),
    PROMPT: Asking(({"user_context": _form("What context should the prompt use?", context="string")},)),
}
"""What asks, by name."""


def asked(name: str, context: ServerRequestContext[Any], request: Request) -> Any:
    """Ask the questions of the round that is reached, again those without an answer; after the last one, answer."""
    asking = ASKING[name]
    reached = int(request.request_state or 0) if asking.is_stateful else 0
    answers = request.input_responses or {}
    if asking.rounds[reached].keys() <= answers.keys():
        reached += 1
    if reached < len(asking.rounds):
        state = str(reached) if asking.is_stateful else None
        return wire.InputRequiredResult(
            input_requests=_known(name, asking.rounds[reached], context), request_state=state
        )
    text = f"state-ok: {', '.join(sorted(answers))}"
    content = wire.TextContent(type="text", text=text)
    if name == PROMPT:
        return wire.GetPromptResult(messages=[wire.PromptMessage(role="user", content=content)])
    return wire.CallToolResult(content=[content])


def _known(name: str, questions: Questions, context: ServerRequestContext[Any]) -> dict[str, wire.InputRequest]:
    """Give the questions that the client said it can answer."""
    if name != CAPABILITIES:
        return dict(questions)
    declared = context.session.client_capabilities or wire.ClientCapabilities()
    may_ask = {"elicitation/create": declared.elicitation, "sampling/createMessage": declared.sampling}
    return {key: each for key, each in questions.items() if may_ask[each.method] is not None}
