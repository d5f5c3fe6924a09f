"""The orders in which arrays count sexes, ages and groups of race and ethnicity."""

SEXES = ("F", "M")
"""The sexes, in the order of every axis of sexes."""

GROUPS = ("white", "black", "asian", "aian", "nhpi", "other", "two_or_more", "hispanic")
"""Groups of race and ethnicity, in the order of every axis of groups; all but the last are not Hispanic."""

AGES = 111
"""Ages are completed years, 0 to 110."""

CONDITIONS = (
    "ARTHRITIS",
    "BPHIGH",
    "CANCER",
    "CASTHMA",
    "CHD",
    "COPD",
    "DEPRESSION",
    "DIABETES",
    "HIGHCHOL",
    "KIDNEY",
    "OBESITY",
    "STROKE",
)
"""The measures of CDC PLACES that are conditions."""

SMOKING = "CSMOKING"
"""The measure of CDC PLACES that counts current smokers."""

GENERATED = (*CONDITIONS, SMOKING)
"""The measures of CDC PLACES that generation reads."""
