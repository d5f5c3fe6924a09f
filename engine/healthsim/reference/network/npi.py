"""National Provider Identifiers: their check digit, and a range of them that nobody is given.

An NPI has nine digits and a check digit by the Luhn formula over `80840` and the nine (45 CFR 162.406; CMS,
"Requirements for National Provider Identifier and NPI Check Digit"). The first digit of those issued is 1 or 2, digits
that are the NPI's alone among the issuers of health cards; other first digits are not the NPI's to give (69 FR 3434,
23 January 2004). So the starter's begin with 9: they pass every check of form, and can belong to nobody.
"""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

SYNTHETIC_FIRST_DIGIT = 9
SYNTHETIC_NPIS = 10**8
"""How many NPIs begin with one digit."""

_PREFIX_SUM = 24
"""What the prefix 80840 adds to the sum of an NPI's digits."""

_DIGITS = 9

NPI_DIGITS = _DIGITS + 1
"""How many digits an NPI has."""


def with_check_digits(identifiers: Ints) -> Ints:
    """Give the NPIs of nine-digit identifiers, shape `(providers,)`."""
    total = np.full(identifiers.shape, _PREFIX_SUM, dtype=np.int64)
    left = identifiers.copy()
    for place in range(_DIGITS):
        left, digit = np.divmod(left, 10)
        # From the right every other digit counts double, and of a double the digits count.
        total += digit * 2 - 9 * (digit > 4) if place % 2 == 0 else digit  # noqa: PLR2004 - doubled above 9
    npis: Ints = identifiers * 10 + (-total) % 10
    return npis


def synthetic_npis(ordinals: Ints) -> Ints:
    """Give NPIs from the range that is never issued, one for each ordinal from 0 to 99,999,999, in their order."""
    return with_check_digits(SYNTHETIC_FIRST_DIGIT * SYNTHETIC_NPIS + ordinals)


def is_npi(number: int) -> bool:
    """Tell whether a number has the form of an NPI: ten digits, the last of them the check digit of the others."""
    if not 10**_DIGITS <= number < 10 ** (_DIGITS + 1):
        return False
    return int(with_check_digits(np.array([number // 10], dtype=np.int64))[0]) == number


def check_sql(column: str) -> str:
    """Give SQL that tells whether a column's ten digits, as text, end with their check digit; NULL for no digits."""
    digits = [f"try_cast({column}[{place}] AS INTEGER)" for place in range(1, _DIGITS + 2)]
    doubled = [f"({digit} * 2 - CASE WHEN {digit} > 4 THEN 9 ELSE 0 END)" for digit in digits[:_DIGITS:2]]
    total = " + ".join([str(_PREFIX_SUM), *doubled, *digits[1::2]])
    return f"({total}) % 10 = 0"
