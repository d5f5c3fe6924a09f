"""The drugs that people take at their latest visit: who is treated, by which drugs, since when."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from healthsim.planning.medication_plan import MedicationPlan, PlannedDrug, PlannedGroup, PlannedTreatment
from healthsim.planning.plan import Floats, Ints
from healthsim.simulation.cases import Cases
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.drug_dates import Intake, dated, first_days
from healthsim.simulation.patients_seen import Patients, patients_of
from healthsim.simulation.people import People
from healthsim.simulation.traits import Traits
from healthsim.tables import MISSING


@dataclass(frozen=True, slots=True)
class Medications:
    """Drugs that people take or took, person after person; every array has the shape `(medications,)`.

    Attributes:
        person: Place of the person in the block.
        entry: Place of the drug in the plan; in order within a person.
        code: Index of the person's own code of the condition it is for.
        start_day: Day of its first order, days since 1970-01-01.
        end_day: Last day covered; missing for a drug taken on and on.
    """

    person: Ints
    entry: Ints
    code: Ints
    start_day: Ints
    end_day: Ints

    def ongoing(self, people: int, drugs: int) -> Booleans:
        """Tell who takes which drug on and on, shape `(people, drugs)`."""
        takes = np.zeros((people, drugs), np.bool_)
        rows = self.end_day == MISSING
        takes[self.person[rows], self.entry[rows]] = True
        return takes

    def only(self, rows: Booleans) -> "Medications":
        """Give some of them, by truth, shape `(medications,)`."""
        return Medications(
            self.person[rows], self.entry[rows], self.code[rows], self.start_day[rows], self.end_day[rows]
        )


def medications_taken(
    plan: MedicationPlan, people: People, cases: Cases, seen_day: Ints, traits: Traits
) -> Medications:
    """Give the drugs that people take at a visit.

    Conditions are treated one after another, in the order of the plan; whoever takes a drug of a group already, for
    whatever condition, takes no second one of it. `traits.taken` is filled on the way.

    Args:
        plan: The drugs.
        people: The people of a block.
        cases: Their conditions.
        seen_day: Day of everybody's visit, days since 1970-01-01, shape `(people,)`.
        traits: What conditions on them are asked of; at first nobody takes anything.
    """
    intakes: list[Intake] = []
    for treatment in plan.treatments:
        patients = _treated(treatment, patients_of(treatment.slot, people, cases, seen_day), traits)
        if len(patients.person):
            intakes += dated(_chosen(treatment, patients, traits), patients)
    return _sorted(intakes)


def _treated(treatment: PlannedTreatment, patients: Patients, traits: Traits) -> Patients:
    """Keep those who are treated at all."""
    share = np.full(len(patients.person), treatment.otherwise)
    for test, value in reversed(treatment.given):
        share = np.where(traits.hold(test, patients.person, patients.code), value, share)
    return patients.only(patients.draws.uniform(f"treated:{treatment.condition}") < share)


def _chosen(treatment: PlannedTreatment, patients: Patients, traits: Traits) -> list[tuple[PlannedDrug, Ints]]:
    """Give the drugs chosen, each with the rows of the patients who take it, group after group."""
    suits = {group.index: _suits(group, patients, traits) for group in treatment.groups}
    indices = [group.index for group in treatment.groups]
    covered = traits.taken[patients.person][:, indices]
    able = np.stack([suits[index].any(axis=0) for index in indices], axis=1)
    sets = ((able | covered)[:, : treatment.counting] @ (1 << np.arange(treatment.counting))).astype(np.int64)
    is_treated = np.asarray(covered[:, : treatment.counting].any(axis=1), np.bool_)
    chosen: list[tuple[PlannedDrug, Ints]] = []
    for place, group in enumerate(treatment.groups):
        suitable = _suits(group, patients, traits) if group.heeds_drugs else suits[group.index]
        chance = _chance(treatment, place, sets, is_treated)
        takes = (
            suitable.any(axis=0) & ~covered[:, place] & (patients.draws.uniform(f"drug_group:{group.name}") < chance)
        )
        rows = np.flatnonzero(takes)
        traits.taken[patients.person[rows], group.index] = True
        if place < treatment.counting:
            is_treated = is_treated | takes
        chosen += _one_of(group, patients, suitable, rows)
    return chosen


def _suits(group: PlannedGroup, patients: Patients, traits: Traits) -> Booleans:
    """Tell which drugs of a group suit whom, shape `(drugs, rows)`."""
    return np.stack([_suits_whom(drug, patients, traits) for drug in group.drugs])


def _suits_whom(drug: PlannedDrug, patients: Patients, traits: Traits) -> Booleans:
    needed = drug.drug.days_supply if drug.drug.is_course else 0
    in_time: Booleans = first_days(drug, patients) + needed <= patients.seen_day
    if drug.suits is None:
        return in_time
    return in_time & traits.hold(drug.suits, patients.person, patients.code)


def _chance(treatment: PlannedTreatment, place: int, sets: Ints, is_treated: Booleans) -> Floats:
    """Give everybody's chance of the group at a place, shape `(rows,)`."""
    if place >= treatment.counting:
        return np.full(len(sets), treatment.groups[place].share)
    chance: Floats = np.where(is_treated, treatment.chance_later[sets, place], treatment.chance_first[sets, place])
    return chance


def _one_of(group: PlannedGroup, patients: Patients, suitable: Booleans, rows: Ints) -> list[tuple[PlannedDrug, Ints]]:
    """Choose a drug of a group for each row, by the shares of those that suit."""
    shares = np.array([drug.drug.share for drug in group.drugs])
    upto = np.zeros((len(group.drugs), len(rows)))
    total = np.zeros(len(rows))
    for place in range(len(group.drugs)):
        total = total + shares[place] * suitable[place, rows]
        upto[place] = total
    wanted = patients.draws.rows(rows).uniform(f"drug:{group.name}") * total
    which = (upto <= wanted).sum(axis=0)
    return [(drug, rows[which == place]) for place, drug in enumerate(group.drugs)]


def _sorted(intakes: Sequence[Intake]) -> Medications:
    """Order by person, then by the drug's place in the plan."""
    if not intakes:
        none = np.zeros(0, np.int64)
        return Medications(none, none, none, none, none)
    columns: dict[str, Ints] = {
        name: np.concatenate([getattr(intake, name) for intake in intakes])
        for name in ("person", "entry", "code", "start_day", "end_day")
    }
    order = np.lexsort((columns["entry"], columns["person"]))
    return Medications(**{name: values[order] for name, values in columns.items()})
