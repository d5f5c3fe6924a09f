"""What is measured at visits: which tests are ordered for whom, and how results are reported and judged."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from healthsim.randomness import Ints
from healthsim.reference import AGES, SEXES, Analyte, analytes, panels, test_years
from healthsim.skills import Condition
from healthsim.spec import Baseline

MOST_SLOTS = 1 << 10
"""Occasions a person may have, with the latest visit: as many as ids of results leave room for."""

Booleans = NDArray[np.bool_]

_EPOCH = date(1970, 1, 1)

FLAGS = ("N", "L", "H", "LL", "HH")
"""HL7 interpretation codes: normal, low, high, critically low, critically high."""

NO_LIMIT = 2**31
"""Limit of a reference range where there is none, with its sign."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Limits by which results are judged, in units of the last decimal that is reported.

    Attributes:
        low: Lowest normal value by `analyte * 222 + cell of age and sex`; `-NO_LIMIT` for none.
        high: Highest normal value, likewise.
        reference_low: Lowest normal value, likewise, in the unit of the test; not a number for none.
        reference_high: Highest normal value, likewise.
        has_range: Whether there is any of the two, likewise.
        critical_low: Value below which a result is critical, shape `(analytes,)`.
        critical_high: Value above which it is.
    """

    low: Ints
    high: Ints
    reference_low: NDArray[np.float64]
    reference_high: NDArray[np.float64]
    has_range: Booleans
    critical_low: Ints
    critical_high: Ints


@dataclass(frozen=True, slots=True)
class MeasurementPlan:
    """What is measured.

    Attributes:
        labs: Laboratory tests, in the order in which they are reported.
        vitals: Vital signs and other measurements of the body.
        for_condition: Tests that each condition's skill repeats, with what they are computed from, shape
            `(slots, labs)`.
        panels: Tests of each panel that is ordered routinely, shape `(panels, labs)`.
        panel_ids: Ids of these panels.
        panel_shares: Share of adults' visits at which each is ordered.
        everything: Whether adults have every test.
        used_from: Day from which each test was in use, days since 1970-01-01, shape `(labs,)`.
        judgement: Limits of the laboratory tests.
    """

    labs: tuple[Analyte, ...]
    vitals: tuple[Analyte, ...]
    for_condition: Booleans
    panels: Booleans
    panel_ids: tuple[str, ...]
    panel_shares: tuple[float, ...]
    everything: bool
    used_from: Ints
    judgement: Judgement


def planned_measurements(baseline: Baseline, conditions: Sequence[Condition | None]) -> MeasurementPlan | None:
    """Plan what is measured; None where the profile asks for no visit.

    Args:
        baseline: What the profile asks for.
        conditions: The skills' conditions, by slot; None for codes that no skill knows.
    """
    if baseline == "none":
        return None
    labs = tuple(analyte for analyte in analytes().values() if analyte.kind == "lab")
    routine = [panel for panel in panels().values() if panel.routine_share > 0]
    wanted = [marks(labs, condition.monitored if condition else ()) for condition in conditions]
    return MeasurementPlan(
        labs=labs,
        vitals=tuple(analyte for analyte in analytes().values() if analyte.kind == "vital"),
        for_condition=np.array(wanted, dtype=np.bool_).reshape(len(conditions), len(labs)),
        panels=np.array([marks(labs, panel.members) for panel in routine]),
        panel_ids=tuple(panel.id for panel in routine),
        panel_shares=tuple(panel.routine_share for panel in routine),
        everything=baseline == "examination",
        used_from=first_days(labs),
        judgement=_judgement(labs),
    )


def analyte_titles() -> Mapping[str, Mapping[str, str]]:
    """Give the names and units that views add to LOINC codes."""
    known = analytes().values()
    return {
        "analyte_names": {analyte.loinc: analyte.name for analyte in known},
        "analyte_units": {analyte.loinc: analyte.unit for analyte in known},
    }


def with_parts(names: Iterable[str]) -> frozenset[str]:
    """Add to analytes whatever they are computed from, and to glycated hemoglobin the average it stands for."""
    found: set[str] = set()
    open_names = list(names)
    while open_names:
        name = open_names.pop()
        if name not in found:
            found.add(name)
            open_names += [part for part in analytes()[name].computed_from if analytes()[part].kind == "lab"]
            open_names += _TOLD_WITH.get(name, ())
    return frozenset(found)


_TOLD_WITH: Mapping[str, tuple[str, ...]] = {
    # Laboratories are advised to report the average glucose with HbA1c (ADA Standards of Care 2025, section 6), and
    # filtration with creatinine (KDIGO 2024), of children by an equation of their own; a volume of the lungs is told
    # as a share of what is predicted. Protein is more than the albumin in it, a hematocrit fits the hemoglobin.
    "hba1c": ("estimated_average_glucose",),
    "creatinine": ("egfr",),
    "egfr": ("egfr_schwartz",),
    "fev1": ("fev1_percent",),
    "hematocrit": ("hemoglobin",),
    "total_protein": ("albumin",),
    "total_cholesterol": ("hdl", "triglycerides"),
    "fvc": ("fev1",),
}


def marks(labs: Sequence[Analyte], names: Iterable[str]) -> Booleans:
    """Mark tests among all, with what they are computed from, shape `(labs,)`."""
    ordered = with_parts(name for name in names if name in analytes())
    return np.array([analyte.id in ordered for analyte in labs])


def first_days(measured: Sequence[Analyte]) -> Ints:
    """Give the day from which tests or vital signs were in use, days since 1970-01-01, shape `(analytes,)`."""
    years = [test_years().get(analyte.id, date.min.year) for analyte in measured]
    return np.array([(date(year, 1, 1) - _EPOCH).days for year in years])


def _judgement(labs: Sequence[Analyte]) -> Judgement:
    limits = [_limits(analyte) for analyte in labs]
    critical = [
        (_units(analyte, analyte.critical_low, -NO_LIMIT), _units(analyte, analyte.critical_high, NO_LIMIT))
        for analyte in labs
    ]
    low, high = (np.concatenate(side) for side in zip(*limits, strict=True))
    scale = np.repeat([10.0**analyte.decimals for analyte in labs], AGES * len(SEXES))
    return Judgement(
        low=low,
        high=high,
        reference_low=np.where(low == -NO_LIMIT, np.nan, low / scale),
        reference_high=np.where(high == NO_LIMIT, np.nan, high / scale),
        has_range=(low != -NO_LIMIT) | (high != NO_LIMIT),
        critical_low=np.array([low for low, _ in critical]),
        critical_high=np.array([high for _, high in critical]),
    )


def _limits(analyte: Analyte) -> tuple[Ints, Ints]:
    """Give an analyte's reference range by cell of age and sex, shape `(222,)` each."""
    low, high = np.full((AGES, len(SEXES)), -NO_LIMIT), np.full((AGES, len(SEXES)), NO_LIMIT)
    for limit in sorted(analyte.ranges, key=lambda each: each.from_age):
        for sex, name in enumerate(SEXES):
            if limit.sex in {None, name}:
                low[limit.from_age :, sex] = _units(analyte, limit.low, -NO_LIMIT)
                high[limit.from_age :, sex] = _units(analyte, limit.high, NO_LIMIT)
    return low.ravel(), high.ravel()


def _units(analyte: Analyte, value: float | None, otherwise: int) -> int:
    return otherwise if value is None else round(value * 10**analyte.decimals)
