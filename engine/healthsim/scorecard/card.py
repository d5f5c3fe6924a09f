"""The scorecard of a cohort, as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import duckdb

from healthsim.scorecard.checking import Finding, checked
from healthsim.scorecard.figures import Figure
from healthsim.scorecard.prevalences import prevalence_figures
from healthsim.scorecard.published import published_figures
from healthsim.scorecard.rules import rule_book, score_version
from healthsim.scorecard.workbench import laid_out
from healthsim.skills import skill_library
from healthsim.spec import last_trial_day

_MEASURED = {"labs", "vitals"}
_DECIMALS = 4


def scorecard(
    connection: duckdb.DuckDBPyConnection, summary: Mapping[str, Any], profile: Mapping[str, Any]
) -> dict[str, Any]:
    """Score a cohort.

    Args:
        connection: To the cohort's file; read-only is enough.
        summary: The cohort's summary.
        profile: The resolved profile that it was made from; empty for one that was brought in.
    """
    as_of = date.fromisoformat(summary["as_of"]) if summary["as_of"] else None
    present = laid_out(connection, as_of, last_day(as_of, profile))
    findings = checked(connection, rule_book(), present)
    figures = _figures(connection, summary["conditions"], profile, present)
    return {
        **{fact: summary[fact] for fact in ("cohort_id", "name", "count", "digest")},
        "score": _short(findings, figures),
        "rules": [_described(finding) for finding in findings],
        "figures": [_as_json(figure) for figure in figures],
    }


def last_day(as_of: date | None, profile: Mapping[str, Any]) -> date | None:
    """Give the last day of which a cohort may know: `as_of`, or the end of its journeys or trial where that is later.

    Returns:
        None where nobody says, or a journey has no end.
    """
    durations = [journey.get("duration_days") for journey in profile.get("journeys") or ()]
    if as_of is None or None in durations:
        return None
    begin = date.fromisoformat(profile.get("start_date") or as_of.isoformat())
    ends = [begin + timedelta(days=days) for days in durations]
    trial = profile.get("trial")
    if trial:
        ends.append(last_trial_day(date.fromisoformat(trial["start"]), trial["protocol"]))
    return max([as_of, *ends])


def _figures(
    connection: duckdb.DuckDBPyConnection,
    conditions: Sequence[Mapping[str, Any]],
    profile: Mapping[str, Any],
    present: frozenset[str],
) -> list[Figure]:
    library = skill_library()
    figures = list(prevalence_figures(connection, conditions, library)) if "diagnoses" in present else []
    if present & _MEASURED:
        figures += published_figures(connection, conditions, profile, library)
    return figures


def _short(findings: Sequence[Finding], figures: Sequence[Figure]) -> dict[str, Any]:
    said = [finding for finding in findings if finding.status != "not_applicable"]
    return {
        "rules_checked": len(said),
        "rules_broken": sum(finding.status == "broken" for finding in said),
        "rows_broken": sum(finding.broken for finding in said),
        "figures_compared": len(figures),
        "figures_outside": sum(not figure.is_within for figure in figures),
        "version": score_version(),
    }


def _as_json(figure: Figure) -> dict[str, Any]:
    return {
        name: round(value, _DECIMALS) if isinstance(value, float) else value for name, value in asdict(figure).items()
    }


def _described(finding: Finding) -> dict[str, Any]:
    rule = finding.rule
    described: dict[str, Any] = {"id": rule.id, "subject": rule.subject, "title": rule.title, "status": finding.status}
    if finding.status == "not_applicable":
        return {**described, "reason": finding.reason}
    described |= {"checked": finding.checked, "broken": finding.broken}
    if finding.status == "broken":
        described |= {"why": rule.why, "source": rule.source, "examples": list(finding.examples)}
    return described
