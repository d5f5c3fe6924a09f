"""Which drugs journeys decide on: what people begin without, where nothing is known of them before."""

import numpy as np
from numpy.typing import NDArray

from healthsim.planning.event_details import Medication
from healthsim.planning.journey_plan import TimelinePlan
from healthsim.planning.medication_plan import MedicationPlan


def drugs_governed(plan: MedicationPlan, timeline: TimelinePlan) -> NDArray[np.bool_]:
    """Tell which drugs journeys decide on, shape `(drugs,)`.

    These are all drugs for the conditions for which they order any, and all drugs of a group of which they order one,
    whatever for.
    """
    ordered = [event.details for event in timeline.events if isinstance(event.details, Medication)]
    conditions = {each.condition for each in ordered if not each.stops}
    named = {(each.condition, drug) for each in ordered if not each.stops for drug in each.drugs}
    of_condition = {
        drug.entry: treatment.condition
        for treatment in plan.treatments
        for group in treatment.groups
        for drug in group.drugs
    }
    groups = {each.drug.group for each in plan.drugs if (of_condition[each.entry], each.drug.id) in named}
    decided = [of_condition[each.entry] in conditions or each.drug.group in groups for each in plan.drugs]
    return np.array(decided, np.bool_) | drugs_of_new(plan, timeline)


def drugs_of_new(plan: MedicationPlan, timeline: TimelinePlan) -> NDArray[np.bool_]:
    """Tell which drugs are for conditions that begin with journeys, shape `(drugs,)`."""
    slots = {new.slot for new in timeline.new_onsets}
    of_new = {
        drug.entry
        for treatment in plan.treatments
        for group in treatment.groups
        for drug in group.drugs
        if treatment.slot in slots
    }
    return np.array([each.entry in of_new for each in plan.drugs], np.bool_)
