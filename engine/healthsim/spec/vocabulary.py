"""Words of a profile: the categories of its attributes, and the other spellings of them that are understood."""

from collections.abc import Mapping
from typing import Literal

Product = Literal["patientsim", "membersim", "rxmembersim", "trialsim"]
Attribute = Literal["age", "gender", "race", "ethnicity"]

PRODUCTS: tuple[Product, ...] = ("patientsim", "membersim", "rxmembersim", "trialsim")
ATTRIBUTES: tuple[Attribute, ...] = ("age", "gender", "race", "ethnicity")

CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "gender": ("F", "M"),
    "race": ("white", "black", "asian", "aian", "nhpi", "other", "two_or_more"),
    "ethnicity": ("hispanic", "not_hispanic"),
}
"""Categories by attribute, as a profile keeps them."""

OLDEST = 110
"""Highest age, completed years."""

_OTHER_SPELLINGS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "gender": {"F": ("f", "female", "woman", "women", "girl"), "M": ("m", "male", "man", "men", "boy")},
    "race": {
        "white": ("caucasian",),
        "black": ("black or african american", "african american", "aa"),
        "asian": ("asian american",),
        "aian": ("american indian or alaska native", "american indian", "alaska native", "native american"),
        "nhpi": (
            "native hawaiian or other pacific islander",
            "native hawaiian or pacific islander",
            "native hawaiian",
            "pacific islander",
        ),
        "other": ("other race", "some other race"),
        "two_or_more": ("two or more races", "two or more", "multiracial", "mixed"),
    },
    "ethnicity": {
        "hispanic": ("hispanic or latino", "latino", "latina", "latinx"),
        "not_hispanic": (
            "not hispanic or latino",
            "not hispanic",
            "non hispanic",
            "nonhispanic",
            "non hispanic or latino",
        ),
    },
}


def spelled(attribute: str) -> dict[str, str]:
    """Give every spelling of an attribute's categories, folded, with the category it stands for."""
    found = {_folded(category): category for category in CATEGORIES[attribute]}
    for category, spellings in _OTHER_SPELLINGS[attribute].items():
        found.update({_folded(spelling): category for spelling in spellings})
    return found


def category(attribute: str, text: str) -> str | None:
    """Give the category a text stands for, None where it stands for none."""
    return spelled(attribute).get(_folded(text))


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").replace("-", " ").replace("/", " ").split())
