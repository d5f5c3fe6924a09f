"""What a laboratory would report of people on a day, for the conditions of a journey to look at."""

from collections.abc import Mapping

import numpy as np

from healthsim.planning.body_plan import BodyPlan
from healthsim.planning.measurements import with_parts
from healthsim.planning.plan import Floats, Ints
from healthsim.reference import analytes
from healthsim.simulation.body import Body
from healthsim.simulation.occasions import Occasions
from healthsim.simulation.people import People
from healthsim.simulation.results import Results
from healthsim.simulation.visits import DAY


def reading(
    plan: BodyPlan, people: People, body: Body, day: Ints, analyte: str, changed: Mapping[str, Floats]
) -> Floats:
    """Give everybody's result of an analyte on a day, in its unit, shape `(people,)`: that of the table of results.

    Args:
        plan: The plan of bodies.
        people: The people.
        body: Their bodies.
        day: The day for each, days since 1970-01-01.
        analyte: The analyte.
        changed: Levels that drugs have changed, by analyte.
    """
    everybody = np.arange(people.count)
    nothing = np.zeros(people.count, np.int64)
    occasions = Occasions(everybody, nothing, day * DAY, day * DAY, nothing, day)
    results = Results(plan, people, body, occasions, changed)
    results.units("height", everybody)
    parts = with_parts([analyte])
    for name in (each.id for each in analytes().values() if each.kind == "lab"):
        if name in parts:
            results.units(name, everybody)
    return results.reported(analyte, everybody)
