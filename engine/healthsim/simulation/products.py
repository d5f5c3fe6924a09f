"""The tables of the products beside PatientSim: each derived from the people of a block and their chart."""

from collections.abc import Callable, Iterator

from healthsim.planning.plan import Plan
from healthsim.simulation.block import Block
from healthsim.simulation.chart import Chart
from healthsim.tables import Batch

ProductTables = Callable[[Plan, Block, Chart], Iterator[Batch]]

PRODUCTS: tuple[ProductTables, ...] = ()
"""Of each product, a function from a plan, a block and its chart to rows; it gives none where it is not asked for."""


def product_tables(plan: Plan, block: Block, chart: Chart) -> Iterator[Batch]:
    """Give the rows of all products asked for, beside the chart itself."""
    for tables in PRODUCTS:
        yield from tables(plan, block, chart)
