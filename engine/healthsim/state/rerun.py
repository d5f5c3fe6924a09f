"""Executing again what was executed: the same digest, or what has changed since."""

from collections.abc import Iterator
from dataclasses import dataclass

from healthsim.errors import InvalidInputError
from healthsim.planning.plan import Plan
from healthsim.simulation.run import Cancelled, Progress, run
from healthsim.spec import parse_profile
from healthsim.state.executions import Execution
from healthsim.state.plans import planned
from healthsim.state.store import Workspace
from healthsim.tables import Batch


@dataclass(frozen=True, slots=True)
class Rerun:
    """What came of executing again.

    Attributes:
        execution_id: What was executed again.
        cohort_id: The cohort it made.
        digest_then: Digest that was recorded; None where none was.
        digest_now: Digest of the rows made now; None where nothing can be made any more.
        is_equal: Whether they agree; None where none was recorded.
        changes: What has changed since, a sentence each.
    """

    execution_id: int
    cohort_id: str | None
    digest_then: str | None
    digest_now: str | None
    is_equal: bool | None
    changes: tuple[str, ...]


class _Nowhere:
    """Takes rows and keeps none."""

    def write(self, batch: Batch) -> None:
        """Take the rows of a batch."""


def rerun(
    execution: Execution,
    workspace: Workspace,
    *,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Rerun:
    """Execute again what was executed, with the engine and the reference data of now, and keep nothing.

    Args:
        execution: As it was recorded.
        workspace: Whose reference data is taken.
        progress: As in `healthsim.generate`.
        cancelled: As in `healthsim.generate`.

    Raises:
        RunCancelledError: `cancelled` said so.
    """
    try:
        plan = planned(parse_profile(execution.spec), workspace)
    except InvalidInputError as error:
        reasons = tuple(f"it cannot be executed any more: {problem}" for problem in error.problems)
        return _compared(execution, None, reasons)
    digest = run(plan, _Nowhere(), progress=progress, cancelled=cancelled).digest
    return _compared(execution, digest, () if digest == execution.digest else tuple(_changes(execution, plan)))


def _compared(execution: Execution, digest: str | None, changes: tuple[str, ...]) -> Rerun:
    then = execution.digest
    return Rerun(
        execution_id=execution.execution_id,
        cohort_id=execution.cohort_id,
        digest_then=then,
        digest_now=digest,
        is_equal=None if then is None else digest == then,
        changes=changes,
    )


def _changes(execution: Execution, plan: Plan) -> Iterator[str]:
    """Tell why rows may differ."""
    if execution.digest is None:
        yield "no digest was recorded: the engine did not see this execution itself"
    if execution.seed is None:
        yield f"no seed was recorded; {plan.seed} was drawn now"
    if execution.engine_version != plan.engine_version:
        yield f"HealthSim was {execution.engine_version} then and is {plan.engine_version} now"
    then, now = (execution.reference_version or "").split("-"), plan.reference_version.split("-")
    if execution.reference_version is not None:
        for what, before, after in zip(("the reference data", "the skills"), then, now, strict=False):
            if before != after:
                yield f"{what} changed: version {before} then, {after} now"
    if execution.digest is not None and execution.reference_version == plan.reference_version:
        yield from _unexplained(execution, plan)


def _unexplained(execution: Execution, plan: Plan) -> Iterator[str]:
    if execution.engine_version == plan.engine_version:
        yield "nothing that is recorded has changed: an unreleased change of the engine, or a damaged record"
