"""Schemas in few words, part by part."""

import json
from collections.abc import Iterator

import pytest

from healthsim.content import content_directory
from healthsim.errors import NotFoundError
from healthsim_mcp.schemas import schema_document, schema_names, schema_outline
from healthsim_mcp.sizes import compact
from server.calling import Caller
from server.counting import tokens_of

CONCISE, DETAILED = 500, 5_000
DOCUMENTS = ("profile", "journey", "skill", "event_types")
DEEPEST = 4


def parts_of(name: str, depth: int = 1) -> Iterator[str]:
    """Name a part and all below it that have keys."""
    yield name
    if depth < DEEPEST:
        for key in schema_outline(name).get("keys", {}):
            yield from parts_of(f"{name}.{key}", depth + 1)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_part_of_a_document_has_an_outline_that_is_not_long(document: str) -> None:
    parts = list(parts_of(document))
    assert len(parts) > 20
    assert [part for part in parts if tokens_of(compact(schema_outline(part))) > 2 * CONCISE] == []


def test_the_outline_of_a_profile_is_a_short_reply_that_names_every_key(shared_caller: Caller) -> None:
    outline = shared_caller.answer("get_item", kind="schemas", name="profile")
    assert set(outline["keys"]) == set(schema_document("profile")["$defs"]["Profile"]["properties"])
    assert tokens_of(compact(outline)) <= CONCISE


@pytest.mark.parametrize(
    ("part", "key", "told"),
    [
        ("profile", "products", "patientsim | membersim | rxmembersim | trialsim"),
        ("profile.coverage", "payer_mix", "medicaid, medicare, none, private, self_pay, uninsured} or chip"),
        ("profile.demographics", "age", "one of"),
        ("profile.trial.protocol.arms", "ratio", "whole number."),
        ("profile.coverage.plans.cost_sharing.name", "copay", "Dollars"),
        ("journey.events", "id", "text"),
        ("event_types.encounter", "class_code", "AMB | EMER"),
        ("skill.conditions.medications", "rxnorm", "needed"),
    ],
)
def test_a_key_is_told_with_its_kind_and_meaning(part: str, key: str, told: str) -> None:
    assert told in schema_outline(part)["keys"][key]


def test_the_ways_to_write_an_age_are_told_apart() -> None:
    assert "{min, max, type: normal, mean, std_dev}" in schema_outline("profile.demographics.age")["one_of"]


@pytest.mark.parametrize("table", ["claims", "patients", "labs", "subjects"])
def test_a_table_is_outlined_by_the_columns_that_users_see(table: str) -> None:
    columns = json.loads((content_directory("schemas") / "tables" / f"{table}.json").read_text("utf-8"))["columns"]
    seen = [column["name"] for column in columns if not column.get("hidden")]
    assert list(schema_outline(table)["columns"]) == seen


def test_every_schema_there_is_has_an_outline_within_a_detailed_reply(shared_caller: Caller) -> None:
    for name in schema_names():
        assert tokens_of(compact(shared_caller.answer("get_item", kind="schemas", name=name))) <= DETAILED


@pytest.mark.parametrize(
    ("asked", "nearest"),
    [
        ("profil", "profile"),
        ("trial", "profile.trial"),
        ("coverage", "profile.coverage"),
        ("profile.covrage", "profile.coverage"),
        ("profile.trial.protocl", "profile.trial.protocol"),
        ("claim", "claims"),
        ("claims.paid", "claims"),
    ],
)
def test_a_part_that_is_not_there_names_the_nearest(asked: str, nearest: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        schema_outline(asked)
    assert nearest in caught.value.nearest


def test_a_skill_too_long_for_a_reply_says_how_to_get_its_parts(shared_caller: Caller) -> None:
    item = shared_caller.answer("get_item", kind="skills", name="diabetes-management")
    assert "lookup_skill" in item["left_out"]["hint"]
    assert tokens_of(compact(item)) <= DETAILED
