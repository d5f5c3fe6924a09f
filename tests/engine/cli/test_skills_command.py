"""The command lists the skills and shows what they say."""

from pathlib import Path

from engine.cli.running import Command


def test_every_skill_is_listed(healthsim: Command) -> None:
    listed = healthsim("skills", "--json").document
    assert {"diabetes-management", "copd"} <= {skill["name"] for skill in listed}
    assert "type_2_diabetes" in healthsim("skills").out


def test_a_path_shows_the_value_with_its_source(healthsim: Command) -> None:
    found = healthsim("skills", "diabetes-management", "--path", "monitoring.labs.hba1c", "--json").document
    assert (found["value"]["loinc"], found["condition"]) == ("4548-4", "type_2_diabetes")
    assert "Standards of Care" in found["source"]


def test_a_skill_is_shown_whole(healthsim: Command) -> None:
    assert healthsim("skills", "copd", "--json").document["conditions"][0]["id"] == "copd"


def test_the_unknown_is_told_with_the_nearest(healthsim: Command) -> None:
    ran = healthsim("skills", "copdd")
    assert (ran.code, ran.out) == (2, "")
    assert "did you mean copd" in ran.err
    assert "$.name" in healthsim("skills", "--path", "codes").err


def test_a_folder_of_ones_own_is_checked(healthsim: Command, tmp_path: Path) -> None:
    (tmp_path / "migraine").mkdir()
    (tmp_path / "migraine" / "skill.json").write_text('{"name": "migraine"}', encoding="utf-8")
    ran = healthsim("skills", "validate", str(tmp_path))
    assert (ran.code, ran.out) == (2, "")
    assert "problems in the skills" in ran.err
    assert "$.conditions: this key is needed" in ran.err


def test_the_skills_of_the_package_pass_the_same_check(healthsim: Command) -> None:
    package = Path(__file__).parents[3] / "skills"
    assert "copd" in healthsim("skills", "validate", str(package), "--json").document["sound"]
    assert healthsim("skills", "validate", str(package / "copd")).out == "sound: copd\n"


def test_show_may_be_left_out(healthsim: Command) -> None:
    assert healthsim("skills", "show", "copd", "--json").out == healthsim("skills", "copd", "--json").out
