"""What else people are: whether they smoke and how they are insured, by place, age and sex."""

import numpy as np

from healthsim.errors import InvalidProfileError, Problem
from healthsim.planning.attributes_plan import AttributesPlan
from healthsim.planning.cooccurrence import shifted, thresholds
from healthsim.planning.natural import ADULT, shifts_to
from healthsim.planning.plan import Floats
from healthsim.planning.significance import rounded
from healthsim.randomness import CategoryTable
from healthsim.reference import PAYERS, SMOKING, Places, insurance, smoking
from healthsim.spec import Coverage

_ROUNDS = 200
_LEAST = 1e-9
_TOLERANCE = 1e-6


def planned_attributes(places: Places, ages: Floats | None = None, coverage: Coverage | None = None) -> AttributesPlan:
    """Plan smoking and insurance of the people of some places.

    Smokers: the nation's pattern by age and sex, shifted in logits so that the adults of each place have its rate of
    CDC PLACES. Among those who do not smoke now, former smokers are as common as in the nation. The uninsured: the
    nation's pattern by age, shifted so that the people of each place have the SVI's rate; the insured have the payers
    of the nation's insured of their age.

    Where the profile gives the mix of payers, those of each age are weighted so that it holds among its people.

    Args:
        places: Figures of the rows.
        ages: Expected shares of people by completed years, shape `(111,)`; the mix of payers holds among them.
        coverage: What the profile asks for of insurance.
    """
    current, former = _current_smokers(places), smoking().former
    ever = current + (1.0 - current) * former
    bands = insurance()
    return AttributesPlan(
        ever_smoked=rounded(thresholds(ever).ravel()),
        smokes=rounded(thresholds(current).ravel()),
        loadings=smoking().loadings,
        own=float(np.sqrt(1.0 - sum(loading**2 for loading in smoking().loadings.values()))),
        bands=len(bands.uninsured),
        band=bands.band,
        payers=CategoryTable.from_weights(rounded(_payers_asked(_payers(places), ages, coverage))),
    )


def check_insured(coverage: Coverage | None, ages: Floats) -> None:
    """Refuse a mix of payers that people of these ages cannot have, such as Medicare for children.

    Args:
        coverage: What the profile asks for.
        ages: Expected shares of people by completed years, shape `(111,)`.

    Raises:
        InvalidProfileError: More people shall have an insurance than are of an age at which anybody has it.
    """
    bands = insurance()
    by_payer = dict(zip(PAYERS[1:], bands.payers.T[:, bands.band] > 0, strict=True))
    problems = []
    for payer, share in (coverage.payer_mix or {}).items() if coverage is not None else ():
        most = 1.0 if payer == "uninsured" else float(ages[by_payer[payer]].sum())
        if share > most + _TOLERANCE:
            message = f"more people than are of an age at which anybody has {payer}"
            few = f"at most {most:.3g} of them are" if most else "none of them is"
            hint = f"{few}; ages from {int(np.argmax(by_payer[payer]))} on are such"
            problems.append(Problem(f"$.coverage.payer_mix.{payer}", message, f"{share:g}", hint))
    if problems:
        raise InvalidProfileError(problems)


def _payers_asked(shares: Floats, ages: Floats | None, coverage: Coverage | None) -> Floats:
    """Weight the payers so that the shares asked for hold, by iterative proportional fitting.

    Args:
        shares: As in life, by place and band of age, shape `(places * bands, 4)`.
        ages: Expected shares of people by completed years.
        coverage: What the profile asks for.
    """
    if ages is None or coverage is None or coverage.payer_mix is None:
        return shares
    bands = insurance()
    mix: dict[str, float] = {str(payer): share for payer, share in coverage.payer_mix.items()}
    asked = np.array([mix.get(payer, 0.0) for payer in PAYERS])
    people = np.bincount(bands.band, weights=ages, minlength=len(bands.uninsured))
    weights = np.tile(people, len(shares) // len(people))[:, np.newaxis]
    fitted = np.maximum(shares, _LEAST)
    for _ in range(_ROUNDS):
        reached = (fitted * weights).sum(axis=0) / weights.sum()
        fitted = fitted * (asked / np.maximum(reached, _LEAST))
        fitted = fitted / fitted.sum(axis=1, keepdims=True)
    return fitted


def _current_smokers(places: Places) -> Floats:
    """Give the share who smoke now, by place, age and sex, shape `(places, 111, 2)`."""
    everywhere = np.broadcast_to(smoking().current, (len(places.fips), *smoking().current.shape))
    weights = places.age_sex.copy()
    weights[:, :ADULT] = 0.0
    return _at_rates(everywhere, weights, places.prevalence[SMOKING])


def _payers(places: Places) -> Floats:
    """Give the shares of payers, by place and band of age, shape `(places * bands, 4)`."""
    bands = insurance()
    people = places.age_sex.sum(axis=2)
    weights = np.stack([people[:, bands.band == band].sum(axis=1) for band in range(len(bands.uninsured))], axis=1)
    everywhere = np.broadcast_to(bands.uninsured, weights.shape)
    uninsured = _at_rates(everywhere[:, :, np.newaxis], weights[:, :, np.newaxis], places.uninsured)
    shares = np.concatenate([uninsured, (1.0 - uninsured) * bands.payers], axis=2)
    return shares.reshape(-1, shares.shape[2])


def _at_rates(everywhere: Floats, weights: Floats, rates: Floats) -> Floats:
    """Shift shares in logits so that their weighted mean in each place is its rate; where that is unknown, leave them.

    Args:
        everywhere: Shares, shape `(places, rows, columns)`.
        weights: People, of the same shape.
        rates: Shape `(places,)`, NaN where unknown.
    """
    weights = weights / weights.sum(axis=(1, 2), keepdims=True)
    local = shifted(everywhere, shifts_to(rates, everywhere, weights)[:, np.newaxis, np.newaxis])
    return np.where(np.isnan(rates)[:, np.newaxis, np.newaxis], everywhere, local)
