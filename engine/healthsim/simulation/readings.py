"""What is found of people on a day, results and vital signs, for the conditions of a journey to look at."""

from collections.abc import Iterator, Mapping

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
    """Give everybody's result of an analyte or vital sign on a day, in its unit, shape `(people,)`: that of its table.

    Args:
        plan: The plan of bodies.
        people: The people.
        body: Their bodies.
        day: The day for each, days since 1970-01-01.
        analyte: The analyte or vital sign.
        changed: Levels that drugs have changed, by analyte.
    """
    everybody = np.arange(people.count)
    nothing = np.zeros(people.count, np.int64)
    occasions = Occasions(everybody, nothing, day * DAY, day * DAY, nothing, day)
    results = Results(plan, people, body, occasions, changed)
    results.units("height", everybody)
    for name in _before(analyte):
        results.units(name, everybody)
    return results.reported(analyte, everybody)


def _before(analyte: str) -> Iterator[str]:
    """Give what is reported up to an analyte: its parts, or of vital signs those that are taken before it."""
    of_its_kind = [each.id for each in analytes().values() if each.kind == analytes()[analyte].kind]
    if analytes()[analyte].kind == "vital":
        yield from of_its_kind[: of_its_kind.index(analyte) + 1]
    else:
        parts = with_parts([analyte])
        yield from (name for name in of_its_kind if name in parts)
