"""Headers and rows of the official files of the network: NPPES's 330 columns, HIFLD's and CMS's hospitals, codes."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

NAME = [
    "NPI",
    "Entity Type Code",
    "Replacement NPI",
    "Employer Identification Number (EIN)",
    "Provider Organization Name (Legal Business Name)",
    "Provider Last Name (Legal Name)",
    "Provider First Name",
    "Provider Middle Name",
    "Provider Name Prefix Text",
    "Provider Name Suffix Text",
    "Provider Credential Text",
    "Provider Other Organization Name",
    "Provider Other Organization Name Type Code",
    *(f"Provider Other {part}" for part in ("Last Name", "First Name", "Middle Name", "Name Prefix Text")),
    *(f"Provider Other {part}" for part in ("Name Suffix Text", "Credential Text", "Last Name Type Code")),
]
PLACE = [
    f"{stem.format(kind)}{part}"
    for kind in ("Mailing", "Practice Location")
    for stem, parts in (
        ("Provider First Line Business {} Address", [""]),
        ("Provider Second Line Business {} Address", [""]),
        ("Provider Business {} Address ", ["City Name", "State Name", "Postal Code"]),
        ("Provider Business {} Address ", ["Country Code (If outside U.S.)", "Telephone Number", "Fax Number"]),
    )
    for part in parts
]
DATES = [
    *("Provider Enumeration Date", "Last Update Date", "NPI Deactivation Reason Code", "NPI Deactivation Date"),
    *("NPI Reactivation Date", "Provider Sex Code"),
    *(f"Authorized Official {part}" for part in ("Last Name", "First Name", "Middle Name", "Title or Position")),
    "Authorized Official Telephone Number",
]
TAXONOMY = ("Healthcare Provider Taxonomy Code", "Provider License Number", "Provider License Number State Code",
            "Healthcare Provider Primary Taxonomy Switch")  # fmt: skip
OTHER = [f"Other Provider Identifier{part}" for part in ("", " Type Code", " State", " Issuer")]
NPPES_HEADER = [
    *NAME,
    *PLACE,
    *DATES,
    *(f"{stem}_{n}" for n in range(1, 16) for stem in TAXONOMY),
    *(f"{stem}_{n}" for n in range(1, 51) for stem in OTHER),
    *("Is Sole Proprietor", "Is Organization Subpart", "Parent Organization LBN", "Parent Organization TIN"),
    *(f"Authorized Official {part} Text" for part in ("Name Prefix", "Name Suffix", "Credential")),
    *(f"Healthcare Provider Taxonomy Group_{n}" for n in range(1, 16)),
    "Certification Date",
]
"""The header of `npidata_pfile`, after CMS's Readme of the NPPES Data Dissemination: 330 columns."""

PRACTICE = "Provider Business Practice Location Address"
CARDIOLOGY, FAMILY, PHARMACY = "207RC0000X", "207Q00000X", "3336C0003X"
NPIS = (9999999805, 9999999813, 9999999821, 9999999839, 9999999847, 9999999854, 9999999862, 9999999870)
"""Numbers with their check digit, of a range that is never given."""


def provider(npi: int, *, city: str = "HOUSTON", state: str = "TX", zip_code: str = "770301234",
             taxonomy: str = CARDIOLOGY, **more: str) -> dict[str, str]:  # fmt: skip
    """Give the values of a person's row; `more` replaces columns by the twin's short names below."""
    short = {"kind": "Entity Type Code", "deactivated": "NPI Deactivation Date", "country": PLACE[13],
             "reactivated": "NPI Reactivation Date", "updated": "Last Update Date"}  # fmt: skip
    return {
        "NPI": str(npi),
        "Entity Type Code": "1",
        "Provider Last Name (Legal Name)": "TESTER",
        "Provider First Name": "ADA",
        "Provider Credential Text": "M.D.",
        "Provider First Line Business Practice Location Address": "1 MAIN ST",
        f"{PRACTICE} City Name": city,
        f"{PRACTICE} State Name": state,
        f"{PRACTICE} Postal Code": zip_code,
        f"{PRACTICE} Country Code (If outside U.S.)": "US",
        f"{PRACTICE} Telephone Number": "7135550123",
        "Last Update Date": "11/02/2026",
        "Healthcare Provider Taxonomy Code_1": taxonomy,
        "Healthcare Provider Primary Taxonomy Switch_1": "Y",
        **{short.get(name, name): value for name, value in more.items()},
    }


def organisation(npi: int, name: str, taxonomy: str = PHARMACY, **more: Any) -> dict[str, str]:  # noqa: ANN401 - as above
    """Give the values of an organisation's row."""
    row = provider(npi, taxonomy=taxonomy, **more)
    named = {"Provider Organization Name (Legal Business Name)": name, "Entity Type Code": "2"}
    return {**row, **named, "Provider Last Name (Legal Name)": "", "Provider First Name": ""}


def deactivated(npi: int) -> dict[str, str]:
    """Give the row of a deactivated NPI, which says nothing else."""
    return {"NPI": str(npi), "NPI Deactivation Date": "05/14/2014"}


def write_nppes(path: Path, rows: Sequence[Mapping[str, str]], header: Sequence[str] = NPPES_HEADER) -> Path:
    """Write rows as NPPES does: every value in quotes."""
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([[row.get(name, "") for name in header] for row in rows])
    return path


HIFLD_HEADER = [
    *("X", "Y", "OBJECTID", "ID", "NAME", "ADDRESS", "CITY", "STATE", "ZIP", "ZIP4", "TELEPHONE", "TYPE", "STATUS"),
    *("POPULATION", "COUNTY", "COUNTYFIPS", "COUNTRY", "LATITUDE", "LONGITUDE", "NAICS_CODE", "NAICS_DESC", "SOURCE"),
    *("SOURCEDATE", "VAL_METHOD", "VAL_DATE", "WEBSITE", "STATE_ID", "ALT_NAME", "ST_FIPS", "OWNER", "TTL_STAFF"),
    *("BEDS", "TRAUMA", "HELIPAD"),
]


def hifld(number: str, name: str, **more: str) -> dict[str, str]:
    """Give the values of a hospital's row of HIFLD."""
    return {
        "ID": number,
        "NAME": name,
        "ADDRESS": "1 HOSPITAL DRIVE",
        "CITY": "HOUSTON",
        "STATE": "TX",
        "ZIP": "77030",
        "TELEPHONE": "(713) 555-0100",
        "TYPE": "GENERAL ACUTE CARE",
        "STATUS": "OPEN",
        "COUNTYFIPS": "48201",
        "LATITUDE": "29.71",
        "LONGITUDE": "-95.4",
        "SOURCEDATE": "2021/10/19 00:00:00+00",
        "ALT_NAME": "NOT AVAILABLE",
        "OWNER": "NON-PROFIT",
        "BEDS": "400",
        **more,
    }


CMS_HEADER = [
    *("Facility ID", "Facility Name", "Address", "City/Town", "State", "ZIP Code", "County/Parish", "Telephone Number"),
    *("Hospital Type", "Hospital Ownership", "Emergency Services", "Hospital overall rating"),
]


def cms(ccn: str, name: str, **more: str) -> dict[str, str]:
    """Give the values of a hospital's row of CMS."""
    return {
        "Facility ID": ccn,
        "Facility Name": name,
        "Address": "9 OTHER STREET",
        "City/Town": "HOUSTON",
        "State": "TX",
        "ZIP Code": "77030",
        "County/Parish": "HARRIS",
        "Telephone Number": "(713) 555-0199",
        "Hospital Type": "Acute Care Hospitals",
        "Hospital Ownership": "Proprietary",
        "Emergency Services": "Yes",
        "Hospital overall rating": "4",
        **more,
    }


NUCC_HEADER = ["Code", "Grouping", "Classification", "Specialization", "Definition", "Notes", "Display Name", "Section"]
NUCC_ROWS = [
    [
        "2083A0300X",
        "Physicians",
        "Preventive Medicine",
        "Addiction",
        "x",
        "",
        "Addiction Medicine Physician",
        "Individual",
    ],
    ["246ZB0301X", "Technologists", "Specialist", "Biomedical", "x", "", "Biomedical Engineer", "Individual"],
]


def listed(header: Sequence[str], rows: Sequence[Mapping[str, str]]) -> list[list[str]]:
    """Give rows in the order of a header."""
    return [[row.get(name, "") for name in header] for row in rows]


def write_csv(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    """Write rows as CSV."""
    with path.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerows([header, *rows])
    return path
