"""Who cares for people where official files are loaded: real hospitals, and real providers only where asked for."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.reference.network.network_twins import HIFLD_HEADER, hifld, listed, provider, write_csv, write_nppes
from healthsim import Result, explain, generate, get_manager
from healthsim.errors import InvalidProfileError
from healthsim.generation import TAXONOMY_MAP
from healthsim.planning import plan_of
from healthsim.planning.care_choice import chosen_hospitals
from healthsim.planning.places import residence
from healthsim.reference import Reference, zip_table
from healthsim.reference.network.npi import synthetic_npis
from healthsim.skills import skill_library
from healthsim.spec import parse_profile
from healthsim.state.paths import workspace_path
from healthsim.state.store import Workspace
from samples import HARRIS, made

PRIMARY_CARE = {TAXONOMY_MAP[name] for name in ("family_medicine", "internal_medicine", "pediatrics")}
ENDOCRINOLOGY = TAXONOMY_MAP["endocrinology"]
NPIS = synthetic_npis(np.arange(99_990_000, 99_990_400)).tolist()
ASKED = {"source": "networksim", "reference": {"state": "TX", "specialty": "endocrinology"}}


def near_home() -> list[dict[str, str]]:
    """Give rows of two family doctors in every second ZIP code of Harris, pediatricians, and specialists in Houston."""
    zips = zip_table(["48201"])
    rows = [
        provider(NPIS[number], zip_code=zips.zips[number // 2], city=zips.cities[zips.zip_city[number // 2]].upper(),
                 taxonomy=TAXONOMY_MAP["family_medicine"])
        for number in range(0, len(zips.zips), 4)
    ]  # fmt: skip
    children = [provider(NPIS[300 + n], taxonomy=TAXONOMY_MAP["pediatrics"]) for n in range(5)]
    specialists = [provider(NPIS[310 + n], taxonomy=ENDOCRINOLOGY) for n in range(3)]
    return [*rows, *children, *specialists, provider(NPIS[320], taxonomy=ENDOCRINOLOGY, state="OK", zip_code="73102")]


HOSPITALS = [
    hifld("11", "LARGE HOSPITAL", BEDS="900"),
    hifld("12", "SMALL HOSPITAL", BEDS="20", LATITUDE="29.9"),
    hifld("13", "UNKNOWN HOSPITAL", BEDS="-999", LATITUDE="29.6"),
    hifld("14", "MIND HOSPITAL", TYPE="PSYCHIATRIC"),
    hifld("15", "FORT HOSPITAL", TYPE="MILITARY"),
]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("network")
    hospitals = write_csv(folder / "hifld_2021.csv", HIFLD_HEADER, listed(HIFLD_HEADER, HOSPITALS))
    database = folder / "workspace.duckdb"
    get_manager(database).load_reference([write_nppes(folder / "npidata_2026.csv", near_home()), hospitals])
    return database


def asking(database: Path, **sections: Any) -> Result:  # noqa: ANN401 - sections of a profile
    clinical = {"primary_condition": {"code": "E11", "prevalence": 0.5}}
    return generate(profile={**HARRIS, "clinical": clinical, **sections}, db=database)


@pytest.fixture(scope="module")
def asked(database: Path) -> Result:
    return asking(database, providers=ASKED)


@pytest.mark.parametrize("sections", [{}, {"providers": {"assignment": "panel"}}], ids=["nothing", "assignment"])
def test_without_their_source_in_the_profile_no_living_provider_appears(database: Path, sections: Any) -> None:  # noqa: ANN401
    result = asking(database, **sections)
    assert all(row["is_synthetic"] for row in result["providers_used"])
    assert {row["facility_id"] for row in result["facilities_used"]} == {11, 12, 13}
    assert "HIFLD hospitals 2021 (loaded)" in result.summary["sources"]


def test_loaded_providers_care_for_people_near_home_and_by_their_age(asked: Result) -> None:
    providers = {row["npi"]: row for row in asked["providers_used"]}
    assert not any(row["is_synthetic"] for row in providers.values())
    own = {row["zip"] for row in providers.values() if row["taxonomy"] == TAXONOMY_MAP["family_medicine"]}
    for row in asked["patients"]:
        doctor = providers[row["pcp_npi"]]
        is_adult = (2025 - row["birth_date"].year - (row["birth_date"].timetuple().tm_yday > 1)) >= 18
        assert doctor["taxonomy"] in PRIMARY_CARE
        assert not (is_adult and doctor["taxonomy"] == TAXONOMY_MAP["pediatrics"])
        if row["zip"] in own and is_adult:
            assert doctor["zip"] == row["zip"]
        if row["city"] == "Houston":
            assert doctor["city"] == "HOUSTON"


def test_the_requested_specialty_sees_the_primary_condition_and_the_place_asked_for_holds(asked: Result) -> None:
    taxonomy = {row["npi"]: row["taxonomy"] for row in asked["providers_used"]}
    ill = {row["person_id"] for row in asked["diagnoses"] if row["code"].startswith("E11")}
    for row in asked["encounters"]:
        assert (taxonomy[row["provider_npi"]] == ENDOCRINOLOGY) == (row["person_id"] in ill)
    assert NPIS[320] not in taxonomy


def test_whoever_is_referred_to_is_described_and_nobody_else(asked: Result) -> None:
    referred = {row["pcp_npi"] for row in asked["patients"]} | {row["provider_npi"] for row in asked["encounters"]}
    assert {row["npi"] for row in asked["providers_used"]} == referred
    hospitals = {row["hospital_id"] for row in asked["patients"]}
    described = {row["facility_id"]: (row["name"], row["beds"], row["rating"]) for row in asked["facilities_used"]}
    assert set(described) == hospitals
    assert described[11] == ("LARGE HOSPITAL", 900, None)
    assert described[13] == ("UNKNOWN HOSPITAL", None, None)


def test_neither_blocks_nor_the_number_of_people_change_the_rows(database: Path) -> None:
    document = {**HARRIS, "clinical": {"primary_condition": {"code": "E11", "prevalence": 0.5}}, "providers": ASKED}
    with Workspace(workspace_path(database)).reading() as connection:
        plan = plan_of(parse_profile(document), 1, Reference(connection), skill_library())
    assert made(plan, block_size=700)[1].digest == made(plan)[1].digest
    columns = ["pcp_npi", "hospital_id"]
    many, few = (asking(database, providers=ASKED, generation={"count": n, "seed": 3}) for n in (2_000, 300))
    assert few.table("patients").select(columns) == many.table("patients").select(columns).slice(0, 300)


def test_the_resolved_profile_gives_the_same_rows_again(database: Path, asked: Result) -> None:
    assert generate(profile=dict(asked.spec), db=database).digest == asked.digest


def test_a_changed_directory_makes_another_cohort(database: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.duckdb"
    get_manager(other).load_reference([write_nppes(tmp_path / "npidata_2026.csv", near_home())])
    plans = [explain({**HARRIS, "providers": ASKED | {"reference": {}}}, db=db) for db in (database, other, None)]
    assert len({plan["cohort_id"] for plan in plans}) == 3
    assert len({plan["reference_version"] for plan in plans}) == 3


def test_a_kind_of_hospital_is_gone_to_where_it_is_asked_for(database: Path) -> None:
    asked_for = {"reference": {"facility_type": "psychiatric"}}
    assert {row["facility_id"] for row in asking(database, facilities=asked_for)["facilities_used"]} == {14}
    large = {"reference": {"facility_type": "hospital", "min_beds": 100}}
    assert {row["facility_id"] for row in asking(database, facilities=large)["facilities_used"]} == {11}
    with pytest.raises(InvalidProfileError, match="facilities of the directory"):
        asking(database, facilities={"reference": {"facility_type": "women"}})


def test_unknown_beds_count_as_the_median_of_the_kind(database: Path) -> None:
    profile = parse_profile(HARRIS)
    with Workspace(workspace_path(database)).reading() as connection:
        reference = Reference(connection)
        choice = chosen_hospitals(None, residence(profile.demographics, reference), reference.network)
    assert choice.hospitals.listing.identifier.tolist() == [11, 12, 13]
    assert choice.hospitals.beds.tolist() == [900, 20, 460]


def test_states_without_a_loaded_provider_are_told(database: Path) -> None:
    state = {"source": "populationsim", "reference": {"type": "state", "state": "RI"}}
    with pytest.raises(InvalidProfileError, match="providers of the directory"):
        asking(database, demographics=state, providers={"source": "networksim"})
    result = asking(database, demographics={"age": {"min": 18}}, providers={"source": "networksim"})
    (note,) = [note for note in result.summary["notes"] if "loaded provider" in note]
    assert "AL, AK, AZ" in note or "AK, AL" in note


def test_with_specialists_alone_loaded_the_starter_does_primary_care(tmp_path: Path) -> None:
    database = tmp_path / "specialists.duckdb"
    rows = [row for row in near_home() if ENDOCRINOLOGY in row.values()]
    get_manager(database).load_reference([write_nppes(tmp_path / "npidata_2026.csv", rows)])
    result = asking(database, providers=ASKED)
    is_synthetic = {row["npi"]: row["is_synthetic"] for row in result["providers_used"]}
    assert all(is_synthetic[row["pcp_npi"]] for row in result["patients"])
    ill = {row["person_id"] for row in result["diagnoses"] if row["code"].startswith("E11")}
    assert not any(is_synthetic[row["provider_npi"]] for row in result["encounters"] if row["person_id"] in ill)
