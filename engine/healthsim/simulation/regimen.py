"""What people take because of journeys, while these unfold: which drugs suit, who takes them, and what they do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from healthsim.planning.event_details import Medication
from healthsim.planning.medication_plan import MedicationPlan, PlannedDrug
from healthsim.planning.plan import Floats, Ints
from healthsim.simulation.body import Body
from healthsim.simulation.cases import Cases
from healthsim.simulation.conditions import Booleans
from healthsim.simulation.people import People
from healthsim.simulation.traits import Traits, traits_of

NO_DRUG = -1
"""Entry of a drug where none is taken."""

_LEAST = {"hba1c": 5.0, "glucose": 75.0}
"""Levels that drugs for diabetes do not go below: what people without diabetes have (assumed)."""

_GLUCOSE_PER_A1C = 28.7
"""mg/dL of average glucose for each percent of HbA1c (Nathan et al. 2008, Diabetes Care 31:1473)."""


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


class Regimen:
    """The drugs of a block's people.

    Args:
        plan: The drugs they may take.
        people: The people.
        held: Which conditions they have, shape `(people, slots)`.
        cases: Their conditions, one by one.
        body: Their bodies.
    """

    def __init__(self, plan: MedicationPlan, people: People, held: Booleans, cases: Cases, body: Body) -> None:
        self._plan = plan
        self._traits = traits_of(plan, people, held, cases, body, people.birth_day)
        self._people = people
        self._body = body
        self._codes = np.full((people.count, held.shape[1]), -1, np.int64)
        self._codes[cases.person, cases.slot] = cases.code
        self._orders: list[Order] = []
        self._group_of = {
            drug.entry: group.index
            for treatment in plan.treatments
            for group in treatment.groups
            for drug in group.drugs
        }

    def drugs(self, wanted: Medication) -> tuple[PlannedDrug, ...]:
        """Give the drugs of the plan that an event names."""
        (treatment,) = (each for each in self._plan.treatments if each.condition == wanted.condition)
        every = (drug for group in treatment.groups for drug in group.drugs)
        return tuple(drug for drug in every if drug.drug.id in wanted.drugs)

    def chosen(self, wanted: Medication, day: Ints, uniform: Floats) -> Ints:
        """Choose for everybody a drug of those an event names that suits on a day; `NO_DRUG` where none does.

        Whoever takes another drug of the same group takes no second one; the same one is ordered again.
        """
        taken = self.taken(day)
        traits = replace(self._traits, days_lived=day - self._people.birth_day, taken=self._groups(taken))
        drugs = self.drugs(wanted)
        suits = np.stack([self._suits(drug, traits, taken, day, wanted) for drug in drugs])
        shares = np.array([drug.drug.share for drug in drugs])[:, np.newaxis] * suits
        upto = np.cumsum(shares, axis=0)
        which = np.minimum((upto <= uniform * upto[-1]).sum(axis=0), len(drugs) - 1)
        entries = np.array([drug.entry for drug in drugs], np.int64)
        return np.where(suits.any(axis=0), entries[which], NO_DRUG)

    def taken(self, day: Ints) -> Booleans:
        """Tell who takes which drug on a day, shape `(people, drugs)`."""
        takes = np.zeros((len(day), len(self._plan.drugs)), np.bool_)
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

    def changed(self, day: Ints, nominal: int) -> Mapping[str, Floats]:
        """Give the levels that drugs have changed by a day, by analyte, shape `(people,)`.

        What several drugs do adds up; a drug's effect grows evenly to its full size.

        Args:
            day: The day, days since 1970-01-01.
            nominal: The day of the journey for which the measurement is meant.
        """
        levels: dict[str, Floats] = {}
        grown: dict[tuple[int, str], Floats] = {}
        for order, lasts in self._lasting(day, nominal):
            for entry in np.unique(order.entry[lasts]).tolist():
                since = np.where(lasts & (order.entry == entry), day - order.day, 0)
                for effect in self._plan.drugs[entry].drug.effects:
                    share = np.minimum(since / max(effect.days_to_full, 1), 1.0)
                    before = grown.get((entry, effect.analyte))
                    grown[entry, effect.analyte] = share if before is None else np.maximum(before, share)
        for (entry, analyte), share in grown.items():
            for effect in self._plan.drugs[entry].drug.effects:
                if effect.analyte == analyte:
                    self._change(levels, analyte, effect.change, effect.ratio, share)
        return levels

    def _change(self, levels: dict[str, Floats], analyte: str, change: float, ratio: float, share: Floats) -> None:
        """Change the levels that an effect on an analyte changes, in place."""
        own = self._body.levels.get(analyte)
        if own is None:
            return
        more = share * (change + (ratio - 1.0) * levels.get(analyte, own))
        for name, size in ((analyte, 1.0), *_FOLLOWS.get(analyte, ())):
            level = levels.get(name, self._body.levels[name])
            levels[name] = np.maximum(level + size * more, np.minimum(level, _LEAST.get(name, 0.0)))

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
        if drug.suits is not None:
            code = self._codes[:, self._plan.slots[wanted.condition]]
            suits &= traits.hold(drug.suits, np.arange(len(day)), code)
        return suits


_FOLLOWS: Mapping[str, tuple[tuple[str, float], ...]] = {
    "hba1c": (("glucose", _GLUCOSE_PER_A1C),),
    "ldl": (("total_cholesterol", 1.0),),
}
"""What changes with an analyte, and by how much for each unit of it."""
