"""How much background care is to be expected, for the dry run: estimates, not what is drawn from."""

from collections.abc import Mapping, Sequence

import numpy as np

from healthsim.planning.morbidity import MOST_CONDITIONS
from healthsim.planning.plan import AGES, SEXES, Floats, PeoplePlan
from healthsim.planning.utilization_plan import Booleans
from healthsim.planning.utilization_reasons import is_disease
from healthsim.reference import CareKind, Reason

_PERCENT = 100.0


def expected_times(kind: CareKind, years: int, who: PeoplePlan) -> float:
    """Estimate how often care of a kind happens to a person, needing as much as the nation's people of the same age.

    Ages and sexes count as independent.
    """
    people = np.outer(who.expected["age"], who.expected["gender"])
    age = np.arange(AGES) + 0.5
    if kind.name == "birth":
        return float((people * kind.rates[0] * (age < years)[:, np.newaxis]).sum())
    birthdays = np.arange(AGES + 1)
    lived = np.concatenate([np.zeros((1, len(SEXES))), np.cumsum(kind.rates, axis=0)])
    times = [
        np.interp(age, birthdays, of_sex) - np.interp(np.maximum(age - years, 0), birthdays, of_sex)
        for of_sex in lived.T
    ]
    return float((people * np.stack(times, axis=1)).sum())


def expected_ratio(kind: CareKind, counted: Booleans, natural: Floats, asked: Floats) -> float:
    """Estimate how much more care people need for their conditions than the nation, as if these were independent."""
    ratios = kind.ratio ** np.arange(MOST_CONDITIONS + 1)
    return float(_counts(asked[counted]) @ ratios / (_counts(natural[counted]) @ ratios))


def _counts(shares: Floats) -> Floats:
    """Give the shares of people with 0, 1 ... `MOST_CONDITIONS` independent conditions, the last with more as well."""
    counts = np.zeros(MOST_CONDITIONS + 1)
    counts[0] = 1.0
    for share in shares:
        more = counts * share
        counts -= more
        counts[1:] += more[:-1]
        counts[-1] += more[-1]
    return counts


def expected_diagnoses(
    kinds: Sequence[CareKind], expected: Mapping[str, float], who: PeoplePlan, asked: Floats
) -> float:
    """Estimate the diagnoses that the care leaves a person with, as if conditions, ages and sexes were independent."""
    people = np.outer(who.expected["age"], who.expected["gender"])
    has_none = float(np.prod(1 - asked))
    diagnoses = 0.0
    for kind in kinds:
        weights = people * kind.rates
        total = sum(reason.weights for reason in kind.reasons) + np.finfo(float).tiny
        is_ill = sum(reason.weights for reason in kind.reasons if is_disease(reason.code)) / total
        share = float((weights * is_ill).sum() / max(weights.sum(), np.finfo(float).tiny))
        diagnoses += expected[kind.name] * share * (1 - kind.own_share * (1 - has_none))
    return diagnoses


def expected_complications(
    complications: Sequence[Reason], kinds: Sequence[CareKind], expected: Mapping[str, float], who: PeoplePlan
) -> float:
    """Estimate the diagnoses beside what a person's stays are for, as if ages and sexes were independent."""
    stays = next(kind for kind in kinds if kind.name == "inpatient")
    weights = np.outer(who.expected["age"], who.expected["gender"]) * stays.rates
    share = sum(reason.weights for reason in complications) / _PERCENT
    return expected["inpatient"] * float((weights * share).sum() / max(weights.sum(), np.finfo(float).tiny))
