"""Tools about what happens to people over time."""

from collections.abc import Mapping
from typing import Any

from healthsim_mcp.call import Call
from healthsim_mcp.sizes import CONCISE_TOKENS, shortened
from healthsim_mcp.tools.running import FEW, Work, done_or_begun
from healthsim_mcp.tools.tool import Tool

_DATED = {
    "encounters": "start_time",
    "labs": "collected_at",
    "procedures": "performed_date",
    "immunizations": "given_date",
    "referrals": "referred_date",
    "care_plans": "start_date",
}
"""When what journeys leave behind happened, by table."""


def run_journey(arguments: Mapping[str, Any], call: Call) -> Mapping[str, Any]:
    """Let the people of a cohort go through a journey, or start a run that does."""
    from healthsim import explain_journey, get_manager  # noqa: PLC0415 - the engine is loaded when first used

    people, seconds = get_manager(call.settings.db).get_summary(arguments["cohort_id"])["count"], 0.0
    if people > FEW:
        seconds = explain_journey(**arguments, db=call.settings.db)["estimated_seconds"]
    return done_or_begun(Work("run_journey", run_journey_now, people, seconds), arguments, call)


def run_journey_now(arguments: Mapping[str, Any], call: Call) -> Mapping[str, Any]:
    """Let the people of a cohort go through a journey, however long it takes."""
    from healthsim import get_manager  # noqa: PLC0415 - as above
    from healthsim import run_journey as walked  # noqa: PLC0415 - as above

    manager = get_manager(call.settings.db)
    before = manager.get_summary(arguments["cohort_id"])
    result = walked(**arguments, db=call.settings.db, progress=call.progress, cancelled=call.stopped.is_set)
    after = result.summary
    added = {table: rows - before["tables"].get(table, 0) for table, rows in after["tables"].items()}
    answer: dict[str, Any] = {
        "cohort_id": after["cohort_id"],
        "name": after["name"],
        "existing": result.existing,
        "rows_added": {table: rows for table, rows in added.items() if rows},
        "digest": after["digest"],
    }
    if after["cohort_id"] != before["cohort_id"]:
        answer["replaces"] = before["cohort_id"]
    answer |= _dates(manager, after, result.spec["start_date"])
    return shortened(answer, ("rows_added",), CONCISE_TOKENS, "get_cohort_summary tells all")


def _dates(manager: Any, summary: Mapping[str, Any], start: str) -> Mapping[str, Any]:  # noqa: ANN401 - see above
    """Give the first and the last date since the journeys began; none where nothing dated happened."""
    parts = [
        f"SELECT CAST({column} AS DATE) AS day FROM {table}"  # noqa: S608 - our own names
        for table, column in _DATED.items()
        if table in summary["tables"]
    ]
    if not parts:
        return {}
    since = f"SELECT min(day), max(day) FROM ({' UNION ALL '.join(parts)}) WHERE day >= DATE '{start}'"  # noqa: S608
    ((first, last),) = manager.query(summary["cohort_id"], since).rows
    return {} if first is None else {"first_date": str(first), "last_date": str(last)}


RUN_JOURNEY = Tool("run_journey", run_journey, is_read_only=False)
