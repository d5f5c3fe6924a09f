"""The pharmacy's content as it is written in `benefits`: products, formularies, benefits, habits, rejections, rules."""

from functools import cache
from typing import Annotated, Literal, TypeVar, get_args

from pydantic import Field

from healthsim.content import content_directory
from healthsim.spec.insurance import LineOfBusiness
from healthsim.spec.model import Number, Part, Positive, Share

Kind = Literal["generic", "brand", "specialty", "otc"]
Channel = Literal["retail", "mail", "specialty"]
Reason = Literal["ER", "HD", "ID", "TD", "DD", "MC", "PG", "PA"]
Severity = Literal["major", "moderate", "minor"]
AdherenceClass = Literal["statin", "renin_angiotensin", "diabetes", "anticoagulant", "other"]
Amount = Annotated[Number, Field(ge=0)]
Document = TypeVar("Document", bound=Part)

REASONS: tuple[Reason, ...] = get_args(Reason)
SEVERITIES: tuple[Severity, ...] = get_args(Severity)


class Sourced(Part):
    """Something with its source."""

    source: str | None = None
    confidence: Literal["published", "assumed"] | None = None


class Product(Sourced):
    """What is dispensed of a drug: units, packages and prices in dollars."""

    rxnorm: str = ""
    name: str = ""
    kind: Kind
    unit: Literal["EA", "ML", "GM"]
    units_per_day: Positive
    package: Positive
    unit_price: Positive
    adherence: AdherenceClass = "other"
    maximum_units_per_day: Positive | None = None
    is_insulin: bool = False


class Products(Sourced):
    """`drug_prices.json`."""

    description: str
    default: Product
    drugs: tuple[Product, ...]


class FormularyRule(Part):
    """Where drugs are on a formulary, and what is asked of them."""

    names: tuple[str, ...]
    tier: Annotated[int, Field(ge=0, le=5)]
    is_excluded: bool = False
    prior_authorization: bool = False
    step_therapy: tuple[str, ...] = ()
    max_days: Annotated[int, Field(ge=1, le=365)] = 365


class Formulary(Sourced):
    """A list of drugs by tier."""

    id: str
    kinds: dict[Kind, int]
    max_days: Annotated[int, Field(ge=1, le=365)] = 365
    rules: tuple[FormularyRule, ...]


class Formularies(Sourced):
    """`formularies.json`."""

    description: str
    tiers: tuple[str, ...]
    formularies: tuple[Formulary, ...]


class Processor(Part):
    """Who processes the claims of a benefit; invented."""

    name: str
    bin: Annotated[str, Field(pattern=r"^999\d{3}$")]
    pcn: str
    group: str


class TierSharing(Part):
    """What a member pays on a tier: a copay for 30 days, or a share of the cost, at most so many dollars."""

    tier: Annotated[int, Field(ge=1, le=5)]
    copay: Amount | None = None
    coinsurance: Share | None = None
    maximum: Amount | None = None


class Benefit(Sourced):
    """What members of a line of business pay at the pharmacy."""

    id: str
    title: str
    line_of_business: LineOfBusiness
    formulary: str
    processor: Processor
    is_part_d: bool = False
    enrolled_share: Share = 1.0
    enrolled_source: str | None = None
    deductible: Amount = 0.0
    out_of_pocket_maximum: Amount | None = None
    deductible_tiers: tuple[int, ...]
    copay_free_before_age: int = 0
    cost_sharing: tuple[TierSharing, ...]
    copay_months_of_90_days: dict[Literal["retail", "mail"], Amount]
    fees: dict[Channel, Amount]
    prices: dict[Literal["generic", "brand", "specialty"], Positive]
    ninety_day_share: Share
    mail_share: Share


class PartDYear(Part):
    """Parameters of a year's standard benefit, dollars."""

    year: int
    deductible: Amount
    initial_limit: Amount | None = None
    out_of_pocket_threshold: Amount
    catastrophic_coinsurance: Share
    gap_coinsurance: Share = 0.25
    gap_discount: Share = 0.0
    initial_discount: Share = 0.0
    catastrophic_discount: Share = 0.0
    insulin_month: Amount | None = None


class PartDYears(Sourced):
    """The standard benefit, year by year."""

    description: str
    years: tuple[PartDYear, ...]


class Benefits(Sourced):
    """`pharmacy_benefits.json`."""

    description: str
    channels: tuple[Channel, ...]
    benefits: tuple[Benefit, ...]
    part_d_years: PartDYears


class Figure(Sourced):
    """A figure with its source."""

    value: Share = 0.0
    share: Share = 0.0
    days: int = 0
    generic: Share = 0.0
    brand: Share = 0.0


class ClassAdherence(Part):
    """Share of people with at least 80 % of days covered, by line of business."""

    id: AdherenceClass
    medicare: Share
    commercial: Share
    medicaid: Share


class Adherence(Sourced):
    """`adherence.json`."""

    description: str
    classes: tuple[ClassAdherence, ...]
    least: Share
    shared_by_a_person: Figure
    early_refills: Figure


class RejectCode(Part):
    """A reject code, with a title of our own."""

    code: str
    title: str


class Rejections(Sourced):
    """`pharmacy_rejections.json`."""

    description: str
    codes: tuple[RejectCode, ...]
    rates: dict[str, Figure]


class DurRule(Sourced):
    """A rule of drug utilization review."""

    id: str
    reason: Reason
    severity: Severity
    title: str
    names: tuple[str, ...] = ()
    others: tuple[str, ...] = Field(default=(), alias="with")
    codes: tuple[str, ...] = ()
    least_age: int | None = None
    most_age: int | None = None


class DurRules(Sourced):
    """`dur_rules.json`."""

    description: str
    rules: tuple[DurRule, ...]


@cache
def products() -> Products:
    """Give what is dispensed of each drug."""
    return _document(Products, "drug_prices")


@cache
def formularies() -> Formularies:
    """Give the formularies."""
    return _document(Formularies, "formularies")


@cache
def drug_benefits() -> Benefits:
    """Give the drug benefits."""
    return _document(Benefits, "pharmacy_benefits")


@cache
def adherence() -> Adherence:
    """Give how well people keep to their drugs."""
    return _document(Adherence, "adherence")


@cache
def rejections() -> Rejections:
    """Give why and how often claims are refused."""
    return _document(Rejections, "pharmacy_rejections")


@cache
def dur_rules() -> DurRules:
    """Give what pharmacies are warned of."""
    return _document(DurRules, "dur_rules")


def _document(kind: type[Document], name: str) -> Document:
    text = (content_directory("benefits") / f"{name}.json").read_text(encoding="utf-8")
    return kind.model_validate_json(text)
