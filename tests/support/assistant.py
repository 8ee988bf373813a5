"""What a language model might do in an exchange with the bot, for `OpenAIStandIn.converse`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from ml.language_model import LanguageModel
from tests.support.chat import Chat
from tests.support.openai_stand_in import Call, Next, OpenAIStandIn, is_judging
from warehouse.settings import Settings

Source = dict[str, str]
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_WORD = re.compile(r"\w+")


def with_model(shop: Chat, environment: dict[str, str]) -> None:
    """Give a shop the language model of an environment."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        model = LanguageModel.of(Settings(_env_file=None))
    shop.services.tools = replace(shop.services.tools, language_model=model)


def sources_in(body: dict[str, Any]) -> list[Source]:
    """What the model was given, by tools or at once."""
    found: list[Source] = []
    for message in body["messages"][1:]:
        if message["role"] in ("tool", "user"):
            found += json.loads(message["content"]).get("sources", [])
    return found


def told(body: dict[str, Any]) -> dict[str, Any]:
    """The conversation that the model was given."""
    given: dict[str, Any] = json.loads(body["messages"][1]["content"])
    return given


def told_last(endpoint: OpenAIStandIn) -> dict[str, Any]:
    """The conversation of the last exchange."""
    [*_, last] = (body for body in endpoint.requests if not is_judging(body))
    return told(last)


def reply(*statements: dict[str, str], question: str | None = None, hand_over: str | None = None) -> str:
    return json.dumps({"statements": statements, "question": question, "hand_over": hand_over}, ensure_ascii=False)


def quoting(text: str, sources: Sequence[Source]) -> dict[str, str]:
    """A statement with the sentence of a source that has most of its words."""
    words = _beginnings(text)
    parts = [(source["id"], part) for source in sources for part in _SENTENCE.split(source["text"])]
    usable = [each for each in parts if len(each[1].split()) >= 2]
    id_, quote = max(usable, key=lambda each: len(words & _beginnings(each[1])), default=("", ""))
    return {"text": text, "source": id_, "quote": quote}


def says(*texts: str, after: Sequence[Call] = ()) -> Next:
    """Calls tools if it can, then says these texts, each with a quote of what it was given."""

    def converse(body: dict[str, Any]) -> str | Sequence[Call]:
        if after and "tools" in body and body["messages"][-1]["role"] != "tool":
            return after
        return reply(*(quoting(text, sources_in(body)) for text in texts))

    return converse


def in_turn(*steps: str | Sequence[Call] | Next) -> Next:
    """One step for each request, the last one for all that follow."""
    left = list(steps)

    def converse(body: dict[str, Any]) -> str | Sequence[Call] | None:
        step: Any = left.pop(0) if len(left) > 1 else left[0]
        return step(body) if callable(step) else step

    return converse


def truthful(is_faithful: Callable[[str], bool]) -> Callable[[str, str], str]:
    """A judge who knows which statements are faithful, and quotes a source."""

    def answer(system: str, user: str) -> str:
        given = json.loads(user)
        sources = [{"id": str(number), "text": text} for number, text in enumerate(given["sources"])]
        quote = quoting(given["statement"], sources)["quote"]
        return json.dumps({"supported": is_faithful(given["statement"]), "quote": quote})

    return answer


def yes(system: str, user: str) -> str:
    """A judge who finds everything supported."""
    return truthful(lambda statement: True)(system, user)


def _beginnings(text: str) -> set[str]:
    return {word[:5].lower() for word in _WORD.findall(text)}
