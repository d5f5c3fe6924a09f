"""What models alone cannot tell: coverage that is well formed and cannot be."""

from collections.abc import Iterator, Mapping
from datetime import date

from healthsim.errors import Problem, rendered
from healthsim.spec.coverage import Coverage, Insurer
from healthsim.spec.insurance import InsurancePlan, LineOfBusiness, PerHousehold
from healthsim.spec.insurance_limits import InsuranceLimits, limits_of

INSURER_OF: Mapping[LineOfBusiness, Insurer] = {
    "commercial": "private",
    "exchange": "private",
    "medicare": "medicare",
    "medicare_advantage": "medicare",
    "medicaid": "medicaid",
}
"""Whose insurance plans of a line of business are."""

_TOLERANCE = 1e-6
_BEFORE_DEDUCTIBLE = {"preventive", "immunization", "telehealth"}
"""Services that a high-deductible plan may pay for before the deductible (26 U.S.C. 223(c)(2))."""


def coverage_problems(coverage: Coverage, as_of: date, path: str = "$.coverage") -> Iterator[Problem]:
    """Give everything that contradicts itself in a well-formed coverage.

    Args:
        coverage: The coverage.
        as_of: The date at which ages hold; its year's limits hold for plans.
        path: Where it stands.
    """
    if coverage.payer_mix is not None:
        total = sum(coverage.payer_mix.values())
        if abs(total - 1) > _TOLERANCE:
            hint = f"{abs(1 - total):g} is {'missing' if total < 1 else 'too much'}"
            yield Problem(f"{path}.payer_mix", "shares must sum to 1, or as percentages to 100", f"{total:g}", hint)
    for index, plan in enumerate(coverage.plans or ()):
        if isinstance(plan, InsurancePlan):
            yield from plan_problems(plan, as_of.year, f"{path}.plans[{index}]")


def plan_problems(plan: InsurancePlan, year: int, path: str) -> Iterator[Problem]:
    """Give everything that contradicts itself, or the law of the year, in an insurance plan.

    Args:
        plan: The plan.
        year: The calendar year whose limits hold.
        path: Where it stands.
    """
    insurer = INSURER_OF[plan.line_of_business]
    if plan.members != insurer:
        message = f"a {plan.line_of_business} plan is for people with {insurer} insurance"
        yield Problem(f"{path}.members", message, rendered(plan.members), f"did you mean {insurer}?")
    if plan.metal is not None and plan.line_of_business != "exchange":
        message = "metal tiers are those of plans on the exchange"
        yield Problem(
            f"{path}.metal", message, rendered(plan.metal), 'leave it out, or make line_of_business "exchange"'
        )
    if plan.hospital_deductible is not None and plan.line_of_business != "medicare":
        message = "only traditional Medicare has a deductible for each stay"
        yield Problem(f"{path}.hospital_deductible", message, rendered(plan.hospital_deductible), "leave it out")
    if plan.out_of_pocket_maximum is not None:
        yield from _above(plan.deductible, plan.out_of_pocket_maximum, f"{path}.deductible")
    limits = limits_of(year)
    if insurer == "private":
        yield from _private_problems(plan, limits, path)
    if plan.line_of_business == "medicare_advantage":
        most = (limits.medicare_advantage, float("inf"))
        yield from _beyond(plan, most, f"a plan of Medicare Advantage in {limits.year}", path)


def _above(deductible: PerHousehold, most: PerHousehold, path: str) -> Iterator[Problem]:
    """Refuse deductibles above what members pay at most."""
    for key in ("individual", "family"):
        asked, limit = getattr(deductible, key), getattr(most, key)
        if asked > limit:
            message = "a deductible is no more than the out-of-pocket maximum"
            yield Problem(f"{path}.{key}", message, f"{asked:g}", f"at most {limit:g}")


def _private_problems(plan: InsurancePlan, limits: InsuranceLimits, path: str) -> Iterator[Problem]:
    is_high = plan.type == "HDHP"
    most = limits.high_deductible_out_of_pocket if is_high else limits.out_of_pocket
    kind = "a high-deductible plan" if is_high else "a plan of employers or the exchange"
    yield from _beyond(plan, most, f"{kind} in {limits.year}", path)
    if not is_high:
        return
    for key, least in zip(("individual", "family"), limits.high_deductible, strict=True):
        asked = getattr(plan.deductible, key)
        if asked < least:
            message = f"below the least deductible of a high-deductible plan in {limits.year}"
            yield Problem(f"{path}.deductible.{key}", message, f"{asked:g}", f"at least {least:g}")
    for service, share in plan.cost_sharing.items():
        if share.copay is not None and service not in _BEFORE_DEDUCTIBLE:
            message = "a high-deductible plan pays for this only after the deductible"
            yield Problem(f"{path}.cost_sharing.{service}.copay", message, f"{share.copay:g}", "give a coinsurance")


def _beyond(plan: InsurancePlan, most: tuple[float, float], kind: str, path: str) -> Iterator[Problem]:
    """Refuse plans that let members pay more than the law does, or without an end."""
    limit = plan.out_of_pocket_maximum
    if limit is None:
        hint = f"at most {most[0]:g} for one person"
        yield Problem(f"{path}.out_of_pocket_maximum", f"{kind} has one", None, hint)
        return
    for key, highest in zip(("individual", "family"), most, strict=True):
        asked = getattr(limit, key)
        if asked > highest:
            message = f"beyond what {kind} lets members pay"
            yield Problem(f"{path}.out_of_pocket_maximum.{key}", message, f"{asked:g}", f"at most {highest:g}")
