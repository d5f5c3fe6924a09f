"""The scorecard of a cohort, as JSON."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import duckdb

from healthsim.scorecard.checking import Finding, checked
from healthsim.scorecard.rules import rule_book, score_version
from healthsim.scorecard.workbench import laid_out


def scorecard(connection: duckdb.DuckDBPyConnection, summary: Mapping[str, Any]) -> dict[str, Any]:
    """Score a cohort.

    Args:
        connection: To the cohort's file; read-only is enough.
        summary: The cohort's summary.
    """
    as_of = date.fromisoformat(summary["as_of"]) if summary["as_of"] else None
    present = laid_out(connection, as_of)
    findings = checked(connection, rule_book(), present)
    return {
        **{fact: summary[fact] for fact in ("cohort_id", "name", "count", "digest")},
        "score": _short(findings),
        "rules": [_described(finding) for finding in findings],
    }


def _short(findings: list[Finding]) -> dict[str, Any]:
    said = [finding for finding in findings if finding.status != "not_applicable"]
    return {
        "rules_checked": len(said),
        "rules_broken": sum(finding.status == "broken" for finding in said),
        "rows_broken": sum(finding.broken for finding in said),
        "version": score_version(),
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
