"""The profile: what a population shall be."""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from healthsim.spec.coverage import Coverage
from healthsim.spec.dates import no_number
from healthsim.spec.distributions import Distribution
from healthsim.spec.figures import PlaceFigures
from healthsim.spec.journey import JourneyDefinition
from healthsim.spec.listings import FacilityRequest, ProviderRequest
from healthsim.spec.model import INTEGRAL, Part, Share
from healthsim.spec.pharmacy import Pharmacy
from healthsim.spec.places import PlaceReference
from healthsim.spec.trial import Trial
from healthsim.spec.utilization import Utilization
from healthsim.spec.vocabulary import Product

DEFAULT_AS_OF = date(2025, 1, 1)
"""The date at which ages hold when a profile names none; a constant, so that no run depends on its day."""

MOST_PEOPLE = 100_000_000
_MOST_SEED = 2**63 - 1


Seed = Annotated[int, Field(strict=True, ge=0, le=_MOST_SEED), INTEGRAL]

Storage = Literal["auto", "duckdb", "parquet"]


class Generation(Part):
    """How many people, and from which seed."""

    count: Annotated[int, Field(strict=True, ge=1, le=MOST_PEOPLE), INTEGRAL] = Field(
        default=100, description="People."
    )
    seed: Seed | None = Field(
        default=None,
        description="Seed of all draws; the same seed gives the same cohort. Drawn and reported if absent.",
    )
    batch_size: Annotated[int, Field(strict=True, ge=1), INTEGRAL] | None = Field(
        default=None, description="Accepted for compatibility; has no effect on the rows."
    )
    storage: Storage | None = Field(
        default=None, description="How the cohort is kept; by its size if auto or absent. Has no effect on the rows."
    )


class Demographics(Part):
    """Who the people are; what is left out follows the reference population."""

    age: Distribution | None = Field(default=None, description="Completed years at as_of, 0 to 110.")
    gender: Distribution | None = Field(default=None, description="F or M.")
    race: Distribution | None = Field(default=None, description="Race, in the categories of the Census.")
    ethnicity: Distribution | None = Field(default=None, description="Hispanic or not.")
    source: Literal["populationsim"] | None = Field(
        default=None, description="Take age, sex, race, ethnicity and prevalences of the place from reference data."
    )
    reference: PlaceReference | None = Field(default=None, description="The place; the nation if absent.")
    figures: PlaceFigures | None = Field(
        default=None, description="Figures of the place, frozen; they hold whatever reference data are at hand."
    )


class ConditionRequest(Part):
    """A condition people shall have."""

    code: str | None = Field(default=None, description="ICD-10-CM code or category, such as E11 or E11.9.")
    name: str | None = Field(default=None, description="Name or alias of a skill's condition, such as diabetes.")
    description: str | None = Field(default=None, description="For the reader.")
    prevalence: Share | None = Field(default=None, description="Share who have it, 0 to 1; as in life if absent.")

    @model_validator(mode="after")
    def _is_named(self) -> Self:
        if self.code is None and self.name is None:
            raise ValueError("a condition needs its code, such as E11, or its name, such as diabetes")
        return self


Baseline = Literal["none", "visit", "examination"]


class Clinical(Part):
    """What the people have."""

    primary_condition: ConditionRequest | None = Field(
        default=None, description="The condition the population is about; everybody has it if no prevalence is given."
    )
    comorbidities: tuple[ConditionRequest, ...] = Field(
        default=(), description="Conditions with prevalences among the people with the primary condition."
    )
    conditions: tuple[ConditionRequest, ...] = Field(
        default=(), description="Conditions with prevalences among all people."
    )
    baseline: Baseline = Field(
        default="visit",
        description="Everybody's latest visit, with the tests their conditions call for; one with every test; or none.",
    )


JourneyRequest = Annotated[
    Annotated[JourneyDefinition, Tag("journey")] | Annotated[str, Tag("name")],
    Discriminator(lambda value: "name" if isinstance(value, str) else "journey"),
]
"""A journey in full, or the id of a known one."""

Section = dict[str, Any] | None


class Profile(Part):
    """A population in words: who, how many, with what."""

    id: str = Field(default="profile", min_length=1, max_length=128, description="Identifier.")
    name: str | None = Field(default=None, max_length=256, description="Name, for people.")
    description: str | None = Field(default=None, description="What the population is for.")
    products: tuple[Product, ...] = Field(default=("patientsim",), min_length=1, description="Products to make.")
    as_of: Annotated[date, BeforeValidator(no_number), Field(ge=date(1950, 1, 1), le=date(2100, 12, 31))] = Field(
        default=DEFAULT_AS_OF, description="Date at which ages hold."
    )
    generation: Generation = Field(default_factory=Generation, description="Number of people, and seed.")
    demographics: Demographics = Field(default_factory=Demographics, description="Who the people are.")
    clinical: Clinical = Field(default_factory=Clinical, description="Conditions of the people.")
    providers: ProviderRequest | None = Field(default=None, description="Providers they see.")
    facilities: FacilityRequest | None = Field(default=None, description="Facilities they use.")
    utilization: Utilization | None = Field(
        default=None, description="Visits and stays that people have anyway; none if absent."
    )
    journeys: tuple[JourneyRequest, ...] = Field(default=(), description="Journeys they go through, or their ids.")
    start_date: (
        Annotated[date, BeforeValidator(no_number), Field(ge=date(1950, 1, 1), le=date(2100, 12, 31))] | None
    ) = Field(default=None, description="First day of the journeys; as_of if absent.")
    journey_seed: Seed | None = Field(
        default=None, description="Seed of what happens in journeys, apart from that of the people."
    )
    coverage: Coverage | None = Field(default=None, description="Insurance; of membersim and rxmembersim.")
    pharmacy: Pharmacy | None = Field(default=None, description="Pharmacy benefit; of rxmembersim.")
    trial: Trial | None = Field(default=None, description="Clinical trial; belongs to trialsim.")
