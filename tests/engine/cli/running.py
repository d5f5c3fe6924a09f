"""The `healthsim` command, run in the test's own process."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from healthsim.cli.main import main


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:  # noqa: ANN401 - whatever JSON the command printed
        return json.loads(self.out)


@dataclass(frozen=True)
class Command:
    """Runs the command in a workspace of its own."""

    workspace: Path
    patch: pytest.MonkeyPatch
    capture: pytest.CaptureFixture[str]

    def __call__(self, *words: str) -> Ran:
        self.patch.setattr(sys, "argv", ["healthsim", *words])
        self.patch.setenv("HEALTHSIM_DB", str(self.workspace))
        try:
            main()
            code = 0
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else int(left.code is not None)
        captured = self.capture.readouterr()
        return Ran(code, captured.out, captured.err)
