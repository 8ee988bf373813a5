"""Whatever the bot may write down of a decision has words in both languages. What that is stands in the bot's code, in
the rules that come with it, and in the scripts that it is tried with."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
import yaml

from bot.conversation.types import Outcome
from warehouse.settings import ROOT
from webhook.inbox import words
from webhook.inbox.conversations import explanations
from webhook.inbox.words import LANGUAGES

BOT = sorted((ROOT / "bot").rglob("*.py"))
# Where the reason stands among what a function is given.
PLACES = {"passed": 1, "answered": 1, "refused": 1, "Step": 2, "hand_over": 2, "_verdict": 2, "_give_up": 3}
# Functions that return a reason, alone or with the state of a reply.
RETURNING = ("_kind", "reason_of", "_why_not", "_reason")
CODES_OF_REPLIES = {"taken_over", "opted_out", "no_address", "window_closed", "not_delivered"}
STATES = {"bot", "waiting", "agent", "closed"}
NO_REASONS = {"dead", "dropped"}


def texts(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value


def reasons_in(path: Path) -> Iterator[str]:
    """The words that are written in a reason's place, or may come to stand there."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            place = PLACES.get(name)
            if place is not None and len(node.args) > place:
                yield from chosen(node.args[place])
        if isinstance(node, ast.Assign) and "reason" in [getattr(target, "id", "") for target in node.targets]:
            yield from chosen(node.value)
        if isinstance(node, ast.FunctionDef) and node.name in RETURNING:
            for each in ast.walk(node):
                if isinstance(each, ast.Return) and each.value:
                    yield from (text for part in parts(each.value) for text in chosen(part))


def parts(node: ast.expr) -> list[ast.expr]:
    return node.elts if isinstance(node, ast.Tuple) else [node]


def chosen(node: ast.expr) -> Iterator[str]:
    """A text, or either of two."""
    if isinstance(node, ast.IfExp):
        yield from chosen(node.body)
        yield from chosen(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def scripted(field: str) -> set[str]:
    """What the scripts, which are played against the real bot, expect of decisions."""
    found: set[str] = set()
    pending: list[object] = [yaml.safe_load(path.read_text()) for path in (ROOT / "tests/bot/scripts").glob("*.yml")]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            found |= {value for name, value in node.items() if name == field and isinstance(value, str)}
        pending += node.values() if isinstance(node, dict) else node if isinstance(node, list) else []
    return found


def steps_in_code() -> set[str]:
    """The names of steps: those that decide in their order, and those around them."""
    calls = [
        node
        for path in BOT
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("passed", "answered", "refused", "Step")
    ]
    named = {text for call in calls if call.args for text in chosen(call.args[0])}
    return named | {"facts", "satisfaction"}


def test_every_reason_that_the_bot_writes_down_has_words() -> None:
    found = {reason for path in BOT for reason in reasons_in(path)} - NO_REASONS
    assert {"not_own", "proof_of_payment", "two_fallbacks", "bot_failed", "in_doubt", "passage"} <= found
    intents = {rule["intent"] for rule in yaml.safe_load((ROOT / "bot/deciding/rules.yml").read_text())["rules"]}
    every = (found - CODES_OF_REPLIES) | intents | STATES | scripted("reason") | scripted("handover")
    assert sorted(reason for reason in every if not words.knows(f"reason_{reason}")) == []


def test_every_step_and_outcome_has_words() -> None:
    found = steps_in_code() | scripted("step")
    assert {"understood", "wordless", "stop_or_start", "fallback"} <= found
    assert sorted(step for step in found if not words.knows(f"step_{step}")) == []
    assert [outcome for outcome in get_args(Outcome) if not words.knows(f"outcome_{outcome}")] == []


def test_every_code_of_a_reply_that_did_not_leave_has_words() -> None:
    found = set(reasons_in(ROOT / "bot" / "delivery" / "sending.py"))
    assert found >= CODES_OF_REPLIES
    refused = {
        text
        for path in (ROOT / "bot/delivery/reply_channels.py", ROOT / "bot/delivery/twilio.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused" and node.args
        for text in chosen(node.args[0])
    }
    assert sorted(code for code in CODES_OF_REPLIES | refused if not words.knows(f"failure_{code}")) == []


def test_whatever_became_of_the_language_model_has_words() -> None:
    source = (ROOT / "ml" / "language_model.py").read_text() + (ROOT / "bot" / "knowledge" / "wording.py").read_text()
    named = [
        text
        for node in ast.walk(ast.parse(source.replace("from __future__ import annotations", "")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("LanguageModelAway", "Worded")
        for argument in node.args[:2]
        for text in chosen(argument)
    ]
    outcomes = {*named, "slow", "down", "rate_limited", "refused", "failed"}
    assert {"budget", "rubbish", "ungrounded", "resting"} <= outcomes
    assert sorted(each for each in outcomes if not words.knows(f"llm_{each}")) == []
    findings = {text for node in ast.walk(ast.parse((ROOT / "bot" / "knowledge" / "grounding.py").read_text()))
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Finding"
                for text in chosen(node.args[0])} | {"link", "number", "length"}  # fmt: skip
    assert sorted(each for each in findings if not words.knows(f"finding_{each}")) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_details_are_told_in_words(language: words.Language) -> None:
    details = {
        "issues": ["refund", "refund"], "intents": ["order_status"], "orders": [17], "language_model": "rate_limited",
        "finding": "number", "fallbacks": 0, "model_version": "abc", "satisfied_share": 0.333,
    }  # fmt: skip
    told = dict(explanations.facts(details, language))
    assert told == {
        "issues": words.say(language, "issue_refund"),
        "intents": words.say(language, "reason_order_status"),
        "orders": "17",
        "language_model": words.say(language, "llm_rate_limited"),
        "finding": words.say(language, "finding_number"),
        "satisfied_share": "0.33",
    }
    assert all(words.knows(f"fact_{name}") for name in explanations._SHOWN)
    near = {"episode": "whatsapp 12", "distance": 0.5, "satisfied": False}
    assert explanations.neighbour(near, language) == words.say(language, "neighbour_not_satisfied", distance="0.50")
