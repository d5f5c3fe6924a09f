"""Make the tables of given and family names from the Census 2020 names and the SSA's births by name.

    python tools/carry_over_names.py REFERENCE_DIR SSA_BIRTHS LIFETABLES

`REFERENCE_DIR` holds `names/` with the Census 2020 first names and surnames by race (Parquet). `SSA_BIRTHS` is a CSV
file (year, sex, name, births) of the SSA's national baby names, `LIFETABLES` the SSA's cohort life tables as Parquet
(x, lx, sex, year). `tables/sources.json` says how the figures are derived.
"""

import argparse
from pathlib import Path

import duckdb

TABLES = Path(__file__).parent.parent / "engine" / "healthsim" / "reference" / "tables"
DECADES = range(1910, 2030, 10)
CENSUS_YEAR = 2020
GROUPS = ("white", "black", "api", "aian", "2prace", "hispanic")
GIVEN_NAMES_A_SEX, GIVEN_NAMES_A_GROUP, GIVEN_NAMES_A_DECADE = 600, 110, 80
FAMILY_NAMES, FAMILY_NAMES_A_GROUP = 2_500, 250

# Share of the foreign-born by decade of birth in 2020. Assumed: most are of working age, few are children.
FOREIGN_BORN = {
    1920: 0.01,
    1930: 0.04,
    1940: 0.09,
    1950: 0.14,
    1960: 0.18,
    1970: 0.2,
    1980: 0.17,
    1990: 0.1,
    2000: 0.05,
    2010: 0.02,
}

WITH_APOSTROPHE = [
    "OBRIEN",
    "OBRYAN",
    "OCONNELL",
    "OCONNOR",
    "ODONNELL",
    "OGRADY",
    "OHARA",
    "OKEEFE",
    "OLEARY",
    "OMALLEY",
    "ONEAL",
    "ONEIL",
    "ONEILL",
    "OREILLY",
    "OROURKE",
    "OSHEA",
    "OSULLIVAN",
    "OTOOLE",
]
WITH_MAC = [
    "MACARTHUR",
    "MACDONALD",
    "MACDOUGALL",
    "MACGREGOR",
    "MACINTYRE",
    "MACKAY",
    "MACLEAN",
    "MACLEOD",
    "MACMILLAN",
]


def main() -> None:
    """Read the official files and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reference_dir", type=Path)
    parser.add_argument("ssa_births", type=Path)
    parser.add_argument("lifetables", type=Path)
    arguments = parser.parse_args()
    names = arguments.reference_dir / "names"
    connection = duckdb.connect()
    connection.create_function("cased", cased, ["VARCHAR"], "VARCHAR")
    _given_names(
        connection, names / "census2020_first_names_by_race_sex.parquet", arguments.ssa_births, arguments.lifetables
    )
    _family_names(connection, names / "census2020_surnames_by_race.parquet")


def cased(name: str) -> str:
    """Write a name of the Census, which is in capitals without apostrophes, as people write it."""
    if name in WITH_APOSTROPHE:
        return f"O'{name[1:].capitalize()}"
    if name in WITH_MAC:
        return f"Mac{name[3:].capitalize()}"
    if name.startswith("MC") and len(name) > len("MCC"):
        return f"Mc{name[2:].capitalize()}"
    return name.capitalize()


def _given_names(connection: duckdb.DuckDBPyConnection, census: Path, births: Path, lifetables: Path) -> None:
    """Estimate the living bearers of a name by sex and decade of birth, and choose the names to keep.

    Bearers born in the country: births by name, thinned by the cohort's survival to 2020. What the Census counts beyond
    them was born abroad, and is spread over the decades as the foreign-born are.
    """
    _read_given_names(connection, census, births, lifetables)
    connection.execute("CREATE TABLE abroad (decade INTEGER, share DOUBLE)")
    connection.executemany("INSERT INTO abroad VALUES (?, ?)", list(FOREIGN_BORN.items()))
    connection.execute("""
        CREATE TABLE bearers AS
        WITH home AS (SELECT name, sex, sum(living) FILTER (decade < 2020) AS living FROM native GROUP BY ALL),
        excess AS (
            SELECT name, sex, greatest(0, counted - coalesce(living, 0)) AS people
            FROM counted LEFT JOIN home USING (name, sex)
        ),
        both_origins AS (
            SELECT name, sex, decade, living FROM native
            UNION ALL SELECT name, sex, decade, people * share FROM excess CROSS JOIN abroad
        )
        SELECT name, sex, decade, sum(living) AS living
        FROM both_origins SEMI JOIN counted USING (name, sex) GROUP BY ALL
    """)
    best_of_groups = " UNION ALL ".join(_best(f"counted * pct{group}", GIVEN_NAMES_A_GROUP) for group in GROUPS)
    connection.execute(f"""
        CREATE TABLE chosen AS SELECT DISTINCT name FROM (
            {_best("counted", GIVEN_NAMES_A_SEX)} UNION ALL {best_of_groups} UNION ALL
            SELECT name FROM bearers
            QUALIFY row_number() OVER (PARTITION BY sex, decade ORDER BY living DESC, name) <= {GIVEN_NAMES_A_DECADE}
        )
    """)  # noqa: S608 - the pieces are constants of this script
    shares = ", ".join(f"max(pct{group}) AS {_COLUMNS[group]}" for group in GROUPS)
    counts = ", ".join(
        f"round(coalesce(sum(living) FILTER (sex = '{sex}' AND decade = {decade}), 0))::BIGINT AS {sex}{decade}"
        for sex in "FM"
        for decade in DECADES
    )
    _copy(
        connection,
        f"SELECT cased(name) AS name, {shares}, {counts} "  # noqa: S608 - the pieces are constants of this script
        "FROM chosen JOIN census USING (name) JOIN bearers USING (name) GROUP BY name ORDER BY max(count) DESC, name",
        "given_names.csv",
    )


def _read_given_names(connection: duckdb.DuckDBPyConnection, census: Path, births: Path, lifetables: Path) -> None:
    connection.execute("CREATE TABLE census AS SELECT * FROM read_parquet(?) WHERE rank IS NOT NULL", [str(census)])
    connection.execute("""
        CREATE TABLE counted AS
        SELECT *, 'F' AS sex, count * pctfemale / 100 AS counted FROM census WHERE pctfemale >= 5
        UNION ALL SELECT *, 'M' AS sex, count * pctmale / 100 AS counted FROM census WHERE pctmale >= 5
    """)
    connection.execute(
        """
        CREATE TABLE native AS
        SELECT upper(ssa.name) AS name, ssa.sex, ssa.year // 10 * 10 AS decade,
            sum(births * coalesce(lx / 1e5, 1)) AS living
        FROM read_csv(?) AS ssa LEFT JOIN read_parquet(?) AS tables
            ON tables.sex = ssa.sex AND tables.year = least(ssa.year // 10 * 10, 2010) AND tables.x = ? - ssa.year
        WHERE ssa.year >= 1910 GROUP BY ALL
        """,
        [str(births), str(lifetables), CENSUS_YEAR],
    )


def _best(measure: str, limit: int) -> str:
    rank = f"row_number() OVER (PARTITION BY sex ORDER BY {measure} DESC, name)"
    return f"SELECT name FROM counted QUALIFY {rank} <= {limit}"  # noqa: S608 - constants of this script


def _family_names(connection: duckdb.DuckDBPyConnection, census: Path) -> None:
    """Keep the most frequent names overall and in each group, with the people counted in each group."""
    shares = ", ".join(f"pct{group} AS {_COLUMNS[group]}" for group in GROUPS)
    ranks = " OR ".join(
        f"row_number() OVER (ORDER BY count * pct{group} DESC, name) <= {FAMILY_NAMES_A_GROUP}" for group in GROUPS
    )
    connection.execute(
        "CREATE TABLE surnames AS SELECT * FROM read_parquet(?) WHERE name NOT LIKE '% %'", [str(census)]
    )
    _copy(
        connection,
        f"SELECT cased(name) AS name, count, {shares} FROM surnames "  # noqa: S608
        f"QUALIFY row_number() OVER (ORDER BY count DESC, name) <= {FAMILY_NAMES} OR {ranks} ORDER BY count DESC, name",
        "family_names.csv",
    )


def _copy(connection: duckdb.DuckDBPyConnection, query: str, name: str) -> None:
    path = TABLES / name
    connection.execute(f"COPY ({query}) TO '{path}' (HEADER)")
    rows = len(path.read_text(encoding="utf-8").splitlines()) - 1
    print(f"{name}: {rows} rows, {path.stat().st_size:,} bytes")


_COLUMNS = {group: group for group in GROUPS} | {"2prace": "two_or_more"}

if __name__ == "__main__":
    main()
