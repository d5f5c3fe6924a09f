"""Groups of people that surveys publish figures of: by sex, age and condition."""

from collections.abc import Iterable
from dataclasses import dataclass

from healthsim.skills import SkillLibrary

_SEXES = {"F": "women", "M": "men", "": "people"}
_OLDEST = 120


@dataclass(frozen=True, slots=True)
class Group:
    """People.

    Attributes:
        condition: Id of the condition they have; empty for people in general.
        sex: Their sex; empty for both.
        ages: Youngest and oldest, completed years; 120 stands for no end.
        codes: The only codes of the condition that count; none for all of them.
        without: Id of a condition that they do not have; empty for none.
    """

    condition: str
    sex: str
    ages: tuple[int, int]
    codes: tuple[str, ...] = ()
    without: str = ""

    def sql(self, library: SkillLibrary) -> str:
        """Give the end of a SELECT over their bodies."""
        clauses = [f"age BETWEEN {self.ages[0]} AND {self.ages[1]}"]
        if self.sex:
            clauses.append(f"gender = '{self.sex}'")
        if self.condition:
            clauses.append(f"person_id IN ({people_with(self.codes or _codes(self.condition, library))})")
        if self.without:
            clauses.append(f"person_id NOT IN ({people_with(_codes(self.without, library))})")
        return f"FROM bodies WHERE {' AND '.join(clauses)}"

    def in_words(self, library: SkillLibrary) -> str:
        """Say who they are."""
        first, last = self.ages
        ages = f"{first} and over" if last == _OLDEST else f"{first} to {last}"
        having = f" with {_name(self.condition, library)}" if self.condition else ""
        lacking = f" without {_name(self.without, library)}" if self.without else ""
        return f"{_SEXES[self.sex]} of {ages}{having}{lacking}"


def people_with(codes: Iterable[str]) -> str:
    """Give the SELECT of people with any of some codes."""
    listed = ", ".join("'" + code.replace("'", "''") + "'" for code in codes)
    return f"SELECT DISTINCT person_id FROM diagnoses WHERE code IN ({listed})"  # noqa: S608 - quoted


def _codes(condition: str, library: SkillLibrary) -> tuple[str, ...]:
    return tuple(share.code for share in library.condition(condition).codes)


def _name(condition: str, library: SkillLibrary) -> str:
    return library.condition(condition).name.lower()
