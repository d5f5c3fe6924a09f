"""The columns of NPPES's file of providers that are read, what they must hold, and the rows they become.

Of the file's 330 columns these identify a provider, tell the practice location, the primary taxonomy code (the one
whose switch is `Y`, else the first) and whether the NPI is deactivated. Names and layout: CMS, NPPES Data
Dissemination, Readme and Code Values.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from healthsim.reference.network.npi import check_sql
from healthsim.reference.network.official_places import ZIPS, phone_sql, states_sql, zip_sql
from healthsim.reference.network.taxonomy_file import TAXONOMY_PATTERN
from healthsim.reference.official_csv import quoted

_PRACTICE = "Provider Business Practice Location Address"
_NAMED = {
    "npi": "NPI",
    "entity_type": "Entity Type Code",
    "organisation": "Provider Organization Name (Legal Business Name)",
    "family_name": "Provider Last Name (Legal Name)",
    "given_name": "Provider First Name",
    "credential": "Provider Credential Text",
    "address_line": "Provider First Line Business Practice Location Address",
    "city": f"{_PRACTICE} City Name",
    "state": f"{_PRACTICE} State Name",
    "zip": f"{_PRACTICE} Postal Code",
    "country": f"{_PRACTICE} Country Code (If outside U.S.)",
    "phone": f"{_PRACTICE} Telephone Number",
    "updated": "Last Update Date",
    "deactivated": "NPI Deactivation Date",
    "reactivated": "NPI Reactivation Date",
}
_CODE, _SWITCH = "Healthcare Provider Taxonomy Code_{}", "Healthcare Provider Primary Taxonomy Switch_{}"
_MOST_TAXONOMIES = 15
_DATE = "%m/%d/%Y"

NPI_COLUMNS = (*_NAMED.values(), _CODE.format(1), _SWITCH.format(1))
"""Columns that the header must hold."""


def read_columns(header: Sequence[str]) -> list[str]:
    """Name the columns of a header that are read."""
    pairs = [stem.format(n) for n in range(1, _MOST_TAXONOMIES + 1) for stem in (_CODE, _SWITCH)]
    return [name for name in [*_NAMED.values(), *pairs] if name in header]


@dataclass(frozen=True, slots=True)
class RowCheck:
    """What is refused.

    Attributes:
        column: Of the file.
        is_wrong: SQL of the rows with it.
        message: What is wrong.
        hint: What would be right.
    """

    column: str
    is_wrong: str
    message: str
    hint: str | None = None


def row_checks(header: Sequence[str]) -> list[RowCheck]:
    """Give what is refused in a row."""
    npi, kind = _column("npi"), _column("entity_type")
    mangled, hint = f"regexp_full_match({npi}, '[0-9.]+[eE]\\+?[0-9]+')", "load the file as it was downloaded"
    is_npi = f"(regexp_full_match({npi}, '[0-9]{{10}}') AND coalesce({check_sql(npi)}, false))"
    codes = [name for name in read_columns(header) if name.startswith(_CODE.format(""))]
    dates = ("updated", "deactivated", "reactivated")
    return [
        RowCheck(_NAMED["npi"], mangled, "a spreadsheet has rounded the NPI", hint),
        RowCheck(_NAMED["npi"], f"NOT {is_npi}", "not an NPI: ten digits, the last their check digit"),
        RowCheck(_NAMED["entity_type"], f"{kind} NOT IN ('1', '2', '')", "neither 1 nor 2"),
        *(RowCheck(_NAMED[name], _no_date(name), "not a date, month/day/year") for name in dates),
        *(
            RowCheck(code, f"NOT {_is_code(code)}", "not a taxonomy code: nine digits or letters and X")
            for code in codes
        ),
    ]


def rows_sql(batch: str, header: Sequence[str]) -> str:
    """Give SQL of the rows that a file becomes.

    Beside a provider's columns: `wrong`, the number of the check that a row fails, `received`, what it holds there, and
    `left_out`, why it is no provider of the table; NULL for others.

    Args:
        batch: A table with the columns read, as text, and `line`.
        header: The file's column names.
    """
    listed = row_checks(header)
    wrong = " ".join(f"WHEN {check.is_wrong} THEN {index}" for index, check in enumerate(listed))
    received = " ".join(f"WHEN {check.is_wrong} THEN {quoted(check.column)}" for check in listed)
    organisation, given, family = (_column(name) for name in ("organisation", "given_name", "family_name"))
    person = f"trim(concat_ws(' ', nullif({given}, ''), nullif({family}, '')))"
    state, primary = f"upper(trim({_column('state')}))", _primary(header)
    return f"""
        SELECT line::INTEGER AS line, (CASE {wrong} END)::TINYINT AS wrong, CASE {received} END AS received,
            try_cast({_column("npi")} AS BIGINT) AS npi,
            CASE WHEN {_deactivated()} THEN 'deactivated'
                WHEN {_column("entity_type")} = '' THEN 'neither people nor organisations'
                WHEN {_column("country")} NOT IN ('US', '') OR {state} NOT IN {states_sql()}
                THEN 'outside the 50 states and DC'
                WHEN {primary} IS NULL THEN 'without a taxonomy code' END AS left_out,
            try_cast({_column("entity_type")} AS TINYINT) AS entity_type,
            CASE {_column("entity_type")} WHEN '2' THEN {organisation} ELSE {person} END AS name,
            nullif({_column("credential")}, '') AS credential, {primary} AS taxonomy,
            nullif({_column("address_line")}, '') AS address_line, upper(trim({_column("city")})) AS city,
            {state} AS state, {zip_sql(_column("zip"))} AS zip, zip_fips AS county_fips,
            {phone_sql(_column("phone"))} AS phone,
            year(try_strptime({_column("updated")}, '{_DATE}'))::INTEGER AS updated
        FROM {batch} LEFT JOIN {ZIPS} ON zip_code = {zip_sql(_column("zip"))}
    """  # noqa: S608 - our own expressions


def _column(name: str) -> str:
    return quoted(_NAMED[name])


def _deactivated() -> str:
    """Give SQL of an NPI that was deactivated, and not reactivated since."""
    off, on = (f"try_strptime({_column(name)}, '{_DATE}')" for name in ("deactivated", "reactivated"))
    return f"({off} IS NOT NULL AND coalesce({on} < {off}, true))"


def _no_date(name: str) -> str:
    return f"{_column(name)} <> '' AND try_strptime({_column(name)}, '{_DATE}') IS NULL"


def _is_code(column: str) -> str:
    return f"({quoted(column)} = '' OR regexp_full_match({quoted(column)}, '{TAXONOMY_PATTERN}'))"


def _primary(header: Sequence[str]) -> str:
    """Give SQL of the primary taxonomy code: the one that is switched on, else the first there is."""
    codes = [name for name in read_columns(header) if name.startswith(_CODE.format(""))]
    switches = {code: code.replace(_CODE.format(""), _SWITCH.format("")) for code in codes}
    chosen = " ".join(
        f"WHEN {quoted(switch)} = 'Y' AND {quoted(code)} <> '' THEN {quoted(code)}"
        for code, switch in switches.items()
        if switch in header
    )
    first = ", ".join(f"nullif({quoted(code)}, '')" for code in codes)
    return f"CASE {chosen} ELSE coalesce({first}) END"
