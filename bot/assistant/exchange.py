"""The exchange with the language model: it calls tools until it replies. One that cannot call any gets what was
searched for it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.assistant import prompt, said
from bot.assistant.lookups import Lookups
from bot.assistant.said import Said
from bot.deciding.situation import Situation
from bot.vocabulary import words
from ml.completions import ToolCall, Turn
from ml.language_model import LanguageModel, ToolsNotSupported
from ml.masking.mask import Mask, UnknownPlaceholder

MAX_ROUNDS = 3
"""How often the model may call tools, in an exchange."""
_MAX_CALLS = 4  # in a round
_MAX_TOKENS = 700
_MAX_SEARCHES = 3


def ask(model: LanguageModel, situation: Situation, lookups: Lookups, mask: Mask) -> Said:
    """The model's reply. Raises LanguageModelUnavailable and Unreadable."""
    try:
        reply = _with_tools(model, situation, lookups, mask)
    except ToolsNotSupported:
        reply = None
    return reply or _after_searching(model, situation, lookups, mask)


def _with_tools(model: LanguageModel, situation: Situation, lookups: Lookups, mask: Mask) -> Said | None:
    """None if it replied without looking anything up, as models do that accept tools but cannot use them."""
    messages = prompt.messages(situation, mask)
    for round_ in range(MAX_ROUNDS + 1):
        turn = _next(model, messages, situation, prompt.TOOLS, may_call=round_ < MAX_ROUNDS)
        if not turn.calls or round_ == MAX_ROUNDS:
            return _read(turn, is_first=round_ == 0)
        if ended := _ending(turn.calls):
            return ended
        messages += [turn.as_message, *_results(turn.calls, lookups, mask)]
    return None


def _read(turn: Turn, is_first: bool) -> Said | None:
    try:
        reply = said.read(turn.text)
    except said.Unreadable:
        if is_first:
            return None
        raise
    is_complete = bool(reply.question or reply.wants_person)
    return None if is_first and not is_complete else reply


def _after_searching(model: LanguageModel, situation: Situation, lookups: Lookups, mask: Mask) -> Said:
    search_for(situation, lookups)
    messages = prompt.messages(situation, mask, list(lookups.sources.values()))
    return said.read(_next(model, messages, situation).text)


def search_for(situation: Situation, lookups: Lookups) -> None:
    """Look up what the requests of the burst may be about."""
    for each in list(situation.of_each_request())[:_MAX_SEARCHES]:
        before = each.context.question if each.request.is_elliptical else None
        query = f"{before.text} {each.request.text}" if before else each.request.text
        lookups.run("search_pages", query)
        lookups.run("find_products", query)
    if situation.found("facts") or words("of_orders") & set(situation.words):
        lookups.run("own_orders", "")
    lookups.run("opening_hours", "")


def _next(
    model: LanguageModel,
    messages: Sequence[Mapping[str, Any]],
    situation: Situation,
    tools: Sequence[Mapping[str, Any]] = (),
    may_call: bool = False,
) -> Turn:
    store_id = situation.conversation.store_id
    return model.chat("answer", messages, store_id, _MAX_TOKENS, tools, said.REPLY, may_call)


def _ending(calls: Sequence[ToolCall]) -> Said | None:
    """A call that ends the exchange."""
    for call in calls:
        argument = _argument(call)
        if call.name == "hand_over":
            return Said(hand_over="customer_asked" if argument == "customer_asked" else "needs_person")
        if call.name == "ask_back" and argument:
            return Said(question=argument[: said.MAX_TEXT])
    return None


def _results(calls: Sequence[ToolCall], lookups: Lookups, mask: Mask) -> Iterator[dict[str, Any]]:
    """The answer to each call."""
    for number, call in enumerate(calls):
        result = _result(call, lookups, mask) if number < _MAX_CALLS else {"error": "too many calls at once"}
        content = json.dumps(result, ensure_ascii=False)
        yield {"role": "tool", "tool_call_id": call.id, "content": content}


def _result(call: ToolCall, lookups: Lookups, mask: Mask) -> dict[str, Any]:
    try:
        query = mask.restore(_argument(call))
    except UnknownPlaceholder:
        return {"error": "a placeholder that stands for nothing"}
    found = lookups.run(call.name, query)
    return {"error": "no tool of this name"} if found is None else {"sources": prompt.as_data(found)}


def _argument(call: ToolCall) -> str:
    """The one argument that the tool has; empty if it is no text."""
    try:
        given = json.loads(call.arguments or "{}")
    except (ValueError, RecursionError):
        return ""
    value = given.get(prompt.ARGUMENTS.get(call.name)) if isinstance(given, dict) else None
    return value.strip() if isinstance(value, str) else ""
