"""Make the table of correlations of levels: how analytes and vital signs go together within a sex.

    python tools/carry_over_correlations.py REFERENCE_DIR

`REFERENCE_DIR` holds `clinical/nhanes_correlations_45_65.csv`: Pearson correlations of NHANES 2017-March 2020 at ages
45 to 65. The table holds correlations of normal scores, which values follow by their quantiles: those of the reference
times a factor found by drawing people and looking (`FACTORS`), as skewed values and variation from day to day weaken
them; pairs the reference lacks are assumed. The nearest positive definite matrix is written (Higham 2002, by
eigenvalues).
"""

import argparse
import csv
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

TABLES = Path(__file__).parent.parent / "engine" / "healthsim" / "reference" / "tables"
COLUMNS = ("F", "M", "F_diagnosed", "M_diagnosed")
IDS = {"systolic": "sbp", "diastolic": "dbp", "co2": "bicarbonate", "bilirubin_total": "bilirubin"}
LEAST_EIGENVALUE = 0.03
SMALLEST = 0.005

ORDER = (
    "bmi", "creatinine", "uacr", "hba1c", "glucose", "sbp", "dbp", "nt_probnp", "ejection_fraction", "fev1_percent",
    "fev1_fvc", "tsh", "triglycerides", "ldl", "hdl", "height", "pulse", "spo2", "temperature", "bun", "sodium",
    "potassium", "chloride", "bicarbonate", "calcium", "albumin", "alkaline_phosphatase", "alt", "ast", "bilirubin",
    "hemoglobin", "hematocrit", "wbc", "platelets",
)  # fmt: skip
"""Order in which scores are drawn: those that conditions bound first."""

ASSUMED: Mapping[tuple[str, str], float | tuple[float, float, float, float]] = {
    ("creatinine", "uacr"): 0.12, ("creatinine", "nt_probnp"): 0.12, ("creatinine", "potassium"): 0.14,
    ("creatinine", "hemoglobin"): 0.05, ("creatinine", "bicarbonate"): -0.05, ("uacr", "hba1c"): 0.12,
    ("uacr", "glucose"): 0.1, ("uacr", "sbp"): 0.2, ("uacr", "dbp"): 0.08, ("uacr", "nt_probnp"): 0.15,
    ("hba1c", "bmi"): (0.25, 0.25, -0.04, 0.0), ("glucose", "bmi"): (0.34, 0.34, 0.0, 0.02),
    ("bmi", "sbp"): 0.16, ("bmi", "dbp"): 0.18,
    ("glucose", "sbp"): 0.1, ("bmi", "nt_probnp"): -0.15, ("sbp", "nt_probnp"): 0.1, ("dbp", "nt_probnp"): -0.08,
    ("nt_probnp", "ejection_fraction"): -0.3, ("nt_probnp", "hemoglobin"): -0.18, ("nt_probnp", "albumin"): -0.15,
    ("fev1_percent", "fev1_fvc"): 0.5, ("fev1_percent", "bmi"): -0.1, ("fev1_fvc", "bmi"): 0.08,
    ("fev1_percent", "spo2"): 0.2, ("bmi", "spo2"): -0.25, ("bmi", "triglycerides"): (0.33, 0.32, 0.1, 0.1),
    ("bmi", "ldl"): 0.05,
    ("triglycerides", "ldl"): 0.12, ("ldl", "hdl"): -0.06, ("bmi", "pulse"): 0.12, ("glucose", "pulse"): 0.12,
    ("pulse", "dbp"): 0.16, ("pulse", "wbc"): 0.18, ("pulse", "temperature"): 0.15, ("bmi", "alt"): 0.22,
    ("triglycerides", "alt"): 0.18, ("hdl", "alt"): -0.15, ("glucose", "alt"): 0.1, ("bmi", "wbc"): 0.25,
    ("triglycerides", "wbc"): 0.12, ("hdl", "wbc"): -0.14, ("bmi", "albumin"): -0.28, ("wbc", "albumin"): -0.12,
    ("triglycerides", "bilirubin"): -0.15, ("hemoglobin", "bilirubin"): 0.22, ("hematocrit", "bilirubin"): 0.2,
    ("hdl", "bilirubin"): 0.08, ("alt", "bilirubin"): 0.06, ("hemoglobin", "triglycerides"): 0.12,
    ("hematocrit", "triglycerides"): 0.11, ("bun", "potassium"): 0.12, ("bun", "uacr"): 0.1, ("ldl", "calcium"): 0.1,
    ("bmi", "tsh"): 0.06, ("tsh", "ldl"): 0.06, ("bmi", "bilirubin"): -0.1, ("glucose", "sodium"): -0.15,
    ("hba1c", "sodium"): -0.12, ("triglycerides", "sodium"): -0.05, ("height", "fev1_percent"): 0.0,
    ("bmi", "alkaline_phosphatase"): 0.15, ("alkaline_phosphatase", "alt"): 0.15, ("alkaline_phosphatase", "ast"): 0.12,
    ("hba1c", "platelets"): 0.06, ("hemoglobin", "platelets"): -0.18, ("hematocrit", "platelets"): -0.16,
    ("uacr", "albumin"): -0.15, ("uacr", "hemoglobin"): -0.05, ("height", "bmi"): (-0.02, 0.08, 0.0, 0.08),
    ("height", "hdl"): -0.02,
    ("spo2", "hemoglobin"): -0.08,
}  # fmt: skip
"""Correlations of scores of pairs that the reference lacks, from the pattern of NHANES and clinical experience."""

FACTORS: Mapping[tuple[str, str], tuple[float, float, float, float]] = {
    ("triglycerides", "hdl"): (1.35, 1.32, 1.3, 1.25), ("glucose", "hdl"): (1.8, 1.25, 1.5, 1.2),
    ("hba1c", "hdl"): (1.4, 1.1, 1.5, 1.2), ("glucose", "triglycerides"): (1.75, 1.15, 1.5, 1.2),
    ("hba1c", "triglycerides"): (1.4, 0.95, 1.4, 1.1), ("bmi", "hdl"): (1.2, 1.1, 1.15, 1.15),
    ("alt", "ast"): (1.2, 1.1, 1.1, 1.1), ("calcium", "albumin"): (1.2, 1.2, 1.1, 1.2),
    ("chloride", "albumin"): (1.4, 1.3, 1.3, 1.3), ("chloride", "bicarbonate"): (1.3, 1.3, 1.2, 1.2),
    ("hba1c", "glucose"): (1.08, 1.05, 1.1, 1.1), ("sbp", "dbp"): (1.35, 1.3, 1.3, 1.3),
}  # fmt: skip
"""What the reference's correlations are multiplied by, by column; 1 where none is named."""

BY_WAY = {"total_protein": ("albumin", 0.45)}
"""What comes last and goes with one analyte (assumed), and with all others by way of it alone."""

Matrix = NDArray[np.float64]


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reference", type=Path)
    pairs = of_reference(parser.parse_args().reference / "clinical" / "nhanes_correlations_45_65.csv")
    matrices = [with_others(nearest(matrix_of(pairs, column))) for column in range(len(COLUMNS))]
    order = (*ORDER, *BY_WAY)
    count = 0
    with (TABLES / "level_correlations.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["analyte_1", "analyte_2", *COLUMNS, "source"])
        for first, one in enumerate(order):
            writer.writerow([one, one, 1, 1, 1, 1, "by definition"])
            for second in range(first + 1, len(order)):
                values = [matrix[first, second] for matrix in matrices]
                pair = (one, order[second])
                if max(np.abs(values)) < SMALLEST:
                    continue
                source = "nhanes" if pair in pairs or pair[::-1] in pairs else "assumed"
                if pair[1] in BY_WAY and pair[0] != BY_WAY[pair[1]][0]:
                    source = "by_albumin"
                writer.writerow([*pair, *(f"{value:.3f}" for value in values), source])
                count += 1
    print(f"wrote level_correlations.csv: {count} pairs")


def of_reference(path: Path) -> dict[tuple[str, str], list[float]]:
    """Give the reference's correlations of pairs, by column: all people of a sex, and those with diagnosed diabetes."""
    found: dict[tuple[str, str], list[float]] = {}
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            pair = tuple(IDS.get(row[key], row[key]) for key in ("analyte_1", "analyte_2"))
            strata = {"all": 0, "diagnosed": 2}
            if row["stratum"] in strata and set(pair) <= set(ORDER):
                column = strata[row["stratum"]] + "FM".index(row["sex"])
                found.setdefault(pair, [0.0] * 4)[column] = float(row["pearson"])  # type: ignore[arg-type]
    return found


def matrix_of(pairs: Mapping[tuple[str, str], list[float]], column: int) -> Matrix:
    """Give the matrix of a column."""
    matrix = np.eye(len(ORDER))
    values = {pair: value[column] if isinstance(value, tuple) else value for pair, value in ASSUMED.items()}
    values |= {pair: by_column[column] for pair, by_column in pairs.items()}
    for pair, value in values.items():
        first, second = (ORDER.index(name) for name in pair)
        factor = FACTORS.get(pair, (1.0,) * 4)[column]
        matrix[first, second] = matrix[second, first] = np.clip(value * factor, -0.97, 0.97)
    return matrix


def nearest(matrix: Matrix) -> Matrix:
    """Give the nearest correlation matrix whose eigenvalues are not too small."""
    for _ in range(200):
        values, vectors = np.linalg.eigh(matrix)
        if values.min() >= LEAST_EIGENVALUE * 0.9:
            break
        matrix = (vectors * np.maximum(values, LEAST_EIGENVALUE)) @ vectors.T
        scale = np.sqrt(np.diag(matrix))
        matrix = matrix / np.outer(scale, scale)
    return matrix


def with_others(matrix: Matrix) -> Matrix:
    """Add what goes with the others by way of one of them."""
    for by, correlation in BY_WAY.values():
        added = matrix[ORDER.index(by)] * correlation
        matrix = np.block([[matrix, added[:, np.newaxis]], [added, np.ones(1)]])
    return matrix


if __name__ == "__main__":
    main()
