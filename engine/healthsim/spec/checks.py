"""What models alone cannot tell: parts of a profile that are well formed and cannot be."""

from collections.abc import Iterator, Mapping
from typing import Any

from healthsim.errors import Problem, did_you_mean, nearest_names, rendered
from healthsim.spec.coverage_checks import coverage_problems
from healthsim.spec.distributions import (
    AgeBands,
    Beta,
    Categorical,
    Conditional,
    Constant,
    Distribution,
    Empirical,
    Explicit,
    Gamma,
    LogNormal,
    Normal,
    Poisson,
    Population,
    Triangular,
    Uniform,
)
from healthsim.spec.predicates import Comparison, comparisons_of
from healthsim.spec.profile import Demographics, Profile
from healthsim.spec.shares import sums_to_one
from healthsim.spec.shorthand import band_bounds
from healthsim.spec.trial_checks import trial_problems
from healthsim.spec.vocabulary import ATTRIBUTES, CATEGORIES, OLDEST, spelled

_SECTION_PRODUCTS = {
    "coverage": ("membersim", "rxmembersim"),
    "pharmacy": ("rxmembersim",),
    "trial": ("trialsim",),
}
_EQUALITIES = {"eq", "ne", "in", "not_in"}
_FARTHEST = 8.0
"""Standard deviations beyond which a normal distribution has practically nobody."""


def contradictions(profile: Profile) -> Iterator[Problem]:
    """Give everything that contradicts itself in a well-formed profile."""
    for attribute in ATTRIBUTES:
        distribution = getattr(profile.demographics, attribute)
        if distribution is not None:
            yield from _distribution_problems(attribute, distribution, f"$.demographics.{attribute}")
    yield from _circles(profile.demographics)
    yield from _figures_problems(profile.demographics)
    yield from _listing_problems(profile)
    yield from _clinical_problems(profile)
    for section, products in _SECTION_PRODUCTS.items():
        if getattr(profile, section) is not None and not set(products) & set(profile.products):
            message = f"this section belongs to {' and '.join(products)}, which the profile does not ask for"
            yield Problem(f"$.{section}", message, None, f"add {products[0]} to products, or leave the section out")
    if profile.coverage is not None:
        yield from coverage_problems(profile.coverage, profile.as_of)
    if profile.trial is not None:
        yield from trial_problems(profile.trial, profile.as_of)


def _figures_problems(demographics: Demographics) -> Iterator[Problem]:
    """Refuse figures that were taken for another place than the profile's."""
    if demographics.figures is not None and demographics.figures.reference != demographics.reference:
        message = "these figures were taken for another place than demographics.reference"
        hint = "leave the figures out, or make the hybrid profile anew"
        yield Problem("$.demographics.figures.reference", message, None, hint)


def _listing_problems(profile: Profile) -> Iterator[Problem]:
    """Refuse providers and hospitals that were listed for another place or another wish than the profile's."""
    for section in ("providers", "facilities"):
        request = getattr(profile, section)
        if request is None or request.listing is None:
            continue
        expected = {"home": profile.demographics.reference, "reference": request.reference}
        for key, value in expected.items():
            if getattr(request.listing, key) != value:
                message = f"these {section} were listed for another {'place' if key == 'home' else 'wish'}"
                hint = "leave the listing out, or make the hybrid profile anew"
                yield Problem(f"$.{section}.listing.{key}", message, None, hint)


def _clinical_problems(profile: Profile) -> Iterator[Problem]:
    clinical = profile.clinical
    if clinical.comorbidities and clinical.primary_condition is None:
        hint = "name the primary condition, or move them to conditions"
        yield Problem("$.clinical.comorbidities", "comorbidities need a primary condition", None, hint)
    seen: dict[str, str] = {}
    requests = [("primary_condition", clinical.primary_condition)] if clinical.primary_condition else []
    for section in ("comorbidities", "conditions"):
        requests += [(f"{section}[{index}]", request) for index, request in enumerate(getattr(clinical, section))]
    for where, request in requests:
        name = request.code or (request.name or "").casefold()
        if name in seen:
            message = f"the same condition as in {seen[name]}"
            yield Problem(f"$.clinical.{where}", message, rendered(request.code or request.name))
        seen.setdefault(name, where)


def _distribution_problems(attribute: str, distribution: Distribution, path: str) -> Iterator[Problem]:
    if isinstance(distribution, Conditional):
        for index, rule in enumerate(distribution.rules):
            for comparison in comparisons_of(rule.when):
                yield from _comparison_problems(attribute, comparison, f"{path}.rules[{index}].if")
            yield from _distribution_problems(attribute, rule.then, f"{path}.rules[{index}].then")
        yield from _distribution_problems(attribute, distribution.otherwise, f"{path}.else")
    elif attribute == "age":
        yield from _age_problems(distribution, path)
    else:
        yield from _category_problems(attribute, distribution, path)


def _comparison_problems(attribute: str, comparison: Comparison, path: str) -> Iterator[Problem]:
    named = comparison.attribute
    if named not in ATTRIBUTES:
        hint = did_you_mean(nearest_names(named, ATTRIBUTES)) or f"known are {', '.join(ATTRIBUTES)}"
        yield Problem(f"{path}.attribute", "no such attribute", rendered(named), hint)
    elif named == attribute:
        yield Problem(f"{path}.attribute", f"{attribute} cannot be conditional on itself", rendered(named))
    elif named == "age":
        if comparison.operator == "contains" or isinstance(comparison.value, str):
            yield Problem(path, "ages are compared with numbers", rendered(comparison.value))
    elif comparison.operator not in _EQUALITIES:
        message = f"{named} can only be compared by eq, ne, in and not_in"
        yield Problem(f"{path}.operator", message, rendered(comparison.operator))
    else:
        values = comparison.value if isinstance(comparison.value, tuple) else (comparison.value,)
        for value in values:
            yield from unknown_category(named, value, f"{path}.value")


def _age_problems(distribution: Any, path: str) -> Iterator[Problem]:  # noqa: ANN401 - any but conditional
    match distribution:
        case Constant():
            yield from _age_value(distribution.value, f"{path}.value")
        case Empirical() | Explicit():
            for index, value in enumerate(distribution.values):
                yield from _age_value(value, f"{path}.values[{index}]")
            if isinstance(distribution, Explicit) and distribution.weights is not None:
                yield from _weight_problems(distribution.weights, f"{path}.weights")
        case Categorical():
            for key in distribution.weights:
                yield from _age_value(_number(key), f"{path}.weights")
            yield from _weight_problems(distribution.weights, f"{path}.weights")
        case AgeBands():
            yield from _band_problems(distribution, f"{path}.bands")
        case _:
            yield from _range_problems(distribution, path)


def _range_problems(
    distribution: Normal | Uniform | LogNormal | Beta | Gamma | Poisson | Triangular | Population, path: str
) -> Iterator[Problem]:
    low = 0.0 if distribution.min is None else distribution.min
    high = float(OLDEST) if distribution.max is None else distribution.max
    for key, bound in (("min", low), ("max", high)):
        if not 0 <= bound <= OLDEST:
            yield Problem(f"{path}.{key}", f"ages are completed years from 0 to {OLDEST}", f"{bound:g}")
    if -(-low // 1) > high // 1:
        yield Problem(path, "no completed year lies between min and max", f"{low:g} to {high:g}")
    center = distribution.mean if isinstance(distribution, Normal) else None
    if center is not None:
        distance = max(low - center, center - high, 0.0)
        if distance > _FARTHEST * distribution.std_dev + 0.5:  # type: ignore[union-attr]  # a mean is a normal's
            yield Problem(path, "nobody lies between min and max", f"mean {center:g}, {low:g} to {high:g}")


def _age_value(value: object, path: str) -> Iterator[Problem]:
    if isinstance(value, str) or not isinstance(value, int | float) or not 0 <= value <= OLDEST or value % 1:
        yield Problem(path, f"ages are completed years from 0 to {OLDEST}", rendered(value))


def _band_problems(distribution: AgeBands, path: str) -> Iterator[Problem]:
    taken: dict[int, str] = {}
    for band in distribution.bands:
        bounds = band_bounds(band)
        if bounds is None or bounds[0] > (OLDEST if bounds[1] is None else bounds[1]) or (bounds[1] or 0) > OLDEST:
            yield Problem(path, "not a band of ages", rendered(band), 'bands are written "18-64" or "65+"')
            continue
        for year in range(bounds[0], (OLDEST if bounds[1] is None else bounds[1]) + 1):
            if year in taken and taken[year] != band:
                yield Problem(path, f"the bands {taken[year]} and {band} overlap", rendered(band))
                break
            taken[year] = band
    yield from _weight_problems(distribution.bands, path)


def _category_problems(attribute: str, distribution: Any, path: str) -> Iterator[Problem]:  # noqa: ANN401 - as above
    match distribution:
        case Constant():
            yield from unknown_category(attribute, distribution.value, f"{path}.value")
        case Empirical() | Explicit():
            for index, value in enumerate(distribution.values):
                yield from unknown_category(attribute, value, f"{path}.values[{index}]")
            if isinstance(distribution, Explicit) and distribution.weights is not None:
                yield from _weight_problems(distribution.weights, f"{path}.weights")
        case Categorical():
            for key in distribution.weights:
                yield from unknown_category(attribute, key, f"{path}.weights.{key}")
            yield from _weight_problems(distribution.weights, f"{path}.weights")
        case _:
            message = f"{attribute} has categories, not numbers"
            yield Problem(f"{path}.type", message, rendered(distribution.type), 'use "categorical" or "constant"')


def unknown_category(attribute: str, value: object, path: str) -> Iterator[Problem]:
    """Give the problem with a value that is no category of an attribute."""
    categories = CATEGORIES[attribute]
    if value in categories:
        return
    if attribute == "race" and str(value).casefold() in {"hispanic", "latino", "hispanic or latino"}:
        hint = "Hispanic is an ethnicity: use demographics.ethnicity"
    else:
        near = nearest_names(str(value), spelled(attribute))
        hint = did_you_mean(near) or f"known are {', '.join(categories)}"
    yield Problem(path, f"no such {attribute}", rendered(value), hint)


def _weight_problems(weights: "Mapping[str, float] | tuple[float, ...]", path: str) -> Iterator[Problem]:
    total = sum(weights.values() if isinstance(weights, Mapping) else weights)
    if not sums_to_one(total):
        yield Problem(path, "weights must sum to 1", f"a sum of {total:g}")


def _circles(demographics: Demographics) -> Iterator[Problem]:
    """Find attributes that are conditional on each other."""
    parents: dict[str, frozenset[str]] = {
        attribute: _parents(getattr(demographics, attribute)) for attribute in ATTRIBUTES
    }
    for attribute in ATTRIBUTES:
        reached: set[str] = set()
        waiting = list(parents[attribute] - {attribute})
        while waiting:
            other = waiting.pop()
            if other not in reached:
                reached.add(other)
                waiting += parents.get(other, frozenset())
        if attribute in reached:
            yield Problem(f"$.demographics.{attribute}", "attributes are conditional on each other in a circle")


def _parents(distribution: Distribution | None) -> frozenset[str]:
    if not isinstance(distribution, Conditional):
        return frozenset()
    compared = {found.attribute for rule in distribution.rules for found in comparisons_of(rule.when)}
    nested = [_parents(rule.then) for rule in distribution.rules]
    return frozenset(compared).union(*nested, _parents(distribution.otherwise)) & frozenset(ATTRIBUTES)


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
