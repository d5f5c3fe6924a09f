"""Headers and rows of the official files, cut down to a few counties."""

from pathlib import Path

OFFICIAL = Path(__file__).parents[4] / "shared" / "reference"

PLACES_HEADER = [
    "StateAbbr",
    "StateDesc",
    "CountyName",
    "CountyFIPS",
    "TotalPopulation",
    "DIABETES_CrudePrev",
    "DIABETES_Crude95CI",
    "DIABETES_AdjPrev",
    "DIABETES_Adj95CI",
    "BPHIGH_CrudePrev",
    "BPHIGH_Crude95CI",
    "BPHIGH_AdjPrev",
    "BPHIGH_Adj95CI",
    "Geolocation",
]
PLACES_ROWS = [
    [
        "TX",
        "Texas",
        "Harris",
        "48201",
        "4738253",
        "12.9",
        "(12.2, 13.5)",
        "13.1",
        "(12.4, 13.8)",
        "30.7",
        "(29.9, 31.5)",
        "32.1",
        "(31.3, 32.9)",
        "POINT (-95.39 29.85)",
    ],
    [
        "TX",
        "Texas",
        "Andrews",
        "48003",
        "18705",
        "11.9",
        "(11.2, 12.5)",
        "12.7",
        "( 9.9, 13.3)",
        "",
        "",
        "",
        "",
        "POINT (-102.6 32.3)",
    ],
    [
        "AL",
        "Alabama",
        "Autauga",
        "01001",
        "55869",
        "12.4",
        "(11.6, 13.1)",
        "11.3",
        "(10.6, 12)",
        "38.6",
        "(37.7, 39.5)",
        "36.1",
        "(35.2, 37)",
        "POINT (-86.64 32.53)",
    ],
]

LONG_HEADER = [
    "Year",
    "StateAbbr",
    "StateDesc",
    "LocationName",
    "DataSource",
    "Category",
    "Measure",
    "Data_Value_Unit",
    "Data_Value_Type",
    "Data_Value",
    "Data_Value_Footnote_Symbol",
    "Data_Value_Footnote",
    "Low_Confidence_Limit",
    "High_Confidence_Limit",
    "TotalPopulation",
    "Geolocation",
    "LocationID",
    "CategoryID",
    "MeasureId",
    "DataValueTypeID",
    "Short_Question_Text",
]

SVI_HEADER = [
    "ST",
    "STATE",
    "ST_ABBR",
    "STCNTY",
    "COUNTY",
    "FIPS",
    "LOCATION",
    "AREA_SQMI",
    "E_TOTPOP",
    "M_TOTPOP",
    "E_AGE65",
    "M_AGE65",
    "E_AGE17",
    "M_AGE17",
    "EP_UNINSUR",
    "EP_AGE65",
    "EP_AGE17",
    "RPL_THEME1",
    "RPL_THEMES",
    "E_AFAM",
    "E_HISP",
    "E_ASIAN",
    "E_AIAN",
    "E_NHPI",
    "E_TWOMORE",
    "E_OTHERRACE",
]
SVI_ROWS = [
    [
        "48",
        "Texas",
        "TX",
        "48003",
        "Andrews County",
        "48003",
        "Andrews County, Texas",
        "1500.7",
        "1000",
        "9",
        "100",
        "9",
        "300",
        "9",
        "21.5",
        "10",
        "30",
        "0.51",
        "0.6",
        "20",
        "560",
        "10",
        "5",
        "0",
        "15",
        "-999",
    ],
    [
        "1",
        "Alabama",
        "AL",
        "1001",
        "Autauga County",
        "1001",
        "Autauga County, Alabama",
        "594.4",
        "2000",
        "9",
        "320",
        "9",
        "460",
        "9",
        "-999",
        "16",
        "23",
        "0.5",
        "-999",
        "400",
        "60",
        "20",
        "4",
        "0",
        "80",
        "6",
    ],
]

AGES_HEADER = [
    "id",
    "geography",
    " Total_population",
    " Total_Male",
    " Total_Female",
    "Total_age0to17",
    "Male_age0to17",
    "Female_age0to17",
    "Total_age18to64",
    "Male_age18to64",
    "Female_age18to64",
    "Total_age65plus",
    "Male_age65plus",
    "Female_age65plus",
    "Total_age85plusr",
    "Male_age85plusr",
    "Female_age85plusr",
]
AGES_ROWS = [
    ["1000", "Alabama", *[""] * 15],
    [
        "1001",
        "Autauga County",
        "55601",
        "26995",
        "28606",
        "13163",
        "6726",
        "6437",
        "33785",
        "16482",
        "17303",
        "8653",
        "3787",
        "4866",
        "936",
        "300",
        "636",
    ],
]


def long_row(state: str, location: str, kind: str, value: str) -> list[str]:
    """Give a row of diabetes in the long form."""
    what = ["BRFSS", "Health Outcomes", "Diagnosed diabetes among adults", "%", "Prevalence"]
    bounds = ["", "", "9.9", "13.3"] if value else ["*", "Suppressed", "", ""]
    where = ["4738253", "POINT (-95.39 29.85)", location]
    return ["2020", state, state, location, *what, value, *bounds, *where, "HLTHOUT", "DIABETES", kind, "Diabetes"]


def places_row(state: str, fips: str, diabetes: float, people: int) -> list[str]:
    """Give a county's row in the wide form, with diabetes alone."""
    interval = f"({diabetes - 2:g}, {diabetes + 2:g})"
    known = [f"{diabetes:g}", interval, f"{diabetes:g}", interval, *[""] * 4]
    return [state, state, fips, fips, str(people), *known, "POINT (-71.5 41.6)"]


def svi_row(header: list[str], fips: str, **figures: float) -> list[str]:
    """Give a county's row of a release of the SVI: the figures named, missing ones -999."""
    texts = {"FIPS": fips, "STCNTY": fips, "COUNTY": "Some County", "LOCATION": "Some County, Some State"}
    texts |= {name: f"{value:g}" for name, value in figures.items()}
    return [texts.get(name, "-999") for name in header]


_SVI_PLACE = ["FIPS", "LOCATION", "AREA_SQMI"]
_SVI_2018 = ["TOTPOP", "HU", "HH", "POV", "UNEMP", "PCI", "NOHSDP", "AGE65", "AGE17", "DISABL", "SNGPNT"]
_SVI_2018 += ["MINRTY", "LIMENG", "MUNIT", "MOBILE", "CROWD", "NOVEH", "GROUPQ"]
_SVI_2020 = ["TOTPOP", "HU", "HH", "POV150", "UNEMP", "HBURD", "NOHSDP", "UNINSUR", "AGE65", "AGE17", "DISABL"]
_SVI_2020 += ["SNGPNT", "LIMENG", "MINRTY", "MUNIT", "MOBILE", "CROWD", "NOVEH", "GROUPQ"]
_SVI_RACES = ["NOINT", "AFAM", "HISP", "ASIAN", "AIAN", "NHPI", "TWOMORE", "OTHERRACE"]
_NO_PERCENTAGE = {"TOTPOP", "HU", "HH"}


def _svi(names: list[str]) -> list[str]:
    estimates = [f"{kind}_{name}" for name in names for kind in ("E", "M")]
    return estimates + [f"{kind}_{name}" for name in names if name not in _NO_PERCENTAGE for kind in ("EP", "MP")]


_RANKS = [f"{kind}_{theme}" for theme in ("THEME1", "THEME2", "THEME3", "THEME4", "THEMES") for kind in ("SPL", "RPL")]
_FLAGS = ["F_THEME1", "F_THEME2", "F_THEME3", "F_THEME4", "F_TOTAL"]

SVI_2018_HEADER = [
    *("ST", "STATE", "ST_ABBR", "COUNTY", *_SVI_PLACE, *_svi(_SVI_2018), *_RANKS, *_FLAGS),
    *("E_UNINSUR", "M_UNINSUR", "EP_UNINSUR", "MP_UNINSUR", "E_DAYPOP"),
]
"""The index of 2018: poverty below the line itself, income per head in dollars, no races."""

SVI_2020_HEADER = [
    *("ST", "STATE", "ST_ABBR", "STCNTY", "COUNTY", *_SVI_PLACE, *_svi(_SVI_2020), *_RANKS, *_FLAGS, "E_DAYPOP"),
    *_svi(_SVI_RACES),
]
"""The index of 2020, whose columns 2022 kept."""
