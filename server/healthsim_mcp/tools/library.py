"""Tools that tell what there is: lists a line an item, and one item whole."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from healthsim.errors import InvalidInputError, NotFoundError, Problem, rendered
from healthsim_mcp.call import Call
from healthsim_mcp.replies import HARD_CAP, cleaned, fenced, shown
from healthsim_mcp.resources import KINDS
from healthsim_mcp.schemas import schema_document, schema_outline
from healthsim_mcp.sizes import CONCISE_TOKENS, DETAILED_TOKENS, compact, estimated_tokens
from healthsim_mcp.tools.summaries import brief
from healthsim_mcp.tools.tool import Tool

_DEFAULT_ITEMS = 50
_ENVELOPE_TOKENS, _ENVELOPE_CHARACTERS = 60, 600
"""What a reply takes around its items, and around a document."""

_LONGEST_TEXT = 80
"""Characters of a description in a list."""

_FILTERS = {
    "profiles": {"search", "tags", "product"},
    "journeys": {"search", "tags", "product"},
    "cohorts": {"search", "tags", "product"},
    "executions": set[str](),
    "skills": {"search"},
    "schemas": {"search"},
}
_ARGUMENTS = {"$": "$.name", "$.execution_id": "$.name", "$.cohort_id": "$.name"}
"""Arguments of `get_item` that the engine calls otherwise."""

_MOST_NAMES = 1_000
"""Saved journeys among which the nearest is looked for."""

_LEFT_OUT = "about 1,000 tokens"
_WHOLE = {
    "profiles": "the command `healthsim profiles show` prints a profile whole",
    "journeys": "the command `healthsim journey` shows a journey whole",
    "cohorts": "get_cohort_summary with detail detailed",
    "executions": "the command `healthsim profiles executions` tells all",
    "skills": "lookup_skill with a path gives a part",
    "schemas": "name a part, such as profile.trial",
}
"""How to get what a reply has no room for."""

_VERSIONED = ("profiles", "journeys")
_DOCUMENTS = {kind.name: kind for kind in KINDS if kind.name in {"skills", "schemas"}}

Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which part of a list is asked for.

    Attributes:
        filters: By the argument they came in.
        limit: Most items.
        offset: Items to leave out before.
    """

    filters: Mapping[str, Any]
    limit: int
    offset: int


def list_library(arguments: Item, call: Call) -> Item:
    """List what there is of a kind, a page at a time."""
    kind = arguments["kind"]
    filters = {key: arguments[key] for key in ("search", "tags", "product") if key in arguments}
    problems = [
        Problem(f"$.{name}", f"{kind} are not listed by it", rendered(filters[name]), "leave it out")
        for name in sorted(filters.keys() - _FILTERS[kind])
    ]
    if problems:
        raise InvalidInputError(problems)
    limit, offset = arguments.get("limit", _DEFAULT_ITEMS), int(arguments.get("cursor", "0"))
    items = _LISTS[kind](_Asked(filters, limit + 1, offset), call)
    shown = _fitting(items[:limit], is_short="limit" not in arguments)
    page: dict[str, Any] = {"kind": kind, "items": shown}
    if len(shown) < len(items):
        page["next_cursor"] = str(offset + len(shown))
    return page


def get_item(arguments: Item, call: Call) -> Item:
    """Give one item: the document of a profile, an execution, a skill or a schema, or a cohort's summary."""
    kind, name = arguments["kind"], arguments["name"]
    if "version" in arguments and kind not in _VERSIONED:
        problem = Problem(
            "$.version", "only profiles and journeys have versions", rendered(arguments["version"]), "leave it out"
        )
        raise InvalidInputError([problem])
    try:
        return _whole(_ITEMS[kind](name, arguments.get("version"), call), kind)
    except NotFoundError as error:
        problems = [replace(each, path=_ARGUMENTS.get(each.path, each.path)) for each in error.problems]
        raise InvalidInputError(problems) from error


def _profiles(asked: _Asked, call: Call) -> list[Item]:
    return _saved(_manager(call).profiles.list_profiles(**asked.filters, limit=asked.limit, offset=asked.offset))


def _journeys(asked: _Asked, call: Call) -> list[Item]:
    """List the saved journeys, then those that come with the package."""
    journeys = _manager(call).journeys
    most = asked.offset + asked.limit
    saved = _saved(journeys.list_journeys(**asked.filters, limit=most))
    built_in = [] if asked.filters.get("tags") else journeys.built_in(asked.filters.get("search"))
    product = str(asked.filters.get("product", "")).casefold()
    types = schema_document("event_types")["types"]
    known = [
        {"name": each["id"], "description": shown(each.get("description") or each.get("name", ""), _LONGEST_TEXT)}
        for each in built_in
        if not product or product in {types[event["event_type"]]["product"] for event in each["events"]}
    ]
    return [*saved, *known][asked.offset : most]


def _saved(found: Sequence[Any]) -> list[Item]:
    return [
        {
            "id": each.id,
            "name": each.name,
            "version": each.version,
            **({"tags": list(each.tags)} if each.tags else {}),
            **({"description": fenced(each.description, _LONGEST_TEXT)} if each.description else {}),
        }
        for each in found
    ]


def _cohorts(asked: _Asked, call: Call) -> list[Item]:
    found = _manager(call).list_cohorts(asked.limit, **asked.filters, offset=asked.offset)
    told = ("cohort_id", "name", "count", "tags")
    return [{key: each[key] for key in told if each[key]} for each in found]


def _executions(asked: _Asked, call: Call) -> list[Item]:
    found = _manager(call).profiles.list_executions(limit=asked.limit, offset=asked.offset)
    return [
        {
            key: value
            for key, value in (
                ("execution_id", each.execution_id),
                ("profile_id", each.profile_id),
                ("cohort_id", each.cohort_id),
                ("seed", each.seed),
                ("count", each.count),
                ("status", each.status),
            )
            if value is not None
        }
        for each in found
    ]


def _documents(kind: str) -> Callable[[_Asked, Call], list[Item]]:
    def listed(asked: _Asked, call: Call) -> list[Item]:
        wanted = str(asked.filters.get("search", "")).casefold()
        names = [name for name in _DOCUMENTS[kind].names(call.settings) if wanted in name.casefold()]
        return [{"name": name} for name in names[asked.offset : asked.offset + asked.limit]]

    return listed


def _profile(name: str, version: int | None, call: Call) -> Item:
    found = _manager(call).profiles.load_profile(name, version)
    return {**_labels(found), "profile": found.profile_spec}


def _journey(name: str, version: int | None, call: Call) -> Item:
    journeys = _manager(call).journeys
    known = {journey["id"]: journey for journey in journeys.built_in()}
    if name in known and version is None:
        return {"name": name, "journey": known[name]}
    found = journeys.find_journey(name) if version is None else journeys.load_journey(name, version)
    if found is None:
        saved = [each.name for each in journeys.list_journeys(limit=_MOST_NAMES)]
        raise NotFoundError("journey", name, [*known, *saved])
    return {**_labels(found), "journey": found.journey_spec}


def _labels(found: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    told = {key: getattr(found, key) for key in ("id", "name", "version")}
    description = {"description": fenced(found.description)} if found.description else {}
    return {**told, **description, "tags": list(found.tags)}


def _execution(name: str, _version: int | None, call: Call) -> Item:
    found = _manager(call).profiles.get_execution(name)
    told = ("execution_id", "profile_id", "profile_version", "cohort_id", "digest", "status", "recorded_by")
    versions = ("engine_version", "reference_version", "duration_ms", "tables")
    return {key: getattr(found, key) for key in (*told, *versions)} | {"profile": found.spec}


def _cohort(name: str, _version: int | None, call: Call) -> Item:
    return brief(_manager(call).get_summary(name), _manager(call))


def _document(kind: str) -> Callable[[str, int | None, Call], Item]:
    return lambda name, _version, call: _DOCUMENTS[kind].read(name, call.settings)


def _manager(call: Call) -> Any:  # noqa: ANN401 - the engine is loaded when first used
    from healthsim import get_manager  # noqa: PLC0415 - as above

    return get_manager(call.settings.db)


def _fitting(items: Sequence[Item], *, is_short: bool) -> list[Item]:
    """Give the first items that fit a reply, at least one."""
    room = CONCISE_TOKENS - _ENVELOPE_TOKENS if is_short else HARD_CAP - _ENVELOPE_CHARACTERS
    size = estimated_tokens if is_short else len
    kept, used = list[Item](), 0
    for item in items:
        used += size(compact(cleaned(item))) + 1
        if used > room and kept:
            break
        kept.append(item)
    return kept


def _whole(document: Item, kind: str) -> Item:
    """Give a document whole where it fits, else the parts of it that do, the short ones first."""
    room = DETAILED_TOKENS - _ENVELOPE_TOKENS
    if _size(document) <= room:
        return document
    opened = {**document, **document["profile"]} if isinstance(document.get("profile"), Mapping) else document
    sizes = {key: _size({key: value}) for key, value in opened.items() if key != "profile"}
    kept, used = list[str](), sum(_size({key: _LEFT_OUT}) for key in sizes)
    for key in sorted(sizes, key=sizes.__getitem__):
        if used + sizes[key] <= room:
            kept.append(key)
            used += sizes[key]
    left_out = {key: f"about {size:,} tokens" for key, size in sizes.items() if key not in kept}
    shown = {key: opened[key] for key in opened if key in kept}
    return {**shown, "left_out": {**left_out, "hint": _WHOLE[kind]}}


def _size(document: Item) -> int:
    return estimated_tokens(compact(cleaned(document)))


_LISTS: Mapping[str, Callable[[_Asked, Call], list[Item]]] = {
    "profiles": _profiles,
    "journeys": _journeys,
    "cohorts": _cohorts,
    "executions": _executions,
    "skills": _documents("skills"),
    "schemas": _documents("schemas"),
}
_ITEMS: Mapping[str, Callable[[str, int | None, Call], Item]] = {
    "profiles": _profile,
    "journeys": _journey,
    "cohorts": _cohort,
    "executions": _execution,
    "skills": _document("skills"),
    "schemas": lambda name, _version, _call: schema_outline(name),
}

LIST_LIBRARY = Tool("list_library", list_library)
GET_ITEM = Tool("get_item", get_item)
