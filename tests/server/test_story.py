"""The story that people come with, by tools alone: what it costs a model to read and write, in o200k tokens."""

import json
from typing import Any

import pytest

from server.calling import Caller, text_of
from server.counting import tokens_of

MOST_TOKENS = 6_000
MOST_OF_DEFINITIONS = 2_500
PROFILE = {
    "demographics": {
        "source": "populationsim",
        "reference": {"type": "county", "fips": "48201"},
        "age": {"min": 18},
    },
    "clinical": {
        "primary_condition": {"code": "E11", "prevalence": 1.0},
        "comorbidities": [{"code": "I10", "prevalence": 0.7}, {"code": "E78", "prevalence": 0.5}],
    },
    "providers": {"source": "networksim", "reference": {"state": "TX", "specialty": "endocrinology"}},
}
QUESTIONS = (
    """SELECT gender, count(*) AS people, round(avg(date_diff('year', birth_date, DATE '2025-01-01')), 1) AS age
    FROM patients GROUP BY gender""",
    """SELECT code, description, count(DISTINCT person_id) AS people FROM diagnoses
    GROUP BY ALL ORDER BY people DESC LIMIT 10""",
    """SELECT date_trunc('month', collected_at) AS month, count(*) AS results, round(avg(value), 2) AS mean
    FROM labs WHERE loinc = '4548-4' GROUP BY 1 ORDER BY 1""",
)


class Conversation:
    """Counts the tokens of what a model writes and reads."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self.tokens = self.count(
            [tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in caller.tools().values()]
        )

    def count(self, document: object) -> int:
        text = document if isinstance(document, str) else json.dumps(document, separators=(",", ":"))
        return tokens_of(text)

    def call(self, tool: str, **arguments: object) -> dict[str, Any]:
        result = self._caller.call(tool, **arguments)
        text = text_of(result)
        assert not result.is_error, text
        self.tokens += self.count(tool) + self.count(dict(arguments)) + self.count(text)
        answer: dict[str, Any] = json.loads(text)
        return answer


@pytest.fixture
def conversation(caller: Caller) -> Conversation:
    return Conversation(caller)


def test_the_definitions_stay_within_their_tokens_as_counted(conversation: Conversation) -> None:
    assert conversation.tokens <= MOST_OF_DEFINITIONS


def test_the_story_of_a_county_stays_within_its_tokens(conversation: Conversation) -> None:
    call = conversation.call
    assert call("lookup_county", name="Harris", state="TX")["fips"] == "48201"
    call("save_profile", name="harris-diabetic", profile=PROFILE, description="Diabetic adults of Harris County")
    made = call("generate_cohort", profile_name="harris-diabetic", count=1000, seed=42)
    walked = call("run_journey", cohort_id=made["cohort_id"], journey="diabetic-year-one", start_date="2024-01-01")
    cohort = {"cohort_id": walked["cohort_id"]}
    by_sex, by_code, by_month = (call("query_cohort", **cohort, sql=sql)["rows"] for sql in QUESTIONS)
    assert sum(people for _, people, _ in by_sex) == 1000
    assert len(by_code) == 10
    assert sum(results for _, results, _ in by_month) > 1000
    assert call("export_cohort", **cohort)["files"]
    latest = call("list_library", kind="executions")["items"][0]
    assert latest["cohort_id"] == walked["cohort_id"]
    again = call("rerun_execution", execution_id=latest["execution_id"])
    assert (again["equal"], again["digest_now"]) == (True, walked["digest"])
    assert conversation.tokens <= MOST_TOKENS
