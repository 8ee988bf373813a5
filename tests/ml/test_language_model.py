"""The language model answers in its time or says why not; each question is written down, what was said is not."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from ml import language_model
from ml.completions import Turn
from ml.language_model import LanguageModel, LanguageModelUnavailable, ToolsNotSupported
from tests.support.openai_stand_in import OpenAIStandIn
from warehouse.connection import transaction
from warehouse.settings import Settings

Query = Callable[..., list[tuple[Any, ...]]]
SECRET = "nomor saya 0812-3456-7890"


@pytest.fixture
def endpoint() -> Iterator[OpenAIStandIn]:
    with OpenAIStandIn() as found:
        yield found


@pytest.fixture
def query(module_settings: Settings) -> Query:
    def ask(statement: str, *values: object) -> list[tuple[Any, ...]]:
        with transaction("owner", module_settings) as connection, connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    ask("truncate app.language_model_calls")
    return ask


@pytest.fixture
def model(query: Query, endpoint: OpenAIStandIn, monkeypatch: pytest.MonkeyPatch) -> LanguageModel:
    return limited_to("12", endpoint, monkeypatch)


@pytest.fixture
def hurried(query: Query, endpoint: OpenAIStandIn, monkeypatch: pytest.MonkeyPatch) -> LanguageModel:
    """A model that nobody waits for; only one that never answers is slow for it on any machine."""
    return limited_to("0.6", endpoint, monkeypatch)


def limited_to(seconds: str, endpoint: OpenAIStandIn, monkeypatch: pytest.MonkeyPatch) -> LanguageModel:
    limits = {"KABAR_OPENAI_SECONDS": seconds, "KABAR_OPENAI_TOKENS_PER_DAY": "2000"}
    for name, value in (endpoint.environment | limits).items():
        monkeypatch.setenv(name, value)
    found = LanguageModel.of(Settings(_env_file=None))
    assert found is not None
    return found


def ask(model: LanguageModel, user: str = SECRET) -> str:
    return model.complete("answer", "be brief", user, "default", 50)


def why(model: LanguageModel) -> str:
    with pytest.raises(LanguageModelUnavailable) as away:
        ask(model)
    return away.value.reason


def test_an_answer_comes_and_the_call_is_written_down_without_a_word_of_it(
    model: LanguageModel, endpoint: OpenAIStandIn, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint.answer = lambda system, user: f"  {system} / {user}\x00 "
    # A logger that was used already keeps the stream it was made for, whatever test that was.
    monkeypatch.setattr("ml.language_model._log", structlog.get_logger())
    with structlog.testing.capture_logs() as lines:
        assert ask(model) == f"be brief / {SECRET}"
    [row] = query(
        "select store_id, purpose, model, outcome, prompt_tokens, completion_tokens from app.language_model_calls"
    )
    assert row == ("default", "answer", "stand-in", "answered", 100, 20)
    assert SECRET not in str(query("select * from app.language_model_calls"))
    assert [line["event"] for line in lines] == ["language_model_asked"]
    assert SECRET not in str(lines)
    assert endpoint.requests[0]["messages"][0]["role"] == "system"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("429", "rate_limited"),
        ("500", "failed"),
        ("503", "failed"),
        ("401", "refused"),
        ("404", "refused"),
        ("rubbish", "rubbish"),
        ("odd", "rubbish"),
        ("cut", "down"),
    ],
)
def test_every_fault_has_its_reason_and_is_tried_once(
    model: LanguageModel, endpoint: OpenAIStandIn, query: Query, fault: str, reason: str
) -> None:
    endpoint.fault = fault
    assert why(model) == reason
    assert len(endpoint.requests) == 1
    assert query("select outcome from app.language_model_calls") == [(reason,)]


@pytest.mark.parametrize("fault", ["slow", "drip"])
def test_what_never_ends_is_not_waited_for(
    hurried: LanguageModel, endpoint: OpenAIStandIn, query: Query, fault: str
) -> None:
    endpoint.fault = fault
    assert why(hurried) == "slow"
    assert len(endpoint.requests) <= 1
    assert query("select outcome from app.language_model_calls") == [("slow",)]


@pytest.mark.parametrize("nothing", ["", " \n ", None])
def test_an_empty_answer_is_none(model: LanguageModel, endpoint: OpenAIStandIn, nothing: str | None) -> None:
    endpoint.answer = lambda system, user: nothing
    assert why(model) == "empty"


def test_what_a_model_thinks_aloud_is_no_part_of_its_answer(model: LanguageModel, endpoint: OpenAIStandIn) -> None:
    endpoint.answer = lambda system, user: '<think>Is it {"supported": false}?\nYes it is.</think>\n{"supported": true}'
    assert ask(model) == '{"supported": true}'


def test_a_server_that_is_not_there_is_down(model: LanguageModel, endpoint: OpenAIStandIn) -> None:
    endpoint.__exit__()
    assert why(model) == "down"
    endpoint.__enter__()


def test_nobody_is_asked_over_the_budget_of_the_day_and_tomorrow_they_are(
    model: LanguageModel, endpoint: OpenAIStandIn, query: Query
) -> None:
    query(
        "insert into app.language_model_calls (store_id, purpose, model, outcome, prompt_tokens, completion_tokens, "
        "milliseconds) values ('another', 'summary', 'm', 'answered', 1000, 960, 1)"
    )
    assert why(model) == "budget"
    assert endpoint.requests == []
    query("update app.language_model_calls set called_at = called_at - interval '1 day'")
    assert ask(model) == "ok"


@pytest.mark.parametrize(("fault", "counts"), [("slow", True), ("rubbish", True), ("429", False), ("500", False)])
def test_what_may_have_been_worked_on_counts_against_the_budget_by_an_estimate(
    model: LanguageModel, hurried: LanguageModel, endpoint: OpenAIStandIn, fault: str, counts: bool
) -> None:
    endpoint.fault = fault
    why(hurried if fault == "slow" else model)
    estimate = (len("be brief") + len(SECRET)) // 3 + 50
    assert model.tokens_today() == (estimate if counts else 0)


def test_after_failures_in_a_row_nobody_waits_for_a_while_and_then_it_is_tried_again(
    model: LanguageModel, endpoint: OpenAIStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint.fault = "500"
    assert [why(model) for _ in range(4)] == ["failed", "failed", "failed", "resting"]
    assert len(endpoint.requests) == 3
    endpoint.fault = None
    later = time.monotonic() + language_model.PAUSE_SECONDS
    monkeypatch.setattr(language_model.time, "monotonic", lambda: later)
    assert ask(model) == "ok"


def test_without_key_and_address_there_is_no_model(module_settings: Settings) -> None:
    assert LanguageModel.of(module_settings) is None


TOOL = {
    "type": "function",
    "function": {
        "name": "look_up",
        "strict": True,
        "parameters": {
            "type": "object",
            "properties": {"query": {"type": "string"}},
            "required": ["query"],
            "additionalProperties": False,
        },
    },
}
FORMAT = {"type": "json_schema", "json_schema": {"name": "reply", "strict": True, "schema": {
    "type": "object", "properties": {}, "required": [], "additionalProperties": False}}}  # fmt: skip
ASKED = [{"role": "system", "content": "be brief"}, {"role": "user", "content": SECRET}]


def chat(model: LanguageModel, with_tools: bool = True) -> Turn:
    return model.chat("answer", ASKED, "default", 50, [TOOL] if with_tools else [], FORMAT)


def test_calls_of_tools_come_as_they_were_made_and_their_results_are_accepted(
    model: LanguageModel, endpoint: OpenAIStandIn
) -> None:
    endpoint.converse = lambda body: (
        "done" if body["messages"][-1]["role"] == "tool" else [("look_up", {"query": "x"}), ("look_up", "{no json")]
    )
    turn = chat(model)
    assert [(call.name, call.arguments) for call in turn.calls] == [
        ("look_up", '{"query": "x"}'),
        ("look_up", "{no json"),
    ]
    results = [{"role": "tool", "tool_call_id": call.id, "content": "{}"} for call in turn.calls]
    answered = model.chat("answer", [*ASKED, turn.as_message, *results], "default", 50, [TOOL], FORMAT, may_call=False)
    assert answered.text == "done"
    assert endpoint.requests[-1]["tool_choice"] == "none"


def test_calls_of_another_shape_are_rubbish(model: LanguageModel, endpoint: OpenAIStandIn) -> None:
    endpoint.fault = "odd_calls"
    with pytest.raises(LanguageModelUnavailable, match="rubbish"):
        chat(model)


def test_an_endpoint_without_formats_is_asked_without_and_that_is_remembered(
    model: LanguageModel, endpoint: OpenAIStandIn
) -> None:
    endpoint.unknown = frozenset({"response_format"})
    assert [chat(model).text for _ in range(2)] == ["ok", "ok"]
    assert ["response_format" in body for body in endpoint.requests] == [True, False, False]


def test_an_endpoint_without_tools_says_so_once_and_is_then_not_asked_again(
    model: LanguageModel, endpoint: OpenAIStandIn
) -> None:
    endpoint.unknown = frozenset({"tools", "tool_choice"})
    for _ in range(2):
        with pytest.raises(ToolsNotSupported):
            chat(model)
    assert len(endpoint.requests) == 2
    assert chat(model, with_tools=False).text == "ok"
    assert "response_format" in endpoint.requests[-1]


def test_a_request_that_is_refused_without_options_too_blames_none_of_them(
    model: LanguageModel, endpoint: OpenAIStandIn
) -> None:
    endpoint.fault = "404"
    with pytest.raises(ToolsNotSupported):
        chat(model)
    with pytest.raises(LanguageModelUnavailable, match="refused"):
        chat(model, with_tools=False)
    endpoint.fault = None
    assert chat(model).text == "ok"
    assert {"tools", "response_format"} <= set(endpoint.requests[-1])


def test_all_calls_of_an_exchange_share_one_time_limit_and_are_listed(
    hurried: LanguageModel, endpoint: OpenAIStandIn, query: Query
) -> None:
    exchange = hurried.for_exchange()
    endpoint.fault = "slow"
    assert why(exchange) == "slow"
    endpoint.fault = None
    assert [why(exchange), ask(hurried)] == ["late", "ok"]
    assert [(call.purpose, call.outcome) for call in exchange.calls] == [("answer", "slow"), ("answer", "late")]
    assert len(endpoint.requests) == 2
    assert query("select outcome, prompt_tokens from app.language_model_calls order by call_id")[1] == ("late", 0)


def test_failures_of_exchanges_count_together(model: LanguageModel, endpoint: OpenAIStandIn) -> None:
    endpoint.fault = "500"
    assert [why(model.for_exchange()) for _ in range(4)] == ["failed", "failed", "failed", "resting"]
