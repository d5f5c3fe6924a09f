"""What a plan says of the measurements of the care that people have anyway."""

from dataclasses import dataclass

from healthsim.planning.body_plan import BodyPlan
from healthsim.planning.measurements import Booleans
from healthsim.randomness import Floats, Ints


@dataclass(frozen=True, slots=True)
class Monitoring:
    """Tests that are repeated for a condition after the same time.

    Attributes:
        slot: Slot of the condition.
        name: The condition's id and the interval; names the streams.
        interval_days: Days after which they are due again.
        shares: Different shares at which they are done when they are due, descending.
        tests: Tests that are done at each of these, with what they are computed from, shape `(shares, labs)`.
    """

    slot: int
    name: str
    interval_days: int
    shares: tuple[float, ...]
    tests: Booleans


@dataclass(frozen=True, slots=True)
class BloodTests:
    """Tests of blood at visits to emergency departments, or on admission.

    Attributes:
        share: Share of adults of whom blood is tested.
        panel_shares: Share of these who have each panel.
        panels: Tests of the panels, shape `(panels, labs)`. The first is independent of the others, of which there is
            one at most.
    """

    share: float
    panel_shares: tuple[float, ...]
    panels: Booleans


@dataclass(frozen=True, slots=True)
class TestingPlan:
    """What is measured in the care that people have anyway.

    Attributes:
        body: How the bodies are that are measured: as in the plan, but that body mass index nears what it is with
            obesity before that is there.
        hypertension_slots: Slots of the conditions whose patients have their pressure taken at nearly every visit.
        vital_shares: Share of visits at which vital signs are taken, by kind of care and group: children, adults,
            adults with hypertension, and those who are there for an examination, shape `(kinds, 4)`.
        signs: Which vital signs are taken in each kind of care, shape `(kinds, vitals)`.
        monitoring: Tests that conditions call for, at offices.
        emergency: Tests at emergency departments.
        inpatient: Tests on admission.
        lab_days: Day from which each test was in use, days since 1970-01-01, shape `(labs,)`.
        sign_days: The same of vital signs.
        first_row: Number of the first result, and of the first vital sign, among a person's.
        expected_labs: Results expected a person.
        expected_vitals: Vital signs expected a person.
    """

    body: BodyPlan
    hypertension_slots: tuple[int, ...]
    vital_shares: Floats
    signs: Booleans
    monitoring: tuple[Monitoring, ...]
    emergency: BloodTests
    inpatient: BloodTests
    lab_days: Ints
    sign_days: Ints
    first_row: tuple[int, int]
    expected_labs: float
    expected_vitals: float
