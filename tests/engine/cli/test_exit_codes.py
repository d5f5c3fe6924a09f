"""How the command ends: errors on stderr, an exit code for each kind, nothing left behind."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from engine.cli.running import Command
from healthsim import get_manager

BAD_INPUT, FAILURE, INTERRUPTED = 2, 1, 130
PROGRAM = [sys.executable, "-c", "from healthsim.cli.main import main; main()"]
PATIENCE = 60


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("generate", "--condition", "diabetis"), "did you mean diabetes"),
        (("generate", "--count", "0"), "count"),
        (("generate", "--count", "many"), "--count"),
        (("generate", "--seed", "-1"), "seed"),
        (("generate", "--seed", str(2**64)), "seed"),
        (("generate", "--cuont", "3"), "--count"),
        (("generate", "no-such-file.json"), "no-such-file.json"),
        (("generate", "profile.json", "--condition", "diabetes"), "$.condition"),
        (("explain", "--state", "Texs"), "did you mean Texas"),
        (("query", "nobody", "SELECT 1"), "no such cohort"),
        (("summary", "nobody"), "no such cohort"),
        (("cohorts", "delete", "nobody"), "no such cohort"),
        (("county", "Haris", "--state", "TX"), "did you mean Harris"),
        (("county",), "no place is named"),
        (("providers", "--state", "TX", "--specialty", "cardiolgy"), "did you mean cardiology"),
        (("facilities", "--state", "Texs", "--type", "hospitl"), "2 problems"),
        (("reference", "load", "no-such-file.csv"), "no-such-file.csv"),
        (("frobnicate",), "frobnicate"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_bad_input_ends_with_2_and_is_told_on_stderr(healthsim: Command, words: tuple[str, ...], told: str) -> None:
    ran = healthsim(*words)
    assert ran.code == BAD_INPUT
    assert ran.out == ""
    assert told in ran.err
    assert "Traceback" not in ran.err


def test_every_problem_is_told_at_once(healthsim: Command, tmp_path: Path) -> None:
    file = tmp_path / "profile.json"
    clinical = {"primary_condition": {"code": "E11", "prevalence": 2}}
    file.write_text(json.dumps({"generation": {"count": 0}, "clinical": clinical, "colour": 1}), encoding="utf-8")
    told = healthsim("generate", str(file)).err
    assert told.startswith("healthsim: 3 problems in the profile:")
    assert all(path in told for path in ("$.generation.count", "$.clinical.primary_condition.prevalence", "$.colour"))


def test_a_failure_ends_with_1_and_is_told_on_stderr(healthsim: Command, tmp_path: Path) -> None:
    database = tmp_path / "not-a-database.duckdb"
    database.write_text("not a database", encoding="utf-8")
    ran = healthsim("cohorts", "list", "--db", str(database))
    assert (ran.code, ran.out) == (FAILURE, "")
    assert str(database) in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.skipif(os.name != "posix", reason="sends SIGINT to a child")
def test_an_interrupted_run_ends_with_130_and_leaves_nothing(tmp_path: Path) -> None:
    database = tmp_path / "workspace.duckdb"
    words = ["generate", "--condition", "diabetes", "--count", "5000000", "--db", str(database)]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [*PROGRAM, *words],
        stdout=pipe,
        stderr=pipe,
        text=True,
        preexec_fn=heeding_interrupts,  # noqa: PLW1509 - nothing else runs yet
    ) as process:
        deadline = time.monotonic() + PATIENCE
        while not list(database.with_suffix(".cohorts").glob("staging-*.parquet")):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (INTERRUPTED, "")
    assert "Traceback" not in errors
    assert list(database.with_suffix(".cohorts").glob("*")) == []
    assert get_manager(database).list_cohorts() == []


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_progress_is_shown_to_a_terminal_on_stderr_and_the_answer_alone_on_stdout(tmp_path: Path) -> None:
    watcher, terminal = os.openpty()
    words = ["generate", "--count", "30000", "--seed", "1", "--json", "--db", str(tmp_path / "workspace.duckdb")]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen([*PROGRAM, *words], stdout=subprocess.PIPE, stderr=terminal, env=environment) as process:
        os.close(terminal)
        shown = everything_from(watcher)
        answer = process.stdout.read() if process.stdout else b""
    assert process.returncode == 0
    assert b"Generating" in shown
    assert json.loads(answer)["count"] == 30_000


def heeding_interrupts() -> None:
    """Let a child be interrupted even where these tests run in the background of a shell, which keeps it from them."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def everything_from(watcher: int) -> bytes:
    """Read a terminal until nobody writes to it any more, which Linux tells as an error."""
    shown = b""
    with suppress(OSError):
        while part := os.read(watcher, 10_000):
            shown += part
    os.close(watcher)
    return shown
