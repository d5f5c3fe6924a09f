"""The command lists the skills and shows what they say."""

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
