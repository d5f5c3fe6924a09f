"""Resources: skills, schemas, profiles and cohorts as documents, for clients that attach them to a conversation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import mcp.types as wire
from mcp.shared.exceptions import MCPError

from healthsim.content import skill_names
from healthsim.errors import HealthSimError
from healthsim_mcp.replies import cleaned, fenced
from healthsim_mcp.schemas import schema_document, schema_names
from healthsim_mcp.settings import Settings
from healthsim_mcp.sizes import compact

SCHEME = "healthsim://"

LONGEST = 100_000
"""Characters of a resource: people attach them knowingly, so they may be longer than replies."""

MOST_NAMES = 1_000
"""Saved profiles and cohorts that are named, the latest."""

_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of resources.

    Attributes:
        name: First part of their addresses.
        variable: What the second part is.
        title: For people.
        description: What one of them is.
        read: Gives the document of one.
        names: Names all there are.
        is_shipped: Whether they come with the package, so that they are the same for everybody.
    """

    name: str
    variable: str
    title: str
    description: str
    read: Callable[[str, Settings], Mapping[str, Any]]
    names: Callable[[Settings], list[str]]
    is_shipped: bool = False

    @property
    def template(self) -> str:
        """The address, with its variable."""
        return f"{SCHEME}{self.name}/{{{self.variable}}}"


def resource_templates() -> list[wire.ResourceTemplate]:
    """Describe the kinds of resources."""
    return [
        wire.ResourceTemplate(
            name=kind.name,
            title=kind.title,
            description=kind.description,
            uri_template=kind.template,
            mime_type=_JSON,
        )
        for kind in KINDS
    ]


def resources() -> list[wire.Resource]:
    """List the resources that are the same for everybody: skills and schemas."""
    return [
        wire.Resource(name=f"{kind.name}/{name}", uri=f"{SCHEME}{kind.name}/{name}", mime_type=_JSON)
        for kind in KINDS
        if kind.is_shipped
        for name in kind.names(Settings())
    ]


def resource(uri: str, settings: Settings) -> wire.TextResourceContents:
    """Read a resource.

    Raises:
        MCPError: There is no such resource; names the nearest.
    """
    kind_name, _, name = uri.removeprefix(SCHEME).partition("/")
    kinds = {kind.name: kind for kind in KINDS}
    if not uri.startswith(SCHEME) or kind_name not in kinds or not name:
        known = ", ".join(kind.template for kind in KINDS)
        raise MCPError(wire.INVALID_PARAMS, f"no such resource: {uri[:100]}; there are {known}")
    try:
        text = compact(cleaned(kinds[kind_name].read(unquote(name), settings)))
    except HealthSimError as error:
        raise MCPError(wire.INVALID_PARAMS, str(error)[:600]) from error
    if len(text) > LONGEST:
        raise MCPError(wire.INVALID_PARAMS, f"{uri} has {len(text):,} characters; the tools read parts of it")
    return wire.TextResourceContents(uri=uri, mime_type=_JSON, text=text)


def _skill(name: str, _settings: Settings) -> Mapping[str, Any]:
    from healthsim import lookup_skill  # noqa: PLC0415 - the engine is loaded when first used

    return lookup_skill(skill=name)


def _skill_names(_settings: Settings) -> list[str]:
    return skill_names()


def _schema(name: str, _settings: Settings) -> Mapping[str, Any]:
    return schema_document(name)


def _schema_names(_settings: Settings) -> list[str]:
    return schema_names()


def _cohort(name: str, settings: Settings) -> Mapping[str, Any]:
    from healthsim import get_manager  # noqa: PLC0415 - the engine is loaded when first used

    return get_manager(settings.db).get_summary(name)


def _cohort_names(settings: Settings) -> list[str]:
    from healthsim import get_manager  # noqa: PLC0415 - as above

    return [cohort["cohort_id"] for cohort in get_manager(settings.db).list_cohorts(MOST_NAMES)]


def _profile(name: str, settings: Settings) -> Mapping[str, Any]:
    from healthsim import get_manager  # noqa: PLC0415 - as above

    saved = get_manager(settings.db).profiles.load_profile(name)
    told = {key: getattr(saved, key) for key in ("id", "name", "version")}
    description = fenced(saved.description or "")
    return {**told, "description": description, "tags": list(saved.tags), "profile": saved.profile_spec}


def _profile_names(settings: Settings) -> list[str]:
    from healthsim import get_manager  # noqa: PLC0415 - as above

    return [profile.name for profile in get_manager(settings.db).profiles.list_profiles(limit=MOST_NAMES)]


KINDS: tuple[Kind, ...] = (
    Kind("skills", "name", "Skill", "Clinical knowledge with its sources.", _skill, _skill_names, is_shipped=True),
    Kind(
        *("schemas", "name", "Schema", "Schema of a document that people write, or columns of a table."),
        *(_schema, _schema_names),
        is_shipped=True,
    ),
    Kind("profiles", "name", "Profile", "A saved profile in its latest version, by name.", _profile, _profile_names),
    Kind("cohorts", "id", "Cohort", "Summary of a kept cohort, by handle or name.", _cohort, _cohort_names),
)
"""The kinds of resources there are."""
