"""How well people keep to their drugs, as tables to draw from."""

import numpy as np

from healthsim.planning.pharmacy.documents import Benefit, ClassAdherence, adherence
from healthsim.planning.pharmacy.drugs import ADHERENCE_CLASSES
from healthsim.planning.pharmacy.pharmacy_plan import AdherencePlan, Floats
from healthsim.planning.significance import rounded
from healthsim.randomness import QuantileTable

ADHERENT = 0.8
"""Share of days covered from which people count as adherent (Pharmacy Quality Alliance)."""

_CELLS = 200
_LAST_GAP = 0.9975
"""Where the longest gaps are cut, as a share of all gaps: at six times their mean."""


def planned_adherence(benefits: tuple[Benefit, ...], asked: float | None) -> AdherencePlan:
    """Plan adherence by benefit and class of drugs.

    Of those below 80 % of days, shares of days are spread from the least on, denser towards 80 %; of those above, most
    have nearly every day. Gaps are exponential.

    Args:
        benefits: The benefits.
        asked: Share of people with at least 80 % of days covered; as published if None.
    """
    content = adherence()
    classes = {each.id: each for each in content.classes}
    shares = [
        _share(classes[name], benefit.line_of_business) if asked is None else asked  # type: ignore[index]
        for benefit in benefits
        for name in ADHERENCE_CLASSES
    ]
    return AdherencePlan(
        covered=QuantileTable.from_quantiles(rounded(np.stack([_quantiles(share) for share in shares]))),
        classes=len(ADHERENCE_CLASSES),
        gap=QuantileTable.from_quantiles(rounded(_gaps())),
        is_shared=content.shared_by_a_person.value,
        early_share=content.early_refills.share,
        early_days=content.early_refills.days,
    )


def _share(found: ClassAdherence, line: str) -> float:
    if line.startswith("medicare"):
        return found.medicare
    return found.medicaid if line == "medicaid" else found.commercial


def _quantiles(adherent: float) -> Floats:
    """Give the share of days covered at equal steps of probability, shape `(201,)`."""
    steps = np.linspace(0.0, 1.0, _CELLS + 1)
    low = adherence().least
    below = low + (ADHERENT - low) * (steps / max(1.0 - adherent, 1e-9)) ** 0.6
    above = ADHERENT + (1.0 - ADHERENT) * np.clip((steps - (1.0 - adherent)) / max(adherent, 1e-9), 0.0, 1.0) ** 0.45
    return np.where(steps < 1.0 - adherent, np.minimum(below, ADHERENT), above)


def _gaps() -> Floats:
    """Give the lengths of gaps in means, at equal steps of probability; their mean is 1."""
    steps = np.minimum(np.linspace(0.0, 1.0, _CELLS + 1), _LAST_GAP)
    lengths = -np.log1p(-steps)
    middles = (lengths[1:] + lengths[:-1]) / 2
    means: Floats = lengths / middles.mean()
    return means
