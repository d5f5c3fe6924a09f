"""Every code of the package has the form of its vocabulary, and means one thing only."""

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import healthsim
from healthsim.content import content_directory
from healthsim.planning.payer.billing_content import billing_rules
from healthsim.planning.pharmacy.documents import products, rejections
from healthsim.reference import analytes, is_icd10, panels
from healthsim.reference.courses import courses
from healthsim.skills import skill_library
from healthsim.skills.check_measured import loinc_check_digit

KINDS = ("skills", "benefits", "journeys", "protocols")
TABLES = Path(healthsim.__file__).parent
DIAGNOSIS = re.compile(r"[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?")
FORMS = {
    "loinc": r"[1-9]\d{0,5}-\d",
    "rxnorm": r"[1-9]\d{3,6}",
    "cvx": r"\d{2,3}",
    "CPT": r"\d{4}[0-9F]",
    "HCPCS": r"[A-V]\d{4}",
    "ICD-10-PCS": r"[0-9A-HJ-NP-Z]{7}",
}


def objects(document: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - whatever JSON holds
    """Give the objects of a document, however deep."""
    if isinstance(document, dict):
        yield document
    for part in document.values() if isinstance(document, dict) else document if isinstance(document, list) else ():
        yield from objects(part)


@cache
def rows() -> tuple[dict[str, Any], ...]:
    """Give the objects of every document and the rows of every table that the package ships."""
    folders = (*(content_directory(kind) for kind in KINDS), TABLES)
    documents = [path for folder in folders for path in sorted(folder.rglob("*.json"))]
    tables = [path for folder in folders for path in sorted(folder.rglob("*.csv"))]
    found = [each for path in documents for each in objects(json.loads(path.read_text(encoding="utf-8")))]
    for path in tables:
        with path.open(encoding="utf-8", newline="") as file:
            found.extend(csv.DictReader(file))
    return tuple(found)


@cache
def codes(system: str) -> frozenset[str]:
    """Give the codes of a vocabulary that the package names."""
    named = {each[system] for each in rows() if isinstance(each.get(system), str)}
    named |= {each["code"] for each in rows() if each.get("system") == system and isinstance(each.get("code"), str)}
    return frozenset(named | (codes("cpt") if system == "CPT" else frozenset()))


def meanings(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """Give the codes, or names, that mean more than one thing."""
    found: dict[str, set[str]] = defaultdict(set)
    for code, name in pairs:
        found[code].add(name)
    return {code: names for code, names in found.items() if len(names) > 1}


@pytest.mark.parametrize("system", FORMS)
def test_every_code_has_the_form_of_its_vocabulary(system: str) -> None:
    assert len(codes(system)) > 2
    assert [code for code in codes(system) if not re.fullmatch(FORMS[system], code)] == []


def test_every_loinc_number_ends_with_its_check_digit() -> None:
    numbers = [code.partition("-") for code in codes("loinc")]
    assert [number for number, _, digit in numbers if digit != str(loinc_check_digit(number))] == []


def test_every_diagnosis_is_in_the_catalogue() -> None:
    values = {
        each[key]
        for each in rows()
        for key in ("code", "reason_code", "reason")
        if isinstance(each.get(key), str) and each.get("system", "ICD-10-CM") == "ICD-10-CM"
    }
    diagnoses = {value for value in values if DIAGNOSIS.fullmatch(value)}
    assert len(diagnoses) > 300
    assert [code for code in sorted(diagnoses) if not is_icd10(code)] == []


def test_no_drug_has_two_codes_and_no_code_two_drugs() -> None:
    treatments = [each.treatment for each in skill_library().conditions if each.treatment is not None]
    drugs = {(drug.rxnorm, drug.name) for each in treatments for drug in each.drugs}
    drugs |= {(course.rxnorm, course.name) for course in courses()}
    for pairs in (drugs, {(product.rxnorm, product.name) for product in products().drugs}):
        assert meanings(pairs) == {}
        assert meanings((name, code) for code, name in pairs) == {}


def test_no_number_of_a_test_means_two_tests() -> None:
    known = {(analyte.loinc, name) for name, analyte in analytes().items()}
    with (TABLES / "scorecard" / "tables" / "analytes.csv").open(encoding="utf-8", newline="") as file:
        known |= {(row["loinc"], row["analyte"]) for row in csv.DictReader(file)}
    assert meanings(known) == {}
    for panel in panels().values():
        assert {name for number, name in known if number == panel.loinc} <= set(panel.members)


def test_a_vaccine_is_billed_by_the_code_that_its_skill_names() -> None:
    given = [(each["cvx"], each["cpt"]) for each in rows() if "cvx" in each and "cpt" in each]
    assert len(given) > 15
    billed = billing_rules().vaccines.codes
    assert {cvx: (cpt, billed[cvx]) for cvx, cpt in given if billed[cvx] != cpt} == {}


def test_no_fee_and_no_rejection_has_its_code_twice() -> None:
    with (content_directory("benefits") / "fees.csv").open(encoding="utf-8", newline="") as file:
        priced = [row["code"] for row in csv.DictReader(file)]
    rejected = [each.code for each in rejections().codes]
    assert len(set(priced)) == len(priced)
    assert len(set(rejected)) == len(rejected)
