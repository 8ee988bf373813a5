"""Whatever the bot may write down of a decision has words in both languages: every reason, step and outcome there is,
what comes with Kabar's rules, and what the bot's test scripts expect."""

from __future__ import annotations

from typing import get_args

import pytest
import yaml

from bot.conversation.reasons import Reason, Undelivered
from bot.conversation.types import Outcome, State, StepName
from bot.knowledge.grounding import Fault
from bot.knowledge.wording import Asked
from warehouse.settings import ROOT
from webhook.inbox import words
from webhook.inbox.conversations import explanations
from webhook.inbox.words import LANGUAGES


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


def without_words(kind: str, keys: set[str]) -> list[str]:
    return sorted(key for key in keys if not words.knows(f"{kind}_{key}"))


def test_every_reason_that_the_bot_writes_down_has_words() -> None:
    intents = {rule["intent"] for rule in yaml.safe_load((ROOT / "bot/deciding/rules.yml").read_text())["rules"]}
    every = {*Reason, *get_args(State)} | intents | scripted("reason") | scripted("handover")
    assert without_words("reason", every) == []
    assert scripted("reason") | scripted("handover") <= {*Reason} | intents


def test_every_step_and_outcome_has_words() -> None:
    assert scripted("step") <= {*get_args(StepName)}
    assert without_words("step", {*get_args(StepName)}) == []
    assert without_words("outcome", {*get_args(Outcome)}) == []


def test_every_code_of_a_reply_that_did_not_leave_has_words() -> None:
    assert without_words("failure", {*Undelivered}) == []


def test_whatever_became_of_the_language_model_has_words() -> None:
    assert without_words("llm", {*get_args(Asked)}) == []
    assert without_words("finding", {*get_args(Fault)}) == []


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
