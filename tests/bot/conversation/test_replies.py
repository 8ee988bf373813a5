"""The bot's replies: every language has the same texts, and all of them are used."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import Formatter
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
import yaml

from bot.catalogue.products import StockStatus
from bot.conversation import replies, times
from bot.conversation.reasons import Reason
from bot.conversation.replies import languages, say, texts
from bot.deciding import patterns, rules
from bot.deciding.rules import Rule
from warehouse.i18n import SOURCE, Language
from warehouse.settings import ROOT

JAKARTA = ZoneInfo("Asia/Jakarta")
MONDAY = datetime(2026, 11, 23, 7, tzinfo=JAKARTA)
INTENTS = {rule["intent"]: rule for rule in yaml.safe_load((ROOT / "bot/deciding/rules.yml").read_text())["rules"]}
STATUSES = {"pending", "on-hold", "processing", "completed", "cancelled", "refunded", "failed"}
# Topics that are looked up by a name that isn't in the code, and the names that occur.
NAMED = {
    "handover": {"asked", *Reason} | {intent for intent, rule in INTENTS.items() if rule.get("action") == "handover"},
    "media": {*Reason},
    "order_status": STATUSES,
    "rule": {intent for intent, rule in INTENTS.items() if rule.get("action") not in ("handover", "facts")},
}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def in_code() -> set[str]:
    """All string constants of the bot's code."""
    trees = (ast.parse(path.read_text()) for path in (ROOT / "bot").rglob("*.py"))
    return {
        str(node.value)
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@pytest.fixture
def third_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Language]:
    """Malay, whose file is a copy of the Indonesian one."""
    folder = shutil.copytree(replies.FOLDER, tmp_path / "replies")
    shutil.copy(folder / "id.yml", folder / "ms.yml")
    monkeypatch.setattr(replies, "FOLDER", folder)
    languages.cache_clear()
    texts.cache_clear()
    yield "ms"
    monkeypatch.undo()
    languages.cache_clear()
    texts.cache_clear()


@pytest.mark.parametrize("language", languages())
def test_every_language_has_the_same_texts_with_the_same_placeholders(language: Language) -> None:
    assert {key: placeholders(text) for key, text in texts(language).items()} == {
        key: placeholders(text) for key, text in texts(SOURCE).items()
    }


def test_every_text_is_used_and_every_text_that_is_asked_for_exists() -> None:
    topics = {key.split(".")[0] for key in texts(SOURCE)}
    named = {key for key in texts(SOURCE) if key.split(".")[0] in NAMED}
    constants = in_code()
    asked_for = {
        text for text in constants if text.count(".") == 1 and text.split(".")[0] in topics and text[-1] != "."
    }
    assert set(texts(SOURCE)) - named - asked_for - {f"product.{status}" for status in get_args(StockStatus)} == set()
    assert asked_for - set(texts(SOURCE)) == set()
    assert [key for key in named if key.split(".")[1] not in NAMED[key.split(".")[0]]] == []
    assert {f"{topic}." for topic in NAMED} <= constants


def test_a_third_language_takes_one_file(third_language: Language) -> None:
    assert languages() == ("en", "id", "ms")
    assert say("order.paid", third_language, day="1 Jan") == "Dibayar 1 Jan."


def test_a_language_without_a_file_is_answered_in_english() -> None:
    assert say("media.file", "fr") == say("media.file", "en")


@pytest.mark.parametrize(
    ("wait", "indonesian", "english"),
    [
        (timedelta(hours=1), "hari ini pukul 08.00 WIB", "today at 08:00 WIB"),
        (timedelta(hours=25), "besok pukul 08.00 WIB", "tomorrow at 08:00 WIB"),
        (timedelta(hours=49), "Rabu, 25 Nov pukul 08.00 WIB", "on Wednesday, 25 Nov at 08:00 WIB"),
        (timedelta(days=7, hours=1), "Senin, 30 Nov pukul 08.00 WIB", "on Monday, 30 Nov at 08:00 WIB"),
    ],
)
def test_the_day_on_which_the_team_is_back_is_named_as_people_do(
    wait: timedelta, indonesian: str, english: str
) -> None:
    now = MONDAY.astimezone(UTC)  # a Monday at 0:00, while it is 7:00 in the shop
    assert times.back_at(MONDAY + wait, now, JAKARTA, "id") == indonesian
    assert times.back_at(MONDAY + wait, now, JAKARTA, "en") == english


@pytest.mark.parametrize("language", languages())
def test_the_word_that_replies_name_for_a_person_calls_one(language: Language) -> None:
    quoted = {text.split("“")[1].split("”")[0] for text in texts(language).values() if "“" in text}
    written = tuple(patterns.read(text) for text in INTENTS["human"]["patterns"])
    human = Rule(1, rules.Intent("human"), written, None, None, "handover")
    assert quoted
    assert all(rules.found_in(human, patterns.tokens(word)) for word in quoted)
