"""Skills of the user's own: a folder added, checked like those of the package, every problem at once."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from healthsim import generate
from healthsim.content import content_directory, skill_names
from healthsim.errors import InvalidSkillError
from healthsim.skills import check_folder, skill_library
from healthsim.skills.check_measured import loinc_check_digit

Change = Callable[[dict[str, Any]], None]

MIGRAINE: dict[str, Any] = {
    "id": "migraine",
    "name": "Migraine",
    "aliases": ["migraines", "hemicrania"],
    "categories": ["G43"],
    "places_measure": None,
    "minimum_age": {"value": 5, "source": "Assumed for these tests", "confidence": "assumed"},
    "prevalence": {
        "age": [5, 30, 80],
        "F": [0.02, 0.2, 0.06],
        "M": [0.02, 0.08, 0.03],
        "source": "Invented for these tests",
        "confidence": "assumed",
    },
    "onset": {"age": [5, 25, 60], "begun": [0, 0.6, 1], "source": "Invented for these tests", "confidence": "assumed"},
    "codes": {
        "mix": [
            {
                "code": "G43.909",
                "title": "Migraine, unspecified, not intractable, without status migrainosus",
                "share": 1,
            }
        ],
        "source": "Invented for these tests",
        "confidence": "assumed",
    },
    "liability": {"loadings": {"affective": 0.3}, "source": "Invented for these tests", "confidence": "assumed"},
    "treated_share": {"value": 0.6, "source": "Invented for these tests", "confidence": "assumed"},
    "medications": [
        {
            "id": "sumatriptan",
            "name": "sumatriptan 50 MG Oral Tablet",
            "ingredient": "sumatriptan",
            "class": "triptan",
            "group": "triptan",
            "rxnorm": "313161",
            "dose": "50 mg",
            "route": "oral",
            "frequency": "as needed",
            "days_supply": 30,
            "refills": 5,
            "minimum_age": 18,
            "line": 1,
            "share": 0.9,
            "indications": [],
            "contraindications": [
                {"attribute": "conditions", "operator": "contains", "value": "coronary_artery_disease"}
            ],
            "effects": [],
            "source": "Invented for these tests",
            "confidence": "assumed",
        }
    ],
}


def write(folder: Path, name: str, condition: dict[str, Any], /, **changes: object) -> dict[str, Any]:
    """Write a skill of one condition."""
    description = f"What is known of {name}, for these tests."
    document = {"name": name, "description": description, "conditions": [condition], **changes}
    (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / name / "skill.json").write_text(json.dumps(document), encoding="utf-8")
    front = f"---\nname: {name}\ndescription: {description}\n---\n\n# {name}\n\nFor these tests.\n"
    (folder / name / "SKILL.md").write_text(front, encoding="utf-8")
    return document


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "skills"
    folder.mkdir()
    monkeypatch.setenv("HEALTHSIM_SKILLS", str(folder))
    return folder


def test_a_disease_is_added_without_code(own: Path) -> None:
    write(own, "migraine", MIGRAINE)
    assert {"migraine", "copd"} <= set(skill_names())
    result = generate(condition="hemicrania", min_age=18, count=200, seed=1)
    assert {row["code"] for row in result["diagnoses"]} == {"G43.909"}
    assert {row["name"] for row in result["medications"]} == {"sumatriptan 50 MG Oral Tablet"}
    assert 80 < len(result["medications"]) < 160


def test_the_handle_changes_with_the_skills_and_not_with_where_they_lie(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HEALTHSIM_SKILLS")
    without = skill_library().version()
    monkeypatch.setenv("HEALTHSIM_SKILLS", str(own))
    write(own, "migraine", MIGRAINE)
    added = skill_library().version()
    write(own, "migraine", {**MIGRAINE, "aliases": ["migraines"]})
    changed = skill_library().version()
    write(tmp_path / "elsewhere", "migraine", MIGRAINE)
    monkeypatch.setenv("HEALTHSIM_SKILLS", str(tmp_path / "elsewhere"))
    assert len({without, added, changed}) == 3
    assert skill_library().version() == added


def test_a_skill_of_the_same_name_replaces_that_of_the_package(own: Path) -> None:
    package = content_directory("skills") / "copd"
    document = json.loads((package / "skill.json").read_text(encoding="utf-8"))
    condition = document["conditions"][0] | {"aliases": ["smoker's lung"]}
    write(own, "copd", condition)
    assert skill_library().condition("smoker's lung").id == "copd"
    assert skill_library().find("emphysema") is None


def test_of_several_folders_the_later_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "one", "migraine", {**MIGRAINE, "aliases": ["first"]})
    write(tmp_path / "two", "migraine", {**MIGRAINE, "aliases": ["second"]})
    monkeypatch.setenv("HEALTHSIM_SKILLS", os.pathsep.join((str(tmp_path / "one"), str(tmp_path / "two"))))
    assert skill_library().find("second") is not None
    assert skill_library().find("first") is None


def test_a_closer_code_is_answered_before_a_category(own: Path) -> None:
    gout = {key: part for key, part in MIGRAINE.items() if key not in {"medications", "treated_share"}}
    mix = [{"code": "E11.43", "title": "Type 2 diabetes mellitus with diabetic autonomic (poly)neuropathy", "share": 1}]
    codes = {"mix": mix, "source": "Invented for these tests"}
    write(
        own,
        "gastroparesis",
        {
            **gout,
            "id": "gastroparesis",
            "name": "Gastroparesis",
            "aliases": [],
            "categories": ["E11.43"],
            "codes": codes,
        },
    )
    library = skill_library()
    assert library.condition("E11.43").id == "gastroparesis"
    assert library.condition("E11.9").id == "type_2_diabetes"


def changed(path: str, value: object) -> Change:
    """Give a change of one place in a condition, such as `codes.mix.0.code`."""

    def change(condition: dict[str, Any]) -> None:
        *parents, last = path.split(".")
        part: Any = condition
        for key in parents:
            part = part[int(key)] if key.isdigit() else part[key]
        part[int(last) if last.isdigit() else last] = value

    return change


def test_a_folder_of_skills_may_hold_what_is_no_file(own: Path) -> None:
    write(own, "migraine", MIGRAINE)
    (own / "migraine" / "broken").symlink_to(own / "nowhere")
    (own / "migraine" / "circle").symlink_to(own)
    (own / "other" / "skill.json").mkdir(parents=True)
    if hasattr(os, "mkfifo"):
        os.mkfifo(own / "migraine" / "pipe")
    assert skill_library().condition("hemicrania").id == "migraine"
    assert check_folder(own) == ["migraine"]
    assert "other" not in skill_names()


WRONG = [
    ("codes.mix.0.code", "G43.9", r"not a billable ICD-10-CM code \(received 'G43.9'\); did you mean G43.901"),
    ("codes.mix.0.title", "Migraine", "not the code's official title"),
    ("codes.mix.0.share", 0.5, r"codes that F can have must sum to 1 \(received 0.5\)"),
    ("codes.mix.0.requires", ["hypertensin"], "no such condition .* did you mean hypertension"),
    ("prevalence.age", [30, 5, 80], "ages must rise"),
    ("prevalence.M", [0.1, 0.2], r"a share for each of the 3 ages \(received 2 shares\)"),
    ("prevalence.F", [0.1, 0.2, 1.5], "breaks the rule maximum 1"),
    ("onset.age", [25, 5, 60], "ages must rise"),
    ("onset.begun", [0, 1], r"a share for each of the 3 ages \(received 2 shares\)"),
    ("onset.begun", [0, 0.6, 0.5], r"shares must rise from 0 to 1"),
    ("onset.begun", [0.1, 0.6, 1], r"shares must rise from 0 to 1"),
    ("liability.loadings", {"affective": 0.8, "cardiac": 0.7}, "squares of the loadings"),
    ("minimum_age", {"value": 5}, r"\$.conditions\[0\].minimum_age.source: this key is needed"),
    ("aliases", ["htn"], "this name belongs to hypertension: hypertension"),
    ("categories", ["E11"], "this code belongs to diabetes-management: type_2_diabetes"),
    ("places_measure", "COPD", "this measure belongs to copd: copd"),
    ("medications.0.line", 2, "no drug is of the first line"),
    ("medications.0.rxnorm", "314076", "314076 is lisinopril 10 MG Oral Tablet elsewhere"),
    ("medications.0.ingredient", "metformin", "metformin is of the group biguanide elsewhere"),
    ("medications.0.approved_on", "1992-13-01", "no such date"),
    ("medications.0.grup", "triptan", "no such key .*did you mean group"),
    (
        "medications.0.contraindications.0.value",
        "coronary_artery_disase",
        r"medications\[0\].contraindications\[0\]: no such condition .* did you mean coronary_artery_disease",
    ),
    (
        "medications.0.indications",
        [{"attribute": "labs.egrf", "operator": "lt", "value": 30}],
        "no such analyte .* did you mean egfr",
    ),
    (
        "medications.0.indications",
        [{"attribute": "stage.copd", "operator": "eq", "value": "gold_5"}],
        "no such stage .* did you mean gold_",
    ),
    ("medications.0.indications", [{"attribute": "height", "operator": "lt", "value": 2}], "no such attribute"),
    (
        "medications.0.effects",
        [{"analyte": "glukose", "change": 1, "days_to_full": 3, "source": "Invented for these tests"}],
        "no such analyte .* did you mean glucose",
    ),
    (
        "complications",
        [{"id": "stroke", "name": "Stroke", "code": "I63", "per_1000_person_years": 1, "source": "Invented here"}],
        "not a billable ICD-10-CM code",
    ),
    (
        "monitoring",
        {
            "labs": {
                "hba1c": {
                    "loinc": "4548-5",
                    "name": "HbA1c",
                    "unit": "%",
                    "interval_days": 90,
                    "source": "Invented here",
                }
            },
            "vitals": {},
            "visits": [{"class_code": "AMB", "type": "visit", "interval_days": 90, "source": "Invented here"}],
        },
        "not a LOINC code .* the check digit of 4548 is 4",
    ),
    (
        "monitoring",
        {
            "labs": {
                "inr": {
                    "loinc": "6301-6",
                    "name": "INR",
                    "unit": "{INR}",
                    "interval_days": 30,
                    "source": "Invented here",
                }
            },
            "vitals": {},
            "visits": [{"class_code": "AMB", "type": "visit", "interval_days": 90, "source": "Invented here"}],
        },
        "measures no such analyte",
    ),
    (
        "physiology",
        [
            {
                "id": "head",
                "keyed_by": "code",
                "unlisted": "absent",
                "source": "Invented here",
                "absent": [{"id": "none", "share": 1}],
                "present": [{"id": "ache", "share": 1, "of": ["G43.90"], "shifts": {"puls": 1}}],
            }
        ],
        "did you mean pulse.*\n.*names none of what it is keyed by",
    ),
]


@pytest.mark.parametrize(
    ("path", "value", "expected"), WRONG, ids=[f"{path}-{index}" for index, (path, _, _) in enumerate(WRONG)]
)
def test_what_is_wrong_is_told_with_its_place(own: Path, path: str, value: object, expected: str) -> None:
    condition = json.loads(json.dumps(MIGRAINE))
    changed(path, value)(condition)
    write(own, "migraine", condition)
    with pytest.raises(InvalidSkillError, match=expected) as raised:
        skill_library()
    assert all(problem.path.startswith("migraine/skill.json $.conditions[0]") for problem in raised.value.problems)


def test_all_problems_of_all_skills_are_told_at_once(own: Path) -> None:
    write(own, "migraine", {**MIGRAINE, "aliases": ["htn"], "colour": "red"})
    write(own, "cluster-headache", {**MIGRAINE, "id": "cluster", "name": "Cluster headache", "categories": ["N18"]})
    (own / "broken").mkdir()
    (own / "broken" / "skill.json").write_text("{", encoding="utf-8")
    (own / "migraine" / "SKILL.md").unlink()
    with pytest.raises(InvalidSkillError) as raised:
        skill_library()
    told = str(raised.value)
    for expected in (
        "broken/skill.json $: cannot be read",
        "no such key",
        "SKILL.md: is missing",
        "this code belongs to",
    ):
        assert expected in told, told


def test_the_folder_of_a_skill_bears_its_name_and_its_text_agrees(own: Path) -> None:
    write(own, "migraine", MIGRAINE, name="headache")
    with pytest.raises(InvalidSkillError, match="is not the folder's name") as raised:
        skill_library()
    assert "says another name than skill.json" in str(raised.value)


def test_a_key_written_twice_is_told(own: Path) -> None:
    write(own, "migraine", MIGRAINE)
    path = own / "migraine" / "skill.json"
    path.write_text(
        path.read_text(encoding="utf-8").replace('"aliases":', '"aliases": [], "aliases":'), encoding="utf-8"
    )
    with pytest.raises(InvalidSkillError, match="the key aliases is written twice"):
        skill_library()


@pytest.mark.parametrize(("folder", "message"), [("nowhere", "no such folder"), ("empty", "holds no skill")])
def test_a_folder_without_skills_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, message: str
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("HEALTHSIM_SKILLS", str(tmp_path / folder))
    with pytest.raises(InvalidSkillError, match=message):
        skill_library()


def test_a_folder_or_a_single_skill_is_checked_on_request(tmp_path: Path) -> None:
    write(tmp_path / "one", "migraine", MIGRAINE)
    assert check_folder(tmp_path / "one") == ["migraine"]
    assert check_folder(tmp_path / "one" / "migraine") == ["migraine"]
    with pytest.raises(InvalidSkillError, match="no such folder"):
        check_folder(tmp_path / "two")


@pytest.mark.parametrize(("number", "digit"), [("4548", 4), ("2160", 0), ("98979", 8), ("8480", 6)])
def test_the_check_digit_of_loinc_numbers(number: str, digit: int) -> None:
    assert loinc_check_digit(number) == digit
