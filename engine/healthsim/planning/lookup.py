"""The names in a profile, looked up: places, conditions, journeys, trials; with all that is unknown or contradicts."""

from dataclasses import dataclass

from healthsim.errors import InvalidInputError, Problem
from healthsim.planning.care_asked import care_problems
from healthsim.planning.journey_library import known_journeys, with_journeys
from healthsim.planning.journeys import NO_TIMELINES, Timelines, planned_timelines, product_problems
from healthsim.planning.naming import Background, NamedCondition, named_conditions
from healthsim.planning.payer.coverage import coverage_problems
from healthsim.planning.pharmacy.events import pharmacy_event_problems
from healthsim.planning.places import Residence, reference_for, residence
from healthsim.planning.trial.resolved import condition_notes, trial_event_problems, trial_name_problems, with_trial
from healthsim.reference import Reference
from healthsim.skills import SkillLibrary
from healthsim.spec import Profile


@dataclass(frozen=True, slots=True)
class LookedUp:
    """A profile with its names looked up.

    Attributes:
        profile: The profile, its journeys in full.
        home: Where the people live; None where that is unknown.
        named: What they may have.
        timelines: What happens to them.
        problems: Everything that is wrong with the names.
        notes: What was filled in.
    """

    profile: Profile
    home: Residence | None
    named: tuple[NamedCondition, ...]
    timelines: Timelines
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]


def look_up(profile: Profile, reference: Reference, library: SkillLibrary) -> LookedUp:
    """Look all names up; give also every problem with them."""
    problems: list[Problem] = []
    home = None
    try:
        home = residence(profile.demographics, reference)
    except InvalidInputError as error:
        problems += error.problems
    asked = profile
    profile, unknown_trial = with_trial(profile, library)
    named, unknown = named_conditions(profile.clinical, library, background=_background(profile))
    journeys, unknown_journeys = known_journeys(profile.journeys)
    start = profile.start_date or profile.as_of
    seed = profile.journey_seed
    timelines = planned_timelines(journeys, start, named, library, seed=seed) if journeys else NO_TIMELINES
    resolved = with_journeys(profile, journeys)
    unknown_criteria = tuple(trial_name_problems(profile, named, library)) if not unknown else ()
    found = (
        *problems,
        *unknown,
        *care_problems(profile),
        *coverage_problems(profile.coverage),
        *unknown_trial,
        *unknown_criteria,
        *unknown_journeys,
        *product_problems(journeys, profile.products),
        *trial_event_problems(profile, journeys),
        *pharmacy_event_problems(journeys),
        *timelines.problems,
    )
    return LookedUp(resolved, home, named, timelines, found, tuple(condition_notes(asked, profile)))


def name_problems(profile: Profile, reference: Reference, library: SkillLibrary) -> tuple[Problem, ...]:
    """Give everything that a profile names and that is not there; the arguments are those of `plan_of`."""
    return look_up(profile, reference_for(profile, reference), library).problems


def _background(profile: Profile) -> Background:
    """Tell which conditions people have that nobody asked for: care that is as in life is that of all they have."""
    if profile.utilization is not None and profile.utilization.conditions == "natural":
        return "all"
    return "none" if profile.demographics.source is None else "measures"
