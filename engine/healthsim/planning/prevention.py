"""Screening and vaccination that people have anyway: who is due for what at which age, by their willingness."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np

from healthsim.planning.plan import AGES, SEXES, Floats, Ints, PeoplePlan
from healthsim.planning.prevention_plan import Booleans, PlannedProgramme, PreventionPlan, Texts, VisitReasons
from healthsim.planning.significance import rounded
from healthsim.planning.utilization_plan import ReasonCodes
from healthsim.reference import Programme, programmes, screening_codes, vaccine_names

FIRST_YEAR, _LAST_YEAR = 1830, 2110
"""Years of the calendar that plans know: `as_of` is from 1950 to 2100, and people are 110 at most."""

_EPOCH = date(1970, 1, 1)
_DAYS_A_YEAR, _HALF_A_YEAR = 365.25, 183

_MAMMOGRAM = "breast_cancer"
_SMOKED = 0.4
"""Share of people of the ages of screening who ever smoked, for the estimate of rows."""


def planned_prevention(
    who: PeoplePlan, codes: Sequence[str], reasons: ReasonCodes, first_day: int, last_day: int
) -> PreventionPlan:
    """Plan screening and vaccination.

    Args:
        who: Who the people are.
        codes: Codes of the conditions people have.
        reasons: What people are seen for.
        first_day: First day of background care, days since 1970-01-01.
        last_day: Its last day.
    """
    as_of = date.fromordinal(_EPOCH.toordinal() + int(who.years_ago[0])).year
    first_year = as_of - AGES - 1
    texts = _texts(codes)
    planned = tuple(_planned(each, first_year, texts) for each in programmes())
    kinds = {"immunizations": "vaccine", "procedures": "screening"}
    return PreventionPlan(
        programmes=planned,
        first_birth_year=first_year,
        year_days=_season_days((1, 1)),
        reasons=_reasons(reasons),
        mammogram=[each.name for each in planned].index(_MAMMOGRAM),
        texts=texts,
        titles={each.reason_code: each.reason_title for each in screening_codes().values()},
        expected={table: _expected(who, kind, first_year, (first_day, last_day)) for table, kind in kinds.items()},
        sources=tuple(dict.fromkeys(each.source for each in programmes())),
    )


def _texts(codes: Sequence[str]) -> Texts:
    vaccines = (each for each in programmes() if each.kind == "vaccine")
    given = tuple(dict.fromkeys(product.code for each in vaccines for product in each.products if product.code))
    screened = tuple(screening_codes().values())
    return {
        "immunizations": {"cvx": given, "name": tuple(vaccine_names()[code] for code in given)},
        "procedures": {
            "system": tuple(dict.fromkeys(each.system for each in screened)),
            "code": tuple(each.code for each in screened),
            "name": tuple(each.name for each in screened),
            "reason_code": tuple(dict.fromkeys((*codes, *(each.reason_code for each in screened)))),
        },
    }


def _planned(programme: Programme, first_year: int, texts: Texts) -> PlannedProgramme:
    table = _tables(programme, first_year)
    is_vaccine = programme.kind == "vaccine"
    known = texts["immunizations"]["cvx"] if is_vaccine else texts["procedures"]["code"]
    return PlannedProgramme(
        name=programme.name,
        kind=programme.kind,
        sex=SEXES.index(programme.sex) if programme.sex else -1,
        is_for_smokers=programme.only == "smoked",
        stream=f"prevention:{programme.stream}",
        season=_season_days(programme.season) if programme.season else None,
        days=programme.days,
        first_age=table.first_age,
        thresholds=table.thresholds,
        is_due=table.is_due,
        doses=np.array([each.doses or programme.doses for each in programme.products]),
        gap=programme.gap,
        again_share=programme.again_share,
        days_to_visit=programme.days_to_visit,
        product_day=np.array([(each.from_date - _EPOCH).days for each in programme.products]),
        product_age=np.array([each.from_age for each in programme.products]),
        product=np.array([known.index(each.code) if each.code else -1 for each in programme.products]),
        reason=-1 if is_vaccine else _reason(programme, texts),
    )


@dataclass(frozen=True, slots=True)
class _Table:
    """Who is due at which age, as in `PlannedProgramme`, and the share of all, shape `(years of birth, ages)`."""

    first_age: int
    thresholds: Floats
    is_due: Booleans
    share: Floats


@cache
def _tables(programme: Programme, first_year: int) -> _Table:
    """Tabulate who is due, for the years of birth from the first on."""
    first, last = min(each.ages[0] for each in programme.uptake), max(each.ages[1] for each in programme.uptake)
    years, ages = first_year + np.arange(AGES + 2), np.arange(first, last + 1)
    above, share = _shares(programme, years, ages)
    thresholds = np.unique(np.concatenate([above.ravel(), share.ravel()]))
    thresholds = thresholds[(thresholds > 0) & (thresholds < 1)]
    due = _due(above, share, thresholds, programme.period_years)
    cells = np.diff(np.concatenate([[0.0], thresholds, [1.0]]))
    return _Table(first, thresholds, due, (due * cells[np.newaxis, :, np.newaxis]).sum(axis=1))


def _reason(programme: Programme, texts: Texts) -> int:
    code = programme.products[0].code
    return texts["procedures"]["reason_code"].index(screening_codes()[code].reason_code)


def _shares(programme: Programme, years: Ints, ages: Ints) -> tuple[Floats, Floats]:
    """Give who takes part, from which share to which, by year of birth and age, shape `(years of birth, ages)`."""
    above, share = np.zeros((2, len(years), len(ages)))
    for band in dict.fromkeys(each.ages for each in programme.uptake):
        known = [each for each in programme.uptake if each.ages == band]
        at = np.array([each.year for each in known])
        of_band = (ages >= band[0]) & (ages <= band[1])
        year = years[:, np.newaxis] + ages[of_band]
        lows = np.array([each.above for each in known])
        highs = np.array([each.share for each in known])
        has_begun = year >= at[0]
        above[:, of_band] = np.where(has_begun, np.interp(year, at, lows), 0.0)
        share[:, of_band] = np.where(has_begun, np.interp(year, at, highs), 0.0)
    return rounded(above), rounded(share)


def _due(above: Floats, share: Floats, thresholds: Floats, period: int) -> Booleans:
    """Tell at which ages people are due, by year of birth, cell and age: not before the period is over."""
    edges = np.concatenate([[0.0], thresholds, [1.0]])
    willing = ((edges[1:] + edges[:-1]) / 2)[np.newaxis, :, np.newaxis]
    takes_part = (willing >= above[:, np.newaxis]) & (willing < share[:, np.newaxis])
    due = np.zeros(takes_part.shape, np.bool_)
    last = np.full(takes_part.shape[:2], -AGES)
    for age in range(takes_part.shape[2]):
        is_over = last < 0 if period == 0 else age - last >= period
        due[:, :, age] = takes_part[:, :, age] & is_over
        last = np.where(due[:, :, age], age, last)
    return due


@cache
def _season_days(season: tuple[int, int]) -> Ints:
    """Give a date of every year, as days since 1970-01-01."""
    return np.array([(date(year, *season) - _EPOCH).days for year in range(FIRST_YEAR, _LAST_YEAR)])


def _reasons(reasons: ReasonCodes) -> VisitReasons:
    vaccination, mammogram, adult, child = (
        reasons.codes.index(code) if code in reasons.codes else -1 for code in ("Z23", "Z12.31", "Z00.00", "Z00.129")
    )
    return VisitReasons(vaccination, mammogram, adult, child)


def _expected(who: PeoplePlan, kind: str, first_year: int, days: tuple[int, int]) -> float:
    """Estimate the rows a person has of a kind: as if all birthdays were at the year's beginning."""
    to = date.fromordinal(_EPOCH.toordinal() + days[1] - _HALF_A_YEAR).year
    lookback = round((days[1] - days[0] + 1) / _DAYS_A_YEAR)
    rows = 0.0
    for each in programmes():
        if each.kind == kind:
            table = _tables(each, first_year)
            count = table.share.shape[1]
            upto = np.concatenate([np.zeros((len(table.share), 1)), np.cumsum(table.share, axis=1)], axis=1)
            age = np.arange(AGES)
            of_birth = np.clip(to - age - first_year, 0, len(table.share) - 1)
            last = np.clip(age + 1 - table.first_age, 0, count)
            first = np.clip(age + 1 - lookback - table.first_age, 0, count)
            times = float(who.expected["age"] @ (upto[of_birth, last] - upto[of_birth, first]))
            of_sex = float(who.expected["gender"][SEXES.index(each.sex)]) if each.sex else 1.0
            rows += times * of_sex * _doses_each(each)
    return rows


def _doses_each(programme: Programme) -> float:
    smokers = _SMOKED if programme.only == "smoked" else 1.0
    return smokers * (1.0 + programme.again_share * (programme.doses - 1))
