"""Bad input is one clear error, whatever door it comes through, and nothing is written."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from healthsim import explain, generate, get_manager
from healthsim.errors import HealthSimError, InvalidInputError, InvalidProfileError, ReferenceFileError, StateError
from healthsim.generation import (
    JourneyEngine,
    NetworkSimResolver,
    ReferenceProfileResolver,
    create_hybrid_profile_with_network,
)
from healthsim.generation.person import Person

HARRIS = {"reference": {"type": "county", "fips": "48201"}}
CHILDREN = {**HARRIS, "age": {"max": 5}}

UNREACHABLE: list[tuple[dict[str, Any], str]] = [
    ({"clinical": {"conditions": [{"code": "E11", "prevalence": 1}]}}, "conditions[0]"),
    ({"demographics": CHILDREN, "clinical": {"conditions": [{"code": "I10", "prevalence": 0.9}]}}, "conditions[0]"),
    (
        {
            "demographics": {**HARRIS, "age": 2},
            "clinical": {"primary_condition": "E11", "comorbidities": [{"code": "I10", "prevalence": 0.5}]},
        },
        "comorbidities[0]",
    ),
    (
        {
            "demographics": {"gender": "M"},
            "clinical": {"conditions": [{"name": "obesity"}, {"code": "O80", "prevalence": 0.5}]},
        },
        "conditions[1]",
    ),
]


@pytest.mark.parametrize(("profile", "where"), UNREACHABLE)
def test_a_prevalence_that_these_people_cannot_have_is_refused(profile: dict[str, Any], where: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        explain(profile)
    (problem,) = caught.value.problems
    assert problem.path == f"$.clinical.{where}.prevalence"


@pytest.mark.parametrize(
    "age",
    [
        {"type": "poisson", "mean": 1e9},
        {"mean": 1e308, "std_dev": 1e308},
        {"type": "gamma", "shape": 1e300, "scale": 1e300},
        {"type": "log_normal", "mu": 700, "sigma": 1},
    ],
)
def test_ages_that_nobody_has_are_refused(age: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError, match="age"):
        explain({"demographics": {"age": age}})


def test_codes_of_one_sex_are_of_that_sex() -> None:
    births, prostates = {"code": "O80", "prevalence": 0.2}, {"code": "N40.0", "prevalence": 0.1}
    clinical = {"primary_condition": births, "conditions": [prostates]}
    result = generate(profile={"demographics": {"age": {"max": 60}}, "clinical": clinical}, count=2_000, seed=1)
    sex = {row["person_id"]: row["gender"] for row in result["patients"]}
    found: dict[str, set[str]] = {}
    for row in result["diagnoses"]:
        found.setdefault(row["code"], set()).add(sex[row["person_id"]])
    assert found == {"O80": {"F"}, "N40.0": {"M"}}


@pytest.mark.parametrize("name", [5, True, b"x", "", " ", "x\x00y", "co\nhort", "a" * 257, []])
def test_a_name_that_is_none_is_refused_before_the_run(name: Any, own_workspace: Path) -> None:  # noqa: ANN401 - bad on purpose
    with pytest.raises(InvalidInputError, match=r"\$\.name"):
        generate(count=5, persist=True, name=name)
    assert list(own_workspace.parent.iterdir()) == []


@pytest.mark.parametrize(
    "place",
    [
        {"type": "nation", "state": "TX"},
        {"type": "nation", "fips": "48201"},
        {"type": "state", "state": "TX", "fips": "06037"},
        {"type": "state", "state": "TX", "fips": "06"},
    ],
)
def test_places_that_contradict_themselves_are_refused(place: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError, match="reference"):
        explain({"demographics": {"reference": place}})


def test_a_state_may_be_named_by_its_number() -> None:
    assert explain({"demographics": {"reference": {"type": "state", "fips": 44}}})["counties"] == 5


def test_a_county_looked_up_by_words_that_disagree_is_refused() -> None:
    for named in ({"state": "CA"}, {"name": "Dallas"}):
        with pytest.raises(InvalidInputError, match="Harris"):
            get_manager().lookup_county(fips="48201", **named)
    assert get_manager().lookup_county(fips="48201", name="Harris", state="Texas")["fips"] == "48201"


def test_nobody_is_described_whom_nobody_goes_to() -> None:
    profile = {
        "demographics": HARRIS,
        "clinical": {"primary_condition": "E11", "baseline": "none"},
        "providers": {"reference": {"state": "TX", "specialty": "endocrinology"}},
    }
    result = generate(profile=profile, count=60, seed=1)
    referred = {row["pcp_npi"] for row in result["patients"]}
    assert {row["npi"] for row in result["providers_used"]} == referred


INJECTED = "2022::INTEGER AS release FROM (SELECT 1); COPY (SELECT 42) TO 'x.csv'; --"


@pytest.mark.parametrize("release", [INJECTED, "2022", 1.5, True, -1, 10**20])
def test_a_release_that_is_no_year_is_refused(release: Any, tmp_path: Path) -> None:  # noqa: ANN401 - bad on purpose
    with pytest.raises(InvalidInputError, match=r"\$\.release"):
        get_manager().load_reference([tmp_path / "any.csv"], release=release)


@pytest.mark.parametrize(
    "content",
    [b"a,b\rc,d\r", "a,b\n1,2\n".encode("utf-16"), b"x" * 200_000 + b",y\n", bytes(range(256))],
    ids=["returns", "utf-16", "long", "bytes"],
)
def test_what_is_no_csv_file_is_told(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(ReferenceFileError):
        get_manager().load_reference([path])


@pytest.mark.parametrize("paths", [5, None, [5], [None]])
def test_what_is_no_path_is_told(paths: Any) -> None:  # noqa: ANN401 - bad on purpose
    with pytest.raises(InvalidInputError, match="not a path"):
        get_manager().load_reference(paths)


SEARCHES: list[dict[str, Any]] = [
    {"state": "WY", "specialty": 5},
    {"state": "WY", "taxonomy": []},
    {"state": "WY", "zip": {}},
    {"state": "WY", "limit": True},
    {"state": "TX", "city": "Houstn"},
    {"state": "TX", "city": "Los Angeles"},
    {"state": "CA", "zip": "77027"},
    {"zip": "99999"},
    {"state": 5.5},
    {},
]


@pytest.mark.parametrize("search", SEARCHES, ids=str)
def test_a_search_that_cannot_be_is_refused(search: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError):
        NetworkSimResolver().find_providers(**search)


@pytest.mark.parametrize("beds", ["", True, 10**30, -1, float("nan")])
def test_beds_that_are_no_number_are_refused(beds: Any) -> None:  # noqa: ANN401 - bad on purpose
    with pytest.raises(InvalidInputError, match="min_beds"):
        NetworkSimResolver().find_facilities(state="TX", min_beds=beds)


def test_nobody_is_seen_by_a_pharmacy_for_a_visit() -> None:
    providers = {"reference": {"state": "TX", "specialty": "pharmacy"}}
    with pytest.raises(InvalidInputError, match="specialty of people"):
        explain({"demographics": HARRIS, "clinical": {"primary_condition": "E11"}, "providers": providers})


def test_what_a_section_ignores_is_refused() -> None:
    sections = {"providers": {"reference": {"min_beds": 5}}, "facilities": {"assignment": "panel"}}
    with pytest.raises(InvalidInputError) as caught:
        explain({"demographics": HARRIS, **sections})
    paths = [problem.path for problem in caught.value.problems]
    assert paths == ["$.providers.reference.min_beds", "$.facilities.assignment"]


def test_reading_a_cohort_by_anything_odd_is_an_error_of_ours() -> None:
    manager = get_manager()
    generate(count=5, persist=True, name="base")
    for bad in ("\ud800", 5, None):
        with pytest.raises(HealthSimError):
            manager.get_summary(bad)  # type: ignore[arg-type]
    for limit in (1.5, "5", float("nan"), 10**30):
        with pytest.raises(HealthSimError):
            manager.query("base", "SELECT 1", limit=limit)  # type: ignore[arg-type]
        with pytest.raises(HealthSimError):
            manager.list_cohorts(limit)  # type: ignore[arg-type]


def test_a_number_is_no_date() -> None:
    with pytest.raises(InvalidInputError, match="as_of"):
        explain({"as_of": 0})


IMPOSSIBLE: list[Any] = [5, True, b"x", [], {}, float("nan"), 10**5_000, "a\0b", "\ud800", "~nobody-of-this-name/x"]
"""What is no path."""


@pytest.mark.parametrize("path", IMPOSSIBLE, ids=lambda path: type(path).__name__)
def test_what_can_be_no_path_is_refused_whatever_it_is_the_path_of(path: Any, own_workspace: Path) -> None:  # noqa: ANN401 - bad on purpose
    manager = get_manager()
    if path:
        with pytest.raises(InvalidInputError, match=r"\$\.db: not a path"):
            generate(count=5, db=path)
    with pytest.raises(InvalidInputError, match=r"\$\.directory: not a path"):
        manager.import_cohort(path)
    with pytest.raises(InvalidInputError, match=r"\$\.paths\[0\]: not a path"):
        manager.load_reference([path])
    assert list(own_workspace.parent.iterdir()) == []


@pytest.mark.parametrize("journey", [5, True, 1.5, b"x", [5], [None], {}])
def test_what_is_no_journey_is_refused(journey: Any) -> None:  # noqa: ANN401 - bad on purpose
    with pytest.raises(InvalidInputError, match="journey"):
        generate(count=5, journey=journey)


@pytest.mark.parametrize("start", [5, None, "x", "2024-13-01", [], datetime(2024, 1, 1, tzinfo=UTC)], ids=str)
def test_what_is_no_first_day_is_refused(start: Any) -> None:  # noqa: ANN401 - bad on purpose
    with pytest.raises(InvalidInputError, match=r"\$\.start_date: is a date"):
        JourneyEngine().execute("diabetic-year-one", Person(birth_date=date(1955, 3, 15), gender="M"), start_date=start)


def test_a_number_too_long_to_be_written_is_refused_like_any_other() -> None:
    endless = 10**5_000
    resolver = ReferenceProfileResolver(duckdb.connect())
    for ask in (
        lambda: generate(count=endless),
        lambda: resolver.resolve_county(endless),
        lambda: resolver.resolve_state(endless),  # type: ignore[arg-type]
        lambda: NetworkSimResolver().find_providers(state="WY", limit=endless),
        lambda: get_manager().list_cohorts(endless),
    ):
        with pytest.raises(InvalidInputError, match="too long"):
            ask()


@pytest.mark.parametrize("columns", ["1 AS npi", "'x' AS npi, 'TX' AS state, NULL AS taxonomy"])
def test_a_directory_that_is_not_ours_is_told(columns: str) -> None:
    connection = duckdb.connect()
    connection.execute(f"CREATE SCHEMA network; CREATE TABLE network.providers AS SELECT {columns}")
    profile = {"demographics": HARRIS, "providers": {"source": "networksim", "reference": {"state": "TX"}}}
    with pytest.raises(StateError, match="cannot be read"):
        NetworkSimResolver(connection).find_providers(state="TX")
    with pytest.raises(StateError, match="cannot be read"):
        create_hybrid_profile_with_network(profile, connection)


@pytest.mark.parametrize("weight", [10**400, -(10**400)])
def test_a_share_too_large_to_be_a_number_is_refused(weight: int) -> None:
    with pytest.raises(InvalidProfileError, match=r"\$\.demographics\.race\.weights\.black"):
        explain({"demographics": {"race": {"white": 1, "black": weight}}})


@pytest.mark.parametrize(
    ("event", "where"),
    [
        ({"event_type": "lab_order", "parameters": {"panels": 5}}, "events[1].parameters.panels"),
        ({"event_type": "lab_order", "parameters": {"panels": [5]}}, "events[1].parameters.panels[0]"),
        ({"event_type": "encounter", "parameters": {"reason_code": 5}}, "events[1].parameters.reason_code"),
        ({"event_type": "encounter", "timing": {"type": "relative", "to": "nothing"}}, "events[1].timing.to"),
    ],
)
def test_an_event_that_cannot_be_is_told_beside_the_unknown_names_of_others(event: dict[str, Any], where: str) -> None:
    others = {"id": "first", "event_type": "lab_order", "parameters": {"panels": ["unheard of"]}}
    with pytest.raises(InvalidProfileError) as caught:
        explain({"journeys": [{"id": "year", "duration_days": 365, "events": [others, {"id": "second", **event}]}]})
    paths = [problem.path for problem in caught.value.problems]
    assert sorted(paths) == ["$.journeys[0].events[0].parameters.panels[0]", f"$.journeys[0].{where}"]


def test_what_is_no_event_is_told_where_another_counts_from_it() -> None:
    events = [3, {"id": "visit", "event_type": "encounter", "timing": {"type": "relative", "to": "first", "days": 3}}]
    with pytest.raises(InvalidProfileError, match=r"\$\.journeys\[0\]\.events\[0\]: this is an object"):
        explain({"journeys": [{"id": "year", "duration_days": 365, "events": events}]})
