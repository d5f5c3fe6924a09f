"""What the files of `benefits` say of how care is billed, checked as they are read."""

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from healthsim.content import content_directory
from healthsim.errors import InvalidInputError, Problem, rendered
from healthsim.spec.insurance import Service

Share = Annotated[float, Field(ge=0, le=1)]
Dollars = Annotated[float, Field(ge=0)]
Code = Annotated[str, Field(min_length=1)]
Shares = dict[str, Share]
Content = TypeVar("Content", bound=BaseModel)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Sourced(_Part):
    """Figures with what they are from."""

    source: Code
    confidence: Literal["published", "assumed"] | None = None


class Fee(Sourced):
    """What Medicare pays for a code: relative values for `pfs`, else dollars; hospitals' always dollars."""

    code: Code
    schedule: Literal["pfs", "clfs", "opps", "asp", "none"]
    office: Dollars
    in_facility: Dollars
    hospital: Dollars
    service: Service
    revenue: Annotated[str, Field(pattern=r"^\d{4}$")]
    name: Code


class Group(Sourced):
    """A family of MS-DRGs: without complications, with them, with major ones; and which codes lead to it."""

    group: Code
    principal: tuple[str, ...]
    procedures: tuple[str, ...]
    without: Code
    without_weight: Annotated[float, Field(gt=0)]
    cc: Code
    cc_weight: Annotated[float, Field(gt=0)]
    mcc: Code
    mcc_weight: Annotated[float, Field(gt=0)]


class Locality(Sourced):
    """By how much prices of a state differ from the nation's."""

    state: Code
    factor: Annotated[float, Field(gt=0)]


class MinutesRung(_Part):
    """The code of a visit from some minutes on."""

    from_minutes: Annotated[int, Field(ge=0)]
    code: Code


class AgeRung(_Part):
    """The code of a visit from an age on."""

    from_age: Annotated[int, Field(ge=0)]
    code: Code


class MinutesLadder(Sourced):
    """Codes of visits of new and of known patients, by minutes."""

    new: tuple[MinutesRung, ...]
    known: tuple[MinutesRung, ...]


class AgeLadder(Sourced):
    """Codes of visits of new and of known patients, by age."""

    new: tuple[AgeRung, ...]
    known: tuple[AgeRung, ...]


class OneShare(Sourced):
    """A share."""

    share: Share


class Levels(Sourced):
    """Shares of the levels of emergency visits."""

    levels: Shares


class HospitalDays(Sourced):
    """Shares of the levels of physicians' visits in a hospital."""

    first: Shares
    later: Shares
    last: Shares
    newborn_first: Code
    newborn_later: Code


class Places(Sourced):
    """Place-of-service codes."""

    office: int
    telehealth: int
    home: int
    emergency: int
    inpatient: int
    laboratory: int


class VisitTypes(Sourced):
    """What types of encounters mean: no visit of its own, another code, a specialist's, a therapist's.

    `least` is the code of encounters that leave nothing to bill otherwise.
    """

    none: tuple[str, ...]
    least: Code
    codes: dict[str, Code]
    specialist: tuple[str, ...]
    therapy: tuple[str, ...]


class Test(_Part):
    """A test as it is billed: what must have been measured, and what it accounts for."""

    code: Code
    needs: tuple[str, ...]
    covers: tuple[str, ...]


class Laboratory(Sourced):
    """How results are billed; the first test that fits takes the results it covers."""

    tests: tuple[Test, ...]
    drawing: Code
    independent: Share


class Vaccines(Sourced):
    """Codes of vaccines by CVX, and of giving them."""

    codes: dict[str, Code]
    otherwise: Code
    first: Code
    further: Code


class Otherwise(_Part):
    """Fees of codes that are not named: those whose first character is `begins` or a later one."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    begins: str = Field(alias="from", min_length=1, max_length=1)
    office: Dollars
    in_facility: Dollars
    hospital: Dollars
    service: Service
    revenue: Code


class Procedures(Sourced):
    """How procedures are billed that have no code of a physician, and those whose fee is not named."""

    surgeons: dict[str, Code]
    deliveries: dict[str, Code]
    otherwise: tuple[Otherwise, ...]


class Line(_Part):
    """A line of a bundle.

    `share` is its share of the bundles; `otherwise` marks the line that is there where no other was drawn; `weight` its
    part of a stay's charge; `amount` what it is paid without a code, dollars; `newborn` whether newborns have it.
    """

    code: Code | None = None
    level: Literal["emergency"] | None = None
    revenue: Code | None = None
    modifier: Code | None = None
    share: Share
    otherwise: bool = False
    weight: Annotated[int, Field(ge=1)] = 1
    amount: Dollars = 0.0
    units: Annotated[int, Field(ge=1)] | Literal["nights"] = 1
    newborn: bool = False


class ByAge(_Part):
    """A share by age."""

    under_18: Share
    under_65: Share
    from_65: Share


class Bundle(Sourced):
    """A claim that comes with some visits: whose it is, how often, and what is on it."""

    name: Code
    setting: Literal["office", "emergency", "inpatient"]
    slot: Annotated[int, Field(ge=2, le=7)]
    kind: Literal["professional", "outpatient", "inpatient"]
    performer: Literal["hospital", "other"]
    priced: Literal["fees", "drg"]
    place_of_service: int | None = None
    not_for: tuple[str, ...] = ()
    share: ByAge
    lines: Annotated[tuple[Line, ...], Field(min_length=1)]


class Times(Sourced):
    """A multiple."""

    times: Annotated[float, Field(gt=0)]


class ChargeMultiples(_Part):
    """What is charged as multiples of what Medicare allows; every one leaves room for the spread."""

    professional: Times
    emergency: Times
    laboratory: Times
    outpatient: Times
    inpatient: Times
    spread: Times


class Network(Sourced):
    """Share of providers that belong to a plan's network, by type of plan."""

    shares: Shares


class Elective(_Part):
    """What stays are planned for: beginnings of procedures and of reasons."""

    procedures: tuple[str, ...]
    reasons: tuple[str, ...]


class Stays(Sourced):
    """How stays are billed."""

    bill_type: Code
    outpatient_bill_type: Code
    base_rate: Dollars
    base_source: Code
    elective: Elective
    newborn: tuple[str, ...]
    urgent: tuple[str, ...]
    discharge: dict[Literal["under_65", "from_65"], Shares]
    home: Code
    expired: Code


class ClaimDiagnoses(Sourced):
    """How many diagnoses claims list at most."""

    professional: Annotated[int, Field(ge=1, le=12)]
    institutional: Annotated[int, Field(ge=1, le=12)]


class Severity(Sourced):
    """Beginnings of codes that are complications, major ones, or none of these; the longest that fits holds."""

    mcc: tuple[str, ...]
    cc: tuple[str, ...]
    none: tuple[str, ...]


class Billing(_Part):
    """`benefits/billing.json`."""

    description: str
    office: MinutesLadder
    home: MinutesLadder
    preventive: AgeLadder
    new_patients: OneShare
    emergency: Levels
    inpatient: HospitalDays
    places: Places
    visit_types: VisitTypes
    services: dict[str, Service]
    laboratory: Laboratory
    vaccines: Vaccines
    procedures: Procedures
    bundles: tuple[Bundle, ...]
    charges: ChargeMultiples
    network: Network
    stays: Stays
    diagnoses: ClaimDiagnoses
    severity: Severity

    @model_validator(mode="after")
    def _has_one_claim_a_slot(self) -> "Billing":
        slots = [(bundle.setting, bundle.slot) for bundle in self.bundles]
        if len(set(slots)) < len(slots):
            raise ValueError("two bundles of a setting share a slot")
        return self


@cache
def billing_rules() -> Billing:
    """Read `benefits/billing.json`.

    Raises:
        InvalidInputError: It is not as it must be, or names a code without a fee; all problems at once.
    """
    path = "benefits/billing.json"
    text = (content_directory("benefits") / "billing.json").read_text(encoding="utf-8")
    try:
        rules = Billing.model_validate_json(text)
    except ValidationError as error:
        raise InvalidInputError(_problems(path, error)) from error
    unknown = tuple(
        Problem(f"{path}: {where}", "has no fee in benefits/fees.csv", rendered(code))
        for where, code in _codes(rules.model_dump(), "$")
        if code not in fees()
    )
    if unknown:
        raise InvalidInputError(unknown)
    return rules


@cache
def fees() -> Mapping[str, Fee]:
    """Read `benefits/fees.csv`, by code."""
    return {fee.code: fee for fee in _rows("fees.csv", Fee)}


@cache
def drg_groups() -> tuple[Group, ...]:
    """Read `benefits/drgs.csv`."""
    return _rows("drgs.csv", Group)


@cache
def localities() -> Mapping[str, float]:
    """Read `benefits/localities.csv`: factors by state."""
    return {locality.state: locality.factor for locality in _rows("localities.csv", Locality)}


_LISTS = ("principal", "procedures")


def _rows(name: str, model: type[Content]) -> tuple[Content, ...]:
    with (content_directory("benefits") / name).open(encoding="utf-8", newline="") as file:
        rows = [(line, _cells(row)) for line, row in enumerate(csv.DictReader(file), 2)]
    found: list[Content] = []
    problems: list[Problem] = []
    for line, row in rows:
        try:
            found.append(model.model_validate(row))
        except ValidationError as error:
            problems += _problems(f"benefits/{name}, line {line}", error)
    if problems:
        raise InvalidInputError(tuple(problems))
    return tuple(found)


def _cells(row: Mapping[str, str]) -> dict[str, Any]:
    return {
        name: tuple(part for part in cell.split(";") if part) if name in _LISTS else cell
        for name, cell in row.items()
        if cell or name in _LISTS
    }


def _problems(path: str, error: ValidationError) -> tuple[Problem, ...]:
    return tuple(
        Problem(f"{path}: {'.'.join(map(str, each['loc']))}", each["msg"], rendered(each["input"]))
        for each in error.errors()
    )


def _codes(part: Any, path: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - whatever JSON holds
    """Give the codes of services that rules name, with where."""
    if isinstance(part, dict):
        for name, each in part.items():
            where = f"{path}.{name}"
            if name in _NAMED_CODES and isinstance(each, str):
                yield where, each
            elif name in _CODES_BY_NAME:
                yield from ((f"{where}.{key}", code) for key, code in each.items())
            elif name in _SHARES_BY_CODE:
                yield from ((where, code) for code in each)
            else:
                yield from _codes(each, where)
    elif isinstance(part, tuple):
        for index, each in enumerate(part):
            yield from _codes(each, f"{path}[{index}]")


_NAMED_CODES = {"code", "least", "drawing", "first", "further", "newborn_first", "newborn_later"}
_CODES_BY_NAME = {"codes", "surgeons", "deliveries"}
_SHARES_BY_CODE = {"levels", "first", "later", "last"}
