"""Whatever the bot records of a decision has a label: every reason, step, outcome and intent of Kabar's own
rules, and what the bot's test scripts expect."""

from __future__ import annotations

from typing import get_args

import pytest
import yaml

from bot.assistant import prompt
from bot.assistant.checking import Finding
from bot.assistant.step import Outcome as Replied
from bot.conversation.reasons import Reason, Undelivered
from bot.conversation.types import Outcome, State, StepName
from warehouse import formats
from warehouse.i18n import Language, languages, translate
from warehouse.settings import ROOT
from webhook.inbox.conversations import explanations
from webhook.inbox.labels import LABELS, label


def scripted(field: str) -> set[str]:
    """What the scripts, which are played against the real bot, expect of decisions."""
    found: set[str] = set()
    pending: list[object] = [
        yaml.safe_load(path.read_text()) for path in (ROOT / "tests/bot/deciding/scripts").glob("*.yml")
    ]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            found |= {value for name, value in node.items() if name == field and isinstance(value, str)}
        pending += node.values() if isinstance(node, dict) else node if isinstance(node, list) else []
    return found


def without_label(kind: str, keys: set[str]) -> list[str]:
    return sorted(key for key in keys if f"{kind}_{key}" not in LABELS)


def test_every_reason_that_the_bot_writes_down_has_a_label() -> None:
    intents = {rule["intent"] for rule in yaml.safe_load((ROOT / "bot/deciding/rules.yml").read_text())["rules"]}
    every = {*Reason, *get_args(State)} | intents | scripted("reason") | scripted("handover")
    assert without_label("reason", every) == []
    assert scripted("reason") | scripted("handover") <= {*Reason} | intents


def test_every_step_and_outcome_has_a_label() -> None:
    assert scripted("step") <= {*get_args(StepName)}
    assert without_label("step", {*get_args(StepName)}) == []
    assert without_label("outcome", {*get_args(Outcome)}) == []


def test_every_code_of_a_reply_that_did_not_leave_has_a_label() -> None:
    assert without_label("failure", {*Undelivered}) == []


def test_whatever_the_language_model_looked_up_has_a_label() -> None:
    looked_up = {tool["function"]["name"] for tool in prompt.TOOLS} - {"ask_back", "hand_over"}
    assert without_label("lookup", looked_up) == []


def test_whatever_became_of_the_language_model_has_a_label() -> None:
    assert without_label("llm", {*get_args(Replied)}) == []
    assert without_label("finding", {*get_args(Finding)}) == []


@pytest.mark.parametrize("language", languages())
def test_details_are_shown_with_labels(language: Language) -> None:
    details = {
        "issues": ["refund", "refund"], "intents": ["order_status"], "orders": [17], "language_model": "rate_limited",
        "finding": "number", "lookups": ["own_orders"], "tokens": 240, "judge_seconds": 0.51, "fallbacks": 0,
        "model_version": "abc", "satisfied_share": 0.333,
    }  # fmt: skip
    told = dict(explanations.facts(details, language))
    assert told == {
        "issues": label(language, "issue_refund"),
        "intents": label(language, "reason_order_status"),
        "lookups": label(language, "lookup_own_orders"),
        "orders": "17",
        "language_model": label(language, "llm_rate_limited"),
        "finding": label(language, "finding_number"),
        "tokens": "240",
        "judge_seconds": formats.decimal(0.51, language, places=2),
        "satisfied_share": formats.decimal(0.333, language, places=2),
    }
    assert all(f"fact_{name}" in LABELS for name in explanations._SHOWN)
    near = {"episode": "whatsapp 12", "distance": 0.5, "satisfied": False}
    assert explanations.neighbour(near, language) == translate(
        language, "not satisfied (distance {distance})", distance=formats.decimal(0.5, language, places=2)
    )
