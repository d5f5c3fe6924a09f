"""What commands print stays short."""

import pytest

from healthsim.cli.printing import print_lines


def test_long_lists_are_printed_in_part_and_say_so(capsys: pytest.CaptureFixture[str]) -> None:
    print_lines({"Sources": [f"source {number}" for number in range(40)], "Notes": []})
    printed = capsys.readouterr().out
    assert "source 11" in printed
    assert "source 12" not in printed
    assert "28 more" in printed
    assert "Notes" not in printed
