"""Make the scorecard's tables of published quantiles and correlations.

    python tools/carry_over_published.py REFERENCE_DIR

`REFERENCE_DIR` holds `clinical/` with figures of CDC's NHANES 2017-March 2020 pre-pandemic public files at ages 45 to
65, by sex: of all people and of those with diagnosed diabetes. Five quantiles of each analyte and the correlations of
analytes that the product makes are taken over under the product's own names; the files stay outside the project.
"""

import argparse
import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

TABLES = Path(__file__).parent.parent / "engine" / "healthsim" / "scorecard" / "tables"
QUANTILES = ("q0.05", "q0.25", "q0.5", "q0.75", "q0.95")
GROUPS = {"all": "", "diagnosed": "type_2_diabetes"}
SOURCE = "CDC/NCHS, NHANES 2017-March 2020 pre-pandemic public files, ages 45 to 65, unweighted"
IDS = {
    "bilirubin_total": "bilirubin",
    "cholesterol_total": "total_cholesterol",
    "co2": "bicarbonate",
    "diastolic": "dbp",
    "height_cm": "height",
    "systolic": "sbp",
    "weight_kg": "weight",
}
LEFT_OUT = {"rbc"}
"""What the product does not make."""

BETTER_KNOWN = {("type_2_diabetes", "hba1c"), ("type_2_diabetes", "glucose")}
"""Quantiles for which there is something better: CDC's weighted shares of HbA1c, in `published_shares.csv`. The sample
of the reference is unweighted, and worse controlled."""


def main() -> None:
    """Read the reference and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reference_dir", type=Path)
    folder = parser.parse_args().reference_dir / "clinical"
    quantiles = (
        [IDS.get(row["analyte"], row["analyte"]), *_group(row), *(row[quantile] for quantile in QUANTILES), SOURCE]
        for row in _rows(folder / "nhanes_marginals_45_65.csv", ("analyte",))
        if (GROUPS[row["stratum"]], row["analyte"]) not in BETTER_KNOWN
    )
    _write("published_quantiles.csv", ("analyte", "group", "sex", "n", *QUANTILES, "source"), quantiles)
    correlations = (
        [*(IDS.get(row[name], row[name]) for name in ("analyte_1", "analyte_2")), *_group(row), row["pearson"], SOURCE]
        for row in _rows(folder / "nhanes_correlations_45_65.csv", ("analyte_1", "analyte_2"))
    )
    header = ("analyte_1", "analyte_2", "group", "sex", "n", "pearson", "source")
    _write("published_correlations.csv", header, correlations)


def _rows(path: Path, analytes: Sequence[str]) -> Iterable[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["stratum"] in GROUPS and not LEFT_OUT.intersection(row[name] for name in analytes):
                yield row


def _group(row: dict[str, str]) -> list[str]:
    return [GROUPS[row["stratum"]], row["sex"], row["n"]]


def _write(name: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with (TABLES / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


if __name__ == "__main__":
    main()
