"""What a profile's names of conditions stand for: a skill's condition, or an ICD-10-CM code that no skill knows."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from healthsim.errors import NotFoundError, Problem, did_you_mean, rendered
from healthsim.planning.plan import Among
from healthsim.reference import (
    CONDITIONS,
    billable_below,
    icd10_title,
    is_billable,
    is_icd10,
    nearest_codes,
    sex_and_age_of,
)
from healthsim.skills import CodeShare, Condition, SkillLibrary
from healthsim.spec import Clinical, ConditionRequest

Role = Literal["primary", "comorbidity", "condition", "background"]
Background = Literal["none", "measures", "all"]
"""Which conditions nobody asked for are there: none, those that CDC PLACES counts, or all that skills know."""

_AMONG: Mapping[Role, Among] = {"primary": "all", "comorbidity": "primary", "condition": "all", "background": "adults"}
_NAMED_CHILDREN = 4


@dataclass(frozen=True, slots=True)
class NamedCondition:
    """A condition of the profile, with its codes.

    Attributes:
        id: The skill's name of it, or `icd10:` and the code.
        name: For people.
        code: Category or code asked for.
        role: Its place in the profile.
        asked: Prevalence asked for; None for the natural one.
        codes: Billable codes with their shares.
        model: The skill's condition; None where no skill knows the code, and everybody is equally likely to have it.
        part: Share of the skill's condition that the codes are, 1 for all of it.
    """

    id: str
    name: str
    code: str
    role: Role
    asked: float | None
    codes: tuple[CodeShare, ...]
    model: Condition | None
    part: float = 1.0

    @property
    def among(self) -> Among:
        """Whom its prevalence is counted among."""
        return _AMONG[self.role]

    @property
    def loadings(self) -> Mapping[str, float]:
        """Loadings of its liability on the latent factors."""
        return self.model.loadings if self.model else MappingProxyType({})


def named_conditions(
    clinical: Clinical, library: SkillLibrary, *, background: Background
) -> tuple[tuple[NamedCondition, ...], tuple[Problem, ...]]:
    """Look the conditions of a profile up.

    Args:
        clinical: The profile's section.
        library: The skills.
        background: Which conditions that are not asked for are there, as common as they are in the place or the nation.

    Returns:
        The conditions, the primary one first, and every problem found.
    """
    found: dict[str, NamedCondition] = {}
    problems: list[Problem] = []
    for role, path, request in _requests(clinical):
        named = _named(request, role, path, library)
        if isinstance(named, Problem):
            problems.append(named)
        elif named.id in found:
            message = f"the same condition as {found[named.id].code}, asked for twice"
            problems.append(Problem(path, message, rendered(request.code or request.name)))
        else:
            found[named.id] = named
    for model in _unasked(library, background):
        found.setdefault(model.id, _from_skill(model, None, "background", None, model.codes))
    return tuple(found.values()), tuple(problems)


def _requests(clinical: Clinical) -> Iterator[tuple[Role, str, ConditionRequest]]:
    if clinical.primary_condition is not None:
        yield "primary", "$.clinical.primary_condition", clinical.primary_condition
    for index, request in enumerate(clinical.comorbidities):
        yield "comorbidity", f"$.clinical.comorbidities[{index}]", request
    for index, request in enumerate(clinical.conditions):
        yield "condition", f"$.clinical.conditions[{index}]", request


def _unasked(library: SkillLibrary, background: Background) -> Iterable[Condition]:
    """Give the conditions that are there unasked, those of CDC PLACES first."""
    if background == "none":
        return ()
    measured = [model for model in map(library.for_measure, CONDITIONS) if model is not None]
    return measured if background == "measures" else [*measured, *library.conditions]


def _named(request: ConditionRequest, role: Role, path: str, library: SkillLibrary) -> NamedCondition | Problem:
    asked = 1.0 if role == "primary" and request.prevalence is None else request.prevalence
    model = library.find(request.code or request.name or "")
    if model is not None:
        codes = _codes_at(model, request.code)
        if codes:
            return _from_skill(model, request.code, role, asked, codes)
    if request.code is None:
        try:
            library.condition(request.name or "", path=f"{path}.name")
        except NotFoundError as error:
            return error.problems[0]
    return _from_code(request, role, path, asked, model)


def _codes_at(model: Condition, code: str | None) -> tuple[CodeShare, ...]:
    """Give the condition's codes at or below the one asked for, all of them for a name.

    Where all its codes that require nothing are among them, so are those that take their place in people who have
    something else: whoever asks for I10 gets I12.9 in people with kidney disease.
    """
    if code is None or all(share.code.startswith(code) for share in model.codes if not share.requires):
        return model.codes
    return tuple(share for share in model.codes if share.code.startswith(code))


def _from_skill(
    model: Condition, code: str | None, role: Role, asked: float | None, codes: tuple[CodeShare, ...]
) -> NamedCondition:
    own = (*model.categories, model.id)[0]
    part = sum(share.share for share in codes) / sum(share.share for share in model.codes)
    return NamedCondition(model.id, model.name, code or own, role, asked, codes, model, part)


def _from_code(
    request: ConditionRequest, role: Role, path: str, asked: float | None, model: Condition | None
) -> NamedCondition | Problem:
    code = request.code or ""
    where = f"{path}.code"
    if not is_icd10(code):
        return Problem(where, "no such ICD-10-CM code", rendered(code), did_you_mean(nearest_codes(code)))
    if not is_billable(code):
        children = billable_below(code)
        listed = ", ".join(children[:_NAMED_CHILDREN]) + (", …" if len(children) > _NAMED_CHILDREN else "")
        message = "a category that no skill divides into billable codes"
        return Problem(where, message, rendered(code), f"name one of its billable codes: {listed}")
    if asked is None:
        message = "no skill knows how common this code is"
        return Problem(f"{path}.prevalence", message, None, "give its prevalence, a share from 0 to 1")
    title = icd10_title(code) or code
    sex, minimum_age = sex_and_age_of(code)
    share = CodeShare(code=code, title=title, share=1.0, sex=sex, minimum_age=minimum_age)
    if model is not None:
        return NamedCondition(model.id, model.name, code, role, asked, (share,), model)
    return NamedCondition(f"icd10:{code}", title, code, role, asked, (share,), None)
