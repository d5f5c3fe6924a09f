"""The kinds of official files of providers and hospitals: what tells them apart, and what loads them."""

from collections.abc import Callable
from dataclasses import dataclass

import duckdb

from healthsim.reference.network.hospital_files import CMS_COLUMNS, HIFLD_COLUMNS, load_cms, load_hifld
from healthsim.reference.network.npi_file import load_providers
from healthsim.reference.network.npi_rows import NPI_COLUMNS
from healthsim.reference.network.outcome import Outcome
from healthsim.reference.network.taxonomy_file import NUCC_COLUMNS, load_taxonomy
from healthsim.reference.official_source import Header, Source


@dataclass(frozen=True, slots=True)
class NetworkKind:
    """A kind of official file of the network.

    Attributes:
        name: Its name among the loads.
        title: What it is, for messages.
        table: The table that its rows go to.
        columns: Columns that the header must hold; by them the kind is recognised.
        is_whole: Whether a file takes the place of all of its kind that was loaded before.
        load: Loads a file, within a transaction.
    """

    name: str
    title: str
    table: str
    columns: tuple[str, ...]
    is_whole: bool
    load: Callable[[duckdb.DuckDBPyConnection, Source], Outcome]


NETWORK_KINDS = (
    NetworkKind("providers", "NPPES providers", "network.providers", NPI_COLUMNS, is_whole=False, load=load_providers),
    NetworkKind(
        "hifld_hospitals", "HIFLD hospitals", "network.facilities", HIFLD_COLUMNS, is_whole=True, load=load_hifld
    ),
    NetworkKind(
        "cms_hospitals",
        "CMS Hospital General Information",
        "network.facilities",
        CMS_COLUMNS,
        is_whole=True,
        load=load_cms,
    ),
    NetworkKind("taxonomy", "NUCC taxonomy", "network.taxonomy", NUCC_COLUMNS, is_whole=True, load=load_taxonomy),
)


def network_kind_of(header: Header) -> NetworkKind | None:
    """Find the kind whose columns a header has; None where there is none."""
    return next((kind for kind in NETWORK_KINDS if set(kind.columns) <= set(header)), None)
