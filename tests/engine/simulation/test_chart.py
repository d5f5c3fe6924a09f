"""The chart says what the clinical tables say."""

import numpy as np

from healthsim.simulation.chart import Chart
from healthsim.tables import MISSING, Batch


def seen(first: int, rows: int, provider: int | None) -> Batch:
    ids = np.arange(first, first + rows, dtype=np.int64)
    columns = {"person_id": ids, "provider_npi": None if provider is None else np.full(rows, provider)}
    return Batch("encounters", rows, columns)


def test_rows_are_in_the_order_they_were_made() -> None:
    chart = Chart()
    chart.add(seen(5, 3, 1))
    chart.add(seen(1, 2, 2))
    assert chart.rows("encounters") == 5
    assert chart.column("encounters", "person_id").tolist() == [5, 6, 7, 1, 2]


def test_a_column_that_is_null_in_a_batch_is_missing_in_its_rows() -> None:
    chart = Chart()
    chart.add(seen(1, 2, None))
    chart.add(seen(3, 1, 7))
    assert chart.column("encounters", "provider_npi").tolist() == [MISSING, MISSING, 7]


def test_a_table_nobody_has_rows_in_is_empty() -> None:
    assert Chart().column("procedures", "person_id").tolist() == []
    assert Chart().rows("procedures") == 0
