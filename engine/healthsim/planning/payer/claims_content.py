"""What the files of `benefits` say of how payers handle claims, checked as they are read."""

from typing import Annotated, Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from healthsim.content import content_directory
from healthsim.errors import InvalidInputError, Problem, rendered
from healthsim.spec.insurance import LineOfBusiness, Service

LINES: tuple[LineOfBusiness, ...] = get_args(LineOfBusiness)
"""Lines of business."""

GROUP_CODES = ("CO", "PR", "OA", "PI")
"""Who bears an adjustment: the provider by contract, the patient, another, the provider by the payer's decision."""

Share = Annotated[float, Field(ge=0, le=1)]
Days = Annotated[int, Field(ge=0)]
Steps = Annotated[tuple[Days, ...], Field(min_length=1)]
Content = TypeVar("Content", bound=BaseModel)


class Sourced(BaseModel):
    """Figures with what they are from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: Annotated[str, Field(min_length=1)]
    confidence: Literal["assumed"] | None = None


class LineDenials(Sourced):
    """Of a line of business, the share of first submissions denied, and of these the share paid in the end."""

    denied: Share
    paid_later: Share


class Times(Sourced):
    """By how much something is more often."""

    times: Annotated[float, Field(gt=0)]


class Adjustment(Sourced):
    """A reason for which less than the charge is allowed, with its codes."""

    name: str
    carc: str
    rarc: str | None
    group: Literal["CO", "PR", "OA", "PI"]
    meaning: str


class Reason(Adjustment):
    """A reason for which claims are denied, and its share of denials."""

    category: str
    share: Share
    resubmitted: Share


class Denials(BaseModel):
    """`benefits/denials.json`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    description: str
    lines: dict[LineOfBusiness, LineDenials]
    out_of_network: Times
    reasons: tuple[Reason, ...]
    adjustments: tuple[Adjustment, ...]


class LineAuthorizations(Sourced):
    """Of a line of business, shares of requests denied, of denials appealed, and of appeals that overturn them."""

    denied: Share
    appealed: Share
    overturned: Share


class OfServices(Sourced):
    """A share of each service."""

    services: dict[Service, Share]


class OneShare(Sourced):
    """A share."""

    share: Share


class DecisionDays(Sourced):
    """Days within which requests are decided."""

    standard: Days
    urgent: Days


class MostDays(Sourced):
    """Days at most."""

    most: Days


class AppealDays(Sourced):
    """Days within which an appeal is filed, and then decided."""

    filed: Days
    decided: Days


class Authorizations(BaseModel):
    """`benefits/authorizations.json`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    description: str
    lines: dict[LineOfBusiness, LineAuthorizations]
    required: OfServices
    claims: OfServices
    urgent_share: OneShare
    decision_days: DecisionDays
    request_days: MostDays
    appeal_days: AppealDays


class ReceivedDays(Sourced):
    """Days from the last service to the claim, in equally likely steps, by kind of claim."""

    professional: Steps
    outpatient: Steps
    inpatient: Steps


class StepDays(Sourced):
    """Days, in equally likely steps."""

    days: Steps


class Window(Sourced):
    """Days, each equally likely."""

    least: Days
    most: Days


class FixedDays(Sourced):
    """Days."""

    days: Days


class Adjusted(Sourced):
    """Share of paid claims decided on again, and by which share they had been priced too low."""

    share: Share
    underpaid: Share


class Uncovered(Sourced):
    """Share of services near a coverage that are billed to it, and how near that is."""

    submitted: Share
    days_after: Days
    days_before: Days


class Secondary(Sourced):
    """Share of members whose plan pays second, by line, and the share of the allowed that the first payer pays."""

    commercial: Share
    exchange: Share
    medicare_advantage: Share
    medicare: Share
    medicaid: Share
    least_paid: Share
    most_paid: Share


class Family(Sourced):
    """What a relative pays out of pocket in a year, dollars in equally likely steps, and its part for deductibles."""

    spending: Steps
    deductible_share: Share


class MedicareHospital(Sourced):
    """What a day of a stay from the 61st costs patients, dollars, and the days after which a benefit period ends."""

    day_61_coinsurance: Days
    benefit_period_days: Days


class Payday(Sourced):
    """The day of the week, from Monday as 0, on which payers pay."""

    weekday: Annotated[int, Field(ge=0, le=6)]


class Handling(BaseModel):
    """`benefits/claims_handling.json`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    description: str
    received_days: ReceivedDays
    decision_days: StepDays
    resubmission_days: Window
    duplicate_days: Window
    adjustment_days: Window
    runout_days: FixedDays
    adjusted: Adjusted
    voided: OneShare
    uncovered: Uncovered
    secondary: Secondary
    family: Family
    medicare: MedicareHospital
    payday: Payday


def benefits_file(name: str, model: type[Content]) -> Content:
    """Read a file of `benefits`.

    Args:
        name: The file's, without its ending.
        model: What it must be.

    Raises:
        InvalidInputError: It is something else; every problem has its path.
    """
    text = (content_directory("benefits") / f"{name}.json").read_text(encoding="utf-8")
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        raise InvalidInputError(
            Problem(
                f"benefits/{name}.json: $.{'.'.join(map(str, problem['loc']))}",
                problem["msg"],
                rendered(problem["input"]),
            )
            for problem in error.errors()
        ) from error
