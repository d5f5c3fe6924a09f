"""What a plan says of the measurements of the care that people have anyway."""

from dataclasses import dataclass

from healthsim.planning.body_plan import BodyPlan
from healthsim.planning.measurements import Booleans
from healthsim.randomness import Floats, Ints


@dataclass(frozen=True, slots=True)
class MonitoredTest:
    """A test that is repeated for one or more conditions: for all of them once, at the shortest of their intervals.

    Attributes:
        lab: Place of the test among the laboratory tests.
        parts: The test with what it is computed from, shape `(labs,)`.
        intervals: Slots of the conditions, each with the days after which it is due again.
        shares: The different intervals in days, ascending, each with the share of the times at which the test is done
            when it is due and the person is seen.
    """

    lab: int
    parts: Booleans
    intervals: tuple[tuple[int, int], ...]
    shares: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class PanelRule:
    """A panel that is ordered in place of two or more of its tests.

    Attributes:
        tests: What it brings, shape `(labs,)`.
        counted: Which of these are measured and not computed, of the same shape.
        own: Which of these no smaller panel within it has; without one of them the smaller one serves.
    """

    tests: Booleans
    counted: Booleans
    own: Booleans


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
        routine_shares: Share of adults' visits to offices at which each panel is ordered whatever people have.
        monitored: Tests that conditions call for, at offices.
        panels: Panels that take the place of single tests there.
        emergency: Tests at emergency departments.
        inpatient: Tests on admission.
        sign_days: Day from which each vital sign was taken, days since 1970-01-01, shape `(vitals,)`.
        first_row: Number of the first result, and of the first vital sign, among a person's.
        expected_labs: Results expected a person.
        expected_vitals: Vital signs expected a person.
    """

    body: BodyPlan
    hypertension_slots: tuple[int, ...]
    vital_shares: Floats
    signs: Booleans
    routine_shares: tuple[float, ...]
    monitored: tuple[MonitoredTest, ...]
    panels: tuple[PanelRule, ...]
    emergency: BloodTests
    inpatient: BloodTests
    sign_days: Ints
    first_row: tuple[int, int]
    expected_labs: float
    expected_vitals: float
