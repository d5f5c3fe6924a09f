"""Codes of rows: what an event is for, as the codes that a person has of its condition."""

from collections.abc import Callable, Sequence

import numpy as np

from healthsim.planning.event_details import Details
from healthsim.planning.plan import Ints, Plan
from healthsim.simulation.block import Block
from healthsim.simulation.events.happened import Happened


def own_codes(block: Block, happened: Happened, places: Ints) -> Ints:
    """Give the person's own code of the condition that each event is for; -1 for an event without one."""
    own = np.full((block.people.count, block.held.shape[1] + 1), -1, np.int64)
    own[block.cases.person, block.cases.slot] = block.cases.code
    slots = np.array([-1 if event.condition is None else event.condition for event in happened.plan.events], np.int64)
    codes: Ints = own[happened.person[places], slots[happened.event(places)]]
    return codes


def texts_of(
    plan: Plan, happened: Happened, places: Ints, where: tuple[str, str], text: Callable[[Details], str | None]
) -> Ints:
    """Give the codes of a column's texts, each made of the event's details; -1 for none.

    Args:
        plan: The plan, whose dictionaries have the texts.
        happened: What has happened.
        places: Which of it.
        where: Table and column.
        text: Gives the text of details.
    """
    table, column = where
    texts: Sequence[str] = plan.dictionaries[table][column]
    by_text = {each: index for index, each in enumerate(texts)}
    codes = [by_text.get(text(event.details) or "", -1) for event in happened.plan.events]
    found: Ints = np.array(codes, np.int64)[happened.event(places)]
    return found
