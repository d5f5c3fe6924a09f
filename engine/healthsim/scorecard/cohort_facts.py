"""What is known of the codes, drugs, places and providers that a cohort names, as tables for the rules to join."""

import re
from collections.abc import Iterable, Mapping

import duckdb
import pyarrow as pa

from healthsim.reference import gazetteer, is_billable, is_icd10, sex_and_age_of
from healthsim.reference.exclusions import exclusions_among
from healthsim.reference.network.specialties import calling_of_taxonomy, callings
from healthsim.reference.zip_places import zip_places
from healthsim.scorecard.own_tables import arrow_table, facts

Tables = Mapping[str, pa.Table]

_TEXT, _NUMBER, _WHOLE, _TRUTH = pa.string(), pa.float64(), pa.int64(), pa.bool_()
_PRIMARY_CARE = {
    *("family_medicine", "internal_medicine", "pediatrics", "geriatrics", "nurse_practitioner", "physician_assistant"),
}
_ODD, _EVEN = slice(None, None, -2), slice(-2, None, -2)


def standing_facts(connection: duckdb.DuckDBPyConnection) -> Tables:
    """Give what is known whatever the cohort holds, and which LOINC codes of the cohort are well formed."""
    used = _column(
        connection, "SELECT DISTINCT loinc::VARCHAR FROM labs UNION SELECT DISTINCT loinc::VARCHAR FROM vitals"
    )
    codes = [{"loinc": code, "is_well_formed": is_loinc(code)} for code in used]
    analytes = [{**row, "units": row["units"].split(";")} for row in facts("analytes")]
    limits = {"low": _NUMBER, "high": _NUMBER}
    return {
        "loinc_facts": arrow_table(codes, {"loinc": _TEXT, "is_well_formed": _TRUTH}),
        "analytes": arrow_table(
            analytes, {"loinc": _TEXT, "analyte": _TEXT, "units": pa.list_(_TEXT), **limits, "sex": _TEXT}
        ),
        "drug_limits": arrow_table(
            [*facts("drug_limits")],
            {"drug": _TEXT, "strength": _TEXT, "analyte": _TEXT, **limits, "source": _TEXT},
        ),
        "vaccines": arrow_table([*facts("vaccines")], {"cvx": _TEXT, "minimum_months": _WHOLE, "used_from": _TEXT}),
        "tests_in_use": arrow_table([*facts("tests_in_use")], {"loinc": _TEXT, "used_from": _TEXT}),
        "procedures_of_one_sex": arrow_table(
            [*facts("procedures_of_one_sex")], dict.fromkeys(("system", "first", "last", "sex"), _TEXT)
        ),
        "specialties": arrow_table(
            [{"specialty": name} for calling in callings().values() for name in (calling.name, calling.title)],
            {"specialty": _TEXT},
        ),
        "interactions": arrow_table(
            [
                row
                for pair in facts("interactions")
                for row in (pair, {**pair, "drug": pair["other"], "other": pair["drug"]})
            ],
            {"drug": _TEXT, "other": _TEXT, "source": _TEXT},
        ),
    }


def coded_facts(connection: duckdb.DuckDBPyConnection) -> Tables:
    """Give what is known of the ICD-10-CM codes of the cohort, code by code."""
    codes = _column(connection, "SELECT DISTINCT code FROM coded")
    excluded = [{"code": pair.code, "other": pair.other, "note": pair.note} for pair in exclusions_among(codes)]
    limits = {"low": _NUMBER, "below": _NUMBER, "minimum_age": _WHOLE}
    return {
        "code_facts": arrow_table(
            [_code_fact(code) for code in codes],
            {
                "code": _TEXT,
                "is_code": _TRUTH,
                "is_billable": _TRUTH,
                "sex": _TEXT,
                "minimum_age": _WHOLE,
                "maximum_age": _WHOLE,
            },
        ),
        "excluded_pairs": arrow_table(excluded, {"code": _TEXT, "other": _TEXT, "note": _TEXT}),
        "code_limits": arrow_table(
            list(_at_or_below(facts("code_limits"), codes)),
            {"code": _TEXT, "family": _TEXT, "analyte": _TEXT, **limits},
        ),
        "contraindications": arrow_table(
            list(_at_or_below(facts("contraindications"), codes)),
            {"drug": _TEXT, "code": _TEXT, "lasts_days": _WHOLE, "source": _TEXT},
        ),
        "indications": arrow_table(
            [
                {"ingredient": row["ingredient"], "code": code}
                for row in facts("drugs")
                for code in codes
                if code.startswith(tuple(row["indications"].split(";")))
            ],
            {"ingredient": _TEXT, "code": _TEXT},
        ),
    }


def drug_facts(connection: duckdb.DuckDBPyConnection) -> Tables:
    """Give the ingredients of the cohort's drugs, by the drugs' names, and what is known of each."""
    known = {row["ingredient"]: row for row in facts("drugs")}
    names = _column(connection, "SELECT DISTINCT name FROM medications")
    rows = [
        {**known[ingredient], "name": name, "is_exclusive": known[ingredient]["is_exclusive"] == "yes"}
        for name in names
        for ingredient in ingredients_of(name)
    ]
    return {
        "drugs": arrow_table(
            rows,
            {
                "name": _TEXT,
                "ingredient": _TEXT,
                "drug_class": _TEXT,
                "is_exclusive": _TRUTH,
                "sex": _TEXT,
                "minimum_age": _WHOLE,
                "schedule": _WHOLE,
            },
        )
    }


def network_facts(connection: duckdb.DuckDBPyConnection) -> Tables:
    """Give what the taxonomy codes of the cohort's providers stand for."""
    known = calling_of_taxonomy()
    used = _column(connection, "SELECT DISTINCT taxonomy FROM providers_used")
    rows = [
        {"taxonomy": code, "specialty": known[code].title, "does_primary_care": known[code].name in _PRIMARY_CARE}
        for code in used
        if code in known
    ]
    return {"taxonomy_facts": arrow_table(rows, {"taxonomy": _TEXT, "specialty": _TEXT, "does_primary_care": _TRUTH})}


def place_facts(connection: duckdb.DuckDBPyConnection) -> Tables:
    """Give where the ZIP codes and counties of the cohort's people lie."""
    counties = [{"county_fips": county.fips, "state": county.state} for county in gazetteer.counties().values()]
    used = _column(connection, "SELECT DISTINCT county_fips::VARCHAR FROM patients")
    zips = _column(connection, "SELECT DISTINCT zip::VARCHAR FROM patients")
    rows = [
        {"zip": place.zip, "city": place.city, "state": place.state, "county_fips": place.county_fips}
        for place in zip_places(zips, used)
    ]
    return {
        "county_facts": arrow_table(counties, {"county_fips": _TEXT, "state": _TEXT}),
        "zip_facts": arrow_table(rows, {"zip": _TEXT, "city": _TEXT, "state": _TEXT, "county_fips": _TEXT}),
    }


def ingredients_of(name: str) -> list[str]:
    """Find the ingredients that a drug's name tells, the longest first, so that none is found within another."""
    left, found = name.casefold(), []
    for ingredient, pattern in _PATTERNS:
        left, times = pattern.subn(" ", left)
        if times:
            found.append(ingredient)
    return found


def is_loinc(code: str) -> bool:
    """Tell whether a code ends with its check digit (LOINC Users' Guide, appendix on the mod 10 check digit).

    Of the digits before the hyphen, every other one from the right is read as a number and doubled; the others are set
    before it; the sum of all these digits and the check digit is a multiple of ten.
    """
    if not re.fullmatch(r"[0-9]{1,7}-[0-9]", code):
        return False
    digits, _, check = code.partition("-")
    total = sum(map(int, digits[_EVEN] + str(2 * int(digits[_ODD]))))
    return (total + int(check)) % 10 == 0


def _code_fact(code: str) -> dict[str, object]:
    sex, minimum_age = sex_and_age_of(code)
    limits = [row for row in facts("age_limits") if row["first"] <= code[: len(row["first"])] <= row["last"]]
    return {
        "code": code,
        "is_code": is_icd10(code),
        "is_billable": is_billable(code),
        "sex": sex,
        "minimum_age": max([minimum_age, *(int(row["minimum_age"]) for row in limits)]),
        "maximum_age": min((int(row["maximum_age"]) for row in limits), default=None),
    }


def _at_or_below(rows: Iterable[Mapping[str, str]], codes: Iterable[str]) -> Iterable[dict[str, str]]:
    """Repeat rows about a code or category for each of the codes at or below it."""
    listed = list(codes)
    return ({**row, "code": code} for row in rows for code in listed if code.startswith(row["code"]))


def _column(connection: duckdb.DuckDBPyConnection, query: str) -> list[str]:
    return sorted(value for (value,) in connection.execute(query).fetchall() if value is not None)


_PATTERNS = [
    (ingredient, re.compile(rf"\b{re.escape(ingredient)}\b"))
    for ingredient in sorted((row["ingredient"] for row in facts("drugs")), key=len, reverse=True)
]
