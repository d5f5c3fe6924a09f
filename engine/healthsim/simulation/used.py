"""Which providers and hospitals the people of a run go to, and the tables that describe them."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from healthsim.planning.care_plan import CarePlan
from healthsim.planning.plan import Ints
from healthsim.simulation.care import NOBODY, Care
from healthsim.tables import MISSING, Batch, table_definition


class UsedCare:
    """Marks who is gone to; marks know no order, so that no order of blocks changes the tables.

    Args:
        plan: Who cares for people.
    """

    def __init__(self, plan: CarePlan) -> None:
        self._plan = plan
        self._providers = np.zeros(len(plan.npi), dtype=bool)
        self._hospitals = np.zeros(len(plan.facility_id), dtype=bool)

    def add(self, care: Care) -> None:
        """Mark whom the people of a block go to."""
        for marks, rows in (
            (self._providers, care.primary),
            (self._providers, care.seen),
            (self._hospitals, care.hospital),
        ):
            marks[rows[rows != NOBODY]] = True

    def batches(self) -> Iterator[Batch]:
        """Describe the marked."""
        npis = self._plan.npi[self._providers]
        pools = [_columns("providers_used", pool.described(npis)) for pool in self._plan.pools]
        providers = pa.concat_tables(pools).sort_by("npi")
        yield _batch("providers_used", providers.filter(_first_of_each(providers["npi"].to_numpy())))
        hospitals = self._plan.facilities.described(self._plan.facility_id[self._hospitals])
        yield _batch("facilities_used", hospitals)


def _first_of_each(values: Ints) -> pa.Array:
    return pa.array(np.append(True, values[1:] != values[:-1])[: len(values)])


def _columns(name: str, table: pa.Table) -> pa.Table:
    return table.select([column.name for column in table_definition(name).stored])


def _batch(name: str, table: pa.Table) -> Batch:
    columns = {column.name: _column(table[column.name]) for column in table_definition(name).stored}
    return Batch(name, table.num_rows, columns)


def _column(values: pa.ChunkedArray) -> NDArray[np.generic]:
    if pa.types.is_integer(values.type):
        return np.asarray(values.fill_null(MISSING)).astype(np.int64)
    return np.asarray(values.to_numpy())
