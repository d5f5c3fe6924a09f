"""What is measured in the care that people have anyway: which signs and tests, at which share of visits."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from healthsim.planning.body_plan import AspectPlan, BodyPlan
from healthsim.planning.event_details import Labs, Vitals
from healthsim.planning.journey_plan import TimelinePlan
from healthsim.planning.measurements import Booleans, MeasurementPlan, first_days, marks
from healthsim.planning.monitoring import monitored_tests, panel_rules
from healthsim.planning.monitoring_expected import expected_monitoring, routine_shares
from healthsim.planning.morbidity import natural_shares
from healthsim.planning.naming import NamedCondition
from healthsim.planning.natural import ADULT
from healthsim.planning.plan import AGE_SEX_CELLS, ConditionsPlan, PeoplePlan
from healthsim.planning.significance import rounded
from healthsim.planning.testing_plan import BloodTests, TestingPlan
from healthsim.planning.utilization_plan import EMERGENCY, INPATIENT, OFFICE, UtilizationPlan
from healthsim.reference import Analyte, measure_shares, panels

FIRST_NUMBER = 8_192
"""Number of the first row of background care among a person's of its table; below those of all else."""

_HYPERTENSION = ("I10", "I11", "I12", "I13", "I15", "I16")
_KINDS = ("office", "emergency", "inpatient", "inpatient", "inpatient")
"""Kinds of care of the table, by the number of the kind."""

_NOT_IN_EMERGENCY = ("height", "weight", "bmi")
_BLOOD_PANELS = ("cbc", "cmp", "bmp")
_SLOT_ROWS = 64
"""Rows that the ids of results and vital signs keep for an order of a journey."""

_PREVENTIVE_VISITS = 0.15
"""Share of visits to offices that are examinations, for the estimate of rows."""

_LEAST = 1e-9
_MORE_VISITS = 1.2
"""By how much people with hypertension are more among visits than among people, likewise."""


def planned_testing(
    care: UtilizationPlan,
    measured: MeasurementPlan,
    body: BodyPlan,
    named: Sequence[NamedCondition],
    conditions: ConditionsPlan,
    who: PeoplePlan,
    timeline: TimelinePlan | None,
) -> TestingPlan:
    """Plan what is measured in background care.

    Args:
        care: How often it happens.
        measured: What can be measured.
        body: How bodies are drawn.
        named: The conditions, by slot.
        conditions: How common they are.
        who: Who the people are.
        timeline: The journeys, whose results are numbered before.
    """
    slots = tuple(slot for slot, each in enumerate(named) if _is_hypertension(each))
    monitored, rules = monitored_tests(measured.labs, named), panel_rules(measured.labs)
    natural = natural_shares(named, is_local=False)
    draft = TestingPlan(
        body=_nearing_obesity(body),
        hypertension_slots=slots,
        vital_shares=rounded(np.array([_vital_shares(kind, has_hypertension=bool(slots)) for kind in _KINDS])),
        signs=_signs(measured),
        routine_shares=routine_shares(monitored, rules, measured, natural),
        monitored=monitored,
        panels=rules,
        emergency=_blood_tests(measured.labs, "emergency"),
        inpatient=_blood_tests(measured.labs, "inpatient"),
        sign_days=first_days(measured.vitals),
        first_row=(_first_row(timeline, Labs), _first_row(timeline, Vitals)),
        expected_labs=0.0,
        expected_vitals=0.0,
    )
    adults = float(who.expected["age"][ADULT:].sum())
    return replace(
        draft,
        expected_labs=_expected_labs(draft, measured, care, adults)
        + expected_monitoring(draft, measured, care, conditions, who),
        expected_vitals=_expected_vitals(draft, care, conditions, adults),
    )


def _is_hypertension(condition: NamedCondition) -> bool:
    return any(share.code.startswith(_HYPERTENSION) for share in condition.codes)


def _nearing_obesity(body: BodyPlan) -> BodyPlan:
    """Let nothing bound body mass index from above in those without obesity, who near it before it is there."""
    return replace(body, aspects=tuple(_without_bound(aspect) for aspect in body.aspects))


def _without_bound(aspect: AspectPlan) -> AspectPlan:
    if "bmi" not in aspect.bounds:
        return aspect
    bounds = aspect.bounds["bmi"]
    is_without = np.repeat(np.isneginf(bounds.low.reshape(-1, AGE_SEX_CELLS)).all(axis=1), AGE_SEX_CELLS)
    plain = aspect.plain["bmi"].copy()
    plain[1, np.isneginf(plain[0])] = np.inf
    return replace(
        aspect,
        bounds={**aspect.bounds, "bmi": replace(bounds, high=np.where(is_without, np.inf, bounds.high))},
        plain={**aspect.plain, "bmi": plain},
    )


def _vital_shares(kind: str, *, has_hypertension: bool) -> tuple[float, float, float, float]:
    shares = measure_shares(kind, "vitals")
    adults = shares["adult"]
    others = shares.get("adult_without_hypertension", adults) if has_hypertension else adults
    return shares["child"], others, shares.get("hypertensive", adults), shares.get("preventive", 1.0)


def _signs(measured: MeasurementPlan) -> Booleans:
    """Tell which signs are taken in each kind of care; departments of emergency do not measure or weigh people."""
    signs = np.ones((len(_KINDS), len(measured.vitals)), np.bool_)
    signs[EMERGENCY] = [vital.id not in _NOT_IN_EMERGENCY for vital in measured.vitals]
    return signs


def _blood_tests(labs: Sequence[Analyte], kind: str) -> BloodTests:
    members = {each.id: each.members for each in panels().values()}
    return BloodTests(
        share=measure_shares(kind, "blood")["adult"],
        panel_shares=tuple(measure_shares(kind, panel)["blood"] for panel in _BLOOD_PANELS),
        panels=np.array([marks(labs, members[panel]) for panel in _BLOOD_PANELS]),
    )


def _first_row(timeline: TimelinePlan | None, kind: type[Labs] | type[Vitals]) -> int:
    """Give the number from which rows of background care are counted: after those of all orders of the journeys."""
    if timeline is None:
        return FIRST_NUMBER
    orders = sum(isinstance(timeline.events[column.event].details, kind) for column in timeline.columns)
    return max(FIRST_NUMBER, (orders + 1) * _SLOT_ROWS)


def _expected_vitals(plan: TestingPlan, care: UtilizationPlan, conditions: ConditionsPlan, adults: float) -> float:
    """Estimate the vital signs a person has: as if all kinds of care were as frequent at any age."""
    signs = plan.signs.sum(axis=1)
    children, others, hypertensive, examined = plan.vital_shares.T
    ill = max((float(conditions.expected_shares[slot]) for slot in plan.hypertension_slots), default=0.0)
    of_adults = others + (hypertensive - others) * min(ill / max(adults, ill, _LEAST) * _MORE_VISITS, 1.0)
    shares = (1 - adults) * children + adults * of_adults
    shares[OFFICE] += (examined[OFFICE] - shares[OFFICE]) * _PREVENTIVE_VISITS
    return float(sum(care.expected[each.name] * shares[kind] * signs[kind] for kind, each in enumerate(care.care)))


def _expected_labs(plan: TestingPlan, measured: MeasurementPlan, care: UtilizationPlan, adults: float) -> float:
    """Estimate the results a person has, as if tests were ordered independently."""
    visits: Mapping[str, float] = care.expected
    routine = 1 - np.prod(1 - np.array(plan.routine_shares)[:, np.newaxis] * measured.panels, axis=0)
    results = adults * visits["office"] * routine.sum()
    for kind, tests in ((EMERGENCY, plan.emergency), (INPATIENT, plan.inpatient)):
        by_panel = np.array(tests.panel_shares) @ tests.panels.sum(axis=1)
        results += adults * visits[care.care[kind].name] * tests.share * by_panel
    return float(results)
