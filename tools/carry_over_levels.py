"""Make the table of levels: how analytes and vital signs are distributed by sex, age and stratum.

    python tools/carry_over_levels.py REFERENCE_DIR

`REFERENCE_DIR` holds `clinical/nhanes_marginals_45_65.csv`: quantiles of NHANES 2017-March 2020 at ages 45 to 65, of
all people and of those with diagnosed diabetes. Those of people without are what is left of all when the others are
taken away. Other ages are the same curves moved and stretched by what NHANES reports print by age; where they print
medians only, the stretch is assumed. The distribution of HbA1c and glucose of people with diabetes is bent so that
49.4 % of them have an HbA1c of 7 % or more and 13.2 % of 9 % or more (CDC, National Diabetes Statistics Report 2022),
as the sample of the reference is unweighted and middle-aged. What NHANES does not measure is in `ASSUMED`.
"""

import argparse
import csv
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

TABLES = Path(__file__).parent.parent / "engine" / "healthsim" / "reference" / "tables"
PROBABILITIES = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99)
SCORES = ndtri(np.array(PROBABILITIES))
MIDDLE = 55
NHANES = "nhanes_2017_2020"
BY_AGE = "nhanes_by_age"

Floats = NDArray[np.float64]
Change = tuple[float, float]

IDS = {
    "height": "height_cm",
    "bmi": "bmi",
    "sbp": "systolic",
    "dbp": "diastolic",
    "glucose": "glucose",
    "hba1c": "hba1c",
    "creatinine": "creatinine",
    "sodium": "sodium",
    "potassium": "potassium",
    "chloride": "chloride",
    "bicarbonate": "co2",
    "bun": "bun",
    "calcium": "calcium",
    "alkaline_phosphatase": "alkaline_phosphatase",
    "alt": "alt",
    "ast": "ast",
    "bilirubin": "bilirubin_total",
    "albumin": "albumin",
    "ldl": "ldl",
    "hdl": "hdl",
    "triglycerides": "triglycerides",
    "hemoglobin": "hemoglobin",
    "hematocrit": "hematocrit",
    "wbc": "wbc",
    "platelets": "platelets",
}
"""Analytes of the product, and their names in the reference."""

STEP = {"height": 0.1, "bmi": 0.1, "hba1c": 0.1, "creatinine": 0.01, "bilirubin": 0.1, "albumin": 0.1, "calcium": 0.1,
        "potassium": 0.1, "hemoglobin": 0.1, "hematocrit": 0.1, "wbc": 0.1}  # fmt: skip
"""What the reference is rounded to, where not to whole units; half of it is the least distance of quantiles."""

LIMITS = {
    # What is met in one of thirty thousand people, below and above: the ends of the tables (assumed).
    "height": (132, 206), "bmi": (14.0, 72.0), "sbp": (78, 226), "dbp": (42, 132), "glucose": (58, 620),
    "hba1c": (3.9, 16.8), "creatinine": (0.3, 13.0), "sodium": (124, 151), "potassium": (2.7, 6.3),
    "chloride": (84, 115), "bicarbonate": (14, 37), "bun": (3, 110), "calcium": (7.2, 11.9),
    "alkaline_phosphatase": (20, 420), "alt": (4, 420), "ast": (7, 380), "bilirubin": (0.1, 4.6),
    "albumin": (2.2, 5.3), "ldl": (18, 310), "hdl": (17, 150), "triglycerides": (20, 1400),
    "hemoglobin": (7.0, 19.5), "hematocrit": (22, 58), "wbc": (2.0, 24.0), "platelets": (50, 720),
}  # fmt: skip

AGES: Mapping[str, Mapping[int, Mapping[str, Change]]] = {
    # At each age and sex: what is added to the median, and by how much distances from it are stretched.
    # Heights: NCHS, Vital and Health Statistics 3(46), anthropometric reference data 2015-2018. Pressures, lipids,
    # haemoglobin, pulse: NHANES by age groups as NCHS prints them; stretches assumed.
    "height": {
        20: {"F": (2.0, 1.0), "M": (2.2, 1.0)}, 40: {"F": (1.2, 1.0), "M": (1.2, 1.0)},
        70: {"F": (-1.4, 1.0), "M": (-1.0, 1.0)}, 85: {"F": (-4.6, 1.0), "M": (-3.2, 1.0)},
    },
    "bmi": {
        20: {"F": (-3.2, 0.95), "M": (-2.9, 1.0)}, 30: {"F": (-1.1, 1.05), "M": (-0.8, 1.1)},
        42: {"F": (0.1, 1.05), "M": (0.4, 1.05)}, 70: {"F": (-1.0, 0.88), "M": (-0.4, 0.9)},
        85: {"F": (-2.4, 0.75), "M": (-2.2, 0.75)},
    },
    "sbp": {
        20: {"F": (-13, 0.6), "M": (-8, 0.65)}, 35: {"F": (-10, 0.72), "M": (-5, 0.75)},
        70: {"F": (9, 1.1), "M": (5, 1.08)}, 85: {"F": (17, 1.15), "M": (9, 1.15)},
    },
    "dbp": {
        20: {"F": (-8, 0.85), "M": (-9, 0.9)}, 35: {"F": (-3, 0.95), "M": (-2, 0.97)},
        70: {"F": (-5, 1.0), "M": (-6, 1.0)}, 85: {"F": (-10, 1.05), "M": (-12, 1.05)},
    },
    "glucose": {
        20: {"F": (-8, 0.55), "M": (-7, 0.55)}, 35: {"F": (-5, 0.75), "M": (-4, 0.75)},
        70: {"F": (3, 1.0), "M": (3, 1.0)}, 85: {"F": (4, 1.0), "M": (4, 1.0)},
    },
    "hba1c": {
        20: {"F": (-0.4, 0.7), "M": (-0.4, 0.7)}, 35: {"F": (-0.25, 0.85), "M": (-0.2, 0.85)},
        70: {"F": (0.1, 0.95), "M": (0.1, 0.95)}, 85: {"F": (0.1, 0.95), "M": (0.1, 0.95)},
    },
    "creatinine": {
        20: {"F": (-0.07, 0.85), "M": (-0.02, 0.9)}, 35: {"F": (-0.05, 0.88), "M": (-0.02, 0.92)},
        70: {"F": (0.06, 1.25), "M": (0.07, 1.25)}, 85: {"F": (0.14, 1.5), "M": (0.17, 1.5)},
    },
    "bun": {
        20: {"F": (-3.5, 0.75), "M": (-2.0, 0.85)}, 35: {"F": (-2.5, 0.82), "M": (-1.2, 0.9)},
        70: {"F": (3, 1.2), "M": (2.5, 1.2)}, 85: {"F": (6, 1.4), "M": (6, 1.4)},
    },
    "potassium": {70: {"F": (0.1, 1.0), "M": (0.1, 1.0)}, 85: {"F": (0.1, 1.05), "M": (0.1, 1.05)}},
    "calcium": {20: {"F": (0.0, 1.0), "M": (0.25, 1.0)}, 40: {"F": (-0.1, 1.0), "M": (0.1, 1.0)}},
    "alkaline_phosphatase": {25: {"F": (-14, 0.9), "M": (-3, 0.95)}, 40: {"F": (-10, 0.9), "M": (-2, 0.95)}},
    "alt": {
        20: {"F": (-3, 0.9), "M": (-1, 1.05)}, 35: {"F": (-2, 0.95), "M": (3, 1.15)},
        70: {"F": (-1, 0.8), "M": (-3, 0.75)}, 85: {"F": (-4, 0.6), "M": (-6, 0.6)},
    },
    "ast": {25: {"F": (-2, 0.9), "M": (0, 1.0)}, 70: {"F": (0.5, 0.85), "M": (-0.5, 0.85)}},
    "bilirubin": {25: {"F": (0.02, 1.1), "M": (0.1, 1.15)}},
    "albumin": {
        20: {"F": (0.1, 1.0), "M": (0.4, 1.0)}, 35: {"F": (0.0, 1.0), "M": (0.2, 1.0)},
        70: {"F": (-0.05, 1.0), "M": (-0.1, 1.0)}, 85: {"F": (-0.15, 1.0), "M": (-0.2, 1.0)},
    },
    "ldl": {
        20: {"F": (-17, 0.85), "M": (-20, 0.85)}, 35: {"F": (-9, 0.92), "M": (0, 1.0)},
        70: {"F": (-8, 1.0), "M": (-16, 0.95)}, 85: {"F": (-14, 0.95), "M": (-24, 0.9)},
    },
    "hdl": {
        20: {"F": (-2, 0.9), "M": (1, 0.85)}, 65: {"F": (0, 1.0), "M": (0, 1.0)}, 80: {"F": (2, 1.0), "M": (3, 1.0)},
    },
    "triglycerides": {
        20: {"F": (-26, 0.72), "M": (-24, 0.78)}, 35: {"F": (-16, 0.85), "M": (0, 1.0)},
        70: {"F": (8, 0.95), "M": (-3, 0.85)}, 85: {"F": (6, 0.85), "M": (-8, 0.75)},
    },
    "hemoglobin": {
        20: {"F": (-0.2, 1.0), "M": (0.4, 0.8)}, 35: {"F": (-0.2, 1.05), "M": (0.3, 0.85)},
        70: {"F": (-0.05, 1.0), "M": (-0.4, 1.05)}, 85: {"F": (-0.4, 1.05), "M": (-1.1, 1.1)},
    },
    "hematocrit": {
        20: {"F": (-0.6, 1.0), "M": (1.1, 0.8)}, 35: {"F": (-0.6, 1.05), "M": (0.9, 0.85)},
        70: {"F": (-0.1, 1.0), "M": (-1.2, 1.05)}, 85: {"F": (-1.1, 1.05), "M": (-3.2, 1.1)},
    },
    "platelets": {25: {"F": (8, 1.0), "M": (17, 0.95)}, 75: {"F": (-18, 1.0), "M": (-20, 1.0)}},
}  # fmt: skip

ASSUMED: Mapping[str, Mapping[str, object]] = {
    # Quantiles from a median and a standard deviation, of the value or (log) of its natural logarithm, by sex and age.
    "pulse": {
        "source": "nhsr_41", "limits": (42, 136), "log": 0.155,
        "F": {18: 78, 30: 76, 50: 73, 70: 71, 85: 72}, "M": {18: 73, 30: 71, 50: 71, 70: 69, 85: 70},
    },
    "spo2": {"source": "assumed", "limits": (91, 100), "sd": 1.05, "F": {18: 98.3, 55: 97.6, 85: 96.6},
             "M": {18: 98.1, 55: 97.3, 85: 96.3}},
    "temperature": {"source": "protsiv_2020", "limits": (35.2, 37.9), "sd": 0.33,
                    "F": {18: 36.75, 55: 36.64, 85: 36.5}, "M": {18: 36.7, 55: 36.58, 85: 36.45}},
    "uacr": {"source": "nhanes_by_age", "limits": (1.0, 6000), "log": 0.75,
             "F": {18: 7.2, 40: 7.6, 60: 9.6, 80: 16.0}, "M": {18: 5.0, 40: 5.4, 60: 7.4, 80: 13.5}, "heavy": True},
    "tsh": {"source": "hollowell_2002", "limits": (0.02, 40), "log": 0.55,
            "F": {18: 1.45, 55: 1.65, 85: 2.05}, "M": {18: 1.45, 55: 1.55, 85: 1.9}},
    "nt_probnp": {"source": "fonarow_assumed", "limits": (5, 32000), "log": 0.85,
                  "F": {18: 46, 40: 50, 55: 62, 70: 105, 85: 260}, "M": {18: 20, 40: 24, 55: 38, 70: 88, 85: 270}},
    "total_protein": {"source": "nhanes_protein", "limits": (5.3, 8.9), "sd": 0.45,
                      "F": {18: 7.25, 35: 7.15, 55: 7.1, 70: 7.05, 85: 6.95},
                      "M": {18: 7.25, 35: 7.15, 55: 7.1, 70: 7.05, 85: 6.95}},
    "ejection_fraction": {"source": "ase_2015", "limits": (10, 78), "sd": 4.6, "F": {18: 63.5, 85: 64},
                          "M": {18: 62, 85: 62}},
    "fev1_percent": {"source": "hankinson_1999", "limits": (12, 145), "sd": 12.5, "F": {18: 99, 85: 98},
                     "M": {18: 99, 85: 97}},
    "fev1_fvc": {"source": "hankinson_1999", "limits": (20, 97), "sd": 5.2,
                 "F": {18: 87.0, 55: 79.1, 85: 74.5}, "M": {18: 84.3, 55: 76.7, 85: 73.5}},
}  # fmt: skip

CHILDREN: Mapping[str, Mapping[str, object]] = {
    # Quantiles of children from a median and a standard deviation, likewise.
    "sbp": {
        "source": "aap_2017", "limits": (62, 140), "sd": 8.5,
        "F": {1: 86, 3: 90, 6: 95, 10: 102, 13: 108, 16: 110}, "M": {1: 86, 3: 90, 6: 96, 10: 102, 13: 109, 16: 116},
    },
    "dbp": {
        "source": "aap_2017", "limits": (22, 95), "sd": 7.5,
        "F": {1: 42, 3: 48, 6: 56, 10: 61, 13: 64, 16: 66}, "M": {1: 42, 3: 48, 6: 56, 10: 61, 13: 63, 16: 65},
    },
    "pulse": {
        "source": "fleming_2011", "limits": (48, 205), "log": 0.13,
        "F": {0: 135, 1: 119, 2: 110, 3: 104, 5: 98, 7: 91, 10: 85, 13: 80, 16: 78},
        "M": {0: 135, 1: 119, 2: 110, 3: 104, 5: 98, 7: 91, 10: 84, 13: 78, 16: 73},
    },
    "temperature": {"source": "protsiv_2020", "limits": (35.5, 38.2), "sd": 0.3, "F": {0: 36.9, 10: 36.8},
                    "M": {0: 36.9, 10: 36.8}},
    "creatinine": {
        "source": "schwartz_2009", "limits": (0.12, 6.0), "log": 0.15,
        "F": {0: 0.25, 2: 0.31, 5: 0.38, 10: 0.50, 14: 0.60, 17: 0.67},
        "M": {0: 0.25, 2: 0.31, 5: 0.38, 10: 0.51, 14: 0.66, 17: 0.82},
    },
    "hemoglobin": {
        "source": "soldin_2011", "limits": (7.0, 18.0), "sd": 0.8,
        "F": {0: 11.8, 2: 12.2, 6: 12.7, 11: 13.3, 15: 13.4}, "M": {0: 11.8, 2: 12.2, 6: 12.7, 11: 13.3, 15: 14.6},
    },
    "hematocrit": {
        "source": "soldin_2011", "limits": (22, 54), "sd": 2.4,
        "F": {0: 35.5, 2: 36.4, 6: 37.9, 11: 39.6, 15: 40.0}, "M": {0: 35.5, 2: 36.4, 6: 37.9, 11: 39.6, 15: 43.4},
    },
    "alkaline_phosphatase": {
        "source": "soldin_2011", "limits": (40, 900), "log": 0.27,
        "F": {0: 260, 2: 220, 8: 240, 12: 240, 15: 105, 17: 80},
        "M": {0: 260, 2: 220, 8: 240, 12: 280, 15: 200, 17: 110},
    },
    "calcium": {"source": "soldin_2011", "limits": (7.6, 12.0), "sd": 0.35, "F": {0: 10.0, 5: 9.8, 15: 9.5},
                "M": {0: 10.0, 5: 9.8, 15: 9.6}},
    "albumin": {"source": "soldin_2011", "limits": (2.4, 5.5), "sd": 0.28, "F": {0: 4.1, 5: 4.3, 15: 4.3},
                "M": {0: 4.1, 5: 4.3, 15: 4.5}},
    "total_protein": {"source": "wallach_2011", "limits": (4.0, 9.0), "sd": 0.47,
                      "F": {0: 5.95, 1: 6.5, 3: 7.0, 15: 7.2}, "M": {0: 5.95, 1: 6.5, 3: 7.0, 15: 7.2}},
    "bun": {"source": "soldin_2011", "limits": (2, 60), "log": 0.28, "F": {0: 9, 5: 12, 15: 10.5},
            "M": {0: 9, 5: 12, 15: 12}},
    "wbc": {"source": "soldin_2011", "limits": (2.5, 30.0), "log": 0.25, "F": {0: 9.8, 2: 8.9, 6: 7.8, 12: 7.0},
            "M": {0: 9.8, 2: 8.9, 6: 7.8, 12: 6.8}},
    "platelets": {"source": "soldin_2011", "limits": (60, 800), "log": 0.22, "F": {0: 350, 5: 310, 12: 275},
                  "M": {0: 350, 5: 310, 12: 270}},
    "ldl": {"source": "soldin_2011", "limits": (20, 280), "log": 0.27, "F": {5: 90, 12: 88, 17: 86},
            "M": {5: 88, 12: 86, 17: 84}},
    "hdl": {"source": "soldin_2011", "limits": (18, 110), "log": 0.22, "F": {5: 52, 12: 52, 17: 51},
            "M": {5: 54, 12: 53, 17: 47}},
    "triglycerides": {"source": "soldin_2011", "limits": (18, 700), "log": 0.42, "F": {5: 60, 12: 74, 17: 74},
                      "M": {5: 56, 12: 70, 17: 76}},
}  # fmt: skip

DIAGNOSED_FACTOR = {"uacr": 1.75, "nt_probnp": 1.1, "pulse": 1.05}
"""How the median of people with diagnosed diabetes differs, where the reference has no figure (assumed)."""

BENT = {
    # Values of people with diagnosed diabetes, as they are in the sample and as they shall be, linear between.
    "hba1c": {"F": ([5.0, 6.4, 7.12, 9.95, 13.8], [5.0, 6.3, 6.99, 9.0, 12.6]),
              "M": ([5.0, 6.4, 7.31, 9.8, 14.0], [5.0, 6.3, 6.99, 9.0, 12.9])},
    "glucose": {"F": ([65, 103, 125, 239, 362], [75, 106, 124, 196, 318]),
                "M": ([63, 105, 139, 261, 433], [75, 108, 132, 206, 340])},
}  # fmt: skip
DIAGNOSED_AGES = {
    "hba1c": {30: (0.25, 1.2), 45: (0.15, 1.12), 72: (-0.12, 0.8), 85: (-0.15, 0.7)},
    "glucose": {30: (8, 1.2), 45: (4, 1.1), 72: (-2, 0.82), 85: (-3, 0.75)},
}
"""How their median and spread differ at other ages: control is better in the old (Fang et al. 2021, NEJM 384:2219)."""


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reference", type=Path)
    reference = quantiles_of(parser.parse_args().reference / "clinical" / "nhanes_marginals_45_65.csv")
    rows = [row for analyte in IDS for row in measured(analyte, reference)]
    rows += [row for analyte in ASSUMED for row in assumed(analyte, ASSUMED[analyte])]
    rows += [row for analyte in CHILDREN for row in assumed(analyte, CHILDREN[analyte])]
    header = ["analyte", "stratum", "sex", "age", "low", *(f"q{share:g}" for share in PROBABILITIES), "high", "source"]
    with (TABLES / "levels.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    print(f"wrote levels.csv: {len(rows)} rows")


def quantiles_of(path: Path) -> dict[tuple[str, str, str], tuple[int, Floats]]:
    """Read the reference: by sex, stratum and analyte, the people and the quantiles."""
    with path.open(encoding="utf-8") as file:
        return {
            (row["sex"], row["stratum"], row["analyte"]): (
                int(row["n"]),
                np.array([float(row[f"q{share:g}"]) for share in PROBABILITIES]),
            )
            for row in csv.DictReader(file)
        }


def measured(analyte: str, reference: dict[tuple[str, str, str], tuple[int, Floats]]) -> list[list[object]]:
    """Give the rows of an analyte of the reference."""
    rows: list[list[object]] = []
    low, high = LIMITS[analyte]
    for sex in "FM":
        people, everybody = reference[sex, "all", IDS[analyte]]
        diagnosed_people, diagnosed = reference[sex, "diagnosed", IDS[analyte]]
        step = STEP.get(analyte, 1.0)
        others = without(rising(everybody, step), rising(diagnosed, step), diagnosed_people / people)
        if analyte in BENT:
            diagnosed = np.interp(diagnosed, *BENT[analyte][sex])
        for stratum, middle in (("without_diabetes", others), ("diagnosed_diabetes", rising(diagnosed, step))):
            for age, (shift, stretch) in changes(analyte, sex, stratum).items():
                median = middle[5]
                values = median + shift + stretch * (middle - median)
                source = NHANES if age == MIDDLE else BY_AGE
                rows.append(row_of(analyte, stratum, sex, age, values, low, high, source))
    return rows


def changes(analyte: str, sex: str, stratum: str) -> dict[int, Change]:
    """Give the changes by age; none at the middle of the reference's ages."""
    if stratum == "diagnosed_diabetes" and analyte in DIAGNOSED_AGES:
        return {MIDDLE: (0.0, 1.0), **DIAGNOSED_AGES[analyte]}
    return {MIDDLE: (0.0, 1.0), **{age: by_sex[sex] for age, by_sex in AGES.get(analyte, {}).items()}}


def assumed(analyte: str, figures: Mapping[str, object]) -> list[list[object]]:
    """Give the rows of what the reference does not have."""
    low, high = figures["limits"]  # type: ignore[misc]
    rows: list[list[object]] = []
    for stratum in ("without_diabetes", "diagnosed_diabetes"):
        factor = DIAGNOSED_FACTOR.get(analyte, 1.0) if stratum == "diagnosed_diabetes" else 1.0
        for sex in "FM":
            for age, median in figures[sex].items():  # type: ignore[attr-defined]
                spread = SCORES * float(figures.get("log", figures.get("sd", 0)))  # type: ignore[arg-type]
                if figures.get("heavy"):
                    spread = np.where(SCORES > 0, spread * (1 + 0.3 * SCORES), spread)
                values = median * factor * np.exp(spread) if "log" in figures else median * factor + spread
                rows.append(row_of(analyte, stratum, sex, age, values, low, high, str(figures["source"])))
    return rows


def without(everybody: Floats, diagnosed: Floats, share: float) -> Floats:
    """Take the people with diagnosed diabetes away from all people."""
    tails = ([-4.0], SCORES, [4.0])
    grid = np.linspace(min(everybody[0], diagnosed[0]) * 0.9, max(everybody[-1], diagnosed[-1]) * 1.1, 8001)
    scores = np.concatenate(tails)
    cdfs = []
    for values in (everybody, diagnosed):
        ends = np.concatenate([[min(grid[0], values[0] - 1e-6)], values, [max(grid[-1], values[-1] + 1e-6)]])
        cdfs.append(probability(np.interp(grid, ends, scores)))
    rest = np.maximum.accumulate((cdfs[0] - share * cdfs[1]) / (1 - share))
    rest = np.clip(rest / rest[-1], 0, 1)
    return np.interp(np.array(PROBABILITIES), rest + np.arange(len(rest)) * 1e-12, grid)


def probability(scores: Floats) -> Floats:
    """Give the standard normal's distribution function."""
    from scipy.special import ndtr  # noqa: PLC0415 - beside its inverse

    return ndtr(scores)


def rising(values: Floats, step: float) -> Floats:
    """Part quantiles that are equal by rounding, each by a tenth of the rounding."""
    return np.maximum.accumulate(values + np.arange(len(values)) * step * 0.02)


def row_of(
    analyte: str, stratum: str, sex: str, age: int, values: Floats, low: float, high: float, source: str
) -> list[object]:
    """Give a row: the quantiles, parted, between the ends of the table."""
    parted = low * 1e-3 * np.arange(1, len(values) + 1)
    values = np.clip(values, low + parted, high - parted[::-1])
    return [analyte, stratum, sex, age, low, *(f"{value:.5g}" for value in values), high, source]


if __name__ == "__main__":
    main()
