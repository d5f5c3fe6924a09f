"""What the rows of an event are made of, by kind of event."""

from dataclasses import dataclass

PREGNANCY_CODES = ("O", "Z33.1", "Z34", "Z3A")
"""Beginnings of codes of pregnancy, childbirth and the puerperium, and of supervised and incidental pregnancy."""


@dataclass(frozen=True, slots=True)
class Encounter:
    """A visit or a stay.

    Attributes:
        class_code: Class in HL7 v3 ActCode.
        type: Kind of encounter.
        reason_code: ICD-10-CM code of what it is for; None for that of the event's condition.
        minutes: How long it takes; None where that varies as in life.
        nights: Nights of a stay; None where they vary as in life.
    """

    class_code: str
    type: str
    reason_code: str | None
    minutes: int | None
    nights: int | None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A condition that is recorded.

    Attributes:
        code: ICD-10-CM code; None for the person's own code of the event's condition.
        is_new: Whether the event's condition begins with it.
    """

    code: str | None
    is_new: bool = False

    @property
    def is_of_pregnancy(self) -> bool:
        """Whether the code says that the person is pregnant or gives birth."""
        return self.code is not None and self.code.startswith(PREGNANCY_CODES)


@dataclass(frozen=True, slots=True)
class Procedure:
    """Something that is done.

    Attributes:
        system: Code system.
        code: Code in it.
        name: What is done.
    """

    system: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Immunization:
    """A vaccine that is given.

    Attributes:
        cvx: CVX code.
        name: The vaccine.
    """

    cvx: str
    name: str


@dataclass(frozen=True, slots=True)
class Referral:
    """A referral.

    Attributes:
        specialty: Title of the specialty.
        reason_code: ICD-10-CM code; None for that of the event's condition.
    """

    specialty: str
    reason_code: str | None


@dataclass(frozen=True, slots=True)
class Labs:
    """Laboratory tests.

    Attributes:
        analytes: Their ids, with whatever they are computed from and told with.
    """

    analytes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Vitals:
    """Vital signs.

    Attributes:
        signs: Their ids, with whatever they are computed from; None for the usual ones.
    """

    signs: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Medication:
    """A drug that is ordered, or stopped.

    Attributes:
        condition: Id of the condition it is for.
        drugs: Ids of the drugs of the condition's skill, of which one that suits is taken.
        stops: Whether it is stopped.
        days_supply: Days that one dispensing lasts; None for the usual ones.
        refills: Refills allowed; None for the usual ones.
    """

    condition: str
    drugs: tuple[str, ...]
    stops: bool
    days_supply: int | None
    refills: int | None


@dataclass(frozen=True, slots=True)
class Discharge:
    """The end of a stay."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """A change of ward within a stay.

    Attributes:
        unit: The ward that the person comes to.
    """

    unit: str


@dataclass(frozen=True, slots=True)
class PlanOfCare:
    """A plan of care that is written.

    Attributes:
        category: What kind of plan it is.
        title: Its title.
        goals: What it aims at; None for nothing that is said.
        days: How long it holds; None where it has no end.
        reason_code: ICD-10-CM code; None for that of the event's condition.
    """

    category: str
    title: str
    goals: str | None
    days: int | None
    reason_code: str | None


@dataclass(frozen=True, slots=True)
class Death:
    """The end of a life."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A mark on a person's timeline, of which the event's product makes what it will."""


MARKED = (
    "enrollment",
    "disenrollment",
    "eligibility_check",
    "prior_authorization",
    "claim",
    "payment",
    "fill",
    "refill",
    "adherence_gap",
    "reversal",
    "dur_alert",
    "screening",
    "randomization",
    "trial_visit",
    "dosing",
    "efficacy_measure",
    "adverse_event",
    "withdrawal",
    "completion",
)
"""Types of events that are marks."""


Details = (
    Encounter
    | Diagnosis
    | Procedure
    | Immunization
    | Referral
    | Labs
    | Vitals
    | Medication
    | Discharge
    | Transfer
    | PlanOfCare
    | Death
    | Marked
)
