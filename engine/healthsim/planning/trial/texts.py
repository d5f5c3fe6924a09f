"""The texts behind the codes of a trial's tables, and the names and units of its tests."""

from collections.abc import Mapping

import numpy as np

from healthsim.planning.plan import SEXES, Ints
from healthsim.planning.trial.course import BEST_RESPONSES
from healthsim.planning.trial.trial_plan import TrialPlan
from healthsim.reference import analytes
from healthsim.spec import Protocol
from healthsim.spec.protocol import AdverseEvent, EventEndpoint, Outcome

EPOCHS = ("SCREENING", "TREATMENT")
STATUSES = ("SCREEN FAILURE", "COMPLETED", "DISCONTINUED")
VISIT_STATUSES = ("COMPLETED", "MISSED")
DEVIATIONS = ("OUT OF WINDOW", "MISSED VISIT")
SEVERITIES = ("MILD", "MODERATE", "SEVERE")
ACTIONS = ("DOSE NOT CHANGED", "DRUG WITHDRAWN", "NOT APPLICABLE")
AE_OUTCOMES = ("RECOVERED/RESOLVED", "NOT RECOVERED/NOT RESOLVED", "FATAL")
RELATIONS = ("NOT RELATED", "RELATED")
YES_NO = ("N", "Y")
DOMAINS = ("LB", "VS", "TR", "RS", "TT")
RESULTS = (*BEST_RESPONSES, "NE", "EVENT", "CENSORED")
CATEGORIES = ("PROTOCOL MILESTONE", "DISPOSITION EVENT")
CONSENTED, RANDOMISED, FAILED = "INFORMED CONSENT OBTAINED", "RANDOMIZED", "SCREEN FAILURE"
COMPLETED, DIED, PROGRESSED = "COMPLETED", "DEATH", "PROGRESSIVE DISEASE"
OTHER_DEATH = ("Death", "General disorders")
"""Term and organ system of a death that the trial did not foresee."""

ONCE = "ONCE"
"""Frequency of a dose that a journey gives."""

NOT_CODED = "Not coded"
"""Organ system of adverse events that journeys name."""

_CODES: Mapping[str, str] = {
    "sbp": "SYSBP",
    "dbp": "DIABP",
    "temperature": "TEMP",
    "glucose": "GLUC",
    "creatinine": "CREAT",
    "potassium": "K",
    "hemoglobin": "HGB",
    "hematocrit": "HCT",
    "platelets": "PLAT",
    "total_cholesterol": "CHOL",
    "triglycerides": "TRIG",
    "bilirubin": "BILI",
    "albumin": "ALB",
    "alkaline_phosphatase": "ALP",
    "nt_probnp": "BNPPRONT",
    "ejection_fraction": "LVEF",
    "estimated_average_glucose": "EAG",
    "spo2": "OXYSAT",
}
"""CDISC's code of a test where it is not our name of the analyte in capitals."""

SUM_OF_DIAMETERS, OVERALL_RESPONSE, BEST_RESPONSE = "SUMDIAM", "OVRLRESP", "BOR"


def test_code(analyte: str) -> str:
    """Give the code under which an analyte stands in the table of measurements."""
    return _CODES.get(analyte, analyte.upper())


def endings(protocol: Protocol) -> tuple[str, ...]:
    """Give the terms of dispositions: milestones, the ends that follow from what happens, the reasons to leave."""
    reasons = tuple(protocol.discontinuation.reasons)
    return (CONSENTED, RANDOMISED, FAILED, COMPLETED, DIED, PROGRESSED, *reasons)


def codes_of_tests(plan: TrialPlan) -> tuple[str, ...]:
    """Give the codes of tests: analytes in the plan's order, tumours and responses, times to events."""
    times = (f"TTE{place}" for place, each in enumerate(plan.protocol.endpoints, 1) if isinstance(each, EventEndpoint))
    return (*map(test_code, plan.tests), SUM_OF_DIAMETERS, OVERALL_RESPONSE, BEST_RESPONSE, *times)


def texts_of_trial(plan: TrialPlan) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Give the texts of the tables of a trial, each once."""
    return {
        table: {name: tuple(dict.fromkeys(texts)) for name, texts in columns.items()}
        for table, columns in _listed(plan).items()
    }


def places_of_texts(plan: TrialPlan) -> Mapping[tuple[str, str], Ints]:
    """Give where texts stand in the dictionaries of columns that list some twice, such as the units of arms."""
    return {
        (table, name): np.array([list(dict.fromkeys(texts)).index(text) for text in texts], np.int64)
        for table, columns in _listed(plan).items()
        for name, texts in columns.items()
        if len(set(texts)) < len(texts)
    }


def _listed(plan: TrialPlan) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Give the texts of the tables of a trial, in the order in which its plan counts what they name."""
    protocol, arms = plan.protocol, plan.protocol.arms
    of_subject = {"studyid": (protocol.code,), "siteid": plan.sites.ids}
    events: tuple[AdverseEvent | Outcome, ...] = (*protocol.adverse_events, *protocol.outcomes)
    ends = endings(protocol)
    return {
        "trials": {},
        "sites": {},
        "subjects": {
            **of_subject,
            "status": STATUSES,
            "screen_failure_reason": plan.eligibility.reasons,
            "stratum": plan.eligibility.strata,
            "armcd": tuple(arm.id for arm in arms),
            "arm": tuple(arm.name for arm in arms),
            "sex": SEXES,
        },
        "trial_visits": {
            **of_subject,
            "visit": plan.schedule.names,
            "epoch": EPOCHS,
            "status": VISIT_STATUSES,
            "deviation": DEVIATIONS,
        },
        "adverse_events": {
            **of_subject,
            "aedecod": (*(event.term for event in events), OTHER_DEATH[0], *plan.events.terms),
            "aebodsys": (*(event.system for event in events), OTHER_DEATH[1], *(NOT_CODED for _ in plan.events.terms)),
            "aesev": SEVERITIES,
            "aeser": YES_NO,
            "aerel": RELATIONS,
            "aeacn": ACTIONS,
            "aeout": AE_OUTCOMES,
        },
        "exposures": {
            **of_subject,
            "extrt": tuple(arm.treatment for arm in arms),
            "exdosu": tuple(arm.unit for arm in arms),
            "exdosfrm": (protocol.dosing.form,),
            "exdosfrq": (protocol.dosing.frequency, *((ONCE,) if "dosing" in plan.events.types else ())),
            "exroute": (protocol.dosing.route,),
        },
        "trial_measurements": {**of_subject, "domain": DOMAINS, "testcd": codes_of_tests(plan), "result": RESULTS},
        "dispositions": {
            **of_subject,
            "dscat": CATEGORIES,
            "epoch": EPOCHS,
            "dsdecod": ends,
            "dsterm": (*(end.capitalize() for end in ends), *plan.eligibility.reasons),
        },
    }


def titles_of_trial(plan: TrialPlan) -> Mapping[str, Mapping[str, str]]:
    """Give the names and units of the tests of a trial."""
    known = [(test_code(name), analytes()[name]) for name in plan.tests]
    times = {
        f"TTE{place}": f"Time to: {each.name}"
        for place, each in enumerate(plan.protocol.endpoints, 1)
        if isinstance(each, EventEndpoint)
    }
    names = {SUM_OF_DIAMETERS: "Sum of diameters", OVERALL_RESPONSE: "Response", BEST_RESPONSE: "Best response"}
    units = {SUM_OF_DIAMETERS: "mm", OVERALL_RESPONSE: "", BEST_RESPONSE: "", **dict.fromkeys(times, "d")}
    return {
        "trial_tests": {**{code: analyte.name for code, analyte in known}, **names, **times},
        "trial_units": {**{code: analyte.unit for code, analyte in known}, **units},
    }
