"""The trial of a profile in full: its protocol looked up, what is left out filled in, people who have the disease."""

from collections.abc import Iterator, Mapping, Sequence

from healthsim.errors import NotFoundError, Problem
from healthsim.planning.naming import NamedCondition
from healthsim.planning.trial.criteria import criteria_problems
from healthsim.planning.trial.library import protocol_library
from healthsim.skills import SkillLibrary
from healthsim.spec import Clinical, ConditionRequest, Profile, Protocol, Trial, override_problems
from healthsim.spec.protocol import ChangeEndpoint, EventEndpoint, ResponseEndpoint

PRODUCT = "trialsim"
DEFAULT_PROTOCOL = "t2dm-phase-3"
"""Protocol of a profile that names none, and none of whose conditions has one."""


def with_trial(profile: Profile, library: SkillLibrary) -> tuple[Profile, tuple[Problem, ...]]:
    """Give a profile with its trial in full, its own figures among those of the protocol; and every problem with it.

    Where the profile asks for no condition and no place, everybody has the disease of the trial.

    Args:
        profile: What was asked.
        library: The skills.
    """
    if PRODUCT not in profile.products:
        return profile, ()
    trial = profile.trial or Trial()
    try:
        protocol = _protocol(trial, profile, library)
    except NotFoundError as error:
        return profile, error.problems
    problems = tuple(override_problems(trial, protocol, "$.trial"))
    if problems:
        return profile, problems
    resolved = trial.model_copy(
        update={
            "protocol": _overridden(protocol, trial),
            "enrollment": trial.enrollment or protocol.accrual.enrollment,
            "start": trial.start or profile.as_of,
            "effect": None,
            "discontinuation": None,
        }
    )
    changes: dict[str, object] = {"trial": resolved}
    if _asks_for_nobody(profile):
        disease = ConditionRequest(code=protocol.indication.code, prevalence=1.0)
        changes["clinical"] = profile.clinical.model_copy(update={"primary_condition": disease})
    return profile.model_copy(update=changes), ()


def trial_name_problems(profile: Profile, named: Sequence[NamedCondition], library: SkillLibrary) -> Iterator[Problem]:
    """Give everything that the trial of a resolved profile names and that is not there."""
    if profile.trial is not None and isinstance(profile.trial.protocol, Protocol):
        yield from criteria_problems(profile.trial.protocol, named, library, "$.trial.protocol")


def condition_notes(profile: Profile, resolved: Profile) -> Iterator[str]:
    """Say what was filled in."""
    if resolved.trial is None or resolved.trial == profile.trial or not isinstance(resolved.trial.protocol, Protocol):
        return
    if profile.trial is None or profile.trial.protocol is None:
        yield f"no protocol was named: the trial follows {resolved.trial.protocol.id}"
    if resolved.clinical != profile.clinical:
        yield f"no condition was asked for: everybody has that of the trial, {resolved.trial.protocol.indication.name}"


def _protocol(trial: Trial, profile: Profile, library: SkillLibrary) -> Protocol:
    if isinstance(trial.protocol, Protocol):
        return trial.protocol
    if trial.protocol is not None:
        return protocol_library().find(trial.protocol, path="$.trial.protocol")
    known = protocol_library().protocols
    primary = profile.clinical.primary_condition
    for protocol in known.values() if primary is not None else ():
        if primary is not None and _is_same(primary, protocol, library):
            return protocol
    return known[DEFAULT_PROTOCOL]


def _is_same(request: ConditionRequest, protocol: Protocol, library: SkillLibrary) -> bool:
    """Tell whether a condition asked for is that of a protocol."""
    code = protocol.indication.code
    if request.code is not None:
        return request.code.startswith(code) or code.startswith(request.code)
    named, own = library.find(request.name or ""), library.find(code)
    return named is not None and own is not None and named.id == own.id


def _asks_for_nobody(profile: Profile) -> bool:
    return _conditions(profile.clinical) == () and profile.demographics.source is None


def _conditions(clinical: Clinical) -> tuple[ConditionRequest, ...]:
    primary = (clinical.primary_condition,) if clinical.primary_condition is not None else ()
    return (*primary, *clinical.comorbidities, *clinical.conditions)


def _overridden(protocol: Protocol, trial: Trial) -> Protocol:
    """Put a trial's own figures in the place of the protocol's."""
    changes: dict[str, object] = {}
    if trial.discontinuation:
        share = {**protocol.discontinuation.share, **trial.discontinuation}
        changes["discontinuation"] = protocol.discontinuation.model_copy(update={"share": share})
    if trial.effect:
        changes |= _with_effect(protocol, trial.effect)
    return protocol.model_copy(update=changes) if changes else protocol


def _with_effect(protocol: Protocol, effect: Mapping[str, float]) -> dict[str, object]:
    """Give the parts of a protocol that an effect on the primary endpoint changes."""
    endpoint = protocol.endpoints[0]
    match endpoint:
        case ChangeEndpoint():
            effects = tuple(
                each.model_copy(update={"change": {**each.change, **effect}})
                if each.analyte == endpoint.analyte
                else each
                for each in protocol.effects
            )
            return {"effects": effects}
        case EventEndpoint():
            return {"outcomes": _scaled_outcomes(protocol, endpoint, effect)}
        case ResponseEndpoint() if protocol.response is not None:
            return {"response": _scaled_response(protocol, effect)}
        case _:
            return {}


def _scaled_outcomes(protocol: Protocol, endpoint: EventEndpoint, effect: Mapping[str, float]) -> tuple[object, ...]:
    """Scale the rates of the outcomes of an endpoint, so that together they are as asked."""
    counted = [each for each in protocol.outcomes if each.id in endpoint.outcomes]
    total = {arm: sum(each.per_100_years[arm] for each in counted) for arm in effect}
    return tuple(
        each.model_copy(
            update={
                "per_100_years": {
                    **each.per_100_years,
                    **{
                        arm: each.per_100_years[arm] * rate / total[arm] if total[arm] else rate / len(counted)
                        for arm, rate in effect.items()
                    },
                }
            }
        )
        if each in counted
        else each
        for each in protocol.outcomes
    )


def _scaled_response(protocol: Protocol, effect: Mapping[str, float]) -> object:
    """Scale complete and partial responses, so that together they are as asked; what is left progresses less."""
    response = protocol.response
    if response is None:
        raise ValueError("a protocol without responses has none to scale")
    shares: dict[str, dict[str, float]] = {
        key: dict(getattr(response, key)) for key in ("complete", "partial", "progressive")
    }
    for arm, share in effect.items():
        before = shares["complete"][arm] + shares["partial"][arm]
        ratio = share / before if before else 0.0
        shares["complete"][arm] *= ratio
        shares["partial"][arm] = share - shares["complete"][arm]
        shares["progressive"][arm] = min(shares["progressive"][arm], 1.0 - share)
    return response.model_copy(update=shares)
