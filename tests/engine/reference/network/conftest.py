"""A database with official files of the network, made once."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from engine.reference.network.network_twins import (
    CMS_HEADER,
    FAMILY,
    HIFLD_HEADER,
    NPIS,
    NUCC_HEADER,
    NUCC_ROWS,
    cms,
    hifld,
    listed,
    organisation,
    provider,
    write_csv,
    write_nppes,
)
from healthsim.reference import load_file

PROVIDERS = [
    provider(NPIS[0]),
    provider(NPIS[1], zip_code="77002"),
    organisation(NPIS[2], "HEART GROUP", "207RC0000X"),
    organisation(NPIS[3], "TEST PHARMACY"),
    provider(NPIS[4], city="DALLAS", zip_code="75201"),
    provider(NPIS[5], taxonomy=FAMILY),
    provider(NPIS[6], taxonomy="2083A0300X", city="EL PASO", zip_code="79901"),
    provider(NPIS[7], city="BOSTON", state="MA", zip_code="2114", taxonomy=FAMILY),
]
HOSPITALS = [
    hifld("1", "TEST HOSPITAL"),
    hifld("2", "LARGE HOSPITAL", BEDS="900"),
    hifld("3", "UNKNOWN HOSPITAL", BEDS="-999"),
    hifld("4", "MIND HOSPITAL", TYPE="PSYCHIATRIC", BEDS="80"),
    hifld("5", "FAR HOSPITAL", CITY="DALLAS", ZIP="75201", COUNTYFIPS="48113", BEDS="300"),
]


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a database, open to read, with the twins of NPPES, HIFLD, CMS and the NUCC."""
    folder = tmp_path_factory.mktemp("network")
    with duckdb.connect(folder / "loaded.duckdb") as connection:
        load_network(connection, folder)
    with duckdb.connect(folder / "loaded.duckdb", read_only=True) as connection:
        yield connection


def load_network(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Load the twins into a database."""
    load_file(connection, write_nppes(folder / "npidata_2026.csv", PROVIDERS))
    for name, header, rows in (
        ("hifld_2021.csv", HIFLD_HEADER, listed(HIFLD_HEADER, HOSPITALS)),
        ("cms_2026.csv", CMS_HEADER, listed(CMS_HEADER, [cms("450001", "TEST HOSPITAL")])),
        ("nucc.csv", NUCC_HEADER, NUCC_ROWS),
    ):
        load_file(connection, write_csv(folder / name, header, rows))
