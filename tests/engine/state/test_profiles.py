"""Profiles are saved once under names of their own, in versions, and only if they could be executed."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healthsim import generate, get_manager
from healthsim.errors import InvalidInputError, InvalidProfileError, NotFoundError
from healthsim.spec import parse_profile
from healthsim.state import ProfileManager, StateManager
from healthsim.state.differences import Difference, differences
from samples import DIABETICS as NATIONAL

COUNTY = {"type": "county", "fips": "44001"}  # planned sooner than the nation
DIABETICS: dict[str, Any] = {
    **NATIONAL,
    "demographics": {**NATIONAL["demographics"], "reference": COUNTY},
    "clinical": {"primary_condition": "E11", "baseline": "none"},
}
OLDER: dict[str, Any] = {
    **DIABETICS,
    "demographics": {"age": {"type": "normal", "mean": 75, "std_dev": 8, "min": 60}, "reference": COUNTY},
}
MIXED: dict[str, Any] = {
    "id": "mixed",
    "generation": {"seed": 13},
    "demographics": {"gender": {"male": 0.4, "female": 0.6}, "reference": COUNTY},
    "clinical": {"baseline": "none"},
}
MEMBERS: dict[str, Any] = {"id": "members", "product": "membersim", "generation": {"count": 10}}


@pytest.fixture
def manager(tmp_path: Path) -> StateManager:
    return get_manager(tmp_path / "workspace.duckdb")


@pytest.fixture
def profiles(manager: StateManager) -> ProfileManager:
    return manager.profiles


def names(profiles: ProfileManager, **wanted: Any) -> list[str]:  # noqa: ANN401 - arguments of `list_profiles`
    return [profile.name for profile in profiles.list_profiles(**wanted)]


def test_a_saved_profile_is_loaded_as_it_was_written_by_name_and_by_number(profiles: ProfileManager) -> None:
    number = profiles.save_profile("diabetics", {"profile": DIABETICS}, "Older diabetics", ["diabetes", "older"])
    for named in ("diabetics", number, str(number)):
        loaded = profiles.load_profile(named)
        assert (loaded.id, loaded.name, loaded.version) == (number, "diabetics", 1)
        assert loaded.profile_spec == {"profile": DIABETICS}
        assert (loaded.description, loaded.tags) == ("Older diabetics", ("diabetes", "older"))
        assert loaded.products == ("patientsim",)
        assert loaded.created_at == loaded.updated_at


@pytest.mark.parametrize("form", ["mapping", "text", "file", "parsed"])
def test_whatever_form_a_profile_comes_in_it_is_executed_the_same(
    profiles: ProfileManager, tmp_path: Path, form: str
) -> None:
    small = {**DIABETICS, "generation": {"count": 20, "seed": 3}}
    file = tmp_path / "profile.json"
    file.write_text(json.dumps(small), encoding="utf-8")
    forms = {"mapping": small, "text": json.dumps(small), "file": file, "parsed": parse_profile(small)}
    profiles.save_profile("it", forms[form])
    assert generate(profile=profiles.load_profile("it").profile_spec).digest == generate(profile=small).digest


def test_a_profile_that_json_cannot_hold_as_written_is_saved_in_full(profiles: ProfileManager) -> None:
    as_of = parse_profile({"as_of": "2024-02-29"}).as_of
    profiles.save_profile("dated", {"as_of": as_of, "demographics": {"reference": COUNTY}})
    assert profiles.load_profile("dated").profile_spec["as_of"] == "2024-02-29"


def test_an_equal_profile_is_saved_once_however_it_is_written(profiles: ProfileManager) -> None:
    number = profiles.save_profile("mixed", MIXED)
    for same in (dict(reversed(MIXED.items())), {"profile": MIXED}, json.dumps(MIXED), parse_profile(MIXED)):
        assert profiles.save_profile("mixed", same) == number
        assert profiles.update_profile("mixed", same).version == 1
    assert len(profiles.versions("mixed")) == 1


def test_saving_an_equal_profile_takes_over_a_new_description_and_tags(profiles: ProfileManager) -> None:
    profiles.save_profile("mixed", MIXED, "first", ["one"])
    profiles.save_profile("mixed", MIXED)
    assert profiles.load_profile("mixed").description == "first"
    profiles.save_profile("mixed", MIXED, "second", ["two"])
    loaded = profiles.load_profile("mixed")
    assert (loaded.version, loaded.description, loaded.tags) == (1, "second", ("two",))


def test_another_profile_under_a_taken_name_is_refused_and_nothing_changes(profiles: ProfileManager) -> None:
    profiles.save_profile("mine", DIABETICS, tags=["kept"])
    with pytest.raises(InvalidInputError, match=r"\$\.name: the name belongs to profile 1.*update that profile"):
        profiles.save_profile("mine", MIXED, tags=["lost"])
    loaded = profiles.load_profile("mine")
    assert (loaded.version, loaded.profile_spec, loaded.tags) == (1, DIABETICS, ("kept",))


def test_an_update_is_a_new_version_and_the_old_ones_stay(profiles: ProfileManager) -> None:
    profiles.save_profile("it", DIABETICS)
    assert profiles.update_profile("it", OLDER).version == 2
    assert profiles.update_profile("it", DIABETICS).version == 3
    assert profiles.load_profile("it").profile_spec == DIABETICS
    assert profiles.load_profile("it", version=2).profile_spec == OLDER
    assert [each.version for each in profiles.versions("it")] == [1, 2, 3]


def test_name_description_and_tags_change_without_a_new_version(profiles: ProfileManager) -> None:
    number = profiles.save_profile("before", DIABETICS, "text", ["tag"])
    renamed = profiles.update_profile("before", name="after", tags=["Texas", "texas ", "older"])
    assert (renamed.id, renamed.name, renamed.version) == (number, "after", 1)
    assert (renamed.description, renamed.tags) == ("text", ("Texas", "older"))
    with pytest.raises(NotFoundError):
        profiles.load_profile("before")
    profiles.save_profile("before", MIXED)
    with pytest.raises(InvalidInputError, match="belongs to profile 1"):
        profiles.update_profile("before", name="after")


def test_an_unknown_profile_or_version_names_the_nearest(profiles: ProfileManager) -> None:
    profiles.save_profile("harris-diabetic-v1", DIABETICS)
    with pytest.raises(NotFoundError, match="did you mean harris-diabetic-v1"):
        profiles.load_profile("harris-diabetic")
    with pytest.raises(NotFoundError, match="no such version of profile harris-diabetic-v1"):
        profiles.load_profile("harris-diabetic-v1", version=2)
    for unknown in (7, "7", 2**70, -1, "", "no\0name", "\ud800"):
        with pytest.raises(NotFoundError):
            profiles.load_profile(unknown)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"generation": {"count": 0}}, "$.profile_spec.generation.count"),
        ({"clinical": {"primary_condition": "diabetis"}}, "$.profile_spec.clinical.primary_condition"),
        (
            {"demographics": {"reference": {"type": "county", "fips": "99999"}}},
            "$.profile_spec.demographics.reference.fips",
        ),
        (
            {
                "demographics": {"age": {"min": 1, "max": 5}},
                "clinical": {"conditions": [{"code": "E11", "prevalence": 1}]},
            },
            "$.profile_spec.clinical.conditions[0].prevalence",
        ),
        ({"colour": "blue"}, "$.profile_spec.colour"),
    ],
)
def test_what_could_not_be_executed_is_not_saved(profiles: ProfileManager, change: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidProfileError) as caught:
        profiles.save_profile("wrong", change)
    assert any(problem.path.startswith(path) for problem in caught.value.problems), caught.value
    assert profiles.list_profiles() == []


def test_everything_wrong_with_a_profile_and_its_labels_is_told_at_once(profiles: ProfileManager) -> None:
    with pytest.raises(InvalidInputError) as caught:
        profiles.save_profile(" ", {"generation": {"count": 0}}, "\0", ["", 7])  # type: ignore[list-item]
    assert [problem.path for problem in caught.value.problems] == [
        *("$.name", "$.description", "$.tags[0]", "$.tags[1]", "$.profile_spec.generation.count"),
    ]


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "12", "x" * 257, None, 3, "\ud800"])
def test_a_name_that_is_none_is_refused(profiles: ProfileManager, name: Any) -> None:  # noqa: ANN401 - whatever is no name
    with pytest.raises(InvalidInputError, match=r"\$\.name"):
        profiles.save_profile(name, DIABETICS)


def test_a_profile_of_another_product_is_saved(profiles: ProfileManager) -> None:
    profiles.save_profile("members", MEMBERS)
    assert profiles.load_profile("members").products == ("membersim",)


def test_profiles_are_found_by_text_tags_and_product_the_last_saved_first(profiles: ProfileManager) -> None:
    profiles.save_profile("harris-diabetic", DIABETICS, "Diabetics of Texas", ["diabetes", "Texas"])
    profiles.save_profile("mixed", MIXED, "Everybody", ["diabetes"])
    profiles.save_profile("members", MEMBERS)
    assert names(profiles) == ["members", "mixed", "harris-diabetic"]
    assert names(profiles, search="HARRIS") == names(profiles, search="of texas") == ["harris-diabetic"]
    assert names(profiles, tags=["Diabetes"]) == ["mixed", "harris-diabetic"]
    assert names(profiles, tags=["diabetes", "texas"]) == ["harris-diabetic"]
    assert names(profiles, product="membersim") == ["members"]
    assert names(profiles, search="100%_") == names(profiles, tags=["none"]) == []
    assert names(profiles, limit=1, offset=1) == ["mixed"]
    profiles.update_profile("harris-diabetic", OLDER)
    assert names(profiles)[0] == "harris-diabetic"


@pytest.mark.parametrize("wrong", [{"tags": "diabetes"}, {"limit": 0}, {"offset": -1}, {"tags": [1]}])
def test_a_list_that_cannot_be_is_refused(profiles: ProfileManager, wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError):
        profiles.list_profiles(**wrong)


def test_a_deleted_profile_is_gone_and_its_number_is_not_given_again(profiles: ProfileManager) -> None:
    profiles.save_profile("it", DIABETICS)
    profiles.update_profile("it", OLDER)
    assert profiles.delete_profile("it").version == 2
    assert profiles.list_profiles() == []
    assert profiles.save_profile("it", DIABETICS) == 2
    assert len(profiles.versions("it")) == 1


def test_versions_are_compared_in_meaning(profiles: ProfileManager) -> None:
    profiles.save_profile("it", DIABETICS)
    assert profiles.diff("it") == []
    profiles.update_profile("it", OLDER)
    changed = {each.path: (each.change, each.before, each.after) for each in profiles.diff("it")}
    assert changed["$.demographics.age.mean"] == ("changed", 66.0, 75.0)
    assert changed["$.demographics.age.max"] == ("removed", 95.0, None)
    assert {each.path for each in profiles.diff("it", 2, 1)} == set(changed)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=10,
)


@settings(deadline=None)
@given(json_values, json_values)
def test_documents_differ_exactly_when_a_difference_is_found(before: Any, after: Any) -> None:  # noqa: ANN401 - any JSON
    found = list(differences(before, after))
    assert bool(found) == (before != after)
    mirrored = {"added": "removed", "removed": "added", "changed": "changed"}
    turned = {(each.path, mirrored[each.change]) for each in found}
    assert turned == {(each.path, each.change) for each in differences(after, before)}


def test_what_was_added_inside_a_list_is_told_by_its_place() -> None:
    assert list(differences({"a": [1]}, {"a": [1, 2]})) == [Difference("$.a[1]", "added", None, 2)]


def test_profiles_are_shared_by_the_managers_of_a_workspace(manager: StateManager) -> None:
    manager.profiles.save_profile("it", DIABETICS)
    assert get_manager(manager.workspace.path).profiles.load_profile("it").id == 1
