"""A judge only decides what the rules leave open, must quote, and without it nothing free is sent."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from bot.grounding.judge import MOST_CALLS, by_language_model, judged
from bot.grounding.rules import Checked, check
from ml.language_model import LanguageModel
from tests.support.openai_stand_in import OpenAIStandIn
from warehouse.settings import Settings

SOURCES = ["Returns\nUnopened coffee can be returned within 7 days.\nOpened coffee cannot.", "We are in Bandung."]
QUESTION = "bisa retur kopi?"
FREE = "Kopi yang belum dibuka bisa dikembalikan dalam seminggu kak."
MADE_UP = "Kurir kami ramah dan murah senyum kak."
LIE = "Kopi yang sudah dibuka bisa dikembalikan kak."


@pytest.fixture
def endpoint() -> Iterator[OpenAIStandIn]:
    with OpenAIStandIn() as found:
        yield found


@pytest.fixture
def model(module_settings: Settings, endpoint: OpenAIStandIn, monkeypatch: pytest.MonkeyPatch) -> LanguageModel:
    for name, value in endpoint.environment.items():
        monkeypatch.setenv(name, value)
    found = LanguageModel.of(Settings(_env_file=None))  # type: ignore[call-arg]
    assert found is not None
    return found


def opinion(model: LanguageModel, answer: str) -> Checked:
    return judged(check(answer, SOURCES, QUESTION), QUESTION, SOURCES, by_language_model(model, "default"))


def truthful(system: str, user: str) -> str:
    is_true = json.loads(user)["statement"] == FREE
    quote = "Unopened coffee can be returned within 7 days." if is_true else ""
    return json.dumps({"supported": is_true, "quote": quote})


def agrees(system: str, user: str) -> str:
    return json.dumps({"supported": True, "quote": json.loads(user)["sources"][0]})


def test_a_truthful_judge_decides_what_the_rules_leave_open(model: LanguageModel, endpoint: OpenAIStandIn) -> None:
    endpoint.answer = truthful
    assert opinion(model, FREE).verdict == "supported"
    rejected = opinion(model, f"{FREE} {MADE_UP}")
    assert (rejected.verdict, rejected.reason) == ("unverified", "rejected")


def test_the_judge_sees_one_statement_with_question_and_sources(model: LanguageModel, endpoint: OpenAIStandIn) -> None:
    endpoint.answer = truthful
    opinion(model, f"Baik kak. {FREE} {MADE_UP}")
    asked = [json.loads(request["messages"][1]["content"]) for request in endpoint.requests]
    assert {each["statement"] for each in asked} == {FREE, MADE_UP}
    assert all((each["question"], each["sources"]) == (QUESTION, SOURCES) for each in asked)


def test_a_judge_that_agrees_with_everything_saves_no_contradicted_answer(
    model: LanguageModel, endpoint: OpenAIStandIn
) -> None:
    endpoint.answer = agrees
    assert opinion(model, LIE).verdict == "contradicted"
    assert opinion(model, f"{FREE} {LIE}").verdict == "contradicted"
    assert endpoint.requests == []


@pytest.mark.parametrize(
    "quote",
    [
        "Opened coffee can be returned.",
        "opened coffee can be returned",
        "",
        "coffee",
        "can be returned",
        "Returns",
        "unopened coffee CAN be returned",
        None,
        7,
    ],
)
def test_a_quote_that_no_source_has_counts_as_not_supported(
    model: LanguageModel, endpoint: OpenAIStandIn, quote: object
) -> None:
    endpoint.answer = lambda system, user: json.dumps({"supported": True, "quote": quote})
    assert opinion(model, FREE).reason == "rejected"


@pytest.mark.parametrize("quote", ["coffee can be returned", "Opened coffee cannot.", "Opened coffee cannot"])
def test_a_quote_has_four_words_or_is_a_whole_sentence(
    model: LanguageModel, endpoint: OpenAIStandIn, quote: str
) -> None:
    endpoint.answer = lambda system, user: json.dumps({"supported": True, "quote": quote})
    assert opinion(model, FREE).verdict == "supported"


def test_after_a_statement_that_is_not_true_no_other_is_asked_about(
    model: LanguageModel, endpoint: OpenAIStandIn
) -> None:
    endpoint.answer = truthful
    found = opinion(model, f"{FREE} {MADE_UP} Kemasannya cantik sekali dan rapi kak.")
    assert (found.verdict, found.reason) == ("unverified", "rejected")
    asked = [json.loads(request["messages"][1]["content"])["statement"] for request in endpoint.requests]
    assert asked == [FREE, MADE_UP]


def test_an_answer_of_too_many_statements_is_not_judged(model: LanguageModel, endpoint: OpenAIStandIn) -> None:
    endpoint.answer = agrees
    many = [f"Kopi yang belum dibuka {word} bisa dikembalikan kak." for word in "abcdefgh"]
    assert opinion(model, " ".join(many[:MOST_CALLS])).verdict == "supported"
    asked = len(endpoint.requests)
    assert asked == MOST_CALLS
    assert opinion(model, " ".join(many[: MOST_CALLS + 1])).reason == "unjudged"
    assert len(endpoint.requests) == asked


def test_a_quote_may_have_other_line_breaks(model: LanguageModel, endpoint: OpenAIStandIn) -> None:
    said = {"supported": True, "quote": "Unopened coffee can be returned within 7 days. Opened coffee cannot."}
    endpoint.answer = lambda system, user: f"```json\n{json.dumps(said)}\n```"
    assert opinion(model, FREE).verdict == "supported"


@pytest.mark.parametrize(
    "said",
    [
        "yes",
        "{",
        "[]",
        '{"supported": "true"}',
        '{"quote": "We are in Bandung."}',
        pytest.param('{"supported":' * 100_000 + "}", id="nested"),
    ],
)
def test_what_cannot_be_read_is_not_judged(model: LanguageModel, endpoint: OpenAIStandIn, said: str) -> None:
    endpoint.answer = lambda system, user: said
    assert opinion(model, FREE).reason == "unjudged"


@pytest.mark.parametrize("fault", ["500", "429", "rubbish"])
def test_while_the_judge_is_away_nothing_is_judged(model: LanguageModel, endpoint: OpenAIStandIn, fault: str) -> None:
    endpoint.fault = fault
    assert (opinion(model, FREE).verdict, opinion(model, FREE).reason) == ("unverified", "unjudged")
