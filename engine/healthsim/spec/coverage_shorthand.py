"""Shorter ways to write coverage, turned into the full one before it is validated."""

import re
from collections.abc import Mapping
from typing import Any

from healthsim.spec.shares import as_shares

SPELLINGS: Mapping[str, str] = {
    "commercial": "private",
    "employer": "private",
    "chip": "medicaid",
    "self_pay": "uninsured",
    "none": "uninsured",
    **{name: name for name in ("private", "medicare", "medicaid", "uninsured")},
}
"""Who pays first, by the words that are understood for it."""

_PERCENT = re.compile(r"\s*(\d+(?:\.\d+)?)\s*%\s*")


def coverage_document(section: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Write coverage in full; what is wrong in it stays, for validation to name."""
    if isinstance(section, str):
        return {"payer_mix": _mix(section)}
    if not isinstance(section, Mapping):
        return section
    document = dict(section)
    if "payer_mix" in document:
        document["payer_mix"] = _mix(document["payer_mix"])
    if isinstance(document.get("plans"), str | Mapping):
        document["plans"] = [document["plans"]]
    return document


def _mix(mix: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Give shares by the name of the insurance; a name alone stands for everybody."""
    if isinstance(mix, str):
        return {_insurer(mix): 1.0}
    if not isinstance(mix, Mapping):
        return mix
    named: dict[str, Any] = {}
    for key, share in mix.items():
        insurer, part = _insurer(key), _percentage(share)
        is_further = insurer in named and isinstance(part, int | float) and isinstance(named[insurer], int | float)
        named[insurer] = named[insurer] + part if is_further else part
    return as_shares(named)


def _insurer(name: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Give the insurance that a name stands for; names that stand for none as they are."""
    folded = name.strip().casefold().replace("-", "_").replace(" ", "_") if isinstance(name, str) else name
    return SPELLINGS.get(folded, name)


def _percentage(share: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Read a text such as `45 %` as the number before the sign."""
    match = _PERCENT.fullmatch(share) if isinstance(share, str) else None
    return float(match[1]) if match else share
