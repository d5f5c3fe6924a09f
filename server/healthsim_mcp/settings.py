"""What the server is started with."""

from dataclasses import dataclass

NAME = "healthsim"

INSTRUCTIONS = (
    "HealthSim makes synthetic patients with linked tables. generate_cohort makes and keeps a cohort and answers with "
    "its cohort_id; get_cohort_summary and query_cohort read it; lookup_county tells what a place is like; "
    "explain_profile is the dry run. Records come only through query_cohort."
)


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of a server.

    Attributes:
        db: Path of the workspace database; None for `$HEALTHSIM_DB`, else the user's own.
    """

    db: str | None = None
