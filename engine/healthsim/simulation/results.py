"""Results: what is reported of a person on an occasion, from the level of the body to the last decimal."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from healthsim.planning.body_plan import BodyPlan
from healthsim.planning.natural import ADULT
from healthsim.planning.plan import SEXES, Floats, Ints
from healthsim.randomness import normal_from_uniform
from healthsim.reference import Analyte, analytes
from healthsim.simulation.body import Body
from healthsim.simulation.bounds import body_mass_limits, creatinine_limits, value_limits
from healthsim.simulation.composed import average_glucose, filtration, predicted_fev1
from healthsim.simulation.growing import grown
from healthsim.simulation.occasions import Occasions
from healthsim.simulation.people import People
from healthsim.simulation.stages import Stages
from healthsim.simulation.varying import varied, varied_between

Limits = tuple[Floats, Floats]

_Number = TypeVar("_Number", bound=np.generic)

_GROWING = ("height", "weight")
"""What children grow in."""

_BOUNDED_BY: Mapping[str, tuple[str, ...]] = {"creatinine": ("egfr",)}
"""What else bounds what bounds an analyte."""

_FRIEDEWALD_BELOW = 400
"""Triglycerides, mg/dL, from which LDL is computed by another equation."""

SAMPSON_BELOW = 800
"""Triglycerides, mg/dL, from which no LDL is computed."""

_LEAST_PULSE_PRESSURE = 15
"""mmHg by which the systolic pressure exceeds the diastolic one at least (assumed)."""

_CELL_HEMOGLOBIN = (30.0, 37.0)
"""Mean hemoglobin concentration of red cells, g/dL: reference interval 32 to 36, and a margin (assumed)."""

_GLOBULIN = (1.2, 6.0)
"""g/dL of protein that is not albumin: reference interval 2.0 to 3.5, and a wide margin (assumed)."""

_LEAST_LDL = 12
"""mg/dL of LDL that everybody has at least (assumed)."""


class Results:
    """Results of occasions, analyte by analyte, as whole numbers of the last decimal that is reported.

    A result is the person's level and variation from day to day, in proportion to it; it stays between the values to
    which conditions bound it, so that stages and diagnoses hold at every visit. What is computed in life is computed
    from what is reported.

    Args:
        plan: The plan of bodies.
        people: The people.
        body: Their bodies.
        occasions: When they are measured.
        changed: Levels on the occasions that are not those of the bodies, by analyte, shape `(occasions,)`.
    """

    def __init__(
        self, plan: BodyPlan, people: People, body: Body, occasions: Occasions, changed: Mapping[str, Floats]
    ) -> None:
        self._plan = plan
        self._body = body
        self._occasions = occasions
        self._changed = changed
        self._people = people
        self._draws = people.draws.rows(occasions.person).of_events(occasions.address)
        self._days = occasions.days_old(people)
        self._grows = people.age < ADULT
        self._units: dict[str, Ints] = {}

    @cached_property
    def cells(self) -> Ints:
        """Cells of age and sex on the occasions, shape `(occasions,)`."""
        return self._occasions.age_sex(self._people)

    def units(self, analyte: str, rows: Ints) -> Ints:
        """Report an analyte on some occasions, whole numbers of its last decimal, shape `(rows,)`.

        What it is computed from must have been reported on them before.

        Args:
            analyte: Its id.
            rows: Which occasions, in order.
        """
        computed = _COMPUTED.get(analyte)
        found = computed(self, rows) if computed else self._measured(analytes()[analyte], rows)
        if len(rows) == len(self._occasions.person):
            self._units[analyte] = found
        else:
            self._units.setdefault(analyte, np.zeros(len(self._occasions.person), np.int64))[rows] = found
        return found

    def reported(self, analyte: str, rows: Ints) -> Floats:
        """Give what was reported before, in the analyte's unit."""
        values: Floats = _at(self._units[analyte], rows) / 10.0 ** analytes()[analyte].decimals
        return values

    def known(self, analyte: str, rows: Ints) -> Floats:
        """Give what was reported before, in the analyte's unit; 0 where it was not, as before a test was in use."""
        return self.reported(analyte, rows) if analyte in self._units else np.zeros(len(rows))

    def limits(self, analyte: str, rows: Ints) -> Limits | None:
        """Give the values between which conditions keep an analyte on some occasions; None where none bounds it."""
        if not any(analyte in aspect.bounds for aspect in self._plan.aspects):
            return None
        states, cells = self._states(analyte, rows), self.cells_of(rows)
        if analyte == "bmi":
            return body_mass_limits(self._plan, states, cells, _at(self._days, rows))
        if analyte == "creatinine":
            return creatinine_limits(self._plan, states, cells, self.reported("height", rows))
        return value_limits(self._plan, analyte, states, cells)

    def cells_of(self, rows: Ints) -> Ints:
        """Give the cells of age and sex of some occasions."""
        return _at(self.cells, rows)

    def filtration(self, rows: Ints) -> Ints:
        """Give the estimated filtration by the reported creatinine."""
        cents, height = _at(self._units["creatinine"], rows), self.reported("height", rows)
        return filtration(self._plan, self.cells_of(rows), cents, height).astype(np.int64)

    def _states(self, analyte: str, rows: Ints) -> Stages:
        """Give the states of the people on some occasions, by aspect: of those that bound an analyte or its limits."""
        person = _at(self._occasions.person, rows)
        bounded = {analyte, *_BOUNDED_BY.get(analyte, ())}
        bounding = (each.id for each in self._plan.aspects if bounded & (each.bounds.keys() | each.plain.keys()))
        return {aspect: self._body.states[aspect][person] for aspect in bounding}

    def _level(self, analyte: str, rows: Ints) -> Floats:
        """Give the level of an analyte on some occasions; children are as tall and heavy as they then were."""
        person = _at(self._occasions.person, rows)
        own = self._body.levels[analyte]
        level: Floats = _at(self._changed[analyte], rows) if analyte in self._changed else own[person]
        growing = np.flatnonzero(self._grows[person]) if analyte in _GROWING else person[:0]
        if growing.size:
            days, sex = self._days[rows[growing]], self.cells[rows[growing]] % len(SEXES)
            scores = {name: score[person[growing]] for name, score in self._body.scores.items()}
            changed = level[growing] - own[person[growing]]
            level = level.copy()
            level[growing] = grown(self._plan, days, sex, scores)[analyte] + changed
        return level

    def _measured(self, analyte: Analyte, rows: Ints) -> Ints:
        level = self._level(analyte.id, rows)
        normals = self._variation(analyte, rows)
        bounding = _LIMITS.get(analyte.id)
        limits = bounding(self, rows) if bounding else self.limits(analyte.id, rows)
        if limits is None:
            return varied(level, normals, analyte)
        return varied_between(level, normals, analyte, limits, is_inward=bounding is not None)

    def _variation(self, analyte: Analyte, rows: Ints) -> Floats:
        """Draw the variation from day to day, in standard deviations, partly shared with another analyte's."""
        own = self._normals(analyte.id, rows)
        if analyte.shared_with is None:
            return own
        shared: Floats = analyte.shared * self._normals(analyte.shared_with, rows)
        varied: Floats = shared + np.sqrt(1.0 - analyte.shared**2) * own
        return varied

    def _normals(self, analyte: str, rows: Ints) -> Floats:
        draws = self._draws if len(rows) == len(self._occasions.person) else self._draws.rows(rows)
        return normal_from_uniform(draws.uniform(f"result:{analyte}"))


def _at(values: NDArray[_Number], rows: Ints) -> NDArray[_Number]:
    """Give the values of some occasions: those of all as they are, not to be written to."""
    return values if len(rows) == len(values) else values[rows]


def _weight_limits(results: Results, rows: Ints) -> Limits | None:
    """Keep the body mass index where it belongs, by the height that is reported."""
    limits = results.limits("bmi", rows)
    if limits is None:
        return None
    metres = results.reported("height", rows) / 100
    return limits[0] * metres * metres, limits[1] * metres * metres


def _diastolic_limits(results: Results, rows: Ints) -> Limits:
    """Keep the diastolic pressure below the systolic one that is reported."""
    low, high = results.limits("dbp", rows) or (np.full(len(rows), -np.inf), np.full(len(rows), np.inf))
    return low, np.maximum(np.minimum(high, results.reported("sbp", rows) - _LEAST_PULSE_PRESSURE), low)


def _hematocrit_limits(results: Results, rows: Ints) -> Limits:
    """Keep the hemoglobin of the cells, g/dL, where it is in life, by the hemoglobin that is reported."""
    hemoglobin = results.reported("hemoglobin", rows)
    low, high = _CELL_HEMOGLOBIN
    return hemoglobin / high * 100, hemoglobin / low * 100


def _protein_limits(results: Results, rows: Ints) -> Limits:
    """Keep the protein that is not albumin where it is in life, by the albumin that is reported."""
    albumin = results.known("albumin", rows)
    low, high = _GLOBULIN
    return albumin + low, albumin + high


def _cholesterol_limits(results: Results, rows: Ints) -> Limits:
    """Keep LDL where it belongs, by the HDL and triglycerides that are reported."""
    rest = results.known("hdl", rows) + results.known("triglycerides", rows) / 5
    limits = results.limits("ldl", rows)
    low, high = limits or (np.full(len(rows), -np.inf), np.full(len(rows), np.inf))
    return np.maximum(low, _LEAST_LDL) + rest, high + rest


def _fev1_limits(results: Results, rows: Ints) -> Limits:
    limits = results.limits("fev1_percent", rows)
    predicted = _predicted(results, rows)
    low, high = limits or (np.zeros(len(rows)), np.full(len(rows), np.inf))
    return low / 100 * predicted, high / 100 * predicted


def _fvc_limits(results: Results, rows: Ints) -> Limits:
    limits = results.limits("fev1_fvc", rows)
    volume = results.reported("fev1", rows)
    low, high = limits or (np.full(len(rows), _LEAST_RATIO), np.full(len(rows), np.inf))
    return volume / np.minimum(high / 100, 1.0), volume / np.maximum(low, _LEAST_RATIO) * 100


_LEAST_RATIO = 15.0
"""Percent of the vital capacity that everybody breathes out in a second at least (assumed)."""


def _bmi(results: Results, rows: Ints) -> Ints:
    metres = results.reported("height", rows) / 100
    return _rounded(results.reported("weight", rows) / (metres * metres) * 10)


def _ldl(results: Results, rows: Ints) -> Ints:
    """Compute LDL: Friedewald et al. 1972, Clin Chem 18:499; Sampson et al. 2020, JAMA Cardiol 5:540."""
    total, hdl, triglycerides = (results.reported(part, rows) for part in ("total_cholesterol", "hdl", "triglycerides"))
    others = total - hdl
    friedewald = others - triglycerides / 5
    by_triglycerides = triglycerides / 8.56 + triglycerides * others / 2140 - triglycerides * triglycerides / 16100
    sampson = total / 0.948 - hdl / 0.971 - by_triglycerides - 9.44
    computed = _rounded(np.where(triglycerides < _FRIEDEWALD_BELOW, friedewald, sampson))
    return np.maximum(computed, 1)


def _predicted(results: Results, rows: Ints) -> Floats:
    cells = results.cells_of(rows)
    return predicted_fev1((cells // 2).astype(np.float64), results.reported("height", rows), cells % 2 == 0)


def _rounded(values: Floats) -> Ints:
    whole: Ints = np.floor(values + 0.5).astype(np.int64)
    return whole


_LIMITS: Mapping[str, Callable[[Results, Ints], Limits | None]] = {
    "weight": _weight_limits,
    "creatinine": lambda results, rows: results.limits("creatinine", rows),
    "dbp": _diastolic_limits,
    "hematocrit": _hematocrit_limits,
    "total_protein": _protein_limits,
    "total_cholesterol": _cholesterol_limits,
    "fev1": _fev1_limits,
    "fvc": _fvc_limits,
}
"""Limits that follow from what is bounded being computed from several results."""

_COMPUTED: Mapping[str, Callable[[Results, Ints], Ints]] = {
    "bmi": _bmi,
    "egfr": Results.filtration,
    "egfr_schwartz": Results.filtration,
    "estimated_average_glucose": lambda results, rows: _rounded(average_glucose(results.reported("hba1c", rows))),
    "anion_gap": lambda results, rows: _rounded(
        results.reported("sodium", rows) - results.reported("chloride", rows) - results.reported("bicarbonate", rows)
    ),
    "ldl": _ldl,
    "fev1_percent": lambda results, rows: _rounded(results.reported("fev1", rows) / _predicted(results, rows) * 100),
    "fev1_fvc": lambda results, rows: _rounded(results.reported("fev1", rows) / results.reported("fvc", rows) * 100),
}
"""What is computed from other results."""
