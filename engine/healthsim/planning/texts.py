"""The texts behind the codes of tables: of people, and of what visits leave behind."""

from collections.abc import Collection, Mapping

from healthsim.planning.attributes_plan import SMOKING_STATUSES
from healthsim.planning.care_plan import CarePlan
from healthsim.planning.measurements import FLAGS, MeasurementPlan
from healthsim.planning.plan import SEXES, AddressPlan, ConditionsPlan, PeoplePlan
from healthsim.planning.utilization_plan import UtilizationPlan
from healthsim.planning.visits import VisitPlan
from healthsim.reference import PAYERS

RACE_TEXTS = (
    "White",
    "Black or African American",
    "Asian",
    "American Indian or Alaska Native",
    "Native Hawaiian or Other Pacific Islander",
    "Other Race",
    "Two or More Races",
)
ETHNICITY_TEXTS = ("Hispanic or Latino", "Not Hispanic or Latino")


def texts_of_people(
    who: PeoplePlan, address: AddressPlan, conditions: ConditionsPlan, care: CarePlan | None
) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Give the texts of the tables that describe people, and name those that describe who cares for them."""
    dictionaries: dict[str, Mapping[str, tuple[str, ...]]] = {
        "patients": {
            "given_name": address.given_names,
            "family_name": address.family_names,
            "gender": SEXES,
            "race": RACE_TEXTS,
            "ethnicity": ETHNICITY_TEXTS,
            "street": address.streets,
            "city": address.cities,
            "state": who.states,
            "zip": address.zips,
            "county_fips": who.counties,
            "smoking_status": SMOKING_STATUSES,
            "insurance": PAYERS,
        },
        "diagnoses": {"code": conditions.codes},
    }
    if care is not None:
        dictionaries |= {"providers_used": {}, "facilities_used": {}}
    return dictionaries


def texts_of_visits(
    visits: VisitPlan | None, measurements: MeasurementPlan | None, tables: Collection[str]
) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Give the texts of the tables that visits leave behind, and of the measurements that journeys ask for."""
    texts: dict[str, Mapping[str, tuple[str, ...]]] = {}
    if visits is not None:
        texts["encounters"] = {
            "class_code": ("AMB",),
            "type": ("Office visit", "Preventive visit"),
            "reason_code": visits.reasons,
        }
    if measurements is not None and (visits is not None or "labs" in tables):
        texts["labs"] = {"loinc": tuple(analyte.loinc for analyte in measurements.labs), "abnormal_flag": FLAGS}
    if measurements is not None and (visits is not None or "vitals" in tables):
        texts["vitals"] = {"loinc": tuple(analyte.loinc for analyte in measurements.vitals)}
    return texts


def texts_of_utilization(utilization: UtilizationPlan) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Give the texts of the tables that background care leaves rows in; those there without it come first."""
    prevention = utilization.prevention.texts if utilization.prevention else {}
    return {"encounters": utilization.reasons.texts, "diagnoses": {"code": utilization.reasons.codes}, **prevention}
