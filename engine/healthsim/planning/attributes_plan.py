"""What a plan says of who smokes and who pays for care."""

from collections.abc import Mapping
from dataclasses import dataclass

from healthsim.randomness import CategoryTable, Floats, Ints

SMOKING_STATUSES = ("never", "former", "current")
"""Whether adults smoke cigarettes, in the order of the liability to."""


@dataclass(frozen=True, slots=True)
class AttributesPlan:
    """What else people are.

    Attributes:
        ever_smoked: Liability above which a person smokes or has smoked, by row and cell of age and sex, flat, shape
            `(rows * 222,)`; infinite for children.
        smokes: Liability above which a person smokes now, of the same shape.
        loadings: Of the liability to smoke on latent factors, by their names; conditions have some of them too.
        own: Loading of the liability on what no condition shares.
        bands: Number of bands of age of the payers.
        band: Index of the band of each age, shape `(111,)`.
        payers: Who pays first, by `row * bands + band`.
    """

    ever_smoked: Floats
    smokes: Floats
    loadings: Mapping[str, float]
    own: float
    bands: int
    band: Ints
    payers: CategoryTable
