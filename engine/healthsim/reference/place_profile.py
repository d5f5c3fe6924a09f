"""What is known of one place, each figure under a name of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from healthsim.errors import NotFoundError, nearest_names
from healthsim.reference import gazetteer
from healthsim.reference.county_figures import Figure, Level
from healthsim.reference.figures import Reference
from healthsim.reference.measures import FIELDS, MEASURES, RANKS, SOCIAL
from healthsim.reference.vocabulary import SEXES

_OLD = 85
_HUNDRED = 100.0
_FIGURE_KEYS = ("value", "low", "high", "title", "among", "source", "year", "level")
_STARTER_ALONE = "no official file is loaded: the figures are those of the starter tables"


@dataclass(frozen=True, slots=True)
class PlaceFigure:
    """One figure of a place.

    Attributes:
        value: The figure, in its unit.
        unit: `percent`, or `rank, 0 to 1` where 1 is the most vulnerable county of the nation.
        low: Lower bound of the 95 % confidence interval; None where none is published.
        high: Upper bound.
        title: What it is, such as `Diagnosed diabetes`.
        among: Whom it counts, such as `adults`.
        source: Where it is from; says so when it is the state's or the nation's figure.
        year: Release year of the source.
        level: Whose figure it is: the place's own, or that of the state or nation it lies in.
    """

    value: float
    unit: str
    low: float | None
    high: float | None
    title: str
    among: str
    source: str
    year: int
    level: Level


@dataclass(frozen=True)
class PlaceProfile:
    """What is known of a county, a state or the nation.

    Every figure is an attribute, its value in percent or, for `svi_...`, a rank from 0 to 1, and None where unknown:
    `profile.pct_diabetes`, `profile.pct_age_65_plus`, `profile.svi_overall`. `dir(profile)` lists them.

    Attributes:
        fips: Five digits for a county, two for a state, `00` for the nation.
        name: Full name, such as `Harris County`.
        state: The state's letters, `US` for the nation.
        level: What kind of place it is.
        population: People.
        source: Where age, race and prevalences are from, and whether they were loaded or are the starter's.
        notes: Which figures are not the place's own; whether the starter's stand in.
        figures: The figures that are known, by attribute.
    """

    fips: str
    name: str
    state: str
    level: Level
    population: int
    source: str
    notes: tuple[str, ...]
    figures: Mapping[str, PlaceFigure]

    def __getattr__(self, name: str) -> float | None:
        """Give the value of a figure, None where it is unknown."""
        if name not in field_names():
            near = nearest_names(name, field_names())
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            raise AttributeError(f"a place has no figure {name!r}{hint}")
        found = self.figures.get(name)
        return None if found is None else found.value

    def __dir__(self) -> list[str]:
        """List the attributes, figures included."""
        return sorted({*super().__dir__(), *field_names()})

    def figure(self, name: str) -> PlaceFigure | None:
        """Give a figure with its unit, source, year and confidence interval; None where it is unknown.

        Args:
            name: As the attribute, such as `pct_diabetes`, or as the source calls it, such as `DIABETES`.

        Raises:
            NotFoundError: There is no such figure; names the nearest.
        """
        by_source = {column: field for field, column in FIELDS.items()}
        field = by_source.get(name, name)
        if field not in field_names():
            raise NotFoundError("figure", name, (*field_names(), *by_source), path="$.name")
        return self.figures.get(field)

    def to_dict(self) -> dict[str, Any]:
        """Give everything as JSON: the place, and every figure by name, None where unknown."""
        place = {key: getattr(self, key) for key in ("fips", "name", "state", "level", "population", "source")}
        return {**place, "notes": list(self.notes), **{name: getattr(self, name) for name in field_names()}}


def field_names() -> tuple[str, ...]:
    """Name every figure a place can have, those of PLACES first, then the SVI's, then what is derived from them."""
    return (*FIELDS, *_DERIVED)


def place_profile(reference: Reference, fips: str) -> PlaceProfile:
    """Collect what is known of a place.

    Args:
        reference: The figures.
        fips: Five digits for a county, two for a state, `00` for the nation.
    """
    name, state = gazetteer.place_name(fips)
    places = reference.places([fips])
    starter = () if reference.loads else (_STARTER_ALONE,)
    known = {field: reference.figure(fips, column, *_described(column)) for field, column in FIELDS.items()}
    figures = {field: _with_unit(figure, field) for field, figure in known.items() if figure is not None}
    return PlaceProfile(
        fips=fips,
        name=name,
        state=state,
        level="nation" if fips == gazetteer.NATION else "state" if fips in gazetteer.states() else "county",
        population=round(float(places.population[0])),
        source="; ".join(places.sources),
        notes=(*places.fallbacks, *starter),
        figures={**figures, **_derived(reference, fips, figures)},
    )


def _described(column: str) -> tuple[str, str]:
    """Give a column's title, and whom it counts."""
    return (RANKS[column], "counties") if column in RANKS else {**MEASURES, **SOCIAL}[column]


def _with_unit(figure: Figure, field: str) -> PlaceFigure:
    unit = "rank, 0 to 1" if FIELDS.get(field) in RANKS else "percent"
    return PlaceFigure(unit=unit, **{key: getattr(figure, key) for key in _FIGURE_KEYS})


_DERIVED = {
    "pct_age_18_64": ("Aged 18 to 64", ("pct_age_0_17", "pct_age_65_plus")),
    "pct_white": ("White, not Hispanic", ("pct_minority",)),
    "pct_age_85_plus": ("Aged 85 and older", ()),
    "pct_female": ("Female", ()),
    "pct_male": ("Male", ()),
}
"""Figures that no source has as such: title, and what they complete to a hundred; the others are of age and sex."""


def _derived(reference: Reference, fips: str, figures: Mapping[str, PlaceFigure]) -> dict[str, PlaceFigure]:
    """Derive ages between, the white, and age and sex as generation takes them."""
    derived = {}
    for field, (title, parts) in _DERIVED.items():
        if parts and all(part in figures for part in parts):
            rest = round(_HUNDRED - sum(figures[part].value for part in parts), 4)
            derived[field] = _people(rest, title, figures[parts[0]])
    return derived | _of_age_and_sex(reference, fips)


def _of_age_and_sex(reference: Reference, fips: str) -> dict[str, PlaceFigure]:
    counted = reference.figure(fips, "within_F_18_64", "", "people")
    if counted is None:
        return {}
    shares = reference.places([fips]).age_sex[0] * _HUNDRED
    by_sex = dict(zip(SEXES, shares.sum(axis=0).tolist(), strict=True))
    values = {"pct_age_85_plus": shares[_OLD:].sum(), "pct_female": by_sex["F"], "pct_male": by_sex["M"]}
    return {field: _people(round(float(value), 4), _DERIVED[field][0], counted) for field, value in values.items()}


def _people(value: float, title: str, source: Figure | PlaceFigure) -> PlaceFigure:
    """Derive a percentage of people from another figure's source."""
    named = f"derived from {source.source}"
    return PlaceFigure(value, "percent", None, None, title, "people", named, source.year, source.level)
