"""Of what a language model might answer from a shop's pages, what is faithful is sent, and nothing else.

The answers of tests/data/grounding go through whole decisions, with a judge who tells the truth, is away, or says yes
to everything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest
import yaml

from bot import tools
from bot.conversation.types import Conversation, Decision, Message
from bot.deciding import steps
from bot.grounding.rules import check
from bot.knowledge import documents, uploads
from bot.tools import Tools
from tests.support.assistant import quoting, reply, sources_in, truthful, yes
from tests.support.openai_stand_in import OpenAIStandIn
from warehouse import connection
from warehouse.settings import ROOT, Settings

pytestmark = pytest.mark.timeout(900)  # hundreds of decisions in each test, minutes of CPU time

_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_CALLS_AT_ONCE = 4
Judge = Callable[[str, str], str]
Play = Callable[..., "list[Sent]"]


class Case(NamedTuple):
    shop: str
    kind: str
    question: str
    answer: str
    sources: tuple[str, ...]


class Sent(NamedTuple):
    """Whether the answer of a case was sent, and if not, why."""

    case: Case
    is_sent: bool
    finding: str | None


def read() -> list[Case]:
    files = sorted((ROOT / "tests" / "data" / "grounding").glob("*.yml"))
    shops = {name: shop for path in files for name, shop in yaml.safe_load(path.read_text()).items()}
    return [
        Case(name, kind, question, answer, tuple(shop["sources"]))
        for name, shop in shops.items()
        for kind, _, question, answer in shop["answers"]
    ]


CASES = read()


@pytest.fixture(scope="module")
def endpoint() -> Iterator[OpenAIStandIn]:
    with OpenAIStandIn() as found:
        yield found


@pytest.fixture(scope="module")
def made(module_settings: Settings, endpoint: OpenAIStandIn) -> Iterator[Tools]:
    """The bot of shops with the sources as their pages."""
    for name, sources in {case.shop: case.sources for case in CASES}.items():
        with connection.transaction("bot", module_settings) as opened, opened.cursor() as cursor:
            page = "\n\n".join(f"## {source.strip()}" for source in sources)
            document_id = uploads.add(cursor, name, "pages.md", page.encode())
        documents.read_document(module_settings, document_id)
    with pytest.MonkeyPatch.context() as patch:
        limits = {"KABAR_OPENAI_SECONDS": "12", "KABAR_OPENAI_TOKENS_PER_DAY": "1000000000"}
        for variable, value in (endpoint.environment | limits).items():
            patch.setenv(variable, value)
        found = tools.make(Settings(_env_file=None))
    yield found
    found.connections.close()


@pytest.fixture(scope="module")
def play(made: Tools, endpoint: OpenAIStandIn) -> Play:
    """What becomes of answers with a judge."""

    def played(cases: list[Case], judge: Callable[[Case], Judge]) -> list[Sent]:
        found = []
        for case in cases:
            endpoint.converse, endpoint.answer = gives(case), judge(case)
            decision = steps.decide(asked(case), made)
            step = next((step for step in decision.steps if step.name == "assistant"), None)
            if step:
                found.append(Sent(case, told(case, decision), step.details.get("finding") or step.reason))
        assert len(found) >= 0.9 * len(cases), "rules answered too many of the questions"
        return found

    return played


def gives(case: Case) -> Callable[[dict[str, Any]], Any]:
    """A model that reads all pages, and gives the answer with a quote for each sentence."""
    calls = [("search_pages", {"query": source[:200]}) for source in case.sources]
    rounds = [calls[start : start + _CALLS_AT_ONCE] for start in range(0, len(calls), _CALLS_AT_ONCE)][:3]

    def converse(body: dict[str, Any]) -> Any:
        done = sum(message["role"] == "assistant" for message in body["messages"])
        if done < len(rounds):
            return rounds[done]
        return reply(*(quoting(text, sources_in(body)) for text in _SENTENCE.split(case.answer)))

    return converse


def asked(case: Case) -> Conversation:
    message = Message("twilio", "SM1", "customer", case.question, datetime.now(UTC))
    return Conversation(0, case.shop, "whatsapp", "0" * 32, None, "bot", None, (message,))


def told(case: Case, decision: Decision) -> bool:
    return any(case.answer == " ".join((each.body or "").split()) for each in decision.replies)


def test_with_a_truthful_judge_faithful_answers_are_sent_and_no_other(play: Play) -> None:
    answers = play(CASES, lambda case: truthful(lambda statement: case.kind == "faithful"))
    faithful = [each for each in answers if each.case.kind == "faithful"]
    assert len(faithful) >= 50
    not_sent = [(each.case.answer, each.finding) for each in faithful if not each.is_sent]
    assert len(not_sent) <= 0.1 * len(faithful), not_sent
    assert [each.case.answer for each in answers if each.is_sent and each.case.kind != "faithful"] == []


@pytest.mark.parametrize("judge", [yes, lambda system, user: ""], ids=["yes to all", "away"])
def test_with_a_judge_that_is_useless_nothing_contradicted_is_sent(play: Play, judge: Judge) -> None:
    unfaithful = [case for case in CASES if case.kind != "faithful"]
    sent = [each.case for each in play(unfaithful, lambda case: judge) if each.is_sent]
    assert [case.answer for case in sent if is_contradicted(case)] == []
    assert sum(map(is_contradicted, unfaithful)) >= 100
    assert judge is yes or sent == [], "without a judge only what the rules support is sent"


def is_contradicted(case: Case) -> bool:
    return check(case.answer, case.sources, case.question).verdict == "contradicted"
