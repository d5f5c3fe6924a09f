"""Whether the figures and codes of a condition can be: shares that sum to 1, ages that rise, codes that exist."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from healthsim.errors import Problem, did_you_mean, nearest_names, rendered
from healthsim.reference import billable_below, icd10_title, is_billable, nearest_codes
from healthsim.skills.check_together import Known
from healthsim.skills.files import at

_NEAR_ENOUGH = 1e-4
_LOADED = 1.0
_HINTED = 3


def figure_problems(skill: str, condition: Mapping[str, Any], path: str, known: Known) -> Iterator[Problem]:
    """Give everything that is wrong with the figures and codes of a well-formed condition.

    Args:
        skill: Name of the skill.
        condition: Its part of the document.
        path: Where it stands.
        known: What is known beside it.
    """
    yield from _prevalence_problems(skill, condition["prevalence"], f"{path}.prevalence")
    if "onset" in condition:
        yield from _onset_problems(skill, condition["onset"], f"{path}.onset")
    yield from _mix_problems(skill, condition["codes"]["mix"], f"{path}.codes.mix")
    for index, entry in enumerate(condition["codes"]["mix"]):
        yield from _requirement_problems(skill, entry, f"{path}.codes.mix[{index}].requires", known)
    yield from _stage_problems(skill, condition.get("stages", {}), f"{path}.stages")
    loadings = condition["liability"]["loadings"]
    if sum(loading**2 for loading in loadings.values()) >= _LOADED:
        message = "squares of the loadings must sum to less than 1"
        yield Problem(at(skill, f"{path}.liability.loadings"), message, rendered(loadings))
    for index, event in enumerate(condition.get("complications", ())):
        yield from _code_problems(skill, event["code"], f"{path}.complications[{index}].code")


def _prevalence_problems(skill: str, prevalence: Mapping[str, Any], path: str) -> Iterator[Problem]:
    ages = prevalence["age"]
    if ages != sorted(ages):
        yield Problem(at(skill, f"{path}.age"), "ages must rise", rendered(ages))
    for sex in "FM":
        if len(prevalence[sex]) != len(ages):
            message = f"needs a share for each of the {len(ages)} ages"
            yield Problem(at(skill, f"{path}.{sex}"), message, f"{len(prevalence[sex])} shares")


def _onset_problems(skill: str, onset: Mapping[str, Any], path: str) -> Iterator[Problem]:
    ages, begun = onset["age"], onset["begun"]
    if ages != sorted(ages):
        yield Problem(at(skill, f"{path}.age"), "ages must rise", rendered(ages))
    if len(begun) != len(ages):
        yield Problem(
            at(skill, f"{path}.begun"), f"needs a share for each of the {len(ages)} ages", f"{len(begun)} shares"
        )
    elif begun != sorted(begun) or (begun[0], begun[-1]) != (0, 1):
        yield Problem(at(skill, f"{path}.begun"), "shares must rise from 0 to 1", rendered(begun))


def _mix_problems(skill: str, mix: Sequence[Mapping[str, Any]], path: str) -> Iterator[Problem]:
    for index, entry in enumerate(mix):
        code = entry["code"]
        problems = list(_code_problems(skill, code, f"{path}[{index}].code"))
        yield from problems
        title = icd10_title(code)
        if not problems and entry["title"] != title:
            where = at(skill, f"{path}[{index}].title")
            yield Problem(where, "is not the code's official title", rendered(entry["title"]), f"write {title}")
    for sex in "FM":
        shares = [entry["share"] for entry in mix if entry.get("sex") in {None, sex}]
        yield from _sum_problems(skill, shares, path, f"of codes that {sex} can have ")


def _requirement_problems(skill: str, entry: Mapping[str, Any], path: str, known: Known) -> Iterator[Problem]:
    required = entry.get("requires", ())
    for each in [required] if isinstance(required, str) else required:
        condition = each if isinstance(each, str) else each["condition"]
        if condition not in known.conditions:
            hint = did_you_mean(nearest_names(condition, known.conditions))
            yield Problem(at(skill, path), "no such condition", rendered(condition), hint)
        for code in () if isinstance(each, str) else each["codes"]:
            yield from _code_problems(skill, code, path)


def _stage_problems(skill: str, stages: Mapping[str, Any], path: str) -> Iterator[Problem]:
    items = stages.get("items", ())
    if items:
        yield from _sum_problems(skill, [item["share"] for item in items], f"{path}.items", "of stages ")
    for index, item in enumerate(items):
        where = f"{path}.items[{index}].codes"
        for place, code in enumerate(item.get("codes", ())):
            yield from _code_problems(skill, code["code"], f"{where}[{place}].code")
        if "codes" in item:
            yield from _sum_problems(skill, [code["share"] for code in item["codes"]], where, "of a stage's codes ")
    ids = [item["id"] for item in items]
    for index, move in enumerate(stages.get("progression", ())):
        for end in ("from", "to"):
            if move[end] not in ids:
                where = at(skill, f"{path}.progression[{index}].{end}")
                yield Problem(where, "no such stage", rendered(move[end]), f"stages are {', '.join(ids)}")


def _sum_problems(skill: str, shares: Sequence[float], path: str, of: str) -> Iterator[Problem]:
    if abs(sum(shares) - 1) > _NEAR_ENOUGH:
        yield Problem(at(skill, path), f"the shares {of}must sum to 1", f"{sum(shares):g}")


def _code_problems(skill: str, code: str, path: str) -> Iterator[Problem]:
    if not is_billable(code):
        near = billable_below(code) or [near for near in nearest_codes(code) if is_billable(near)]
        hint = did_you_mean(near[:_HINTED])
        yield Problem(at(skill, path), "not a billable ICD-10-CM code", rendered(code), hint)
