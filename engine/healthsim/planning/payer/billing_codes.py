"""All codes that claims may name, with their prices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from healthsim.planning.payer.billing_content import billing_rules, fees
from healthsim.planning.payer.billing_figures import Fee
from healthsim.planning.payer.billing_rules import Otherwise
from healthsim.planning.payer.services import SERVICES
from healthsim.randomness import Ints

BASIS = 10_000
"""Basis points of one."""

CENTS = 100
"""Cents of a dollar."""

CONVERSION_FACTOR = 32.3465
"""Dollars of one relative value unit in 2025 (CMS, CY2025 Physician Fee Schedule final rule, CMS-1807-F)."""

_ICD_PROCEDURE_LENGTH = 7


@dataclass(frozen=True, slots=True)
class CodeBook:
    """Codes of services; the arrays have the shape `(codes,)`.

    Attributes:
        codes: HCPCS and CPT codes.
        place: Their places.
        revenues: Revenue codes.
        rate: What Medicare allows, cents: a physician in an office, one in a hospital, a hospital; shape `(codes, 3)`.
        is_local: Whether that is adjusted to the place.
        service: Place in `SERVICES`.
        revenue: Index of the revenue code.
    """

    codes: tuple[str, ...]
    place: Mapping[str, int]
    revenues: tuple[str, ...]
    rate: Ints
    is_local: NDArray[np.bool_]
    service: Ints
    revenue: Ints


def code_book(dictionaries: Mapping[str, Mapping[str, tuple[str, ...]]], claimed: Sequence[str] = ()) -> CodeBook:
    """Give all codes that the package bills, and those of the procedures that a chart may have.

    Args:
        dictionaries: Texts of the clinical tables.
        claimed: Codes that journeys claim.
    """
    own = [code for code in dictionaries.get("procedures", {}).get("code", ()) if is_billable(code)]
    codes = tuple(dict.fromkeys((*fees(), *own, *claimed)))
    known = [fees().get(code) or _otherwise(code) for code in codes]
    lines = (line for bundle in billing_rules().bundles for line in bundle.lines)
    revenues = tuple(sorted({*(fee.revenue for fee in known), *(line.revenue for line in lines if line.revenue)}))
    return CodeBook(
        codes=codes,
        place={code: index for index, code in enumerate(codes)},
        revenues=revenues,
        rate=np.array([_cents(fee) for fee in known], np.int64),
        is_local=np.array([not isinstance(fee, Fee) or fee.schedule in {"pfs", "opps"} for fee in known], np.bool_),
        service=np.array([SERVICES.index(fee.service) for fee in known], np.int64),
        revenue=np.array([revenues.index(fee.revenue) for fee in known], np.int64),
    )


def is_billable(code: str) -> bool:
    """Tell whether physicians bill a code of a procedure: CPT and HCPCS have five characters, ICD-10-PCS seven."""
    return len(code) < _ICD_PROCEDURE_LENGTH


def _otherwise(code: str) -> Otherwise:
    """Give the fee of a code that no file names: that of the last row that does not come after it."""
    rows: Sequence[Otherwise] = billing_rules().procedures.otherwise
    return next((row for row in reversed(rows) if row.begins <= code[:1].upper()), rows[0])


def _cents(fee: Fee | Otherwise) -> tuple[int, int, int]:
    """Give what is allowed in cents; relative values are multiplied by the conversion factor."""
    is_relative = not isinstance(fee, Fee) or fee.schedule == "pfs"
    factor = (CONVERSION_FACTOR if is_relative else 1.0) * CENTS
    hospital = fee.hospital * CENTS
    return round(fee.office * factor), round(fee.in_facility * factor), round(hospital)
