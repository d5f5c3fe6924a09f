"""Make the starter's county tables from the official files.

    python tools/carry_over.py REFERENCE_DIR [--births BIRTHS] [--lifetables LIFETABLES]

`REFERENCE_DIR` holds `population/` with the files of CDC PLACES 2022, SVI 2022, the county age, sex and race counts
of 2018, the ACS age shape and the Census county names. `BIRTHS` (year, births) and `LIFETABLES` (x, qx, sex, year) are
Parquet files of the Census Bureau's births a year and the SSA's cohort life tables, as in the `babynames` package;
without them the table of ages stays as it is. The official files stay outside the project: what is written here are
tables of our own, whose sources `tables/sources.json` names. Names come from `carry_over_names.py`.
"""

import argparse
import csv
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb

TABLES = Path(__file__).parent.parent / "engine" / "healthsim" / "reference" / "tables"
LARGEST_COUNTIES = 100
FIGURES_YEAR = 2022
OLDEST = 110
WORKING_AGES = range(18, 65)

SHARES_OF_POPULATION = ("AGE17", "AGE65", "AFAM", "HISP", "ASIAN", "AIAN", "NHPI", "TWOMORE", "OTHERRACE", "MINRTY")
OTHER_SHARES = ("POV150", "UNEMP", "HBURD", "NOHSDP", "UNINSUR", "DISABL", "SNGPNT", "LIMENG", "NOVEH", "NOINT")
RANKS = ("RPL_THEME1", "RPL_THEME2", "RPL_THEME3", "RPL_THEME4", "RPL_THEMES")
BANDS = ("0_17", "18_64", "65_84", "85")
AGE_SEX = tuple(f"{sex}_{band}" for band in BANDS for sex in "FM")
GROUPS = {
    "white": "NHWA", "black": "NHBA", "asian": "NHAA", "aian": "NHIA", "nhpi": "NHNA", "two_or_more": "NHTOM",
    "hispanic": "H",
}  # fmt: skip
RACE_SEX = tuple(f"{sex}_{group.upper()}" for group in GROUPS for sex in "FM")
HISPANIC_RACES = {"white": "HWA", "black": "HBA", "asian": "HAA", "aian": "HIA", "nhpi": "HNA", "two_or_more": "HTOM"}

# Births registered 2018-2022, NCHS, National Vital Statistics Reports "Births: Final Data" of each year.
LATER_BIRTHS = {2018: 3_791_712, 2019: 3_747_540, 2020: 3_613_647, 2021: 3_664_292, 2022: 3_667_758}
# About 1,050 boys are born per 1,000 girls (NCHS, Trend Analysis of the Sex Ratio at Birth in the United States, 2005).
GIRLS = 1 / 2.05

Row = dict[str, str]
Figures = dict[str, float | None]


def main() -> None:
    """Read the official files and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reference_dir", type=Path)
    parser.add_argument("--births", type=Path)
    parser.add_argument("--lifetables", type=Path)
    arguments = parser.parse_args()
    folder = arguments.reference_dir / "population"
    places = {row["CountyFIPS"].zfill(5): row for row in _rows(folder / "places_county_2022.csv")}
    svi = {row["FIPS"].zfill(5): row for row in _rows(folder / "svi_county_2022.csv")}
    ages = {row["id"].zfill(5): row for row in _rows(folder / "county_age_sex_race_2018.csv", ";")}
    names = {row["county_fips"]: row["county_name"] for row in _rows(folder / "fips_county.csv")}
    _write("gazetteer.csv", _gazetteer(places, svi, names))
    _write("starter_figures.csv", _starter(places, svi, ages))
    _write("hispanic_race.csv", _hispanic_race(ages["00000"]))
    if arguments.births and arguments.lifetables:
        shape = {
            int(r["age"]): float(r["count"])
            for r in _rows(folder / "age_shape_by_state.csv")
            if r["place"] == "United States"
        }
        _write("age_shape.csv", _age_shape(shape, _births(arguments.births), _survivors(arguments.lifetables)))


def _gazetteer(places: Mapping[str, Row], svi: Mapping[str, Row], names: Mapping[str, str]) -> list[dict[str, object]]:
    """List the counties of PLACES 2022, then Connecticut's planning regions, its newer counties."""
    listed: list[dict[str, object]] = []
    for fips, row in sorted(places.items()):
        longitude, latitude = re.findall(r"-?\d+\.?\d*", row["Geolocation"])
        listed.append({
            "fips": fips, "name": row["CountyName"], "full_name": names.get(fips, f"{row['CountyName']} County"),
            "state": row["StateAbbr"], "state_name": row["StateDesc"], "kind": "county",
            "population": int(row["TotalPopulation"].replace(",", "")),
            "latitude": f"{float(latitude):.3f}", "longitude": f"{float(longitude):.3f}",
        })  # fmt: skip
    for fips, row in sorted(svi.items()):
        if fips not in places:
            listed.append({
                "fips": fips, "name": row["COUNTY"], "full_name": row["COUNTY"], "state": row["ST_ABBR"],
                "state_name": row["STATE"], "population": int(row["E_TOTPOP"]), "kind": "planning_region",
            })  # fmt: skip
    return listed


def _starter(places: Mapping[str, Row], svi: Mapping[str, Row], ages: Mapping[str, Row]) -> list[dict[str, object]]:
    """Give the figures of the nation, the states and the most populous counties."""
    counties = sorted({*places, *svi, *(fips for fips in ages if fips[2:] != "000" and fips[:2] != "72")})
    figures = {fips: _county(places.get(fips), svi.get(fips), ages.get(fips)) for fips in counties}
    head = {row["StateAbbr"]: (fips[:2], row["StateDesc"]) for fips, row in places.items()}
    listed = [{"fips": "00", "level": "nation", "name": "United States", "state": "US"} | _aggregate(figures.values())]
    for abbreviation, (prefix, name) in sorted(head.items(), key=lambda item: item[1][0]):
        members = [figures[fips] for fips in counties if fips.startswith(prefix)]
        listed.append({"fips": prefix, "level": "state", "name": name, "state": abbreviation} | _aggregate(members))
    populous = sorted(places, key=lambda fips: (-(figures[fips]["places_population"] or 0), fips))[:LARGEST_COUNTIES]
    for fips in sorted(populous):
        row = places[fips]
        head_of_county = {"fips": fips, "level": "county", "name": row["CountyName"], "state": row["StateAbbr"]}
        listed.append(head_of_county | _rendered(figures[fips]))
    return listed


def _county(places: Row | None, svi: Row | None, ages: Row | None) -> Figures:
    figures: Figures = {"places_population": _number(places["TotalPopulation"]) if places else None}
    figures["E_TOTPOP"] = _number(svi["E_TOTPOP"]) if svi else None
    for name in SHARES_OF_POPULATION:
        figures[f"E_{name}"] = _number(svi[f"E_{name}"]) if svi else None
    for name in (*SHARES_OF_POPULATION, *OTHER_SHARES):
        figures[f"EP_{name}"] = _number(svi[f"EP_{name}"]) if svi else None
    for name in RANKS:
        figures[name] = _number(svi[name]) if svi else None
    counts = _age_sex_counts(ages) if ages else {}
    figures |= {name: counts.get(name) for name in (*AGE_SEX, *RACE_SEX)}
    for column in _MEASURES:
        low, high = re.findall(r"\d+\.?\d*", places[f"{column}_Crude95CI"] if places else "") or (None, None)
        figures[column] = _number(places[f"{column}_CrudePrev"]) if places else None
        figures[f"{column}_low"] = float(low) if low else None
        figures[f"{column}_high"] = float(high) if high else None
    return figures


def _aggregate(members: Iterable[Figures]) -> dict[str, object]:
    """Sum the counts and average the rates by population; intervals and ranks of counties do not add up."""
    rows = list(members)
    figures: Figures = {"places_population": _sum(rows, "places_population")}
    for name in ("E_TOTPOP", *(f"E_{share}" for share in SHARES_OF_POPULATION), *AGE_SEX, *RACE_SEX):
        figures[name] = _sum(rows, name)
    for name in SHARES_OF_POPULATION:
        figures[f"EP_{name}"] = 100 * (figures[f"E_{name}"] or 0) / (figures["E_TOTPOP"] or 1)
    figures |= {f"EP_{name}": _mean(rows, f"EP_{name}", "E_TOTPOP") for name in OTHER_SHARES}
    figures |= dict.fromkeys(RANKS)
    for name in _MEASURES:
        figures |= {name: _mean(rows, name, "places_population"), f"{name}_low": None, f"{name}_high": None}
    return _rendered(figures)


def _age_sex_counts(ages: Row) -> Figures:
    counts: Figures = {}
    for sex, word in (("F", "Female"), ("M", "Male")):
        old, oldest = _number(ages[f"{word}_age65plus"]), _number(ages[f"{word}_age85plusr"])
        counts[f"{sex}_0_17"] = _number(ages[f"{word}_age0to17"])
        counts[f"{sex}_18_64"] = _number(ages[f"{word}_age18to64"])
        counts[f"{sex}_65_84"] = old - oldest if old is not None and oldest is not None else None
        counts[f"{sex}_85"] = oldest
        for group, stem in GROUPS.items():
            counts[f"{sex}_{group.upper()}"] = _number(ages[f"{stem}_{word.upper()}"])
    return counts


def _hispanic_race(nation: Row) -> list[dict[str, object]]:
    counts = {
        race: int(nation[f"{stem}_MALE"]) + int(nation[f"{stem}_FEMALE"]) for race, stem in HISPANIC_RACES.items()
    }
    total = sum(counts.values())
    return [{"race": race, "share": f"{count / total:.6f}"} for race, count in counts.items()]


def _age_shape(
    shape: Mapping[int, float], births: Mapping[int, int], survivors: Mapping[tuple[str, int, int], float]
) -> list[dict[str, object]]:
    """Give relative numbers by single year of age and sex, to be used within an age band only.

    Ages 0-17 and 65-110: births of the year times the share of the cohort that survives, for 2022. Ages 18-64, where
    migration counts: the shape of the ACS sample, split by sex as the cohort survives. The seams do not matter.
    """
    listed: list[dict[str, object]] = []
    for age in range(OLDEST + 1):
        born = FIGURES_YEAR - age
        girls = GIRLS * births[born] * _alive(survivors, "F", born, age)
        boys = (1 - GIRLS) * births[born] * _alive(survivors, "M", born, age)
        scale = 100 * shape[age] / (girls + boys) if age in WORKING_AGES else 1.0
        listed.append({"age": age, "F": f"{girls * scale:.4g}", "M": f"{boys * scale:.4g}"})
    return listed


def _alive(survivors: Mapping[tuple[str, int, int], float], sex: str, born: int, age: int) -> float:
    """Interpolate between the tables of the decades; the newest table stands for all born since."""
    decade = min(born // 10 * 10, 2010)
    later = min(decade + 10, 2010)
    weight = (born - decade) / 10 if later > decade else 0.0
    return (1 - weight) * survivors[sex, decade, age] + weight * survivors[sex, later, age]


def _births(path: Path) -> dict[int, int]:
    rows = duckdb.connect().execute("SELECT year, births FROM read_parquet(?)", [str(path)]).fetchall()
    return {int(year): int(births) for year, births in rows} | LATER_BIRTHS


def _survivors(path: Path) -> dict[tuple[str, int, int], float]:
    """Give the share alive in the middle of each year of age, from the rates of death."""
    rows = (
        duckdb.connect()
        .execute("SELECT sex, year, x, qx FROM read_parquet(?) ORDER BY sex, year, x", [str(path)])
        .fetchall()
    )
    alive, shares = 1.0, {}
    for sex, year, age, rate in rows:
        alive = 1.0 if age == 0 else alive
        shares[sex, int(year), int(age)] = alive * (1 - rate / 2)
        alive *= 1 - rate
    return shares


def _rows(path: Path, delimiter: str = ",") -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return [
            {name.strip(): value for name, value in row.items()} for row in csv.DictReader(lines, delimiter=delimiter)
        ]


def _write(name: str, rows: list[dict[str, object]]) -> None:
    with (TABLES / name).open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{name}: {len(rows)} rows, {(TABLES / name).stat().st_size:,} bytes")


def _number(text: str) -> float | None:
    value = float(text.replace(",", "")) if text.strip() else None
    return None if value == MISSING else value


def _sum(rows: list[Figures], name: str) -> float:
    return sum(value for row in rows if (value := row[name]) is not None)


def _mean(rows: list[Figures], name: str, weight: str) -> float | None:
    pairs = [(value, row[weight] or 0) for row in rows if (value := row[name]) is not None]
    total = sum(share for _, share in pairs)
    return sum(value * share for value, share in pairs) / total if total else None


def _rendered(figures: Figures) -> dict[str, object]:
    return {name: "" if value is None else f"{value:.4f}".rstrip("0").rstrip(".") for name, value in figures.items()}


MISSING = -999
_MEASURES = [
    "ACCESS2",
    "ARTHRITIS",
    "BINGE",
    "BPHIGH",
    "BPMED",
    "CANCER",
    "CASTHMA",
    "CERVICAL",
    "CHD",
    "CHECKUP",
    "CHOLSCREEN",
    "COLON_SCREEN",
    "COPD",
    "COREM",
    "COREW",
    "CSMOKING",
    "DENTAL",
    "DEPRESSION",
    "DIABETES",
    "GHLTH",
    "HIGHCHOL",
    "KIDNEY",
    "LPA",
    "MAMMOUSE",
    "MHLTH",
    "OBESITY",
    "PHLTH",
    "SLEEP",
    "STROKE",
    "TEETHLOST",
]

if __name__ == "__main__":
    main()
