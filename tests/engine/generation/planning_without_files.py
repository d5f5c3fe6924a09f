"""Profiles planned on a database, and their rows' digest, without writing a cohort."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from healthsim.planning import Plan, plan_of
from healthsim.reference import Reference
from healthsim.skills import skill_library
from healthsim.spec import parse_profile
from healthsim.state.store import Workspace
from samples import made


def planned_on(document: Mapping[str, Any], database: Path | None = None) -> Plan:
    """Plan a profile on a database, or on the starter alone."""
    if database is None:
        return plan_of(parse_profile(document), 5, Reference(), skill_library())
    with Workspace(database).reading() as connection:
        return plan_of(parse_profile(document), 5, Reference(connection), skill_library())


def digest_of(plan: Plan) -> str:
    """Give the digest of a plan's rows."""
    return made(plan)[1].digest
