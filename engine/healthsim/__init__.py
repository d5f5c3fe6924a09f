"""HealthSim: describe a population in JSON, get linked, clinically coherent tables in DuckDB.

Names are resolved when first used, so that importing the package costs nothing: a server must answer its
first request before numpy and DuckDB are loaded.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from healthsim.api import explain, explain_journey, generate, run_journey
    from healthsim.errors import HealthSimError
    from healthsim.reference.gazetteer import list_counties
    from healthsim.skills.asked import lookup_skill
    from healthsim.state.manager import get_manager
    from healthsim.state.result import Result

__all__ = [
    "HealthSimError",
    "Result",
    "explain",
    "explain_journey",
    "generate",
    "get_manager",
    "list_counties",
    "lookup_skill",
    "run_journey",
]

_HOMES = {
    "HealthSimError": "healthsim.errors",
    "Result": "healthsim.state.result",
    "explain": "healthsim.api",
    "explain_journey": "healthsim.api",
    "generate": "healthsim.api",
    "get_manager": "healthsim.state.manager",
    "list_counties": "healthsim.reference.gazetteer",
    "lookup_skill": "healthsim.skills.asked",
    "run_journey": "healthsim.api",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'healthsim' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
