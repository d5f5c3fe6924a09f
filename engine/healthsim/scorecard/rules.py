"""The rules, as data: each selects rows that it is about, and says of each whether it is broken."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any

from healthsim.scorecard.own_tables import folder, text_of
from healthsim.tables import TableDefinition, table_definition, table_names

_VERSION_DIGITS = 12
_DATED = {"DATE", "TIMESTAMP"}


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that holds in every cohort.

    Attributes:
        id: Stable name; of a rule that is made for each table or column, with that behind a slash.
        subject: File of `rules` that it is from, such as `dates`.
        title: What holds, a sentence.
        why: Why it must, a sentence.
        source: Where that is written.
        tables: Tables it needs; of alternatives, parted by `|`, one is enough.
        rows: SELECT of the rows it is about, over the cohort's tables and the relations of `relations.sql`.
        broken: SQL condition over the columns of those rows that is true where the rule is broken.
    """

    id: str
    subject: str
    title: str
    why: str
    source: str
    tables: tuple[str, ...]
    rows: str
    broken: str


@cache
def rule_book() -> tuple[Rule, ...]:
    """Give every rule, subject after subject."""
    return tuple(
        rule
        for subject, document in _documents().items()
        for name, written in document.items()
        for rule in _rules(name, subject, written)
    )


@cache
def score_version() -> str:
    """Give a short hash of the rules and of every fact they rest on."""
    names = (("rules",), ("tables",), ())
    paths = [
        (*path, entry.name)
        for path in names
        for entry in sorted(folder().joinpath(*path).iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith((".toml", ".csv", ".sql"))
    ]
    texts = [f"{'/'.join(path)}\n{text_of(*path)}" for path in paths]
    return sha256("\n".join(texts).encode()).hexdigest()[:_VERSION_DIGITS]


def _documents() -> Mapping[str, Mapping[str, Any]]:
    names = sorted(entry.name for entry in (folder() / "rules").iterdir() if entry.name.endswith(".toml"))
    return {name.removesuffix(".toml"): tomllib.loads(text_of("rules", name)) for name in names}


def _rules(name: str, subject: str, written: Mapping[str, Any]) -> Iterator[Rule]:
    """Give the rule, or what it is for each table or column that it is made for."""
    for suffix, places in _each(written):
        yield Rule(
            id=f"{name}{suffix}",
            subject=subject,
            title=written["title"],
            why=written["why"],
            source=written["source"],
            tables=(*written.get("tables", ()), *(places[key] for key in ("table", "target_table") if key in places)),
            rows=_filled(written["rows"], places),
            broken=_filled(written["broken"], places),
        )


def _each(written: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, str]]]:
    kind = written.get("each")
    if kind is None:
        yield "", {}
        return
    for table in map(table_definition, table_names()):
        for suffix, places in _places(kind, table):
            if suffix not in written.get("except", ()):
                yield f"/{suffix}", {**places, "table": table.name, **_key(table)}


def _places(kind: str, table: TableDefinition) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Give what a rule of a kind is made for in a table, each with its name and its placeholders."""
    columns = [column.name for column in table.visible]
    if kind == "table":
        yield table.name, {}
    elif kind == "reference":
        for column, target in table.references.items():
            other, _, referred = target.partition(".")
            yield f"{table.name}.{column}", {"column": column, "target_table": other, "target_column": referred}
    elif kind == "encounter":
        if table.name != "encounters" and {"person_id", "encounter_id"} <= set(columns):
            yield table.name, {"target_table": "encounters"}
    elif kind == "date":
        dated = [column.name for column in table.visible if column.type in _DATED and "person_id" in columns]
        for column in dated:
            yield f"{table.name}.{column}", {"column": column}
    else:
        raise ValueError(f"a rule is for each table, reference, encounter or date, not each {kind}")


def _key(table: TableDefinition) -> Mapping[str, str]:
    missing = " OR ".join(f"{column} IS NULL" for column in table.key)
    return {"key": ", ".join(table.key), "key_is_missing": missing}


def _filled(sql: str, places: Mapping[str, str]) -> str:
    for name, value in places.items():
        sql = sql.replace(f"{{{name}}}", value)
    return sql.strip()
