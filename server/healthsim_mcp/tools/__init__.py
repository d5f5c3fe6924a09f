"""The tools, in the order clients list them."""

from healthsim_mcp.tools.cohorts import GET_COHORT_SUMMARY, QUERY_COHORT
from healthsim_mcp.tools.generation import GENERATE_COHORT
from healthsim_mcp.tools.journeys import RUN_JOURNEY
from healthsim_mcp.tools.keeping import DELETE_COHORT, EXPORT_COHORT, RERUN_EXECUTION
from healthsim_mcp.tools.knowledge import LOOKUP_SKILL
from healthsim_mcp.tools.library import GET_ITEM, LIST_LIBRARY
from healthsim_mcp.tools.profiles import EXPLAIN_PROFILE
from healthsim_mcp.tools.reference import FIND_PROVIDERS, LOOKUP_COUNTY
from healthsim_mcp.tools.running import GET_RUN
from healthsim_mcp.tools.saving import SAVE_JOURNEY, SAVE_PROFILE
from healthsim_mcp.tools.tool import Tool

TOOLS: tuple[Tool, ...] = (
    GENERATE_COHORT,
    GET_RUN,
    RUN_JOURNEY,
    EXPLAIN_PROFILE,
    SAVE_PROFILE,
    SAVE_JOURNEY,
    LIST_LIBRARY,
    GET_ITEM,
    LOOKUP_COUNTY,
    FIND_PROVIDERS,
    LOOKUP_SKILL,
    GET_COHORT_SUMMARY,
    QUERY_COHORT,
    EXPORT_COHORT,
    RERUN_EXECUTION,
    DELETE_COHORT,
)

__all__ = ["TOOLS", "Tool"]
