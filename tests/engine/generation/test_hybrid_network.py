"""Hybrid profiles that carry the providers and hospitals who serve their people."""

import copy
import json
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from engine.generation.planning_without_files import digest_of, planned_on
from engine.reference.network.network_twins import HIFLD_HEADER, hifld, listed, provider, write_csv, write_nppes
from healthsim import generate, get_manager
from healthsim.errors import InvalidInputError, InvalidProfileError
from healthsim.generation import (
    TAXONOMY_MAP,
    ProfileExecutor,
    create_hybrid_profile,
    create_hybrid_profile_with_network,
)
from healthsim.planning import freezing
from healthsim.reference import zip_table
from healthsim.reference.network.npi import synthetic_npis
from healthsim.spec import parse_profile

FAMILY, PEDIATRICS, ENDOCRINOLOGY = (TAXONOMY_MAP[name] for name in ("family_medicine", "pediatrics", "endocrinology"))
NPIS = synthetic_npis(np.arange(99_980_000, 99_980_400)).tolist()
HARRIS = {"type": "county", "fips": "48201"}
ASKED = {"source": "networksim", "reference": {"state": "TX", "specialty": "endocrinology"}}
HOSPITALS = [
    hifld("11", "LARGE HOSPITAL", BEDS="900"),
    hifld("12", "SMALL HOSPITAL", BEDS="20", LATITUDE="29.9"),
    hifld("13", "UNKNOWN HOSPITAL", BEDS="-999", LATITUDE="29.6"),
    hifld("14", "SAME PLACE HOSPITAL", BEDS="80"),
    *(hifld(f"{20 + n}", f"FAR HOSPITAL {n}", LATITUDE=f"{30.5 + n / 10}") for n in range(12)),
]

GENERATION = {"seed": 5, "count": 400}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a database with loaded providers in and beyond Harris County, and more hospitals than are near."""
    folder = tmp_path_factory.mktemp("network")
    zips = zip_table(["48201"]).zips
    rows = [
        *(provider(NPIS[n], zip_code=zips[n], taxonomy=FAMILY) for n in range(0, 120, 3)),
        *(provider(NPIS[200 + n], taxonomy=PEDIATRICS) for n in range(5)),
        *(provider(NPIS[300 + n], taxonomy=ENDOCRINOLOGY) for n in range(4)),
        provider(NPIS[320], taxonomy=ENDOCRINOLOGY, city="DALLAS", zip_code="75201"),
        provider(NPIS[321], taxonomy=FAMILY, city="DALLAS", zip_code="75201"),
    ]
    path = folder / "workspace.duckdb"
    hospitals = write_csv(folder / "hifld_2021.csv", HIFLD_HEADER, listed(HIFLD_HEADER, HOSPITALS))
    get_manager(path).load_reference([write_nppes(folder / "npidata_2026.csv", rows), hospitals])
    return path


def spec(place: dict[str, str] | None = HARRIS, **sections: Any) -> dict[str, Any]:  # noqa: ANN401 - sections of a profile
    # Visits are needed only to see specialists.
    baseline = "visit" if sections.get("providers") == ASKED else "none"
    clinical = {"primary_condition": {"code": "E11", "prevalence": 0.5}, "baseline": baseline}
    demographics = {"reference": place} if place else {}
    profile = {
        "id": "h",
        "generation": GENERATION,
        "demographics": demographics,
        "clinical": clinical,
        **sections,
    }
    return {"profile": profile}


def hybrid(document: dict[str, Any], database: Path | None) -> dict[str, Any]:
    if database is None:
        return create_hybrid_profile_with_network(document)
    with duckdb.connect(str(database), read_only=True) as connection:
        return create_hybrid_profile_with_network(document, connection)


@pytest.mark.parametrize(
    "sections",
    [
        {},
        {"providers": ASKED},
        {"providers": {"source": "networksim", "assignment": "panel"}},
        {"providers": {"source": "networksim", "reference": {"city": "Houston"}}},
        {"providers": {"assignment": "round_robin"}, "facilities": {"reference": {"min_beds": 50}}},
    ],
    ids=str,
)
def test_a_hybrid_gives_the_rows_of_its_original_without_the_directory(
    sections: dict[str, Any], database: Path
) -> None:
    original = planned_on(spec(**sections), database)
    elsewhere = planned_on(json.loads(json.dumps(hybrid(spec(**sections), database))))
    assert digest_of(elsewhere) == digest_of(original)
    assert elsewhere.sources == original.sources


def test_a_hybrid_with_its_network_is_the_same_cohort_wherever_it_is_executed(database: Path, tmp_path: Path) -> None:
    frozen = hybrid(spec(providers=ASKED), database)
    here = ProfileExecutor(database).execute(frozen)
    elsewhere = ProfileExecutor(tmp_path / "empty.duckdb").execute(frozen)
    assert here.digest == elsewhere.digest
    assert here.summary["cohort_id"] == elsewhere.summary["cohort_id"]


def test_a_hybrid_without_its_network_is_another_cohort_with_another_directory(database: Path) -> None:
    frozen = create_hybrid_profile(spec())
    assert planned_on(frozen).cohort_id != planned_on(frozen, database).cohort_id


@pytest.mark.parametrize(
    "place", [HARRIS, {"type": "county", "fips": "01001"}, {"type": "state", "state": "RI"}], ids=str
)
def test_the_starters_directory_is_frozen_or_made_by_rule(place: dict[str, str], database: Path) -> None:
    document = spec(place, providers=ASKED if place == HARRIS else {})
    assert digest_of(planned_on(hybrid(document, None), database)) == digest_of(planned_on(document))


def test_only_those_who_serve_the_people_are_listed(database: Path) -> None:
    frozen = hybrid(spec(providers=ASKED), database)["profile"]
    providers, hospitals = frozen["providers"]["listing"], frozen["facilities"]["listing"]["hospitals"]
    assert [each["npi"] for each in providers["specialists"]] == NPIS[300:304]
    assert NPIS[321] not in {each["npi"] for each in providers["primary_care"]}
    assert {each["taxonomy"] for each in providers["primary_care"]} == {FAMILY, PEDIATRICS}
    assert not any(each["is_synthetic"] for each in [*providers["primary_care"], *providers["specialists"]])
    assert {11, 12, 13, 14} <= {each["facility_id"] for each in hospitals}
    assert len(hospitals) < len(HOSPITALS)


def test_a_listing_has_where_it_is_from_and_beds_for_those_unknown(database: Path) -> None:
    frozen = hybrid(spec(providers=ASKED), database)["profile"]
    assert frozen["providers"]["listing"]["sources"] == ["NPPES 2026 (loaded)"]
    assert frozen["facilities"]["listing"]["sources"] == ["HIFLD hospitals 2021 (loaded)"]
    unknown = next(each for each in frozen["facilities"]["listing"]["hospitals"] if each["facility_id"] == 13)
    assert "beds" not in unknown
    assert unknown["assumed_beds"] > 0


def test_more_loaded_providers_than_a_profile_lists_are_thinned_out_evenly_and_told(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freezing, "MOST_LISTED", 10)
    frozen = hybrid(spec(providers={"source": "networksim"}), database)
    listing = frozen["profile"]["providers"]["listing"]
    assert len(listing["primary_care"]) == 10
    assert "10 of 45 providers of primary care" in listing["notes"][0]
    plan = planned_on(frozen)
    assert plan.care is not None
    assert plan.care.npi.tolist() == [each["npi"] for each in listing["primary_care"]]
    assert any("10 of 45" in note for note in plan.notes)


def test_people_of_the_whole_nation_get_nobody_unasked(database: Path) -> None:
    assert "facilities" not in hybrid(spec(None), database)["profile"]


def test_a_hybrid_of_a_hybrid_is_the_same(database: Path) -> None:
    once = hybrid(spec(providers=ASKED), database)
    assert create_hybrid_profile_with_network(once) == once


def test_a_provider_taken_out_of_the_hybrid_sees_nobody(database: Path) -> None:
    frozen = hybrid(spec(providers=ASKED), database)
    gone = frozen["profile"]["providers"]["listing"]["specialists"].pop(0)
    used = {row["npi"] for row in generate(profile=frozen)["providers_used"]}
    assert gone["npi"] not in used
    assert NPIS[301] in used


@pytest.mark.parametrize("section", ["providers", "facilities"])
def test_a_listing_for_another_place_or_wish_is_refused(section: str, database: Path) -> None:
    frozen = hybrid(spec(providers=ASKED), database)
    frozen["profile"][section]["reference"] = {"city": "Dallas"}
    with pytest.raises(InvalidProfileError, match=rf"\$\.{section}\.listing\.reference"):
        generate(profile=frozen, count=10)


def test_what_no_provider_and_no_hospital_can_be_is_told_at_once(database: Path) -> None:
    frozen = hybrid(spec(providers=ASKED), database)
    wrong = copy.deepcopy(frozen)
    specialists = wrong["profile"]["providers"]["listing"]["specialists"]
    specialists[0]["npi"] += 1
    specialists[1]["npi"] = specialists[2]["npi"]
    specialists[3]["taxonomy"] = FAMILY
    hospital = next(each for each in wrong["profile"]["facilities"]["listing"]["hospitals"] if "beds" not in each)
    del hospital["assumed_beds"]
    with pytest.raises(InvalidProfileError) as raised:
        generate(profile=wrong, count=10)
    paths = [problem.path for problem in raised.value.problems]
    assert sum("specialists" in path for path in paths) == 3
    assert sum("hospitals" in path for path in paths) == 1


def test_unknown_names_are_told_when_the_hybrid_is_made(database: Path) -> None:
    with pytest.raises(InvalidProfileError, match="endocrinology"):
        hybrid(spec(providers={"reference": {"specialty": "endocrinologie"}}), database)


def test_a_hybrid_stays_within_a_profiles_length(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parse_profile(json.dumps(hybrid(spec(providers=ASKED), database)))
    monkeypatch.setattr("healthsim.generation.hybrid.LONGEST_PROFILE", 1_000)
    with pytest.raises(InvalidInputError, match="characters"):
        hybrid(spec(providers=ASKED), database)
