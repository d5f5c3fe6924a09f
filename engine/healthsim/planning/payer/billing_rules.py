"""What the files of `benefits` may say of how care is billed."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator

from healthsim.planning.payer.billing_figures import Code, Dollars, Rule, Sourced
from healthsim.spec.insurance import Service

Share = Annotated[float, Field(ge=0, le=1)]
Shares = dict[str, Share]


class MinutesRung(Rule):
    """The code of a visit from some minutes on."""

    from_minutes: Annotated[int, Field(ge=0)]
    code: Code


class AgeRung(Rule):
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


class Test(Rule):
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
    """Codes of vaccines by CVX, and of giving them: the first, further ones, and those given by a code of their own."""

    codes: dict[str, Code]
    otherwise: Code
    first: Code
    further: Code
    apart: dict[str, Code]


class Otherwise(Rule):
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


SURGEON_SLOT = 8
"""Number of the claim of who operates during a stay; other numbers are those of bundles."""


class Line(Rule):
    """A line of a bundle.

    `share` is its share of the bundles; `otherwise` marks the line that is there where no other was drawn; `weight` its
    part of a stay's charge; `amount` what it is paid without a code, dollars; `newborn` whether newborns have it. Of
    the lines that are `one` of several, a bundle has one, by their shares.
    """

    code: Code | None = None
    level: Literal["emergency"] | None = None
    revenue: Code | None = None
    modifier: Code | None = None
    share: Share
    otherwise: bool = False
    one: bool = False
    weight: Annotated[int, Field(ge=1)] = 1
    amount: Dollars = 0.0
    units: Annotated[int, Field(ge=1)] | Literal["nights"] = 1
    newborn: bool = False


class ByAge(Rule):
    """A share by age."""

    under_18: Share
    under_65: Share
    from_65: Share


class Bundle(Sourced):
    """A claim that comes with some visits: whose it is, how often, and what is on it.

    One `without_results` names tests; it does not come with visits whose results the chart has. One that is `beside`
    another comes with the same visits, and what is drawn of its lines is drawn alike. It is `only_for` visits for
    diagnoses that begin so. `share_in_care` takes the place of `share` where the chart tells all visits of years and
    not the latest alone.
    """

    name: Code
    setting: Literal["office", "emergency", "inpatient"]
    slot: Annotated[int, Field(ge=0, le=15)]
    kind: Literal["professional", "outpatient", "inpatient"]
    priced: Literal["fees", "drg"]
    place_of_service: int | None = None
    beside: Code | None = None
    only_for: tuple[str, ...] = ()
    not_for: tuple[str, ...] = ()
    without_results: bool = False
    share: ByAge
    share_in_care: ByAge | None = None
    lines: Annotated[tuple[Line, ...], Field(min_length=1)]


class Times(Sourced):
    """A multiple."""

    times: Annotated[float, Field(gt=0)]


class ChargeMultiples(Rule):
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


class Elective(Rule):
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


class Billing(Rule):
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
        slots = [("inpatient", SURGEON_SLOT), *((bundle.setting, bundle.slot) for bundle in self.bundles)]
        if len(set(slots)) < len(slots):
            raise ValueError("two bundles of a setting share a slot")
        return self

    @model_validator(mode="after")
    def _stands_beside_its_like(self) -> "Billing":
        like = {bundle.name: (bundle.setting, bundle.share, bundle.only_for) for bundle in self.bundles}
        for bundle in self.bundles:
            if bundle.beside is not None and like.get(bundle.beside) != like[bundle.name]:
                raise ValueError(f"{bundle.name} does not come with the visits of {bundle.beside}")
        return self
