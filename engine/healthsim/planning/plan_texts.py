"""The words of a plan: the texts that columns of its tables hold, and the titles that views add to codes."""

from collections.abc import Mapping

from healthsim.planning.journey_texts import code_titles, tables_of, with_texts
from healthsim.planning.measurements import MeasurementPlan, analyte_titles
from healthsim.planning.places import ranks_of
from healthsim.planning.products import Groundwork, Planned, Texts
from healthsim.planning.texts import texts_of_people, texts_of_utilization, texts_of_visits
from healthsim.planning.utilization_plan import UtilizationPlan
from healthsim.planning.visits import VisitPlan


def visited_for(utilization: UtilizationPlan | None, visits: VisitPlan | None) -> tuple[str, ...]:
    """Give the codes that visits of background care may be for, where the chart has visits."""
    return utilization.reasons.codes if utilization is not None and visits is not None else ()


def dictionaries_of(ground: Groundwork, measurements: MeasurementPlan | None) -> Texts:
    """Give the texts of charts, by table and column.

    Args:
        ground: What is planned of people; its own dictionaries are not looked at.
        measurements: What visits measure.
    """
    timeline, utilization, medications = ground.timeline, ground.utilization, ground.medications
    tables = tables_of(timeline) if timeline is not None else frozenset()
    reasons = visited_for(utilization, ground.visits) or ground.conditions.codes
    dictionaries: Texts = {
        **texts_of_people(ground.people, ground.address, ground.conditions, ground.care),
        **texts_of_visits(ground.visits, measurements, tables | ({"labs", "vitals"} if utilization else frozenset())),
        **(texts_of_utilization(utilization) if utilization else {}),
        **({"medications": {**medications.texts, "reason_code": reasons}} if medications else {}),
    }
    return dictionaries if timeline is None else with_texts(dictionaries, timeline, ground.conditions.codes)


def titles_of(ground: Groundwork, others: Planned, *, has_results: bool) -> Mapping[str, Mapping[str, str]]:
    """Give the titles of codes, by the kind of code.

    Args:
        ground: What is planned of people.
        others: What is planned of other products.
        has_results: Whether charts hold laboratory results or vital signs.
    """
    visits, utilization = ground.visits, ground.utilization
    return {
        **others.titles,
        "icd10": {
            **others.titles.get("icd10", {}),
            **{share.code: share.title for condition in ground.named for share in condition.codes},
            **(code_titles(ground.timeline) if ground.timeline is not None else {}),
            **(visits.titles if visits else {}),
            **(utilization.reasons.titles if utilization else {}),
            **(utilization.prevention.titles if utilization and utilization.prevention else {}),
        },
        "drug_names": ground.medications.names if ground.medications else {},
        "vulnerability": ranks_of(ground.home),
        **(analyte_titles() if has_results else {}),
    }
