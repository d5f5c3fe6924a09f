"""A program that dies where it is told: it forks for each order, so that the engine is imported once.

Reads orders from standard input, a JSON object a line; answers each with the process that carries it out, then, when
that has ended, with how it ended and what it said.
"""

import json
import os
import resource
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import healthsim.api
from healthsim import explain, get_manager
from healthsim.errors import HealthSimError

NOBODY = 65_534
WARMING = {"demographics": {"reference": {"type": "county", "fips": "44001"}}}
"""Planned before the first order, so that the children need not read the tables each."""


def main() -> None:
    explain(WARMING)
    reply({"ready": True})
    for line in sys.stdin:
        order = json.loads(line)
        hearing, saying = os.pipe()
        child = os.fork()
        if child == 0:
            carry_out(order, saying)
        os.close(saying)
        reply({"pid": child})
        with os.fdopen(hearing, encoding="utf-8") as heard:
            said = heard.read()
        _, status = os.waitpid(child, 0)
        reply({"status": os.waitstatus_to_exitcode(status), "said": said})


def reply(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def carry_out(order: dict[str, Any], saying: int) -> None:
    """Do what was ordered, say what came of it into a pipe, which no limit on files reaches, and end."""
    try:
        prepare(order)
        said = ACTIONS[order["do"]](order)
    except HealthSimError as error:
        said = f"{type(error).__name__}: {error}"
    except BaseException as error:  # noqa: BLE001 - whatever else is a failure of the test
        said = f"unexpected {type(error).__name__}: {error}"
    os.write(saying, said.encode())
    os._exit(0)


def prepare(order: dict[str, Any]) -> None:
    """Limit what the process may do, and lay the trap it dies in."""
    if order.get("die"):
        lay_trap(order["die"])
    if order.get("as_nobody") and os.getuid() == 0:
        rehearse()
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    if order.get("largest_file"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["largest_file"],) * 2)


def rehearse() -> None:
    """Do everything once elsewhere: nobody may not read the interpreter's own modules, so they are loaded before."""
    with tempfile.TemporaryDirectory() as folder:
        order = {"db": f"{folder}/workspace.duckdb", "arguments": {"profile": WARMING, "count": 5, "name": "it"}}
        generated(order)
        saved({**order, "name": "it", "profile": WARMING})
        read(order)
        deleted({**order, "cohort": "it"})


def lay_trap(where: str) -> None:
    """Die before or after a function, or at the end of a context: `before module:name`."""
    moment, _, place = where.partition(" ")
    module, _, name = place.partition(":")
    owner: Any = import_module(module)
    *outer, last = name.split(".")
    for part in outer:
        owner = getattr(owner, part)
    original = getattr(owner, last)
    setattr(owner, last, at_exit(original) if moment == "leaving" else around(original, moment))


def around(original: Callable[..., Any], moment: str) -> Callable[..., Any]:
    def trapped(*arguments: Any, **named: Any) -> None:  # noqa: ANN401 - whatever it takes
        if moment == "after":
            original(*arguments, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    return trapped


def at_exit(original: Callable[..., Any]) -> Callable[..., Any]:
    @contextmanager
    def trapped(*arguments: Any) -> Iterator[None]:  # noqa: ANN401 - as above
        with original(*arguments):
            yield
            os.kill(os.getpid(), signal.SIGKILL)

    return trapped


def generated(order: dict[str, Any]) -> str:
    return healthsim.api.generate(persist=True, db=order["db"], **order["arguments"]).digest


def deleted(order: dict[str, Any]) -> str:
    return str(get_manager(order["db"]).delete_cohort(order["cohort"])["cohort_id"])


def read(order: dict[str, Any]) -> str:
    manager = get_manager(order["db"])
    counted = {
        cohort["name"]: manager.query(cohort["name"], "SELECT count(*) FROM patients").rows[0][0]
        for cohort in manager.list_cohorts()
    }
    return json.dumps(counted)


def saved(order: dict[str, Any]) -> str:
    return str(get_manager(order["db"]).profiles.save_profile(order["name"], order["profile"]))


def exported(order: dict[str, Any]) -> str:
    return str(get_manager(order["db"]).export_cohort(order["cohort"], order["directory"])["directory"])


ACTIONS: dict[str, Callable[[dict[str, Any]], str]] = {
    "generate": generated,
    "delete": deleted,
    "read": read,
    "save": saved,
    "export": exported,
}

if __name__ == "__main__":
    main()
