"""Bodies as they were: younger, and without the conditions that had not begun by then."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from healthsim.planning.body_plan import BodyPlan
from healthsim.planning.natural import ADULT
from healthsim.planning.plan import SEXES, Floats, Ints, Plan
from healthsim.simulation.block import Block
from healthsim.simulation.body import Body, body_of
from healthsim.simulation.cases import NEVER, Cases
from healthsim.simulation.composed import predicted_fev1, weight_of
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.growing import grown
from healthsim.simulation.occasions import Occasions
from healthsim.simulation.people import People
from healthsim.simulation.visits import DAY

_STEP_YEARS = 5
_STEP_DAYS = 1_826
"""Bodies are drawn anew for every five years back from `as_of`, at which levels differ little by age."""

_APPROACH_DAYS = 3_653
"""Levels near those with a condition over ten years before it is there: HbA1c and weight rise so before diabetes is
diagnosed (Tabak et al. 2009, Lancet 373:2215, Whitehall II, 13 years); the length is assumed for all conditions."""

_GROWING = ("height", "weight")
"""What children grow in."""

_CASE_BITS, _STEP_BITS = 8, 8


@dataclass(frozen=True, slots=True)
class PastBodies:
    """People as they were on some occasions.

    Attributes:
        block: The block of these people: a row for each person, set of conditions and step of age that is needed.
        occasions: The occasions, of those people.
        changed: Levels on the occasions that are not those of the bodies, by analyte, shape `(occasions,)`.
    """

    block: Block
    occasions: Occasions
    changed: Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class _History:
    """What the people of a block began to have, in order; arrays have the shape `(people, slots)`.

    Attributes:
        onset: Days of onset; `NEVER` for what they do not have.
        rank: Place of each condition in the order of onset.
        code: Index of the code; -1 for none.
    """

    onset: Ints
    rank: Ints
    code: Ints


def past_bodies(plan: Plan, body_plan: BodyPlan, block: Block, occasions: Occasions) -> PastBodies:
    """Give people as they were on some occasions.

    All draws are those of the person, so somebody whose pressure is high among their like always has it so. Before a
    condition begins, levels near those of after it, within the bounds of people without it.

    Args:
        plan: The run's plan.
        body_plan: How bodies are drawn.
        block: The people.
        occasions: When they were seen.
    """
    if block.body is None:
        raise ValueError("a plan without bodies measures nothing")
    history = _history(block)
    person, day = occasions.person, occasions.start // DAY
    had, following = _begun(history, person, day)
    step = _steps(block.people, person, day)
    nearing = np.flatnonzero(following - day < _APPROACH_DAYS)
    keys = _keys(person, had, step)
    after = _keys(person[nearing], _begun(history, person[nearing], following[nearing])[0], step[nearing])
    rows, place = np.unique(np.concatenate([keys, after]), return_inverse=True)
    of, then = place[: len(keys)], place[len(keys) :]
    past = _block_of(body_plan, block, history, rows)
    share = 1 - (following[nearing] - day[nearing]) / _APPROACH_DAYS
    seen = replace(occasions, person=of)
    way = _Way(nearing, of[nearing], then, share)
    changed = _nearing(plan, body_plan, past, seen, way) if nearing.size else {}
    return PastBodies(past, seen, {**changed, **_small_lungs(body_plan, past, seen, changed)})


def _history(block: Block) -> _History:
    cases, shape = block.cases, block.held.shape
    onset = cases.onsets(*shape)
    code = np.full(shape, -1)
    code[cases.person, cases.slot] = cases.code
    rank = np.argsort(np.argsort(onset, axis=1, kind="stable"), axis=1, kind="stable")
    return _History(onset, rank, code)


def _begun(history: _History, person: Ints, day: Ints) -> tuple[Ints, Ints]:
    """Count what had begun by a day, and give the day of what begins next; a far one for nothing."""
    onset = history.onset[person]
    is_later = onset > day[:, np.newaxis]
    had = (~is_later).sum(axis=1)
    return had, np.where(is_later, onset, NEVER).min(axis=1, initial=NEVER)


def _steps(people: People, person: Ints, day: Ints) -> Ints:
    """Give how many whole steps of age before `as_of` days lie, but not before birth."""
    back = people.birth_day[person] + people.days_lived[person] - day
    steps: Ints = np.minimum(np.maximum(back, 0) // _STEP_DAYS, people.age[person] // _STEP_YEARS)
    return steps


def _keys(person: Ints, had: Ints, step: Ints) -> Ints:
    return (person << _CASE_BITS | had) << _STEP_BITS | step


def _block_of(plan: BodyPlan, block: Block, history: _History, keys: Ints) -> Block:
    """Give the block of people as they were, by their keys."""
    who = keys >> _CASE_BITS + _STEP_BITS
    had = keys >> _STEP_BITS & (1 << _CASE_BITS) - 1
    people = _younger(block.people, who, keys & (1 << _STEP_BITS) - 1)
    held = (history.rank[who] < had[:, np.newaxis]) & (history.onset[who] < NEVER)
    person, slot = np.nonzero(held)
    onset = history.onset[who[person], slot]
    cases = Cases(person, slot, history.code[who[person], slot], onset, onset)
    body = _as_tall(body_of(plan, people, held, cases), block, people, who)
    return replace(block, people=people, held=held, cases=cases, body=body, regimen=None, timeline=None)


def _younger(people: People, who: Ints, step: Ints) -> People:
    """Give people some steps of age before `as_of`."""
    cells = (step * _STEP_YEARS * len(SEXES)).astype(np.int32)
    return People(
        first=0,
        draws=people.draws.rows(who),
        county=people.county[who],
        row=people.row[who],
        cell=people.cell[who],
        age_sex=people.age_sex[who] - cells,
        birth_day=people.birth_day[who],
        days_lived=np.maximum(people.days_lived[who] - step * _STEP_DAYS, 0),
        zip_code=people.zip_code[who],
    )


def _as_tall(body: Body, block: Block, people: People, who: Ints) -> Body:
    """Let adults be as tall as they are at `as_of`, and what follows from height with them."""
    if block.body is None:
        raise ValueError("a plan without bodies measures nothing")
    levels = dict(body.levels)
    own = block.body.levels["height"][who]
    is_adult = (people.age >= ADULT) & (block.people.age[who] >= ADULT)
    levels["height"] = np.where(is_adult, own, levels["height"])
    levels["weight"] = np.where(is_adult, weight_of(levels["bmi"], own), levels["weight"])
    predicted = predicted_fev1(people.age.astype(np.float64), levels["height"], people.sex == 0)
    levels["fev1"] = levels["fev1_percent"] / 100 * predicted
    levels["fvc"] = levels["fev1"] / levels["fev1_fvc"] * 100
    return replace(body, levels=levels)


@dataclass(frozen=True, slots=True)
class _Way:
    """Occasions before something begins; every array has the shape `(such occasions,)`.

    Attributes:
        rows: Their places among the occasions.
        before: Rows of the people as they were.
        after: Rows of the same people as they are once it has begun.
        share: Share of the way from one to the other that is behind them.
    """

    rows: Ints
    before: Ints
    after: Ints
    share: Floats


def _nearing(plan: Plan, body_plan: BodyPlan, past: Block, occasions: Occasions, way: _Way) -> Mapping[str, Floats]:
    """Give the levels of those who near what begins, by analyte; children near the growth of their age."""
    if past.body is None or plan.measurements is None:
        raise ValueError("a plan without bodies measures nothing")
    measured = {analyte.id for analyte in (*plan.measurements.labs, *plan.measurements.vitals)}
    is_child = past.people.age[way.before] < ADULT
    changed = {}
    for analyte in sorted(measured & past.body.levels.keys()):
        own = past.body.levels[analyte]
        gain = own[way.after] - own[way.before]
        if analyte in _GROWING:
            gain[is_child] = _gain_of_children(body_plan, past, occasions, way, is_child)[analyte]
        if gain.any():
            changed[analyte] = own[occasions.person]
            changed[analyte][way.rows] += gain * way.share
    return changed


def _gain_of_children(
    plan: BodyPlan, past: Block, occasions: Occasions, way: _Way, is_child: Booleans
) -> Mapping[str, Floats]:
    """Give by how much children would be taller and heavier on the day, if it had begun."""
    rows = way.rows[is_child]
    days = occasions.days_old(past.people)[rows]
    before, after = (_grown_of(plan, past, person, days) for person in (way.before[is_child], way.after[is_child]))
    return {name: after[name] - before[name] for name in _GROWING}


def _grown_of(plan: BodyPlan, past: Block, person: Ints, days: Ints) -> Mapping[str, Floats]:
    """Give height, weight and body mass index of people of a block at an age in days."""
    if past.body is None:
        raise ValueError("a plan without bodies measures nothing")
    sex = past.people.sex[person].astype(np.int64)
    return grown(plan, days, sex, {name: score[person] for name, score in past.body.scores.items()})


def _small_lungs(
    plan: BodyPlan, past: Block, occasions: Occasions, changed: Mapping[str, Floats]
) -> Mapping[str, Floats]:
    """Give the lungs of children the size that they had on each occasion, at their height of the day."""
    people, body = past.people, past.body
    if body is None:
        raise ValueError("a plan without bodies measures nothing")
    rows = np.flatnonzero(people.age[occasions.person] < ADULT)
    person = occasions.person[rows]
    height = _grown_of(plan, past, person, occasions.days_old(people)[rows])["height"]
    age = occasions.age_sex(people)[rows] // len(SEXES)
    ratios = {name: changed.get(name, body.levels[name][occasions.person]) for name in ("fev1_percent", "fev1_fvc")}
    volumes = {name: changed.get(name, body.levels[name][occasions.person]).copy() for name in ("fev1", "fvc")}
    predicted = predicted_fev1(age.astype(np.float64), height, people.sex[person] == 0)
    volumes["fev1"][rows] = ratios["fev1_percent"][rows] / 100 * predicted
    volumes["fvc"][rows] = volumes["fev1"][rows] / ratios["fev1_fvc"][rows] * 100
    return volumes if rows.size else {}


def begun_by(block: Block, occasions: Occasions) -> Booleans:
    """Tell which conditions had begun by each occasion, shape `(occasions, slots)`."""
    onset = block.cases.onsets(block.people.count, block.held.shape[1])
    begun: Booleans = onset[occasions.person] <= (occasions.start // DAY)[:, np.newaxis]
    return begun
