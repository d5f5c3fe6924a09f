"""The command that shows the main job."""

from pathlib import Path
from typing import Annotated

import typer

_PROFILE = Path(__file__).with_name("demo_profile.json")
_QUESTIONS = (
    """
SELECT CASE WHEN age < 45 THEN '18-44' WHEN age < 65 THEN '45-64' ELSE '65+' END AS age_band,
       count(*) AS people,
       round(100 * avg(has_hypertension::INT), 1) AS hypertension_percent,
       round(100 * avg(has_kidney_disease::INT), 1) AS kidney_disease_percent
FROM (
  SELECT date_sub('year', birth_date, DATE '2025-01-01') AS age,
         bool_or(code = 'I10') AS has_hypertension,
         bool_or(starts_with(code::VARCHAR, 'N18')) AS has_kidney_disease
  FROM patients JOIN diagnoses USING (person_id)
  GROUP BY person_id, birth_date
)
GROUP BY age_band ORDER BY age_band
""",
    """
SELECT line_of_business, count(*) AS claims, round(100 * avg((status = 'denied')::INT), 1) AS denied_percent,
       sum(billed) AS billed, sum(allowed) AS allowed, sum(paid) AS paid
FROM claims JOIN plans USING (plan_id)
GROUP BY line_of_business ORDER BY claims DESC
""",
    """
SELECT name, count(DISTINCT person_id) AS people, count(*) AS fills, sum(patient_pay) AS patients_pay,
       sum(plan_paid) AS plans_pay
FROM pharmacy_claims WHERE status = 'paid'
GROUP BY name ORDER BY fills DESC LIMIT 5
""",
)


def demo_command(
    *,
    db: Annotated[Path, typer.Option(help="Workspace database of the demonstration.")] = Path("healthsim-demo.duckdb"),
) -> None:
    """Generate diabetics of Harris County, Texas, with their claims and fills, and ask three questions about them.

    Example: healthsim demo
    """
    from healthsim import generate, get_manager  # noqa: PLC0415 - keeps `--help` light
    from healthsim.cli.places import status_command  # noqa: PLC0415 - as above
    from healthsim.cli.printing import print_summary, print_table, progress_bar  # noqa: PLC0415 - as above

    status_command(db=db)
    with progress_bar("Generating") as progress:
        result = generate(profile=_PROFILE, persist=True, db=db, progress=progress)
    print_summary(result.summary)
    for question in _QUESTIONS:
        answer = get_manager(db).query(result.get("cohort_id"), question)
        typer.echo(question)
        print_table("", answer.columns, answer.rows)
    typer.echo(f"\nThe workspace is {db}, the cohort's own file {result.file}.")
