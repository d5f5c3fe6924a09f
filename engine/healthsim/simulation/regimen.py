"""What people take because of journeys, while these unfold: which drugs suit, who takes them, and what they do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from healthsim.planning.event_details import Details, Diagnosis, Medication
from healthsim.planning.medication_plan import MedicationPlan, PlannedDrug
from healthsim.planning.plan import Floats, Ints
from healthsim.simulation.body import Body
from healthsim.simulation.cases import Cases
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.effects import add_effect, without_drugs
from healthsim.simulation.medications import Medications
from healthsim.simulation.people import People
from healthsim.simulation.traits import Traits, traits_of
from healthsim.tables import MISSING

NO_DRUG = -1
"""Entry of a drug where none is taken."""


@dataclass(frozen=True, slots=True)
class Order:
    """A drug that some are ordered, or stopped; every array has the shape `(people,)`.

    Attributes:
        nominal: Day of the journey for which it is meant; effects are seen by what is meant for later days.
        day: Its day, days since 1970-01-01.
        entry: Place of the drug in the plan; `NO_DRUG` for those who are not ordered it.
        stops: Entries of the drugs that are stopped; none for an order.
    """

    nominal: int
    day: Ints
    entry: Ints
    stops: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Before:
    """What people take before journeys.

    Attributes:
        taken: The drugs.
        removed: Drugs that people of surveys take and these do not, shape `(people, drugs)`: their whole effects are
            taken off the levels.
        is_kept: Whether people keep taking the drugs; else they begin without those that the journeys decide on, and
            others are not told.
    """

    taken: Medications
    removed: Booleans
    is_kept: bool


class Regimen:
    """The drugs of a block's people.

    Args:
        plan: The drugs they may take.
        people: The people.
        held: Which conditions they have, shape `(people, slots)`.
        cases: Their conditions, one by one.
        body: Their bodies, as surveys find people: most of them treated.
        before: What they take before the journeys.
    """

    def __init__(
        self, plan: MedicationPlan, people: People, held: Booleans, cases: Cases, body: Body, before: Before
    ) -> None:
        self._plan = plan
        self._people = people
        self._own = body.levels
        self._before = before
        self._takes = before.taken.ongoing(people.count, len(plan.drugs))
        self._codes = np.full((people.count, held.shape[1]), -1, np.int64)
        self._codes[cases.person, cases.slot] = cases.code
        self._orders: list[Order] = []
        self._pregnant_since = np.full(people.count, np.iinfo(np.int64).max)
        self._group_of = {
            drug.entry: group.index
            for treatment in plan.treatments
            for group in treatment.groups
            for drug in group.drugs
        }
        if not before.is_kept:
            self._takes = np.zeros_like(self._takes)
        self._untreated = without_drugs(body.levels, plan.drugs, before.removed) if before.removed.any() else {}
        seen = replace(body, levels={**body.levels, **self._untreated})
        self._levels = seen.levels
        self._traits = traits_of(plan, people, held, cases, seen, people.birth_day)

    @property
    def before(self) -> Medications:
        """What people take before the journeys."""
        return self._before.taken

    @property
    def levels(self) -> Mapping[str, Floats]:
        """Levels at the beginning of the journeys, by analyte, shape `(people,)` each."""
        return self._levels

    def drugs(self, wanted: Medication) -> tuple[PlannedDrug, ...]:
        """Give the drugs of the plan that an event names."""
        (treatment,) = (each for each in self._plan.treatments if each.condition == wanted.condition)
        every = (drug for group in treatment.groups for drug in group.drugs)
        return tuple(drug for drug in every if drug.drug.id in wanted.drugs)

    def ended_by(self, details: Details) -> tuple[tuple[int, ...], int]:
        """Give the entries of the drugs that an event ends, and the days from it to the last on which they are taken.

        A stop ends what it names. Pregnancy ends what it forbids, on the day before it is recorded.
        """
        if isinstance(details, Medication) and details.stops:
            return tuple(drug.entry for drug in self.drugs(details)), 0
        if isinstance(details, Diagnosis) and details.is_of_pregnancy:
            asks = (drug for drug in self._plan.drugs if drug.suits is not None and "pregnant" in drug.suits.columns)
            return tuple(drug.entry for drug in asks), -1
        return (), 0

    def become_pregnant(self, day: Ints, who: Booleans) -> None:
        """Take note of who is pregnant since a day: what does not suit then is not ordered."""
        np.minimum(self._pregnant_since, day, out=self._pregnant_since, where=who)

    def chosen(self, wanted: Medication, day: Ints, uniform: Floats) -> Ints:
        """Choose for everybody a drug of those an event names that suits on a day; `NO_DRUG` where none does.

        Whoever takes another drug of the same group takes no second one; the same one is ordered again, but not on the
        day on which it was begun before.
        """
        taken = self.taken(day)
        traits = replace(
            self._traits,
            days_lived=day - self._people.birth_day,
            pregnant=self._traits.pregnant | (self._pregnant_since <= day),
            taken=self._groups(taken),
        )
        drugs = self.drugs(wanted)
        suits = np.stack([self._suits(drug, traits, taken, day, wanted) for drug in drugs])
        shares = np.array([drug.drug.share for drug in drugs])[:, np.newaxis] * suits
        upto = np.cumsum(shares, axis=0)
        which = np.minimum((upto <= uniform * upto[-1]).sum(axis=0), len(drugs) - 1)
        entries = np.array([drug.entry for drug in drugs], np.int64)
        return np.where(suits.any(axis=0), entries[which], NO_DRUG)

    def taken(self, day: Ints) -> Booleans:
        """Tell who takes which drug on a day, shape `(people, drugs)`; drugs of before the journeys count all along."""
        takes = self._kept(day, None)
        for order, lasts in self._lasting(day, None):
            rows = np.flatnonzero(lasts)
            takes[rows, order.entry[rows]] = True
        return takes

    def names_taken(self, day: Ints) -> Mapping[str, Booleans]:
        """Tell who takes what on a day: drugs by id, ingredient and group, shape `(people,)` each."""
        taken = self.taken(day)
        names: dict[str, Booleans] = {"": np.zeros(len(day), np.bool_)}
        for planned in self._plan.drugs:
            for name in dict.fromkeys((planned.drug.id, planned.drug.ingredient, planned.drug.group)):
                names[name] = names.get(name, names[""]) | taken[:, planned.entry]
        return names

    def add(self, order: Order) -> None:
        """Take note of an order or a stop."""
        self._orders.append(order)

    def changed(self, day: Ints, nominal: int | None) -> Mapping[str, Floats]:
        """Give the levels that drugs have changed by a day, by analyte, shape `(people,)`.

        What several drugs do adds up; a drug's effect grows evenly to its full size.

        Args:
            day: The day, days since 1970-01-01.
            nominal: The day of the journey for which the measurement is meant; None for a visit apart from journeys,
                which sees all drugs of that day.
        """
        kept = self._kept(day, nominal)
        ended = self._takes & ~kept
        absent = ended | self._before.removed
        levels = without_drugs(self._own, self._plan.drugs, absent) if ended.any() else dict(self._untreated)
        grown: dict[int, dict[int, Floats]] = {}
        for order, lasts in self._lasting(day, nominal):
            for entry in np.flatnonzero(np.bincount(order.entry[lasts])).tolist():
                since = np.where(lasts & (order.entry == entry) & ~kept[:, entry], day - order.day, 0)
                by_length = grown.setdefault(entry, {})
                for length in {effect.days_to_full for effect in self._plan.drugs[entry].drug.effects}:
                    share = np.minimum(since / max(length, 1), 1.0)
                    by_length[length] = np.maximum(by_length[length], share) if length in by_length else share
        for entry in sorted(grown):
            for effect in self._plan.drugs[entry].drug.effects:
                add_effect(levels, self._own, effect, grown[entry][effect.days_to_full])
        return levels

    def _kept(self, day: Ints, nominal: int | None) -> Booleans:
        """Tell who takes which drug of before the journeys, by stops meant for days before a nominal one."""
        stops = [order for order in self._orders if order.stops and (nominal is None or order.nominal < nominal)]
        kept = self._takes.copy() if stops or nominal is None else self._takes
        for order in stops:
            kept[:, order.stops] &= ~((order.entry >= 0) & (order.day <= day))[:, np.newaxis]
        return kept

    def _lasting(self, day: Ints, nominal: int | None) -> Iterator[tuple[Order, Booleans]]:
        """Give orders with whom they hold for on a day, by what is meant for days before a nominal one."""
        known = [order for order in self._orders if nominal is None or order.nominal < nominal]
        stops = [order for order in known if order.stops]
        for order in known:
            if order.stops:
                continue
            lasts = (order.entry >= 0) & (order.day <= day)
            for stop in stops:
                is_of = np.isin(order.entry, stop.stops) & (stop.entry >= 0)
                lasts &= ~(is_of & (stop.day >= order.day) & (stop.day <= day))
            yield order, lasts

    def _groups(self, taken: Booleans) -> Booleans:
        groups = np.zeros((len(taken), len(self._plan.groups)), np.bool_)
        for entry, group in self._group_of.items():
            groups[:, group] |= taken[:, entry]
        return groups

    def _suits(
        self, drug: PlannedDrug, traits: Traits, taken: Booleans, day: Ints, wanted: Medication
    ) -> NDArray[np.bool_]:
        others = [
            entry
            for entry, group in self._group_of.items()
            if group == self._group_of[drug.entry] and entry != drug.entry
        ]
        first = np.maximum(self._people.birth_day + drug.minimum_days, drug.first_day)
        suits: Booleans = (day >= first) & ~taken[:, others].any(axis=1)
        suits &= ~self._collides(drug, others, day, wanted)
        if drug.suits is not None:
            code = self._codes[:, self._plan.slots[wanted.condition]]
            suits &= traits.hold(drug.suits, np.arange(len(day)), code)
        return suits

    def _collides(self, drug: PlannedDrug, others: Sequence[int], day: Ints, wanted: Medication) -> Booleans:
        """Tell for whom an order would begin with the same drug, or overlap with a course of its group."""
        collides = np.zeros(len(day), np.bool_)
        if not self._before.is_kept:
            return collides
        taken = self._before.taken
        supply = drug.drug.days_supply if wanted.days_supply is None else wanted.days_supply
        refills = drug.drug.refills if wanted.refills is None else wanted.refills
        ordered = day[taken.person]
        is_same = (taken.entry == drug.entry) & (taken.start_day == ordered)
        overlaps = (taken.start_day < ordered + supply * (refills + 1)) & (ordered <= taken.end_day)
        is_course = (taken.end_day != MISSING) & np.isin(taken.entry, (drug.entry, *others))
        collides[taken.person[is_same | (is_course & overlaps)]] = True
        return collides
