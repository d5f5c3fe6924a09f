"""Results of people as columns: a value a person and analyte."""

import numpy as np
from numpy.typing import NDArray

from healthsim.planning import Plan
from samples import Rows


def values_of(plan: Plan, rows: Rows) -> dict[str, NDArray[np.float64]]:
    """Give every person's value of every analyte, NaN where there is none, shape `(people,)` each."""
    assert plan.measurements is not None
    found = {}
    for table, measured in (("labs", plan.measurements.labs), ("vitals", plan.measurements.vitals)):
        columns = rows.columns(table)
        for index, analyte in enumerate(measured):
            mine = columns["loinc"] == index
            found[analyte.id] = np.full(plan.count, np.nan)
            found[analyte.id][columns["person_id"][mine] - 1] = columns["value"][mine]
    return found
