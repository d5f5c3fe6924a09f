"""The figures of places: who lives there and how common conditions are, loaded or from the starter."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

import duckdb
import numpy as np

from healthsim.errors import InvalidInputError, Problem
from healthsim.reference import gazetteer
from healthsim.reference.borrowed import BorrowedNotes
from healthsim.reference.county_figures import CountyFigures, Figure, figure_of, figures_of
from healthsim.reference.frozen import FrozenFigures, frozen_tables, layers_of
from healthsim.reference.gazetteer import County
from healthsim.reference.layers import COUNTY, Floats, Layer, Resolver, source_of, starter_layer
from healthsim.reference.loaded_layers import loaded_layers
from healthsim.reference.measures import MEASURES
from healthsim.reference.network import LoadedNetwork
from healthsim.reference.population import age_and_sex, race_and_ethnicity, sexes_of_groups
from healthsim.reference.starter import starter_version
from healthsim.reference.status import Load, loaded_files, network_loads, versions_of
from healthsim.reference.vocabulary import GENERATED

OVERALL_RANK = "RPL_THEMES"
"""The SVI's rank of a county in social vulnerability overall."""

_FEW = 500
_VERSION_DIGITS = 12
_CITED = ("share_AGE17", "share_HISP", "within_F_18_64", "within_F_BLACK", "DIABETES", "BPHIGH")
"""Columns that stand for the others of their source and year."""


@dataclass(frozen=True, slots=True)
class Places:
    """Figures of some places; arrays follow the order of `fips`.

    Attributes:
        fips: The places' codes: counties of five digits, states of two, `00` the nation.
        names: Full names, such as `Harris County`.
        states: Letters of their states, `US` for the nation.
        population: People, shape `(places,)`.
        age_sex: Shares by age 0 to 110 and sex (`SEXES`), shape `(places, 111, 2)`, summing to 1 in each place.
        race: Shares by group (`GROUPS`), shape `(places, 8)`, summing to 1 in each place.
        sexes_of_groups: Shares of the sexes (`SEXES`) within each group, shape `(places, 8, 2)`, summing to 1 in each
            group; where a source counts them they need not agree with `age_sex`, which then holds.
        prevalence: Share of adults with each measure of CDC PLACES that any place has, shape `(places,)`, NaN where
            unknown.
        uninsured: Share of people without health insurance, shape `(places,)`, NaN where unknown.
        sources: Where the figures are from, a phrase each.
        fallbacks: Notes on places that lack figures of their own, such as `48003: prevalences of Texas`.
    """

    fips: tuple[str, ...]
    names: tuple[str, ...]
    states: tuple[str, ...]
    population: Floats
    age_sex: Floats
    race: Floats
    sexes_of_groups: Floats
    prevalence: Mapping[str, Floats]
    uninsured: Floats
    sources: tuple[str, ...]
    fallbacks: tuple[str, ...]


class Reference:
    """A snapshot of the reference figures, and the loaded network, which is read for as long as the connection is open.

    Args:
        connection: The workspace database, read-only or not, with loaded files or without; None for the starter alone.
        frozen: Figures taken out of another snapshot; they hold before the starter's.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection | None = None, *, frozen: FrozenFigures | None = None
    ) -> None:
        loaded = loaded_layers(connection) if connection is not None else []
        kept = layers_of(frozen.tables) if frozen is not None else []
        self._layers: tuple[Layer, ...] = (*kept, *loaded, starter_layer())
        self._frozen_version = frozen.version if frozen is not None else None
        self.loads: tuple[Load, ...] = loaded_files(connection) if connection is not None else ()
        self.network = LoadedNetwork(connection)

    def holding(self, frozen: FrozenFigures) -> "Reference":
        """Give frozen figures in place of those loaded, with the same network."""
        held = Reference(frozen=frozen)
        held.network, held.loads = self.network, network_loads(self.loads)
        return held

    def without_network(self) -> "Reference":
        """Give the same figures, with the starter's directory for the loaded one."""
        bare, network = copy(self), network_loads(self.loads)
        bare.network, bare.loads = LoadedNetwork(), tuple(load for load in self.loads if load not in network)
        return bare

    def places(self, fips: Sequence[str]) -> Places:
        """Give the figures of some places, each figure the place's own, else its state's, else the nation's.

        Raises:
            InvalidInputError: No place is asked for.
            NotFoundError: A code is not that of a county, a state or the nation.
        """
        if not fips:
            raise InvalidInputError([Problem("$", "at least one place is needed")])
        return self._places(self._resolver(fips))

    def population(self, fips: Sequence[str]) -> Floats:
        """Give the people of some places, shape `(places,)`.

        Raises:
            NotFoundError: A code is not that of a county, a state or the nation.
        """
        return self._population(self._resolver(fips))

    def vulnerability(self, fips: Sequence[str]) -> Floats:
        """Give the rank of each place in overall social vulnerability, 0 to 1 the most vulnerable county of the nation.

        Returns:
            Shape `(places,)`; NaN where unknown, as for states.

        Raises:
            NotFoundError: A code is not that of a county, a state or the nation.
        """
        return self._resolver(fips).resolve(OVERALL_RANK).values

    def frozen(self, *, places: Sequence[str], counties: Sequence[str]) -> FrozenFigures:
        """Take out what generation needs of some places, so that it can do without this snapshot.

        Of few places every measure of CDC PLACES is taken; of more than 500 those that generation reads.

        Args:
            places: Codes of the places whose figures hold.
            counties: Codes of the counties where people live.
        """
        held, lived = self._resolver(places), self._resolver(counties)
        self._places(held)
        self._population(lived)
        lived.resolve(OVERALL_RANK)
        but = MEASURES.keys() - set(GENERATED) if len(places) > _FEW else ()
        return FrozenFigures(self.version(), frozen_tables((held, lived), but=but))

    def _resolver(self, fips: Sequence[str]) -> Resolver:
        return Resolver(self._layers, tuple(_place(code, f"$[{index}]") for index, code in enumerate(fips)))

    def _places(self, resolver: Resolver) -> Places:
        codes = resolver.fips
        ages, age_levels = age_and_sex(resolver)
        races, race_levels = race_and_ethnicity(resolver)
        measures = {name: resolver.resolve(name) for name in MEASURES if self._knows(name)}
        notes = BorrowedNotes(codes)
        notes.add("age and race", np.maximum(age_levels, race_levels))
        notes.add_measures({name: found.levels for name, found in measures.items()})
        names = [gazetteer.place_name(code) for code in codes]
        return Places(
            fips=tuple(codes),
            names=tuple(name for name, _ in names),
            states=tuple(state for _, state in names),
            population=self._population(resolver),
            age_sex=ages,
            race=races,
            sexes_of_groups=sexes_of_groups(resolver, ages.sum(axis=1)),
            prevalence={name: found.values / 100.0 for name, found in measures.items()},
            uninsured=resolver.resolve("EP_UNINSUR").values / 100.0,
            sources=self._sources(resolver, _CITED),
            fallbacks=notes.rendered(),
        )

    def counties_of(
        self,
        kind: Literal["county", "state", "nation"],
        *,
        fips: str | int | None = None,
        state: str | int | None = None,
    ) -> list[str]:
        """Give the codes of the counties that make up a county, a state or the nation.

        Raises:
            InvalidInputError: The code or the state is missing.
            NotFoundError: No county or state answers to it.
        """
        if kind == "nation":
            return gazetteer.current_counties()
        if kind == "county":
            if fips is None:
                raise InvalidInputError([Problem("$.fips", "a county is named by its FIPS code", hint="such as 48201")])
            return [gazetteer.county_fips(fips)]
        wanted = state if state is not None else fips
        if wanted is None:
            raise InvalidInputError([Problem("$.state", "a state is named by its letters or name", hint="such as TX")])
        return gazetteer.current_counties(gazetteer.state_fips(wanted))

    def find_county(
        self, fips: str | int | None = None, *, name: str | None = None, state: str | int | None = None
    ) -> County:
        """Find a county by its code, or by its name and state.

        Raises:
            NotFoundError: No county answers to it.
            InvalidInputError: Neither is given, or the name alone is ambiguous.
        """
        if fips is not None:
            return gazetteer.counties()[gazetteer.county_fips(fips)]
        if name is not None:
            return gazetteer.county_named(name, state)
        raise InvalidInputError([Problem("$", "a county is named by its FIPS code, or its name and state")])

    def county_figures(self, fips: str | int) -> CountyFigures:
        """Give the figures of one county, each with its source and year.

        Raises:
            NotFoundError: No county has the code.
        """
        return self._figures(gazetteer.county_fips(fips))

    def state_figures(self, state: str | int) -> CountyFigures:
        """Give the figures of one state.

        Raises:
            NotFoundError: No state answers to it.
        """
        return self._figures(gazetteer.state_fips(state))

    def nation_figures(self) -> CountyFigures:
        """Give the figures of the nation."""
        return self._figures(gazetteer.NATION)

    def figure(self, fips: str, column: str, title: str, among: str) -> Figure | None:
        """Give one figure of a place, None where nobody has it.

        Args:
            fips: Five digits for a county, two for a state, `00` for the nation.
            column: The source's own name, such as `RPL_THEMES`.
            title: What the figure is.
            among: Whom it counts.
        """
        return figure_of(Resolver(self._layers, [_place(fips, "$.fips")]), column, title, among)

    def version(self) -> str:
        """Give a short hash of the package's tables, of every file loaded, and of what was frozen."""
        frozen = [self._frozen_version] if self._frozen_version else []
        parts = [starter_version(), *versions_of(self.loads), *frozen]
        return sha256("\n".join(parts).encode()).hexdigest()[:_VERSION_DIGITS]

    def _knows(self, column: str) -> bool:
        return any(column in layer.columns for layer in self._layers)

    def _figures(self, fips: str) -> CountyFigures:
        return figures_of(Resolver(self._layers, [fips]), self._population(Resolver(self._layers, [fips]))[0])

    def _population(self, resolver: Resolver) -> Floats:
        found = resolver.resolve("E_TOTPOP")
        listed = [_listed_population(code) for code in resolver.fips]
        return np.where(found.levels == COUNTY, found.values, listed)

    def _sources(self, resolver: Resolver, columns: Sequence[str]) -> tuple[str, ...]:
        """Name source, year and origin of the figures that some columns stand for."""
        labels: list[str] = []
        for column in columns:
            found = resolver.resolve(column)
            for origin in np.unique(found.origins[found.origins >= 0]):
                layer = self._layers[origin]
                years = layer.years[column][found.rows[found.origins == origin]]
                labels += [f"{source_of(column)} {int(year)} ({layer.origin})" for year in np.unique(years)]
        return tuple(dict.fromkeys(labels))


def _place(code: str | int, path: str) -> str:
    text = str(code)
    if text == gazetteer.NATION or text in gazetteer.states():
        return text
    return gazetteer.county_fips(code, path=path)


def _listed_population(code: str) -> float:
    counties = gazetteer.counties()
    if code in counties:
        return float(counties[code].population)
    within = "" if code == gazetteer.NATION else code
    return float(sum(counties[fips].population for fips in gazetteer.current_counties(within)))
