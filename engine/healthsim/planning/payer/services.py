"""Kinds of services, as benefits tell them apart."""

SERVICES = (
    "preventive",
    "primary_care",
    "specialist",
    "telehealth",
    "emergency",
    "inpatient",
    "outpatient_hospital",
    "surgery",
    "laboratory",
    "imaging",
    "mental_health",
    "therapy",
    "maternity",
    "immunization",
    "drug_administration",
    "other",
)
