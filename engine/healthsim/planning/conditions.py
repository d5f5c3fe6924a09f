"""What people have: thresholds of the conditions' liabilities, set so that the asked prevalences hold."""

from collections.abc import Sequence

import numpy as np

from healthsim.planning.asked import AskedPeople
from healthsim.planning.codes import CodePlan, planned_codes
from healthsim.planning.cooccurrence import shift_for, shifted, thresholds
from healthsim.planning.course import onset_table
from healthsim.planning.demographics import JointShares
from healthsim.planning.naming import NamedCondition
from healthsim.planning.natural import natural_prevalence
from healthsim.planning.plan import AGES, SEXES, ConditionsPlan, Floats, PlannedCondition
from healthsim.planning.primary import with_primary
from healthsim.planning.significance import rounded
from healthsim.reference import Places

_RAREST_ANCHOR = 0.005
"""A primary condition rarer in life than this counts as this rare when it draws others along: beyond it, the table of
the normal distribution is too coarse, and the figures on rare people too uncertain."""


def planned_conditions(
    named: Sequence[NamedCondition],
    joint: JointShares,
    places: Places,
    *,
    is_local: bool,
    new: frozenset[str] = frozenset(),
) -> tuple[Floats, ConditionsPlan]:
    """Plan what the people asked for have.

    Args:
        named: The conditions, the primary one first.
        joint: The people asked for.
        places: Figures of the rows.
        is_local: Whether the places' own prevalences hold.
        new: Ids of the conditions that begin with a journey.

    Returns:
        Shares of people by row, age, sex, race and ethnicity, shape `(rows, 111, 2, 7, 2)`, weighted so that the
        primary condition has its prevalence; and the plan.
    """
    natural = [_natural(condition, places, is_local=is_local) for condition in named]
    primary = named[0] if named and named[0].role == "primary" else None
    if primary is None:
        asked = AskedPeople(
            np.zeros(natural_shape(places)), joint.shares.sum(axis=(3, 4)), np.full(natural_shape(places), 0.5), None
        )
        people, having = joint.shares, np.zeros(0)
    else:
        shares = with_primary(joint, natural[0], primary.asked)
        people, having = shares.people, shares.having
        cases = (people * having).sum(axis=(3, 4))
        anchor = np.clip(natural[0], _RAREST_ANCHOR, 1 - _RAREST_ANCHOR)
        asked = AskedPeople(cases, people.sum(axis=(3, 4)) - cases, anchor, primary)
    return people, _plan(named, natural, asked, having, planned_codes(named, new))


def natural_shape(places: Places) -> tuple[int, int, int]:
    """Give the shape of prevalences by place, age and sex."""
    return (len(places.fips), AGES, len(SEXES))


def _natural(condition: NamedCondition, places: Places, *, is_local: bool) -> Floats:
    if condition.model is None:
        (code,) = condition.codes
        of_age = (np.arange(AGES) >= code.minimum_age)[:, np.newaxis]
        of_sex = np.array([code.sex in {None, sex} for sex in SEXES])
        return np.broadcast_to((condition.asked or 0.0) * (of_age & of_sex), natural_shape(places))
    return natural_prevalence(condition.model, places, is_local=is_local) * condition.part


def _plan(
    named: Sequence[NamedCondition], natural: Sequence[Floats], asked: AskedPeople, having: Floats, codes: CodePlan
) -> ConditionsPlan:
    levels = [_levels(condition, prevalence, asked) for condition, prevalence in zip(named, natural, strict=True)]
    ill = [asked.ill(condition, *level) for condition, level in zip(named, levels, strict=True)]
    factors = tuple(sorted({factor for condition in named for factor in condition.loadings}))
    loadings = np.array([[condition.loadings.get(factor, 0.0) for factor in factors] for condition in named])
    return ConditionsPlan(
        conditions=tuple(_planned(condition, asked, shares) for condition, shares in zip(named, ill, strict=True)),
        has_primary=asked.primary is not None,
        primary_share=rounded(having.ravel()),
        primary_natural=rounded(asked.natural.ravel()) if asked.primary else np.zeros(0),
        factors=factors,
        loadings=loadings.reshape(len(named), len(factors)),
        thresholds=_stacked([thresholds(without) for _, without in levels]),
        thresholds_with_primary=_stacked([thresholds(with_primary) for with_primary, _ in levels]),
        onset=onset_table(named),
        codes=codes.codes,
        code_shares=codes.shares,
        code_index=codes.index,
        code_row=codes.first_row,
        code_days=codes.first_days,
        companions=codes.companions,
        expected_shares=np.array([float(having.sum() + lacking.sum()) for having, lacking in ill]),
    )


def _levels(condition: NamedCondition, natural: Floats, asked: AskedPeople) -> tuple[Floats, Floats]:
    """Give a condition's prevalences by threshold alone, for people with the primary condition and without it."""
    if condition.role == "primary" or condition.asked is None:
        return natural, natural

    def reached(shift: float) -> float:
        level = shifted(natural, shift)
        return asked.share(condition, asked.ill(condition, level, level))

    level = shifted(natural, shift_for(condition.asked, reached))
    if condition.among == "all":
        return level, level
    # A code that no skill knows is known among people with the primary condition only.
    return level, natural if condition.model else np.zeros_like(natural)


def _planned(condition: NamedCondition, asked: AskedPeople, ill: tuple[Floats, Floats]) -> PlannedCondition:
    return PlannedCondition(
        id=condition.id,
        name=condition.name,
        code=condition.code,
        role=condition.role,
        among=condition.among,
        asked=condition.asked,
        expected=float(f"{asked.share(condition, ill):.6g}"),
        sources=condition.model.sources if condition.model else (),
    )


def _stacked(levels: Sequence[Floats]) -> Floats:
    return rounded(np.array([level.ravel() for level in levels])) if levels else np.zeros((0, 0))
