"""The tables of laboratory results and vital signs: what is measured on occasions, and how it is judged."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from healthsim.planning.measurements import MOST_SLOTS, MeasurementPlan
from healthsim.planning.natural import ADULT
from healthsim.planning.plan import SEXES, Floats, Ints, Plan
from healthsim.reference import Analyte
from healthsim.simulation.block import Block
from healthsim.simulation.cases import SLOT_BITS
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.judging import judged
from healthsim.simulation.occasions import ROWS_BITS, Occasions, occasions_of
from healthsim.simulation.results import SAMPSON_BELOW, Results
from healthsim.simulation.visits import DAY, MINUTE
from healthsim.tables import Batch, Column

_UNTIL_VITALS = 2 * MINUTE


@dataclass(frozen=True, slots=True)
class Reported:
    """What was reported on some occasions.

    Attributes:
        batch: The rows.
        occasion: Place of the occasion that each row is of, shape `(rows,)`; ascending.
    """

    batch: Batch
    occasion: Ints


def labs(plan: Plan, block: Block) -> Batch:
    """Report what everybody's latest visit ordered."""
    occasions = _latest(block)
    wanted = wanted_labs(_measured(plan), block, occasions)
    return labs_on(plan, block, occasions, wanted, _changed(block, occasions)).batch


def vitals(plan: Plan, block: Block) -> Batch:
    """Report the vital signs of everybody's latest visit."""
    occasions = _latest(block)
    return vitals_on(plan, block, occasions, changed=_changed(block, occasions)).batch


def _changed(block: Block, occasions: Occasions) -> Mapping[str, Floats]:
    """Give the levels that the journeys' drugs have changed by everybody's latest visit, shape `(occasions,)` each."""
    if block.regimen is None:
        return {}
    day = np.zeros(block.people.count, np.int64)
    day[occasions.person] = occasions.start // DAY
    changed = block.regimen.changed(day, None)
    return {analyte: levels[occasions.person] for analyte, levels in changed.items()}


def wanted_labs(plan: MeasurementPlan, block: Block, occasions: Occasions) -> Booleans:
    """Tell which tests are ordered on each occasion, shape `(occasions, labs)`.

    These are what the skills of the person's conditions monitor and, for adults, some panels as routine; everything
    for adults where an examination is asked for; but for tests that were not yet in use.
    """
    wanted = _ordered(plan, block, occasions) & _of_age(plan.labs, occasions.age_sex(block.people) // len(SEXES))
    day = occasions.start // DAY
    if day.min(initial=plan.used_from.max()) < plan.used_from.max():
        wanted &= day[:, np.newaxis] >= plan.used_from
    return wanted


def _ordered(plan: MeasurementPlan, block: Block, occasions: Occasions) -> Booleans:
    by_condition = _monitored(plan, _begun(block, occasions))
    is_adult = occasions.age_sex(block.people) // len(SEXES) >= ADULT
    if plan.everything:
        return by_condition | is_adult[:, np.newaxis]
    wanted: Booleans = by_condition
    draws = block.people.draws.rows(occasions.person)
    for panel, (name, share) in enumerate(zip(plan.panel_ids, plan.panel_shares, strict=True)):
        is_ordered = is_adult & (draws.event_uniform(f"routine:{name}", occasions.address) < share)
        wanted |= is_ordered[:, np.newaxis] & plan.panels[panel]
    return wanted


def _begun(block: Block, occasions: Occasions) -> Booleans:
    """Tell which conditions have begun by each occasion, shape `(occasions, slots)`."""
    if block.timeline is None:
        return block.held[occasions.person]
    onsets = block.cases.onsets(block.people.count, block.held.shape[1])
    begun: Booleans = onsets[occasions.person] <= (occasions.start // DAY)[:, np.newaxis]
    return begun


def _monitored(plan: MeasurementPlan, held: Booleans) -> Booleans:
    """Tell which tests conditions repeat, shape `(rows, labs)`, by who has which, shape `(rows, slots)`.

    A product of matrices would wake the threads of the linear algebra library, which take the processor from the sink.
    """
    monitored = np.zeros((len(held), len(plan.labs)), np.bool_)
    for slot in np.flatnonzero(plan.for_condition.any(axis=1)).tolist():
        monitored[held[:, slot]] |= plan.for_condition[slot]
    return monitored


def labs_on(
    plan: Plan, block: Block, occasions: Occasions, wanted: Booleans, changed: Mapping[str, Floats] | None = None
) -> Reported:
    """Report laboratory results.

    Args:
        plan: The run's plan.
        block: The people.
        occasions: When they are seen.
        wanted: Which tests are ordered, shape `(occasions, labs)`, with whatever they are computed from.
        changed: Levels on the occasions that are not those of the bodies, by analyte, shape `(occasions,)`.
    """
    measured = _measured(plan)
    results = _results(plan, block, occasions, changed or {})
    results.units("height", np.arange(len(occasions.person)))
    wanted = wanted & _of_age(measured.labs, results.cells // len(SEXES))
    occasion, analyte, units = _reported(results, measured.labs, _without_uncomputable(results, measured, wanted))
    verdict = judged(measured.judgement, analyte, results.cells.take(occasion), units)
    scale = np.array([10.0**each.decimals for each in measured.labs]).take(analyte)
    columns: dict[str, Column] = {
        **_identified(block, occasions, occasion, analyte, "lab_id"),
        "loinc": analyte,
        "value": units / scale,
        "reference_low": verdict.low,
        "reference_high": verdict.high,
        "abnormal_flag": verdict.flag,
        "collected_at": _collected(occasions).take(occasion),
    }
    return Reported(Batch("labs", len(occasion), columns), occasion)


def vitals_on(
    plan: Plan,
    block: Block,
    occasions: Occasions,
    signs: Booleans | None = None,
    changed: Mapping[str, Floats] | None = None,
) -> Reported:
    """Report vital signs: all of adults; of infants neither pressure nor body mass index.

    Args:
        plan: The run's plan.
        block: The people.
        occasions: When they are seen.
        signs: Which vital signs are wanted, shape `(occasions, vitals)`; all if None.
        changed: As of laboratory results.
    """
    measured = _measured(plan)
    results = _results(plan, block, occasions, changed or {})
    wanted = _of_age(measured.vitals, results.cells // len(SEXES))
    occasion, vital, units = _reported(results, measured.vitals, wanted)
    if signs is not None and not signs.all():
        kept = signs[occasion, vital]
        occasion, vital, units = occasion[kept], vital[kept], units[kept]
    columns: dict[str, Column] = {
        **_identified(block, occasions, occasion, vital, "vital_id"),
        "loinc": vital,
        "value": units / np.array([10.0**each.decimals for each in measured.vitals]).take(vital),
        "taken_at": (occasions.start + _UNTIL_VITALS).take(occasion),
    }
    return Reported(Batch("vitals", len(occasion), columns), occasion)


def _of_age(analytes: tuple[Analyte, ...], age: Ints) -> Booleans:
    """Tell what is measured at which ages, shape `(occasions, analytes)`."""
    return np.stack([(age >= each.first_age) & (age <= each.last_age) for each in analytes], axis=1)


def _results(plan: Plan, block: Block, occasions: Occasions, changed: Mapping[str, Floats]) -> Results:
    if plan.body is None or block.body is None:
        raise ValueError("a plan without bodies has no results")
    return Results(plan.body, block.people, block.body, occasions, changed)


def _latest(block: Block) -> Occasions:
    if block.visits is None:
        raise ValueError("a plan without visits measures nothing")
    return occasions_of(block.visits)


def _measured(plan: Plan) -> MeasurementPlan:
    if plan.measurements is None:
        raise ValueError("a plan without visits measures nothing")
    return plan.measurements


def _reported(results: Results, analytes: tuple[Analyte, ...], wanted: Booleans) -> tuple[Ints, Ints, Ints]:
    """Report what is wanted, occasion after occasion: its occasion, its analyte, and its units, shape `(rows,)`."""
    units, count = np.zeros(wanted.shape[::-1], np.int64), np.zeros(len(wanted), np.int16)
    for column, is_wanted in enumerate(np.ascontiguousarray(wanted.T)):
        rows = np.flatnonzero(is_wanted)
        if rows.size:
            units[column, rows] = results.units(analytes[column].id, rows)
            count += is_wanted
    place = np.flatnonzero(wanted)
    occasion = np.repeat(np.arange(len(wanted)), count)
    return occasion, place - occasion * len(analytes), units.T.take(place)


def _without_uncomputable(results: Results, measured: MeasurementPlan, wanted: Booleans) -> Booleans:
    """Leave LDL out where triglycerides are too high to compute it."""
    names = [analyte.id for analyte in measured.labs]
    ldl, triglycerides = names.index("ldl"), names.index("triglycerides")
    rows = np.flatnonzero(wanted[:, ldl] & wanted[:, triglycerides])
    kept = wanted.copy()
    kept[rows, ldl] = results.units("triglycerides", rows) < SAMPSON_BELOW
    return kept


def _identified(block: Block, occasions: Occasions, occasion: Ints, column: Ints, identifier: str) -> dict[str, Column]:
    person_id, slot = block.people.ids[occasions.person], occasions.slot
    if slot.size and not 0 <= slot.min() <= slot.max() < MOST_SLOTS:
        raise ValueError(f"occasions of a person are numbered from 0 to {MOST_SLOTS - 1}")
    return {
        "person_id": person_id.take(occasion),
        identifier: ((person_id << SLOT_BITS) + (slot << ROWS_BITS)).take(occasion) + column,
        "encounter_id": occasions.encounter_id.take(occasion),
    }


def _collected(occasions: Occasions) -> Ints:
    """Give when specimens are collected: on a whole minute, three quarters into the visit."""
    after = (occasions.end - occasions.start) * 3 // 4 // MINUTE * MINUTE
    return occasions.start + after
