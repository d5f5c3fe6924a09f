"""Rows of the vaccines and screenings that people have anyway."""

from collections.abc import Iterator

import numpy as np

from healthsim.planning.plan import Ints, Plan
from healthsim.planning.prevention_plan import PreventionPlan
from healthsim.planning.testing import FIRST_NUMBER
from healthsim.simulation.block import Block
from healthsim.simulation.cases import SLOT_BITS
from healthsim.simulation.encounters import latest_providers
from healthsim.simulation.prevention_visits import Placed
from healthsim.tables import MISSING, Batch, Column


def prevention_tables(
    plan: Plan, prevention: PreventionPlan, block: Block, placed: Placed, encounters: tuple[Ints, Ints | None]
) -> Iterator[Batch]:
    """Give the rows of vaccines and screenings.

    Args:
        plan: The run's plan.
        prevention: The programmes.
        block: The people.
        placed: What was done, person after person in order of time, and where.
        encounters: Identifiers and providers of the occurrences of background care; None where nobody is assigned.
    """
    encounter_id, provider = _where(plan, block, placed, *encounters)
    is_vaccine = np.array([each.kind == "vaccine" for each in prevention.programmes])[placed.services.programme]
    for table, rows in (("immunizations", np.flatnonzero(is_vaccine)), ("procedures", np.flatnonzero(~is_vaccine))):
        services = placed.services.chosen(rows)
        person_id = block.people.ids[services.person]
        number = FIRST_NUMBER + _ranks(services.person)
        columns: dict[str, Column] = {
            "person_id": person_id,
            f"{table[:-1]}_id": (person_id << SLOT_BITS) + number,
            "encounter_id": encounter_id[rows],
            "provider_npi": None if provider is None else provider[rows],
            "name": services.product,
        }
        if table == "immunizations":
            columns |= {"cvx": services.product, "given_date": services.day}
        else:
            reasons = np.array([each.reason for each in prevention.programmes])
            columns |= {
                "system": np.zeros(len(rows), np.int64),
                "code": services.product,
                "performed_date": services.day,
                "reason_code": reasons[services.programme],
            }
        yield Batch(table, len(rows), columns)


def _where(
    plan: Plan, block: Block, placed: Placed, encounter_id: Ints, provider: Ints | None
) -> tuple[Ints, Ints | None]:
    """Give the encounters of services and who did them; none for what was done elsewhere."""
    person = placed.services.person
    of_visit = np.append(encounter_id, MISSING)[placed.at]
    found = np.where(placed.is_latest, block.people.ids[person] << SLOT_BITS, of_visit)
    if provider is None:
        return found, None
    latest = np.full(block.people.count, MISSING)
    if block.visits is not None:
        latest[block.visits.person] = latest_providers(plan, block)
    return found, np.where(placed.is_latest, latest[person], np.append(provider, MISSING)[placed.at])


def _ranks(person: Ints) -> Ints:
    """Count the rows of each person, whose rows stand together."""
    is_first = np.append(True, person[1:] != person[:-1])[: len(person)]
    starts = np.flatnonzero(is_first)
    return np.arange(len(person)) - np.repeat(starts, np.diff(np.append(starts, len(person))))
