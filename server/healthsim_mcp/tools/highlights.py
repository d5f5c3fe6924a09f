"""What people ask of a cohort next: from when to when, what drugs cost, who is in which arm; read from its rows."""

from collections.abc import Mapping
from typing import Any, Protocol

from healthsim.errors import QueryError
from healthsim_mcp.replies import shown

_DATED = {
    "encounters": "start_time",
    "claims": "from_date",
    "pharmacy_claims": "service_date",
    "trial_visits": "svstdtc",
}
"""When what most other rows hang on happened, by table."""

_PHARMACY = """SELECT count(*) FILTER (transaction = 'B1' AND status = 'paid'), sum(total_cost), sum(patient_pay),
    sum(plan_paid), count(*) FILTER (status = 'rejected') / count(*) FROM pharmacy_claims"""
_FIGURES = ("paid_claims", "total_cost", "patient_pay", "plan_paid", "rejected")
_ARMS = "SELECT arm, count(*) FROM subjects WHERE arm IS NOT NULL GROUP BY arm ORDER BY arm"

_LONGEST_ARM = 60
_READ = "query_cohort: DESCRIBE {table}"
_WALK = "run_journey"
_MAIN = ("claims", "pharmacy_claims", "subjects", "diagnoses", "patients")
"""Tables people begin with, the first there is."""


class Asked(Protocol):
    """What answers queries over a cohort."""

    def query(self, cohort_id: str, sql: str, *, limit: int = 100) -> Any:  # noqa: ANN401 - loaded when first used
        """Answer one SELECT."""


def highlights(summary: Mapping[str, Any], manager: Asked) -> dict[str, Any]:
    """Give dates, costs of drugs and arms of a cohort; nothing of what it has no rows of, or takes too long to add up.

    Args:
        summary: Of the cohort.
        manager: Answers queries over it.
    """
    tables = {table for table, rows in summary["tables"].items() if rows}
    found: dict[str, Any] = {"dates": _dates(summary["cohort_id"], tables, manager)}
    if "pharmacy_claims" in tables:
        for row in _rows(summary["cohort_id"], _PHARMACY, manager):
            found["pharmacy"] = {**dict(zip(_FIGURES, row, strict=True)), "rejected": round(row[-1], 4)}
    if "subjects" in tables:
        arms = _rows(summary["cohort_id"], _ARMS, manager)
        found["arms"] = {shown(arm, _LONGEST_ARM): people for arm, people in arms}
    return {key: part for key, part in found.items() if part}


def next_calls(summary: Mapping[str, Any]) -> list[str]:
    """Name the calls that are useful now."""
    tables = summary["tables"]
    table = next((each for each in _MAIN if tables.get(each)), "patients")
    begun = [_READ.format(table=table)]
    if set(summary["products"]) == {"patientsim"}:
        begun.append(_WALK)
    return begun


def _dates(cohort_id: str, tables: set[str], manager: Asked) -> dict[str, list[str]]:
    """Give the first and the last date of the tables that rows hang on."""
    parts = [
        f"SELECT '{table}', CAST(min({column}) AS DATE), CAST(max({column}) AS DATE) FROM {table}"  # noqa: S608 - ours
        for table, column in _DATED.items()
        if table in tables
    ]
    rows = _rows(cohort_id, " UNION ALL ".join(parts), manager) if parts else []
    return {table: [first, last] for table, first, last in rows if first is not None}


def _rows(cohort_id: str, sql: str, manager: Asked) -> list[list[Any]]:
    try:
        rows: list[list[Any]] = manager.query(cohort_id, sql).rows
    except QueryError:
        return []
    return rows
