"""Prompts: the stories people come with, as a first message for their assistant."""

from collections.abc import Mapping
from dataclasses import dataclass

import mcp.types as wire
from mcp.shared.exceptions import MCPError

from healthsim.errors import nearest_names
from healthsim_mcp.replies import cleaned

_LONGEST_ARGUMENT = 200


@dataclass(frozen=True, slots=True)
class Story:
    """A prompt.

    Attributes:
        name: Its name.
        title: For people.
        description: What it starts.
        arguments: What each argument is, by name; all may be left out.
        defaults: What holds where they are.
        text: The message, with the arguments in braces.
    """

    name: str
    title: str
    description: str
    arguments: Mapping[str, str]
    defaults: Mapping[str, str]
    text: str


STORIES: tuple[Story, ...] = (
    Story(
        name="county_cohort",
        title="A cohort for a county",
        description="Look a county up, generate people of it who have a condition, and describe them.",
        arguments={
            "county": "County and state, such as Harris, TX.",
            "condition": "Condition, such as diabetes.",
            "count": "People.",
        },
        defaults={"county": "Harris, TX", "condition": "diabetes", "count": "1000"},
        text=(
            "Look up the county {county} with lookup_county. Then generate {count} adults of it who have {condition} "
            "with generate_cohort, seed 42, and a name that says what they are. With query_cohort, tell me in a few "
            "sentences how old they are, by sex, which other conditions they have most often, and how these figures "
            "compare with the county's own. Say which figures are the source's and which are of the synthetic people."
        ),
    ),
    Story(
        name="care_journey",
        title="A year of care",
        description="Generate people who have a condition, let them go through a journey, and look at their results.",
        arguments={
            "condition": "Condition, such as diabetes.",
            "journey": "Journey, such as diabetic-year-one.",
            "start_date": "First day, as 2024-01-01.",
        },
        defaults={"condition": "diabetes", "journey": "diabetic-year-one", "start_date": "2024-01-01"},
        text=(
            "Generate 500 adults who have {condition} with generate_cohort, seed 42. Let them go through the journey "
            "{journey} from {start_date} with run_journey; if there is none of that name, list_library names the "
            "journeys. Then tell me with query_cohort what happened to them: encounters by month, the laboratory "
            "results that matter for {condition} at the beginning and at the end, and the drugs that were ordered."
        ),
    ),
    Story(
        name="test_claims",
        title="Claims to test with",
        description="Generate members of a payer who have a condition, with years of claims, and describe the money.",
        arguments={
            "payer": "medicare, medicaid or private.",
            "condition": "Condition, such as diabetes.",
            "county": "County and state, such as Harris, TX.",
            "count": "People.",
        },
        defaults={"payer": "medicare", "condition": "diabetes", "county": "Harris, TX", "count": "500"},
        text=(
            "Look up the county {county} with lookup_county. Then generate {count} people of it with generate_cohort, "
            "seed 42, from a profile with products patientsim and membersim, {condition} as the primary condition, "
            'utilization "realistic", coverage.payer_mix with {payer} alone, and, for medicare, ages from 65. With '
            "query_cohort, tell me claims and dollars billed, allowed and paid by claim type and status, the reasons "
            "of denials, and the ten diagnoses that cost the payer most. Say that the people, plans and payers are "
            "invented. If I want files, export_cohort writes them."
        ),
    ),
)
"""The prompts there are."""


def prompts() -> list[wire.Prompt]:
    """Describe the prompts."""
    return [
        wire.Prompt(
            name=story.name,
            title=story.title,
            description=story.description,
            arguments=[
                wire.PromptArgument(name=name, description=description, required=False)
                for name, description in story.arguments.items()
            ],
        )
        for story in STORIES
    ]


def prompt(name: str, arguments: Mapping[str, str]) -> wire.GetPromptResult:
    """Give a prompt's message.

    Raises:
        MCPError: There is no such prompt, or an argument is unknown or too long.
    """
    by_name = {story.name: story for story in STORIES}
    if name not in by_name:
        raise MCPError(wire.INVALID_PARAMS, f"no such prompt: {name[:64]}{_near(name, by_name)}")
    story = by_name[name]
    for argument, value in arguments.items():
        if argument not in story.arguments:
            near = _near(argument, story.arguments)
            raise MCPError(wire.INVALID_PARAMS, f"no such argument of {name}: {argument[:64]}{near}")
        if len(value) > _LONGEST_ARGUMENT:
            raise MCPError(wire.INVALID_PARAMS, f"{argument} must have at most {_LONGEST_ARGUMENT} characters")
    filled = {key: cleaned(value).strip() for key, value in arguments.items()}
    values = {key: filled.get(key) or default for key, default in story.defaults.items()}
    content = wire.TextContent(type="text", text=story.text.format(**values))
    return wire.GetPromptResult(
        description=story.description, messages=[wire.PromptMessage(role="user", content=content)]
    )


def _near(name: str, known: Mapping[str, object]) -> str:
    near = nearest_names(name, known)
    return f"; did you mean {near[0]}?" if near else f"; there are {', '.join(known)}"
