"""What models alone cannot tell: trials that are well formed and cannot be."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from healthsim.errors import Problem, did_you_mean, nearest_names, rendered
from healthsim.spec.protocol import ChangeEndpoint, EventEndpoint, Protocol, ResponseEndpoint
from healthsim.spec.trial import Trial


def trial_problems(trial: Trial, as_of: date, path: str = "$.trial") -> Iterator[Problem]:
    """Give everything that contradicts itself in a well-formed trial.

    Args:
        trial: The trial.
        as_of: The date at which ages hold.
        path: Where it stands.
    """
    if trial.start is not None and trial.start < as_of:
        message = "a trial does not begin before as_of, at which everybody lives"
        yield Problem(f"{path}.start", message, trial.start.isoformat(), f"from {as_of.isoformat()} on")
    if isinstance(trial.protocol, Protocol):
        yield from protocol_problems(trial.protocol, f"{path}.protocol")
        yield from override_problems(trial, trial.protocol, path)


def override_problems(trial: Trial, protocol: Protocol, path: str) -> Iterator[Problem]:
    """Give what of a trial's own figures does not fit its protocol."""
    arms = [arm.id for arm in protocol.arms]
    for key in ("effect", "discontinuation"):
        for name in getattr(trial, key) or {}:
            if name not in arms:
                yield _unknown("arm", f"{path}.{key}.{name}", name, arms)
    if trial.effect is not None and not isinstance(protocol.endpoints[0], ChangeEndpoint):
        is_share = isinstance(protocol.endpoints[0], ResponseEndpoint)
        for name, value in trial.effect.items():
            if value < 0 or (is_share and value > 1):
                message = "a share lies from 0 to 1" if is_share else "a rate is 0 or more"
                yield Problem(f"{path}.effect.{name}", message, rendered(value))


def protocol_problems(protocol: Protocol, path: str) -> Iterator[Problem]:
    """Give everything that contradicts itself in a protocol."""
    arms = [arm.id for arm in protocol.arms]
    yield from _repeated([*arms], f"{path}.arms", "id")
    yield from _repeated([visit.name for visit in protocol.visits], f"{path}.visits", "name")
    yield from _repeated([outcome.id for outcome in protocol.outcomes], f"{path}.outcomes", "id")
    yield from _repeated([effect.analyte for effect in protocol.effects], f"{path}.effects", "analyte")
    for where, figures in _by_arm(protocol):
        yield from _arm_problems(figures, arms, f"{path}.{where}")
    yield from _schedule_problems(protocol, path)
    if protocol.screening.least_days > protocol.screening.most_days:
        yield Problem(f"{path}.screening.least_days", "more than most_days", str(protocol.screening.least_days))
    if not sum(protocol.discontinuation.reasons.values()) > 0:
        yield Problem(f"{path}.discontinuation.reasons", "one of the weights must exceed 0")
    yield from _response_problems(protocol, path)
    for index, endpoint in enumerate(protocol.endpoints):
        where = f"{path}.endpoints[{index}]"
        match endpoint:
            case ChangeEndpoint():
                yield from _change_problems(endpoint, protocol, where)
            case EventEndpoint():
                known = [outcome.id for outcome in protocol.outcomes]
                for place, name in enumerate(endpoint.outcomes):
                    if name not in known:
                        yield _unknown("outcome", f"{where}.outcomes[{place}]", name, known)
            case _:
                if protocol.response is None:
                    yield Problem(where, "a protocol without `response` has no responders")


def _by_arm(protocol: Protocol) -> Iterator[tuple[str, Mapping[str, float]]]:
    """Give every figure that stands by arm, with its place."""
    for index, effect in enumerate(protocol.effects):
        yield f"effects[{index}].change", effect.change
    for index, outcome in enumerate(protocol.outcomes):
        yield f"outcomes[{index}].per_100_years", outcome.per_100_years
    for index, event in enumerate(protocol.adverse_events):
        yield f"adverse_events[{index}].share", event.share
    yield "discontinuation.share", protocol.discontinuation.share
    if protocol.response is not None:
        for key in ("complete", "partial", "progressive", "months_to_progression"):
            yield f"response.{key}", getattr(protocol.response, key)


def _arm_problems(figures: Mapping[str, float], arms: Sequence[str], path: str) -> Iterator[Problem]:
    for name in figures:
        if name not in arms:
            yield _unknown("arm", f"{path}.{name}", name, arms)
    missing = [arm for arm in arms if arm not in figures]
    if missing:
        yield Problem(path, f"no figure for {', '.join(missing)}", None, "every arm needs one")


def _schedule_problems(protocol: Protocol, path: str) -> Iterator[Problem]:
    """Refuse visits out of order, and windows that overlap."""
    before = 1
    for index, visit in enumerate(protocol.visits):
        if visit.day - visit.before <= before:
            message = "the window of this visit begins before the one before it has ended"
            yield Problem(f"{path}.visits[{index}]", message, f"day {visit.day - visit.before}", f"after day {before}")
        before = visit.day + visit.after


def _response_problems(protocol: Protocol, path: str) -> Iterator[Problem]:
    response = protocol.response
    for arm in protocol.arms if response is not None else ():
        total = sum(getattr(response, key).get(arm.id, 0.0) for key in ("complete", "partial", "progressive"))
        if total > 1:
            yield Problem(f"{path}.response", f"the shares of {arm.id} sum to more than 1", f"{total:g}")


def _change_problems(endpoint: ChangeEndpoint, protocol: Protocol, path: str) -> Iterator[Problem]:
    visits, measured = [visit.name for visit in protocol.visits], list(protocol.tests)
    if endpoint.visit not in visits:
        yield _unknown("visit", f"{path}.visit", endpoint.visit, visits)
    if endpoint.analyte not in measured:
        yield _unknown("test of the protocol", f"{path}.analyte", endpoint.analyte, measured)


def _repeated(names: Sequence[str], path: str, key: str) -> Iterator[Problem]:
    for index, name in enumerate(names):
        if name in names[:index]:
            yield Problem(f"{path}[{index}].{key}", "another one is named so", rendered(name))


def _unknown(kind: str, path: str, name: str, known: Iterable[str]) -> Problem:
    names = list(known)
    hint = did_you_mean(nearest_names(name, names)) or f"known are {', '.join(names)}"
    return Problem(path, f"no such {kind}", rendered(name), hint)
