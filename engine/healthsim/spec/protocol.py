"""A trial's protocol: who may take part, what they are given, when they are seen, and what is expected of them."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Discriminator, Field

from healthsim.spec.model import INTEGRAL, Number, Part, Positive, Share
from healthsim.spec.predicates import Predicate

Name = Annotated[str, Field(min_length=1, max_length=200)]
Days = Annotated[int, Field(strict=True, ge=0, le=3_660), INTEGRAL]
Count = Annotated[int, Field(strict=True, ge=1, le=1_000_000), INTEGRAL]
Rate = Annotated[Number, Field(ge=0)]
Source = Annotated[str, Field(min_length=1, description="Where the figures are from.")]
Confidence = Annotated[Literal["assumed"] | None, Field(description="`assumed` where no publication says so.")]

REASONS = (
    "ADVERSE EVENT",
    "WITHDRAWAL BY SUBJECT",
    "LOST TO FOLLOW-UP",
    "LACK OF EFFICACY",
    "PHYSICIAN DECISION",
    "PROTOCOL DEVIATION",
)
"""Why subjects leave a trial, in the terms of CDISC; deaths and progression follow from what happens to them."""

Reason = Literal[
    "ADVERSE EVENT",
    "WITHDRAWAL BY SUBJECT",
    "LOST TO FOLLOW-UP",
    "LACK OF EFFICACY",
    "PHYSICIAN DECISION",
    "PROTOCOL DEVIATION",
]


class Indication(Part):
    """The disease that a trial is about."""

    name: Name = Field(description="The disease, for people.")
    code: Annotated[str, Field(min_length=3, max_length=8)] = Field(
        description="ICD-10-CM code or category; candidates have it, or a code below it."
    )


class Arm(Part):
    """An arm of a trial."""

    id: Name = Field(description="Identifier; figures are given by it.")
    name: Name = Field(description="Name.")
    treatment: Name = Field(description="What subjects are given.")
    dose: Rate = Field(description="Dose, in its unit; 0 for placebo.")
    unit: Name = Field(description="Unit of the dose.")
    ratio: Annotated[int, Field(strict=True, ge=1, le=10), INTEGRAL] = Field(
        default=1, description="Subjects of this arm for one of an arm of ratio 1."
    )


class Criterion(Part):
    """What people must or must not be to take part."""

    text: Name = Field(description="The criterion, in words.")
    rule: Predicate = Field(description="The same as a condition on a person, at screening.")


class Factor(Part):
    """What divides subjects into strata."""

    yes: Name = Field(description="Name of the stratum of those of whom the condition holds.")
    no: Name = Field(description="Name of the stratum of the others.")
    rule: Predicate = Field(description="Condition on a person, at screening.")


class Screening(Part):
    """The time between consent and randomisation."""

    least_days: Days = Field(default=7, description="Fewest days from consent to randomisation.")
    most_days: Days = Field(default=28, description="Most days.")
    withdrawn: Share = Field(default=0.0, description="Share of the eligible who take their consent back.")
    source: Source
    confidence: Confidence = None


class ScheduledVisit(Part):
    """A visit of the schedule."""

    name: Name = Field(description="Name.")
    day: Annotated[int, Field(strict=True, ge=2, le=3_660), INTEGRAL] = Field(
        description="Study day; 1 is that of randomisation."
    )
    before: Days = Field(default=0, description="Days that it may be early.")
    after: Days = Field(default=0, description="Days that it may be late.")


class Dosing(Part):
    """How the study drugs are given."""

    form: Name = Field(description="Dosage form.")
    route: Name = Field(description="Route.")
    frequency: Name = Field(description="Frequency, such as QD.")
    every_days: Annotated[int, Field(strict=True, ge=1, le=365), INTEGRAL] = Field(
        default=1, description="Days from dose to dose."
    )
    compliance: Share = Field(default=1.0, description="Mean share of doses that are taken.")
    source: Source
    confidence: Confidence = None


class Effect(Part):
    """What the arms do to something that is measured."""

    analyte: Name = Field(description="Id of the laboratory test or vital sign.")
    change: Mapping[str, Number] = Field(description="Mean change from baseline, in its unit, by arm.")
    spread: Rate = Field(default=0.0, description="Standard deviation of the change between subjects.")
    days_to_full: Annotated[int, Field(strict=True, ge=1, le=3_660), INTEGRAL] = Field(
        description="Days after which the change is complete."
    )
    source: Source
    confidence: Confidence = None


class Outcome(Part):
    """Something that happens to subjects, at a constant rate."""

    id: Name = Field(description="Identifier.")
    term: Name = Field(description="What happens, in own words.")
    system: Name = Field(description="Organ system.")
    per_100_years: Mapping[str, Rate] = Field(description="First events in 100 years of subjects, by arm.")
    is_fatal: bool = Field(default=False, description="Whether subjects die of it.")
    source: Source
    confidence: Confidence = None


class Response(Part):
    """How tumours respond."""

    complete: Mapping[str, Share] = Field(description="Share with a complete response as the best, by arm.")
    partial: Mapping[str, Share] = Field(description="Share with a partial one.")
    progressive: Mapping[str, Share] = Field(description="Share whose disease progresses from the beginning.")
    months_to_progression: Mapping[str, Positive] = Field(
        description="Median months until the disease of the others progresses, by arm."
    )
    every_days: Annotated[int, Field(strict=True, ge=7, le=365), INTEGRAL] = Field(
        description="Days from one assessment of the tumour to the next."
    )
    source: Source
    confidence: Confidence = None


class ChangeEndpoint(Part):
    """Change of something that is measured, from baseline to a visit."""

    type: Literal["change"] = "change"
    name: Name = Field(description="Name.")
    analyte: Name = Field(description="Id of the laboratory test or vital sign.")
    visit: Name = Field(description="Name of the visit.")


class EventEndpoint(Part):
    """Time from randomisation to the first of some outcomes."""

    type: Literal["time_to_event"] = "time_to_event"
    name: Name = Field(description="Name.")
    outcomes: tuple[Name, ...] = Field(min_length=1, description="Ids of the outcomes.")


class ResponseEndpoint(Part):
    """Share of subjects with a complete or partial response."""

    type: Literal["response"] = "response"
    name: Name = Field(description="Name.")


Endpoint = Annotated[ChangeEndpoint | EventEndpoint | ResponseEndpoint, Discriminator("type")]


class AdverseEvent(Part):
    """Something untoward that happens to some subjects while they are treated."""

    term: Name = Field(description="What, in own words.")
    system: Name = Field(description="Organ system.")
    share: Mapping[str, Share] = Field(description="Share of subjects who have it during the whole treatment, by arm.")
    moderate: Share = Field(default=0.3, description="Share of them that are moderate.")
    severe: Share = Field(default=0.05, description="Share of them that are severe.")
    serious: Share = Field(default=0.0, description="Share of them that are serious.")
    related: Share = Field(default=0.2, description="Share of them that are held to be caused by the drug.")
    days: Annotated[int, Field(strict=True, ge=1, le=3_660), INTEGRAL] = Field(
        default=10, description="Mean days until it is over."
    )
    source: Source
    confidence: Confidence = None


class Discontinuation(Part):
    """How many subjects leave before the end, and why."""

    share: Mapping[str, Share] = Field(description="Share who leave during the whole treatment, by arm.")
    reasons: Mapping[Reason, Rate] = Field(min_length=1, description="Why, with weights.")
    source: Source
    confidence: Confidence = None


class Conduct(Part):
    """How often subjects come as the schedule says."""

    missed: Share = Field(default=0.02, description="Share of visits that are missed.")
    outside: Share = Field(default=0.03, description="Share of visits that are later than their window.")
    source: Source
    confidence: Confidence = None


class Accrual(Part):
    """How many subjects are found, and how fast."""

    enrollment: Count = Field(description="Subjects to randomise.")
    days: Annotated[int, Field(strict=True, ge=1, le=3_660), INTEGRAL] = Field(
        description="Days from the first to the last randomisation, if as many are eligible as expected."
    )
    eligible: Annotated[Number, Field(gt=0, le=1)] = Field(description="Share of the screened who are randomised.")
    source: Source
    confidence: Confidence = None


class Protocol(Part):
    """A trial, as it is planned."""

    id: Name = Field(description="Identifier.")
    code: Annotated[str, Field(pattern=r"^[A-Z0-9][A-Z0-9-]{1,19}$")] = Field(description="STUDYID.")
    title: Name = Field(description="Title.")
    phase: Literal["I", "II", "III", "IV"] = Field(description="Phase.")
    indication: Indication = Field(description="The disease.")
    arms: tuple[Arm, ...] = Field(min_length=2, max_length=6, description="The arms, control first.")
    stratification: tuple[Factor, ...] = Field(default=(), max_length=4, description="What strata are made of.")
    inclusion: tuple[Criterion, ...] = Field(default=(), description="What people must be.")
    exclusion: tuple[Criterion, ...] = Field(default=(), description="What they must not be.")
    screening: Screening = Field(description="Screening.")
    treatment_days: Annotated[int, Field(strict=True, ge=7, le=3_660), INTEGRAL] = Field(
        description="Days of treatment."
    )
    visits: tuple[ScheduledVisit, ...] = Field(
        min_length=1, max_length=200, description="Visits after that of randomisation, in their order."
    )
    dosing: Dosing = Field(description="How the drugs are given.")
    tests: tuple[Name, ...] = Field(min_length=1, description="Laboratory tests and vital signs of every visit.")
    effects: tuple[Effect, ...] = Field(default=(), description="What the arms do to what is measured.")
    outcomes: tuple[Outcome, ...] = Field(default=(), description="What happens to subjects.")
    response: Response | None = Field(default=None, description="How tumours respond; none in other diseases.")
    endpoints: tuple[Endpoint, ...] = Field(min_length=1, description="Endpoints, the primary one first.")
    adverse_events: tuple[AdverseEvent, ...] = Field(default=(), max_length=60, description="Adverse events.")
    discontinuation: Discontinuation = Field(description="Who leaves before the end.")
    conduct: Conduct = Field(description="How well the schedule is kept.")
    accrual: Accrual = Field(description="How fast subjects are found.")
