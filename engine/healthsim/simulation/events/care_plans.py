"""Plans of care that journeys write."""

import numpy as np

from healthsim.planning.event_details import Details, PlanOfCare
from healthsim.planning.plan import Ints, Plan
from healthsim.simulation.block import Block
from healthsim.simulation.events.coding import own_codes, texts_of
from healthsim.simulation.events.encounters import provider_npis
from healthsim.simulation.events.happened import Happened
from healthsim.tables import MISSING, Columns


def care_plans(plan: Plan, block: Block, happened: Happened) -> tuple[Ints, Columns]:
    """Describe plans of care: each holds as long as it says, until its event's next one, or to the person's death."""
    places = happened.of(PlanOfCare)

    def texts(column: str) -> Ints:
        return texts_of(plan, happened, places, ("care_plans", column), lambda each: _text(each, column))

    asked, own = texts("reason_code"), own_codes(block, happened, places)
    columns = {
        "person_id": block.people.ids[happened.person[places]],
        "care_plan_id": happened.row_id[places],
        "encounter_id": happened.encounter_id(places, MISSING),
        "category": texts("category"),
        "title": texts("title"),
        "goals": texts("goals"),
        "reason_code": np.where(asked >= 0, asked, own),
        "start_date": happened.day[places],
        "end_date": _ends(block, happened, places),
        "author_npi": provider_npis(plan, block, happened, places),
    }
    return places, columns


def _ends(block: Block, happened: Happened, places: Ints) -> Ints:
    """Give the last days that plans hold; missing for those without an end."""
    days = np.array([_days(event.details) for event in happened.plan.events], np.int64)[happened.event(places)]
    start, person, event = happened.day[places], happened.person[places], happened.event(places)
    end = np.where(days > 0, start + days - 1, MISSING)
    order = np.lexsort((start, event, person))
    now, following = order[:-1], order[1:]
    is_next = (person[now] == person[following]) & (event[now] == event[following])
    _shorten(end, now[is_next], np.maximum(start[following] - 1, start[now])[is_next])
    died = block.deaths(happened.plan)
    if died is not None:
        dead = np.flatnonzero(died[person] != MISSING)
        _shorten(end, dead, died[person[dead]])
    return end


def _shorten(end: Ints, rows: Ints, until: Ints) -> None:
    """Let some plans hold until a day at most, in place."""
    end[rows] = np.where(end[rows] == MISSING, until, np.minimum(end[rows], until))


def _days(details: Details) -> int:
    return (details.days or 0) if isinstance(details, PlanOfCare) else 0


def _text(details: Details, name: str) -> str | None:
    """Give a detail of a plan of care by its name; None for details that are none."""
    text: str | None = getattr(details, name) if isinstance(details, PlanOfCare) else None
    return text
