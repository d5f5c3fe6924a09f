"""Execution of profiles, as a class."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from healthsim.api import generate
from healthsim.simulation.run import Cancelled, Progress
from healthsim.spec import Profile
from healthsim.state.result import Result


class ProfileExecutor:
    """Executes profiles against one workspace.

    Args:
        db: The workspace database, for reference data and for cohorts that are kept.
    """

    def __init__(self, db: str | Path | None = None) -> None:
        self._db = db

    def execute(
        self,
        profile: Mapping[str, Any] | Profile | str | Path,
        *,
        seed: int | None = None,
        count: int | None = None,
        persist: bool = False,
        name: str | None = None,
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
    ) -> Result:
        """Generate the cohort of a profile; the arguments are those of `healthsim.generate`.

        Raises:
            InvalidProfileError: The profile is none; lists every problem.
        """
        return generate(
            profile=profile,
            seed=seed,
            count=count,
            persist=persist,
            name=name,
            db=self._db,
            progress=progress,
            cancelled=cancelled,
        )
