"""The part of the clean cohort in which everybody takes part in a trial, written by hand."""

from collections.abc import Iterable
from datetime import date
from typing import Any

Row = dict[str, Any]

SLOTS = 65_536
CONSENT, FIRST, SECOND, LAST = date(2024, 1, 3), date(2024, 1, 15), date(2024, 2, 12), date(2024, 5, 31)


def trial_tables(people: Iterable[int]) -> dict[str, list[Row]]:
    """Give the tables of a trial; keys are `person_id * SLOTS` and a number."""
    everybody = list(people)
    return {
        "trials": [{"studyid": "HS-1", "title": "A trial", "first_day": CONSENT}],
        "sites": [{"studyid": "HS-1", "siteid": "101", "name": "A site"}],
        "subjects": [_subject(person) for person in everybody],
        "trial_visits": [visit for person in everybody for visit in _visits(person)],
        "adverse_events": [_event(person) for person in everybody],
        "exposures": [_exposure(person) for person in everybody],
        "trial_measurements": [result for person in everybody for result in _results(person)],
        "dispositions": [row for person in everybody for row in _dispositions(person)],
    }


def _of(person: int) -> Row:
    return {"person_id": person, "studyid": "HS-1", "siteid": "101", "usubjid": f"HS-1-101-{person:07d}"}


def _subject(person: int) -> Row:
    dates = {"rficdtc": CONSENT, "rfstdtc": FIRST, "rfendtc": LAST, "dthdtc": None}
    arm = {"status": "COMPLETED", "screen_failure_reason": None, "armcd": "active", "arm": "Active"}
    return {**_of(person), **dates, **arm, "randomization_number": person, "age": 63, "sex": "F"}


def _visits(person: int) -> list[Row]:
    first = {"visit_id": person * SLOTS, "visitnum": 1, "planned_date": CONSENT, "svstdtc": CONSENT}
    second = {"visit_id": person * SLOTS + 1, "visitnum": 2, "planned_date": SECOND, "svstdtc": SECOND}
    window = {"window_first": date(2024, 2, 9), "window_last": date(2024, 2, 15)}
    kept = {"status": "COMPLETED", "deviation": None}
    return [
        {**_of(person), **first, "window_first": None, "window_last": None, **kept},
        {**_of(person), **second, **window, **kept},
    ]


def _event(person: int) -> Row:
    event = {"aedecod": "Headache", "aesev": "MILD", "aeser": "N", "aeout": "RECOVERED/RESOLVED"}
    dates = {"aestdtc": SECOND, "aeendtc": date(2024, 2, 14)}
    return {**_of(person), "ae_id": person * SLOTS, **event, **dates}


def _exposure(person: int) -> Row:
    dates = {"exstdtc": FIRST, "exendtc": LAST}
    return {**_of(person), "exposure_id": person * SLOTS, **dates, "doses_planned": 168, "doses_taken": 160}


def _results(person: int) -> list[Row]:
    first = {"measurement_id": person * SLOTS, "visit_id": person * SLOTS, "value": 8.0, "base": None, "chg": None}
    second = {
        "measurement_id": person * SLOTS + 1,
        "visit_id": person * SLOTS + 1,
        "value": 7.5,
        "base": 8.0,
        "chg": -0.5,
    }
    return [
        {**_of(person), **row, "testcd": "HBA1C", "measured_date": day}
        for row, day in ((first, CONSENT), (second, SECOND))
    ]


def _dispositions(person: int) -> list[Row]:
    rows = (
        ("PROTOCOL MILESTONE", "INFORMED CONSENT OBTAINED", CONSENT),
        ("PROTOCOL MILESTONE", "RANDOMIZED", FIRST),
        ("DISPOSITION EVENT", "COMPLETED", LAST),
    )
    return [
        {**_of(person), "disposition_id": person * SLOTS + slot, "dscat": kind, "dsdecod": term, "dsstdtc": day}
        for slot, (kind, term, day) in enumerate(rows)
    ]
