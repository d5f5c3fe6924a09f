"""Make the table of growth: how height, weight and body mass index of children are distributed by age.

    python tools/carry_over_growth.py DIRECTORY

`DIRECTORY` holds the parameters L, M and S of the CDC growth charts of 2000 (Kuczmarski et al. 2002, Vital and Health
Statistics 11(246)) as `cdc_infants.json` and `cdc2-20.json`, as in the `rcpchgrowth` package; there, body mass index
also has the sigma of the extended charts (Hales et al. 2022, Vital and Health Statistics 2(197)). Every other half year
is enough, and more in infancy.
"""

import argparse
import csv
import json
from pathlib import Path

TABLES = Path(__file__).parent.parent / "engine" / "healthsim" / "reference" / "tables"
INFANTS = (0, 0.5, 1.5, 2.5, 3.5, 4.5, 6.5, 8.5, 10.5, 12.5, 15.5, 18.5, 21.5)
CHILDREN = (24, *(month + 0.5 for month in range(30, 240, 6)), 240)
CLOSE = 0.01


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path)
    directory = parser.parse_args().directory
    infants = json.loads((directory / "cdc_infants.json").read_text(encoding="utf-8"))["measurement"]
    children = json.loads((directory / "cdc2-20.json").read_text(encoding="utf-8"))["measurement"]
    rows: list[list[object]] = []
    for measure, sources in (("height", (infants, children)), ("weight", (infants, children)), ("bmi", (children,))):
        for sex, letter in (("female", "F"), ("male", "M")):
            for source in sources:
                months = INFANTS if source is infants else CHILDREN
                points = {round(point["decimal_age"] * 12, 2): point for point in source[measure][sex]}
                rows += [row_of(measure, letter, month, points) for month in months]
    with (TABLES / "growth.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["measure", "sex", "months", "l", "m", "s", "sigma"])
        writer.writerows(rows)
    print(f"wrote growth.csv: {len(rows)} rows")


def row_of(measure: str, sex: str, month: float, points: dict[float, dict[str, float]]) -> list[object]:
    """Give the parameters at an age in months."""
    nearest = min(points, key=lambda known: abs(known - month))
    if abs(nearest - month) > CLOSE:
        raise ValueError(f"no parameters of {measure} at {month} months")
    point = points[nearest]
    figures = [point["L"], point["M"], point["S"], point.get("sigma", "")]
    return [measure, sex, month, *(f"{figure:.6g}" if figure != "" else "" for figure in figures)]


if __name__ == "__main__":
    main()
