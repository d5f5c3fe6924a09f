"""What events of journeys may say of a pharmacy, checked."""

from collections.abc import Iterator, Sequence

from healthsim.errors import Problem, did_you_mean, nearest_names, rendered
from healthsim.planning.pharmacy.documents import dur_rules
from healthsim.spec import JourneyDefinition


def pharmacy_event_problems(journeys: Sequence[JourneyDefinition]) -> Iterator[Problem]:
    """Give warnings of journeys that are of no rule."""
    known = [rule.id for rule in dur_rules().rules]
    for place, journey in enumerate(journeys):
        for index, event in enumerate(journey.events):
            if event.event_type == "dur_alert" and event.parameters.get("alert") not in known:
                named = event.parameters.get("alert")
                hint = did_you_mean(nearest_names(str(named), known)) or f"known are {', '.join(known)}"
                message = "nothing says what the pharmacy is warned of" if named is None else "no such warning"
                received = None if named is None else rendered(named)
                yield Problem(f"$.journeys[{place}].events[{index}].parameters.alert", message, received, hint)
