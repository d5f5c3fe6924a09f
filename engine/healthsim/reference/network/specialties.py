"""Specialties and kinds of organisations in our own words, with their NUCC taxonomy codes."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from healthsim.errors import NotFoundError
from healthsim.reference.starter import read_table

NATION_PEOPLE = 331_893_745
"""People of the United States on 1 July 2021 (US Census Bureau, Population Estimates, Vintage 2021)."""

PER = 100_000
"""Densities count per so many people."""


@dataclass(frozen=True, slots=True)
class Calling:
    """What providers do: a specialty of people, or a kind of organisation.

    Attributes:
        name: Our own word, such as `cardiology` or `pharmacy`.
        title: The word as it is written, such as `Cardiology`.
        taxonomy: NUCC code of those that the starter makes.
        also: Further NUCC codes that count to it.
        credential: Letters after a person's name; empty for organisations.
        per_100k: Providers per 100,000 people of the nation, 0 where no figure is at hand.
        is_everywhere: Whether every county has at least one in the starter.
        words: What organisations call themselves; none for people.
        is_organisation: Whether the providers are organisations.
    """

    name: str
    title: str
    taxonomy: str
    also: tuple[str, ...]
    credential: str
    per_100k: float
    is_everywhere: bool
    words: tuple[str, ...]
    is_organisation: bool

    @property
    def taxonomies(self) -> tuple[str, ...]:
        """Every NUCC code that counts to it."""
        return (self.taxonomy, *self.also)


@cache
def specialties() -> Mapping[str, Calling]:
    """Give the specialties of people by name."""
    return {row["specialty"]: _calling(row, row["specialty"]) for row in read_table("specialties.csv")}


@cache
def organisation_kinds() -> Mapping[str, Calling]:
    """Give the kinds of organisations by name."""
    return {row["kind"]: _calling(row, row["kind"]) for row in read_table("organisation_kinds.csv")}


@cache
def callings() -> Mapping[str, Calling]:
    """Give specialties and kinds of organisations by name."""
    return {**specialties(), **organisation_kinds()}


@cache
def calling_of_taxonomy() -> Mapping[str, Calling]:
    """Give what the providers of a NUCC code do; the code of its own wins over a further one."""
    by_further = {code: calling for calling in callings().values() for code in calling.also}
    return {**by_further, **{calling.taxonomy: calling for calling in callings().values()}}


def calling_named(name: str, *, path: str = "$.specialty") -> Calling:
    """Find a specialty or kind of organisation by its name, title or an alias.

    Raises:
        NotFoundError: Nothing answers to it; names the nearest.
    """
    wanted = " ".join(name.replace("_", " ").split()).casefold()
    if wanted not in _by_any_name():
        raise NotFoundError("specialty", name, [*callings(), *_by_any_name()], path=path)
    return _by_any_name()[wanted]


def specialty_named(name: str, *, path: str = "$.specialty") -> Calling:
    """Find a specialty of people by its name, title or an alias.

    Raises:
        NotFoundError: None answers to it; names the nearest.
    """
    found = calling_named(name, path=path)
    if found.is_organisation:
        raise NotFoundError("specialty of people", name, specialties(), path=path)
    return found


@cache
def _by_any_name() -> Mapping[str, Calling]:
    named = {
        alias: callings()[row["specialty"]]
        for row in read_table("specialties.csv")
        for alias in row["aliases"].split(";")
        if alias
    }
    for calling in callings().values():
        named |= {calling.title.casefold(): calling, calling.name.replace("_", " "): calling}
    return named


def _calling(row: Mapping[str, str], name: str) -> Calling:
    active = int(row["active"] or 0)
    return Calling(
        name=name,
        title=row["title"],
        taxonomy=row["taxonomy"],
        also=tuple(code for code in row["also"].split(";") if code),
        credential=row.get("credential", ""),
        per_100k=active / NATION_PEOPLE * PER,
        is_everywhere=row["everywhere"] == "yes",
        words=tuple(word for word in row.get("words", "").split(";") if word),
        is_organisation="kind" in row,
    )


TAXONOMY_MAP: Mapping[str, str] = {name: calling.taxonomy for name, calling in callings().items()}
"""NUCC code of each specialty and kind of organisation, by our own word for it."""
