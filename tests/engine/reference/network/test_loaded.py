"""The loaded directory answers in place of the starter's, each table for itself, and says so."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from engine.reference.network.network_twins import CARDIOLOGY, CMS_HEADER, NPIS, cms, listed
from healthsim.errors import InvalidInputError, NotFoundError, StateError
from healthsim.generation import TAXONOMY_MAP, NetworkSimResolver
from healthsim.reference import gazetteer, load_file

Connection = duckdb.DuckDBPyConnection
Writer = Callable[..., Path]


@pytest.fixture(scope="module")
def resolver(network: Connection) -> NetworkSimResolver:
    return NetworkSimResolver(network)


def found(resolver: NetworkSimResolver, **search: object) -> list[int]:
    return [each.npi for each in resolver.find_providers(**search)]  # type: ignore[arg-type]


def test_a_provider_is_told_as_the_file_has_it(resolver: NetworkSimResolver) -> None:
    (first, second) = resolver.find_providers(state="TX", city="Houston", taxonomy=TAXONOMY_MAP["cardiology"])
    assert (first.npi, second.npi) == (NPIS[0], NPIS[1])
    assert (first.name, first.credential, first.taxonomy, first.specialty) == (
        *("ADA TESTER", "M.D.", CARDIOLOGY, "Cardiology"),
    )
    assert (first.city, first.state, first.zip, first.county_fips) == ("HOUSTON", "TX", "77030", "48201")
    assert first.latitude == pytest.approx(29.7, abs=0.1)
    assert first.is_synthetic is False


def test_a_search_keeps_to_its_place_and_specialty(resolver: NetworkSimResolver) -> None:
    assert found(resolver, state="TX", specialty="cardiologist") == [NPIS[0], NPIS[1], NPIS[4]]
    assert found(resolver, county_fips=48201, specialty="cardiology") == [NPIS[0], NPIS[1]]
    assert found(resolver, zip=77002) == [NPIS[1]]
    assert found(resolver, zip=2114) == [NPIS[7]]
    assert found(resolver, state="Massachusetts") == [NPIS[7]]
    assert found(resolver, state="TX", limit=2) == [NPIS[0], NPIS[1]]
    assert found(resolver, state="OK") == []


def test_of_a_specialty_of_people_there_are_people_and_of_a_kind_of_organisation_organisations(
    resolver: NetworkSimResolver,
) -> None:
    assert NPIS[2] not in found(resolver, state="TX", specialty="cardiology")
    assert NPIS[2] in found(resolver, state="TX")
    assert found(resolver, state="TX", specialty="pharmacy") == [NPIS[3]]


def test_what_our_words_do_not_have_is_found_by_the_loaded_taxonomy(resolver: NetworkSimResolver) -> None:
    (only,) = resolver.find_providers(state="TX", specialty="Addiction medicine physician")
    assert (only.npi, only.taxonomy, only.specialty) == (NPIS[6], "2083A0300X", "Addiction Medicine Physician")
    assert found(resolver, state="TX", taxonomy="2083A0300X") == [NPIS[6]]
    assert found(resolver, state="TX", taxonomy="246ZB0301X") == []


def test_hospitals_come_by_size_and_unknown_size_last(resolver: NetworkSimResolver) -> None:
    def names(**search: object) -> list[str]:
        return [each.name.split()[0] for each in resolver.find_facilities(state="TX", **search)]  # type: ignore[arg-type]

    assert names() == ["LARGE", "TEST", "FAR", "MIND", "UNKNOWN"]
    assert names(city="houston", facility_type="hospital", min_beds=200) == ["LARGE", "TEST"]
    assert names(facility_type="psychiatric") == ["MIND"]
    assert names(county_fips="48113") == ["FAR"]
    assert names(limit=1) == ["LARGE"]


def test_a_hospital_has_what_cms_says_of_it(resolver: NetworkSimResolver) -> None:
    test = resolver.find_facilities(state="TX", city="Houston")[1]
    assert (test.facility_id, test.ccn, test.rating, test.ownership, test.beds) == (1, "450001", 4, "for_profit", 400)
    assert (test.is_synthetic, test.latitude) == (False, 29.71)


def test_a_provider_is_found_by_the_npi_and_the_starters_still_are(resolver: NetworkSimResolver) -> None:
    assert resolver.provider(str(NPIS[7])).city == "BOSTON"
    invented = NetworkSimResolver().find_providers(state="WY", limit=1)[0]
    assert resolver.provider(invented.npi) == invented
    for npi in (1234567893, "1" * 5_000, -5):
        with pytest.raises(NotFoundError):
            resolver.provider(npi)


def test_the_density_counts_the_people_of_a_place(resolver: NetworkSimResolver) -> None:
    people = gazetteer.counties()["48201"].population
    assert resolver.density("cardiology", county_fips="48201") == pytest.approx(2 / people * 100_000)
    texas = sum(gazetteer.counties()[fips].population for fips in gazetteer.current_counties("48"))
    assert resolver.density("cardiology", state="TX") == pytest.approx(3 / texas * 100_000)
    assert resolver.density("family medicine") > 0


def test_the_source_is_said(resolver: NetworkSimResolver, network: Connection) -> None:
    assert resolver.source == (
        "providers: NPPES 2026 (loaded); facilities: HIFLD hospitals 2021 and "
        "CMS Hospital General Information 2026 (loaded)"
    )
    assert "starter" in NetworkSimResolver().provider_source
    assert network.execute("SELECT 1").fetchall() == [(1,)]


def test_hospitals_alone_leave_the_providers_to_the_starter(connection: Connection, write: Writer) -> None:
    load_file(connection, write("cms.csv", CMS_HEADER, listed(CMS_HEADER, [cms("450001", "TEST HOSPITAL")])))
    resolver = NetworkSimResolver(connection)
    assert resolver.facility_source == "CMS Hospital General Information (loaded)"
    assert [each.name for each in resolver.find_facilities(state="TX")] == ["TEST HOSPITAL"]
    assert all(each.is_synthetic for each in resolver.find_providers(state="TX", limit=5))


@pytest.mark.parametrize(
    ("search", "told"),
    [
        ({"state": "TX", "city": "HOUSTN"}, "HOUSTON"),
        ({"state": "TX", "taxonomy": "207RC0000Y"}, "207RC0000X"),
        ({"state": "TX", "specialty": "addiction medicine physicia"}, "addiction medicine physician"),
        ({"state": "TX", "taxonomy": CARDIOLOGY, "specialty": "pharmacy"}, "is not a code of the specialty"),
        ({"zip": "00000"}, "no such ZIP code"),
        ({}, "a search is over a place"),
    ],
)
def test_what_is_unknown_is_told_with_the_nearest(
    resolver: NetworkSimResolver, search: dict[str, str], told: str
) -> None:
    with pytest.raises(InvalidInputError, match=told):
        resolver.find_providers(**search)  # type: ignore[arg-type]


@pytest.mark.parametrize("word", ["'; DROP TABLE network.providers; --", "x' OR '1'='1", "\x00", "\U0001d54f"])
def test_a_search_binds_its_words(resolver: NetworkSimResolver, network: Connection, word: str) -> None:
    with pytest.raises(NotFoundError):
        resolver.find_providers(state="TX", city=word)
    with pytest.raises(NotFoundError):
        resolver.find_facilities(state="TX", city=word)
    assert network.execute("SELECT count(*) FROM network.providers").fetchall() == [(8,)]


def test_a_search_leaves_the_answer_that_the_user_is_reading(resolver: NetworkSimResolver, network: Connection) -> None:
    network.execute("SELECT * FROM range(3)")
    resolver.find_providers(state="TX")
    assert network.fetchall() == [(0,), (1,), (2,)]


def test_what_is_no_connection_or_closed_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="is a DuckDB connection"):
        NetworkSimResolver("healthsim.duckdb")
    closed = duckdb.connect(tmp_path / "closed.duckdb")
    closed.close()
    with pytest.raises(StateError, match="cannot be read"):
        NetworkSimResolver(closed)
