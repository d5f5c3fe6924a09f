"""The tables of levels and the catalogue of analytes: whole, rising, positive definite, and coded as they should be."""

import json
from itertools import pairwise

import numpy as np
import pytest

from healthsim.reference import (
    SEXES,
    STRATA,
    analytes,
    level_correlations,
    level_distributions,
    panels,
    scored_analytes,
)
from healthsim.reference.starter import read_table, table_text

SOURCES = json.loads(table_text("sources.json"))


def check_digit(number: str) -> int:
    """Give the check digit of a LOINC number, by the Luhn formula (LOINC Users' Guide, appendix C)."""
    digits = [int(digit) for digit in reversed(number)]
    return -(sum(sum(divmod(2 * digit, 10)) for digit in digits[::2]) + sum(digits[1::2])) % 10


@pytest.mark.parametrize("analyte", scored_analytes())
@pytest.mark.parametrize("stratum", STRATA)
@pytest.mark.parametrize("sex", SEXES)
def test_a_distribution_rises_and_is_there_for_each_sex_and_stratum(analyte: str, stratum: str, sex: str) -> None:
    distributions = level_distributions()[analyte, stratum, sex]
    ages = [distribution.age for distribution in distributions]
    assert ages == sorted(set(ages))
    for distribution in distributions:
        assert all(low < high for low, high in pairwise(distribution.values.tolist())), (analyte, distribution.age)
        assert distribution.values[0] > 0


@pytest.mark.parametrize("key", [(stratum, sex) for stratum in STRATA for sex in SEXES], ids="-".join)
def test_correlations_are_positive_definite(key: tuple[str, str]) -> None:
    matrix = level_correlations()[key]
    assert (matrix == matrix.T).all()
    assert (np.diag(matrix) == 1).all()
    assert np.linalg.eigvalsh(matrix).min() > 0.01


def test_every_analyte_has_a_code_whose_check_digit_fits_and_a_source_for_its_figures() -> None:
    document = json.loads(table_text("analytes.json"))
    codes = [entry["loinc"] for entry in document["analytes"]]
    assert len(set(codes)) == len(codes)
    for entry in (*document["analytes"], *json.loads(table_text("panels.json"))["panels"]):
        number, _, digit = entry["loinc"].partition("-")
        assert digit == str(check_digit(number)), entry["id"]
        for part in ("within_person", "reference", "routine"):
            assert part not in entry or len(entry[part]["source"]) > 10, (entry["id"], part)


def test_what_is_computed_comes_after_what_it_is_computed_from() -> None:
    order = list(analytes())
    for analyte in analytes().values():
        before = order[: order.index(analyte.id)]
        assert set(analyte.computed_from) <= set(before), analyte.id
        assert analyte.shared_with is None or analyte.shared_with in order


def test_panels_name_analytes_of_the_catalogue() -> None:
    for panel in panels().values():
        assert set(panel.members) <= set(analytes()), panel.id


def test_every_source_of_a_level_or_a_correlation_is_told() -> None:
    told = SOURCES["levels.csv"]["keys"]
    assert {row["source"] for row in read_table("levels.csv")} <= set(told)
    told = SOURCES["level_correlations.csv"]["keys"]
    assert {row["source"] for row in read_table("level_correlations.csv")} <= set(told)
