"""During a conversation: whom something went wrong for is judged, and handed over with the neighbours that say why."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg2
import pytest

from bot.conversation import thread
from bot.conversation.types import Step
from bot.deciding import satisfaction
from ml.satisfaction import models, registry
from tests.ml.satisfaction.test_satisfaction import rated_episodes
from warehouse.connection import transaction, url
from warehouse.settings import Settings

Cursor = Any
Said = tuple[str, str] | tuple[str, str, bool]
"""The author, the text, and whether the bot answered."""

WELL: list[Said] = [("customer", "kapan toko buka"), ("bot", "Jam 9 kak"), ("customer", "ada warna biru tidak")]
REPEATED: list[Said] = [
    ("customer", "paket saya belum sampai"),
    ("bot", "Boleh nomor pesanannya?"),
    ("customer", "paket saya belum sampai juga"),
]
UNANSWERED: list[Said] = [("customer", "bisa kirim ke luar kota"), ("bot", "Maaf, belum tahu.", False),
                          ("customer", "jadi bagaimana caranya")]  # fmt: skip


@pytest.fixture
def owner(module_settings: Settings) -> Iterator[Cursor]:
    """The database, in which no conversation has begun, no model is in use and no option is set."""
    with closing(psycopg2.connect(url("owner", module_settings))) as opened:
        opened.autocommit = True
        with opened.cursor() as cursor:
            cursor.execute(
                "truncate raw.chatbot_events, app.customers, app.store_options, ml.satisfaction_models"
                " restart identity cascade"
            )
            yield cursor


def say(cursor: Cursor, said: list[Said], minutes: int = 10) -> int:
    """A conversation, a message a minute; its id."""
    for number, (author, text, *answered) in enumerate(said):
        cursor.execute(
            "insert into raw.chatbot_events (event_id, type, author, text, answered, occurred_at, channel, store_id,"
            " customer_key, id_key, payload, payload_hash) values (%s, 'message', %s, %s, %s,"
            " now() - make_interval(mins => %s), 'web', 'shop', 'ana', 'ana', '{}', 'hash')",
            (f"{minutes}-{number}", author, text, *(answered or (None,)), minutes - number),
        )
    cursor.execute("select conversation_id from app.conversations where customer_key = 'ana'")
    return int(cursor.fetchone()[0])


def judged(settings: Settings, conversation_id: int) -> Step:
    with transaction("bot", settings) as connection, connection.cursor() as cursor:
        return satisfaction.judge(cursor, thread.load(cursor, conversation_id))


def learn(settings: Settings) -> None:
    with transaction("scorer", settings) as connection, connection.cursor() as cursor:
        registry.put_in_use(cursor, models.train(rated_episodes()), "for a test", {})


def test_who_was_always_understood_and_answered_is_not_judged(owner: Cursor, module_settings: Settings) -> None:
    step = judged(module_settings, say(owner, WELL))
    assert (step.name, step.outcome, step.reason) == ("satisfaction", "passed", "gone_well")


@pytest.mark.parametrize(("said", "fallbacks"), [(REPEATED, 0), (UNANSWERED, 1)], ids=["repeated", "unanswered"])
def test_half_understood_is_handed_over_by_the_papers_rows(
    owner: Cursor, module_settings: Settings, said: list[Said], fallbacks: int
) -> None:
    step = judged(module_settings, say(owner, said))
    assert (step.outcome, step.reason) == ("handed_over", "dissatisfied")
    # 50 % understood: D6 has 50, D3 45, D4 60, none of them satisfied
    assert [near["episode"] for near in step.details["neighbours"]] == ["D6", "D3", "D4"]
    assert [near["distance"] for near in step.details["neighbours"]] == [0, 5, 10]
    assert (step.details["comprehension"], step.details["fallbacks"]) == (50, fallbacks)
    assert step.details["model_version"].startswith("paper-")


def test_a_doubt_hands_over_unless_the_shop_leaves_it(owner: Cursor, module_settings: Settings) -> None:
    # 75 % understood: D2 (70) and D5 (85) were satisfied, D4 (60) was not
    more: list[Said] = [
        ("bot", "Baik"),
        ("customer", "apakah ada diskon"),
        ("bot", "Tidak"),
        ("customer", "alamat toko"),
    ]
    conversation_id = say(owner, [*REPEATED, *more])
    step = judged(module_settings, conversation_id)
    assert (step.outcome, step.reason, step.details["doubts"]) == ("handed_over", "in_doubt", ["divided"])
    owner.execute("insert into app.store_options (store_id, is_handed_over_in_doubt) values ('shop', false)")
    left = judged(module_settings, conversation_id)
    assert (left.outcome, left.reason, left.details) == ("passed", "doubt_is_left", step.details)
    # one more without an answer: 50 % understood is no doubt any more, and no option
    say(owner, [("bot", "Maaf, belum tahu.", False), ("customer", "nomor telepon")], minutes=2)
    assert judged(module_settings, conversation_id).reason == "dissatisfied"


def test_the_model_in_use_judges_from_when_it_is_put_to_use(owner: Cursor, module_settings: Settings) -> None:
    conversation_id = say(owner, UNANSWERED)
    assert judged(module_settings, conversation_id).details["model_version"].startswith("paper-")
    learn(module_settings)
    step = judged(module_settings, conversation_id)
    assert step.details["model_version"].startswith("extended-")
    assert step.reason == "dissatisfied"
    assert {near["satisfied"] for near in step.details["neighbours"]} == {False}


def test_who_was_given_back_is_handed_over_again_only_if_more_went_wrong_since(
    owner: Cursor, module_settings: Settings
) -> None:
    conversation_id = say(owner, UNANSWERED)
    assert judged(module_settings, conversation_id).outcome == "handed_over"
    owner.execute(
        "insert into app.conversation_events (conversation_id, type, occurred_at)"
        " values (%s, 'given_back', now() - interval '5 minutes')",
        (conversation_id,),
    )
    say(
        owner, [("bot", "Bisa kak"), ("customer", "makasih"), ("bot", "Sama-sama"), ("customer", "jam buka")], minutes=4
    )
    step = judged(module_settings, conversation_id)
    assert (step.outcome, step.reason) == ("passed", "settled")
    say(owner, [("bot", "Jam 9"), ("customer", "jam buka")], minutes=1)
    assert judged(module_settings, conversation_id).outcome == "handed_over"


def test_an_earlier_episode_says_nothing_about_this_one(owner: Cursor, module_settings: Settings) -> None:
    say(owner, [*UNANSWERED, ("bot", "Maaf kak", False)], minutes=4 * 24 * 60)
    step = judged(module_settings, say(owner, WELL))
    assert (step.outcome, step.details["turns"]) == ("passed", 2)


def test_details_hold_nothing_that_was_said(owner: Cursor, module_settings: Settings) -> None:
    shown = str(judged(module_settings, say(owner, REPEATED)))
    assert not any(word in shown for word in ("paket", "sampai", "ana"))
