"""How laboratory results compare with their reference ranges."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from healthsim.planning.measurements import FLAGS, Judgement
from healthsim.planning.plan import AGE_SEX_CELLS, Floats, Ints

_NO_RANGE = np.int8(-1)

_L, _H, _LL, _HH = 1, 2, 4, 8
"""What may be said of a result, to be added up."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Results, judged; every array has the shape `(rows,)`.

    Attributes:
        low: Lowest normal value, in the unit of the test; not a number where there is none.
        high: Highest normal value, likewise.
        flag: Index of the interpretation; -1 where there is no reference range.
    """

    low: Floats
    high: Floats
    flag: NDArray[np.int8]


def judged(judgement: Judgement, analyte: Ints, cells: Ints, units: Ints) -> Judged:
    """Judge results.

    Args:
        judgement: The limits.
        analyte: Place of each test among the laboratory tests.
        cells: Cell of age and sex of each person.
        units: Each result, whole numbers of its last decimal.
    """
    row = analyte * AGE_SEX_CELLS + cells
    said = (units < judgement.low.take(row)).view(np.int8) * np.int8(_L)
    said += (units > judgement.high.take(row)).view(np.int8) * np.int8(_H)
    said += (units < judgement.critical_low.take(analyte)).view(np.int8) * np.int8(_LL)
    said += (units > judgement.critical_high.take(analyte)).view(np.int8) * np.int8(_HH)
    flag = np.where(judgement.has_range.take(row), _FLAG_SAID.take(said), _NO_RANGE)
    return Judged(judgement.reference_low.take(row), judgement.reference_high.take(row), flag)


def _flags_said() -> NDArray[np.int8]:
    """Give the flag for each sum of what may be said; what is critical goes before what is not."""
    flags = np.full(_L + _H + _LL + _HH + 1, FLAGS.index("N"), np.int8)
    for name, bit in (("L", _L), ("H", _H), ("LL", _LL), ("HH", _HH)):
        flags[(np.arange(len(flags)) & bit) > 0] = FLAGS.index(name)
    return flags


_FLAG_SAID = _flags_said()
