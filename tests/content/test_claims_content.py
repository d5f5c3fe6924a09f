"""How payers handle claims is told by files that hold together and name their sources."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from healthsim.content import content_directory
from healthsim.errors import InvalidInputError
from healthsim.planning.measurements import with_parts
from healthsim.planning.payer.billing_content import billing_rules
from healthsim.planning.payer.claims_content import (
    LINES,
    Authorizations,
    Denials,
    Handling,
    benefits_file,
)
from healthsim.skills import skill_library

FILES = {"denials": Denials, "authorizations": Authorizations, "claims_handling": Handling}


def parts(document: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - whatever JSON holds
    """Give the objects that hold figures themselves."""
    if isinstance(document, list):
        for part in document:
            yield from parts(part)
    elif isinstance(document, dict):
        if any(isinstance(value, int | float) for value in document.values()):
            yield document
        for value in document.values():
            yield from parts(value) if "source" not in document else ()


@pytest.mark.parametrize("name", FILES)
def test_every_figure_has_its_source_beside_it(name: str) -> None:
    document = json.loads((content_directory("benefits") / f"{name}.json").read_text(encoding="utf-8"))
    found = list(parts(document))
    assert found
    assert [part for part in found if not part.get("source")] == []


def test_the_reasons_of_denials_add_up_to_all_of_them_and_have_names_and_codes_of_their_own() -> None:
    reasons = benefits_file("denials", Denials).reasons
    assert sum(reason.share for reason in reasons) == pytest.approx(1.0)
    assert len({reason.name for reason in reasons}) == len({reason.carc for reason in reasons}) == len(reasons)


def test_every_line_of_business_is_told_of() -> None:
    assert set(benefits_file("denials", Denials).lines) == set(LINES)
    assert set(benefits_file("authorizations", Authorizations).lines) == set(LINES)


@pytest.mark.parametrize("test", sorted({name for each in skill_library().conditions for name in each.monitored}))
def test_what_skills_monitor_can_be_billed_alone(test: str) -> None:
    results = {name for name in with_parts([test]) if not name.endswith("schwartz")}
    fitting = [each for each in billing_rules().laboratory.tests if set(each.needs) <= results]
    covered = {name for each in fitting for name in each.covers}
    assert results <= covered


def test_the_mix_of_claims_is_whole() -> None:
    claims = benefits_file("authorizations", Authorizations).claims
    for mix in (claims.seniors, claims.others):
        assert sum(mix.services.values()) == pytest.approx(1.0)


def test_a_file_that_is_wrong_is_refused_with_every_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = json.loads((content_directory("benefits") / "authorizations.json").read_text(encoding="utf-8"))
    document["lines"]["medicare"]["denied"] = 2
    document["required"]["services"]["surgary"] = 0.1
    (tmp_path / "authorizations.json").write_text(json.dumps(document), encoding="utf-8")
    monkeypatch.setattr("healthsim.planning.payer.claims_content.content_directory", lambda _: tmp_path)
    with pytest.raises(InvalidInputError, match=r"(?s)lines\.medicare\.denied.*required\.services\.surgary"):
        benefits_file("authorizations", Authorizations)
