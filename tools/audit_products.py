"""Count what contradicts itself in a cohort's file, in SQL alone.

    python tools/audit_products.py COHORT.duckdb [...]

`audit_products.sql` says what holds of money, coverage, households, fills and trials; keys and references are those of
`schemas/tables`. Nothing of the engine takes part, so that a mistake of its own cannot hide itself.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb

HERE = Path(__file__).parent
TABLES = HERE.parent / "schemas" / "tables"

_QUERY = re.compile(r"^-- (?P<title>\w[^\n]*)\n(?P<sql>SELECT.*?);$", re.MULTILINE | re.DOTALL)
_WORD = re.compile(r"\b(?:FROM|JOIN)\s+\(?\s*(\w+)")


def audit(file: Path) -> dict[str, int]:
    """Count the rows that break each check; checks whose tables the file lacks are left out."""
    with duckdb.connect(str(file), read_only=True) as connection:
        there = {name for (name,) in connection.execute("SELECT table_name FROM information_schema.tables").fetchall()}
        found = {}
        for title, sql in checks(there):
            row = connection.execute(sql).fetchone()
            found[title] = int(row[0]) if row else 0
        return found


def checks(there: set[str]) -> Iterator[tuple[str, str]]:
    """Give the checks that a file with some tables can be held to, each with its title."""
    definitions = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(TABLES.glob("*.json"))]
    known = {definition["name"] for definition in definitions}
    for match in _QUERY.finditer((HERE / "audit_products.sql").read_text(encoding="utf-8")):
        if set(_WORD.findall(match["sql"])) & known <= there:
            yield match["title"], match["sql"]
    for definition in definitions:
        if definition["name"] in there:
            yield from _keys_and_references(definition, there)


def _keys_and_references(definition: dict[str, object], there: set[str]) -> Iterator[tuple[str, str]]:
    table, key = str(definition["name"]), ", ".join(definition["key"])  # type: ignore[arg-type]  # a list of names
    yield f"key of {table}", f"SELECT count(*) FROM (SELECT {key} FROM {table} GROUP BY {key} HAVING count(*) > 1)"  # noqa: S608 - own names
    for column, target in dict(definition.get("references", {})).items():  # type: ignore[call-overload]  # an object
        other, _, referred = target.partition(".")
        if other in there:
            unknown = f"{column} IS NOT NULL AND {column} NOT IN (SELECT {referred} FROM {other})"  # noqa: S608 - own names
            yield f"{table}.{column} refers to {target}", f"SELECT count(*) FROM {table} WHERE {unknown}"  # noqa: S608 - as above


def main() -> None:
    """Print the counts of each file, and end with 1 if anything is broken."""
    is_broken = False
    for name in sys.argv[1:]:
        found = audit(Path(name))
        broken = {title: count for title, count in found.items() if count}
        is_broken |= bool(broken)
        print(f"{name}: {len(found)} checks, {len(broken)} broken")
        for title, count in broken.items():
            print(f"  {count:>10,}  {title}")
    sys.exit(1 if is_broken else 0)


if __name__ == "__main__":
    main()
