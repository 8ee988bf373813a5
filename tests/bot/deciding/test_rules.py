"""Rules are a shop's own table: seeded once, edits win, patterns are plain words that no message can make slow."""

from __future__ import annotations

import cProfile
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from bot.deciding import patterns, rules
from bot.deciding.patterns import InvalidPattern
from bot.preview import preview
from bot.shop.instructions import Instructions
from bot.tools import Tools
from warehouse.connection import transaction
from warehouse.settings import Settings

Query = Callable[..., list[tuple[Any, ...]]]


def matches(pattern: str, text: str) -> bool:
    said = patterns.tokens(text)
    return len(said) in patterns.ends(patterns.read(pattern), said, 0, rules.fillers())


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("jam buka", "JAM BUKA?"),
        ("jam buka", "jam kak bukanya"),
        ("ongkir", "ongkos kirim"),
        ("ongkos kirim", "ongkirnya"),
        ("kirim*", "kiriman"),
        ("buka/tutup jam berapa", "tutup jam brp"),
        ("pesanan * mana", "pesanan saya sampai mana"),
        ("dont know", "don’t know"),
        ("admin", "ａｄｍｉｎ"),
        ("admin", "ad\u200bmin"),
    ],
)
def test_a_pattern_matches_what_people_type_for_it(pattern: str, text: str) -> None:
    assert matches(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("buka", "bukan"), ("jam buka", "buka jam"), ("pesanan * mana", "pesanan a b c d mana"), ("=ok", "ok berapa"),
     ("kirim*", "dikirim"), ("jam buka", "jam pasir buka")],
)  # fmt: skip
def test_a_pattern_matches_whole_words_in_their_order(pattern: str, text: str) -> None:
    assert not matches(pattern, text)


@pytest.mark.parametrize(
    "text", ["", "  ", "*", "* *", "=", "(a+)+$", "a" * 201, "a*b", "[a]", " ".join("abcdefghijklm"), "/"]
)
def test_a_pattern_that_cannot_be_used_is_refused_with_words(text: str) -> None:
    with pytest.raises(InvalidPattern) as refusal:
        patterns.read(text)
    assert str(refusal.value)


@pytest.mark.parametrize(
    "pattern",
    ["a * * * * * * * * * * b", "a* * a* * a* * a* * a* b", "* a * a * a * a * a * b", "a/a/a/a a/a a/a a/a a/a b"],
)
def test_no_pattern_and_no_message_take_long(pattern: str) -> None:
    read = patterns.read(pattern)
    said = patterns.tokens("a " * 5_000)
    assert len(said) == len(patterns.tokens("a " * 50_000)), "of a long text the beginning and the end are read"
    steps = function_calls(lambda: patterns.ends(read, said, 0, frozenset(["a"])))
    assert steps < 20 * len(read.elements) * len(said)


def function_calls(work: Callable[[], object]) -> int:
    """How many Python functions a piece of work calls, which no machine's speed changes."""
    profile = cProfile.Profile()
    profile.runcall(work)
    return sum(entry.callcount for entry in profile.getstats())


def test_of_a_long_text_the_beginning_and_the_end_are_read_and_nothing_across_what_lies_between() -> None:
    said = patterns.tokens("halo kak, " + "kirim barang sampai tujuan. " * 200 + "tolong sambungkan ke admin")
    for pattern in ("halo kak", "sambungkan ke admin"):
        assert stands_in(pattern, said)
    assert not stands_in("jam buka", patterns.tokens("jam " + "kak " * 5_000 + "buka"))
    assert stands_in("jam buka", patterns.tokens("jam " + "kak " * 200 + "buka"))


def stands_in(pattern: str, said: Sequence[str]) -> bool:
    read = patterns.read(pattern)
    return any(patterns.ends(read, said, start, rules.fillers()) for start in range(len(said)))


def test_a_shop_that_has_none_gets_rules_once_and_edits_win(settings: Settings, query: Query) -> None:
    with transaction("bot", settings) as connection, connection.cursor() as cursor:
        seeded = rules.load(cursor, "shop")
        assert rules.anger_words(cursor, "shop")
    assert {rule.action for rule in seeded} == {None, "handover", "stop", "start", "facts"}
    query("update app.rules set patterns = '{=kopi}', answer_id = 'Ada!' where intent = 'greeting'")
    query("update app.rules set is_active = false where intent = 'thanks'")
    query("update app.rules set patterns = '{(((,jam buka}' where intent = 'opening_hours'")
    query("delete from app.rules where intent = 'goodbye'")
    with transaction("bot", settings) as connection, connection.cursor() as cursor:
        found = {rule.intent: rule for rule in rules.load(cursor, "shop")}
    assert found["greeting"].answer("id") == "Ada!"
    assert "thanks" not in found
    assert "goodbye" not in found
    assert len(found["opening_hours"].patterns) == 1, "the pattern that cannot be read is left out, the other counts"


def test_two_who_seed_at_once_seed_once(settings: Settings, query: Query) -> None:
    with (
        transaction("bot", settings) as one,
        one.cursor() as first,
        transaction("inbox", settings) as other,
        other.cursor() as second,
    ):
        rules.seed(first, "shop")
        one.commit()
        rules.seed(second, "shop")
    [(total, distinct)] = query("select count(*), count(distinct intent) from app.rules")
    assert total == distinct


def test_every_seeded_pattern_can_be_read_and_every_answer_is_in_both_languages() -> None:
    for rule in rules._seed()["rules"]:
        for pattern in rule["patterns"]:
            patterns.read(pattern)
        answer = rule.get("answer", {})
        assert set(answer) in (set(), {"id", "en"}), rule["intent"]
        assert set(rule) <= {"intent", "patterns", "answer", "action"}


def test_placeholders_are_filled_and_braces_of_others_stay() -> None:
    answer = "Halo {name}! {shop_name} buka {hours}. {7*7} {secret}"
    assert rules.filled(answer, name=None, shop_name="A", hours="8") == "Halo! A buka 8. {7*7} {secret}"
    assert rules.filled(answer, name="Siti", shop_name="A", hours=None) is None


def test_a_preview_says_what_the_bot_would_say_under_a_name_that_is_not_saved(settings: Settings, query: Query) -> None:
    shown = preview("halo", "shop", Tools(settings), Instructions("Toko Uji", "ramah", "bantu"))
    assert [step.name for step in shown.decision.steps][-2] == "rules"
    assert "Toko Uji" in str(shown.decision.replies[0].body)
    assert preview("pesanan saya mana?", "shop", Tools(settings)).decision.steps[-2].reason == "no_orders"
    assert query("select count(*) from app.conversations") == [(0,)]
    assert query("select count(*) from app.bot_decisions") == [(0,)]


@pytest.mark.parametrize(
    ("profile", "name"),
    [
        ("Siti Aminah", "Siti"), ("budi", "budi"), ("Ibu Siti", "Siti"), ("Bpk. Budi", "Budi"), ("H. Ahmad", "Ahmad"),
        ("Jaya Kusuma", "Jaya"), ("dr Andi, Sp.A", "Andi"),
        ("PT Maju Jaya", None), ("PT. Maju Jaya", None), ("CV Karya", None), ("Toko Budi", None), ("UD. Sumber", None),
        ("Maju Ltd", None), ("Kenari Coffee Store", None), ("Warung Bu Sri", None), ("Admin Kenari", None),
        ("Apotek Sehat", None), ("Mas", None), ("", None), (None, None), ("\U0001f338", None), ("A", None),
    ],
)  # fmt: skip
def test_firms_and_titles_are_no_first_names(profile: str | None, name: str | None) -> None:
    assert rules.first_name(profile) == name
