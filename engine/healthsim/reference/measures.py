"""What the official figures are called and whom they count."""

from healthsim.reference.starter import read_table

_TABLE = read_table("measures.csv")

MEASURES = {row["name"]: (row["title"], row["among"]) for row in _TABLE if row["source"] == "places"}
"""Measures of CDC PLACES: title and whom the percentage counts."""

SOCIAL = {row["name"]: (row["title"], row["among"]) for row in _TABLE if row["source"] == "svi"}
"""Percentages of the Social Vulnerability Index: title and whom the percentage counts."""

RANKS = {row["name"]: row["title"] for row in _TABLE if row["source"] == "svi_rank"}
"""Ranks of the Social Vulnerability Index: title."""

_FIELDS = {row["name"]: row["field"] for row in read_table("place_fields.csv")}

FIELDS = {_FIELDS.get(name, f"pct_{name.lower()}"): name for name in (*MEASURES, *SOCIAL, *RANKS)}
"""Our own names of all of them, such as `pct_diabetes`, with the source's, such as `DIABETES`."""
