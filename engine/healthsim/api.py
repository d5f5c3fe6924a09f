"""The verbs: `generate` a cohort, `run_journey` of its people, and `explain` what either would make."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

from healthsim.asking import JourneyAsked, Shorthand, asked, in_arguments, journeys_in_full
from healthsim.errors import InvalidInputError, InvalidProfileError, NotFoundError, Problem, rendered
from healthsim.planning.explain import explained
from healthsim.planning.lookup import name_problems
from healthsim.planning.plan import Plan
from healthsim.simulation.run import Cancelled, Progress, run, stop_if
from healthsim.sinks.base import Contents
from healthsim.sinks.storage import sink_of, storage_of
from healthsim.skills import skill_library
from healthsim.spec import Parsed, Profile
from healthsim.state.catalogue import CohortRecord
from healthsim.state.cohorts import Cohorts
from healthsim.state.extending import check_same_people, with_more_journeys
from healthsim.state.journeys import with_saved_journeys
from healthsim.state.names import check_names
from healthsim.state.paths import workspace_path
from healthsim.state.plans import planned, reference_of
from healthsim.state.profiles import ProfileManager, SavedProfile
from healthsim.state.result import Result
from healthsim.state.staging import Staging
from healthsim.state.store import Workspace
from healthsim.summary import summary_of

_NOT_KEPT = "not kept, in spite of its name: that asks for persist=True"


def generate(  # noqa: PLR0913 - the arguments are the public contract
    *,
    product: str | Sequence[str] | None = None,
    count: int | None = None,
    condition: str | None = None,
    profile: Mapping[str, Any] | Profile | str | Path | None = None,
    profile_name: str | int | None = None,
    seed: int | None = None,
    county_fips: str | int | None = None,
    state: str | None = None,
    min_age: int | None = None,
    max_age: int | None = None,
    journey: JourneyAsked | Sequence[JourneyAsked] | None = None,
    start_date: date | str | None = None,
    persist: bool = False,
    name: str | None = None,
    db: str | Path | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Result:
    """Generate a cohort from a profile, or from a condition, a place and ages.

    Args:
        product: Products to make, such as `patientsim`.
        count: People; takes the place of the profile's own.
        condition: A condition everybody has: name, alias or ICD-10-CM code.
        profile: A profile, as a mapping, a parsed one, JSON text or the path of a JSON file.
        profile_name: A saved profile in its place, by name or number; a kept cohort is recorded as made from it.
        seed: Of all draws; takes the place of the profile's own. Drawn, and reported, when neither names one.
        county_fips: Five-digit FIPS code of the county whose population is taken.
        state: State whose population is taken, by its letters or name.
        min_age: Lowest age, completed years.
        max_age: Highest age, completed years.
        journey: What happens to them: the id or name of a known or saved journey, a definition, a mapping, JSON text
            or the path of a JSON file; or several of these.
        start_date: First day of the journeys; the profile's `as_of` if left out.
        persist: Whether to keep the cohort in the workspace; otherwise it lasts as long as the result.
        name: The kept cohort's name.
        db: The workspace database.
        progress: Called after each block with the people made and the people asked for.
        cancelled: Asked before each block, and before the cohort is kept, whether to stop.

    Returns:
        The cohort: a mapping from table name to records, with `summary`, `seed` and `digest`. Asked again for what is
        kept already, the kept cohort, with `existing` true.

    Raises:
        InvalidInputError: The request cannot be fulfilled; lists every problem.
        StateError: The workspace is busy or damaged.
        RunCancelledError: `cancelled` said so; nothing was kept.
    """
    check_names(name=name)
    workspace = Workspace(workspace_path(db))
    journeys = with_saved_journeys(journey, workspace)
    shorthand = Shorthand(product, count, seed, condition, county_fips, state, min_age, max_age, journeys, start_date)
    saved = _saved(profile_name, profile, workspace)
    plan = _plan_asked(profile if saved is None else saved.profile_spec, shorthand, workspace)
    title = name or plan.document.get("name") or plan.document["id"]
    cohorts = Cohorts(workspace) if persist else None
    result = _kept_before(cohorts, plan, name)
    if result is None:
        result = executed(plan, cohorts, title, is_named=name is not None, progress=progress, cancelled=cancelled)
    if saved is not None and persist:
        ProfileManager(workspace).record_execution(saved.id, result.summary["cohort_id"], version=saved.version)
    return result


def explain(  # noqa: PLR0913 - as above
    profile: Mapping[str, Any] | Profile | str | Path | None = None,
    *,
    profile_name: str | int | None = None,
    product: str | Sequence[str] | None = None,
    count: int | None = None,
    condition: str | None = None,
    seed: int | None = None,
    county_fips: str | int | None = None,
    state: str | None = None,
    min_age: int | None = None,
    max_age: int | None = None,
    journey: JourneyAsked | Sequence[JourneyAsked] | None = None,
    start_date: date | str | None = None,
    db: str | Path | None = None,
) -> dict[str, Any]:
    """Tell what a profile would generate, without drawing anybody: the dry run.

    The arguments are those of `generate`.

    Returns:
        JSON: the resolved profile, sources, expected demographics and prevalences, estimated rows.

    Raises:
        InvalidInputError: The request cannot be fulfilled; lists every problem.
    """
    workspace = Workspace(workspace_path(db))
    journeys = with_saved_journeys(journey, workspace)
    shorthand = Shorthand(product, count, seed, condition, county_fips, state, min_age, max_age, journeys, start_date)
    saved = _saved(profile_name, profile, workspace)
    return explained(_plan_asked(profile if saved is None else saved.profile_spec, shorthand, workspace))


def run_journey(
    cohort_id: str,
    journey: JourneyAsked | Sequence[JourneyAsked],
    *,
    start_date: date | str | None = None,
    seed: int | None = None,
    db: str | Path | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Result:
    """Let the people of a kept cohort go through a journey: the cohort with it takes the place of the one without.

    The people are drawn again, and are the same; what happened to them before stays.

    Args:
        cohort_id: Handle or name of the cohort.
        journey: As in `generate`.
        start_date: First day of the journey; that of the cohort's other journeys, else its `as_of`.
        seed: Of what happens; that of the cohort's other journeys, else its own.
        db: The workspace database.
        progress: As in `generate`.
        cancelled: As in `generate`.

    Returns:
        The extended cohort, kept; asked again for the same, the one that is there, with `existing` true.

    Raises:
        NotFoundError: There is no such cohort; names the nearest.
        InvalidInputError: The journey cannot be, or the cohort was not made from a profile; lists every problem.
        StateError: The cohort was made by another version, so that its people could not be drawn again.
        RunCancelledError: `cancelled` said so; the cohort is as it was.
    """
    workspace = Workspace(workspace_path(db))
    cohorts = Cohorts(workspace)
    record, plan = _extended(cohorts.get(cohort_id), journey, start_date, seed, workspace)
    result = _kept_before(cohorts, plan, None)
    if result is None:
        result = executed(plan, cohorts, record.name, progress=progress, cancelled=cancelled)
    if plan.cohort_id == record.cohort_id:
        return result
    kept = cohorts.succeed(record.cohort_id, plan.cohort_id)
    return Result(kept.path, {**kept.summary, "existing": result.existing}, existing=result.existing, spec=kept.spec)


def explain_journey(
    cohort_id: str,
    journey: JourneyAsked | Sequence[JourneyAsked],
    *,
    start_date: date | str | None = None,
    seed: int | None = None,
    db: str | Path | None = None,
) -> dict[str, Any]:
    """Tell what a kept cohort would be with a journey, without drawing anybody.

    Arguments and errors are those of `run_journey`; the answer is that of `explain`.
    """
    workspace = Workspace(workspace_path(db))
    return explained(_extended(Cohorts(workspace).get(cohort_id), journey, start_date, seed, workspace)[1])


def executed(
    plan: Plan,
    cohorts: Cohorts | None,
    name: str,
    *,
    is_named: bool = False,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Result:
    """Run a plan into a cohort's file.

    Args:
        plan: The plan.
        cohorts: Where to keep the cohort; None for one that lasts as long as the result.
        name: The cohort's name.
        is_named: Whether the caller chose the name, so that a taken one is an error.
        progress: As in `generate`.
        cancelled: As in `generate`.
    """
    started = perf_counter()
    storage = storage_of(plan.document["generation"].get("storage"), plan.count)
    with Staging(cohorts.directory if cohorts else None, storage) as staging:
        with sink_of(storage, staging.path, contents_of(plan)) as sink:
            outcome = run(plan, sink, progress=progress, cancelled=cancelled)
        stop_if(cancelled)
        summary = summary_of(plan, outcome.counts, outcome.rows, outcome.digest, name)
        duration_ms = round((perf_counter() - started) * 1000)
        if cohorts is None:
            if is_named:
                summary["notes"].append(_NOT_KEPT)
            return Result(staging.path, summary, spec=plan.document, duration_ms=duration_ms, owner=staging.keep())
        record = CohortRecord.of(summary, plan.document)
        kept, existing = cohorts.publish(staging, record, is_named=is_named, duration_ms=duration_ms)
        kept_summary = {**kept.summary, "existing": existing}
        return Result(kept.path, kept_summary, existing=existing, spec=kept.spec, duration_ms=duration_ms)


def contents_of(plan: Plan) -> Contents:
    """Give what a sink must know of a plan before the first row."""
    return Contents(plan.tables, plan.dictionaries, plan.titles, plan.count)


def _extended(
    record: CohortRecord,
    journey: JourneyAsked | Sequence[JourneyAsked],
    start_date: date | str | None,
    seed: int | None,
    workspace: Workspace,
) -> tuple[CohortRecord, Plan]:
    """Plan a kept cohort with a journey more, of the same people; give both."""
    added = journeys_in_full(with_saved_journeys(journey, workspace)) or ()
    plan = _plan_asked(with_more_journeys(record, added, start_date, seed), Shorthand(), workspace)
    check_same_people(record, plan)
    return record, plan


def _saved(profile_name: str | int | None, profile: object, workspace: Workspace) -> SavedProfile | None:
    """Give the saved profile that was named, if one was.

    Raises:
        NotFoundError: There is no such profile; names the nearest.
        InvalidInputError: A profile was given beside it.
    """
    if profile_name is None:
        return None
    if profile is not None:
        message = "a saved profile and a profile are two"
        raise InvalidInputError([Problem("$.profile_name", message, rendered(profile_name), "leave one of them out")])
    try:
        return ProfileManager(workspace).load_profile(profile_name)
    except NotFoundError as error:
        raise NotFoundError(error.kind, error.name, path="$.profile_name", nearest=error.nearest) from error


def _kept_before(cohorts: Cohorts | None, plan: Plan, name: str | None) -> Result | None:
    """Give the cohort of a plan that is kept already; a name it does not get is told."""
    kept = None if cohorts is None else cohorts.find(plan.cohort_id)
    if kept is None:
        return None
    summary = {**kept.summary, "existing": True}
    if name is not None and name != kept.name:
        summary["notes"] = [*summary["notes"], f"kept before as {kept.name}; the name {name} was not given to it"]
    return Result(kept.path, summary, existing=True, spec=kept.spec)


def _plan_asked(
    profile: Mapping[str, Any] | Profile | str | Path | None, shorthand: Shorthand, workspace: Workspace
) -> Plan:
    """Plan what was asked, or tell everything that is wrong with it, names included."""
    try:
        return planned(_sound(asked(profile, shorthand), workspace), workspace)
    except InvalidProfileError as error:
        if profile is not None:
            raise
        raise InvalidProfileError(in_arguments(error.problems)) from error


def _sound(parsed: Parsed, workspace: Workspace) -> Profile:
    """Give the profile if there is one; else tell what is wrong, in the names of its sound parts too."""
    if parsed.profile is None:
        with reference_of(workspace) as reference:
            unknown = name_problems(parsed.remainder, reference, skill_library())
        raise InvalidProfileError(dict.fromkeys((*parsed.problems, *unknown)))
    return parsed.profile
