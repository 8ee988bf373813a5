"""Limits on the bot's answers, as to another bot that answers every message."""

from __future__ import annotations

import pytest

from bot.deciding.repetition import MOST_REPEATS, MOST_REPLIES
from tests.support.chat import Chat, new_phone

AWAY = "Terima kasih telah menghubungi kami. Kami akan segera membalas pesan Anda."


@pytest.mark.parametrize("text", [AWAY, "terima kasih kak", "ok", "Thank you for your message!"])
def test_an_auto_responder_gets_few_answers(plain_shop: Chat, text: str) -> None:
    phone = new_phone()
    plain_shop.say(phone, "jam buka?")
    for _ in range(12):
        outcome = plain_shop.say(phone, text)
    assert len(plain_shop.received(phone).split("\n")) <= 12
    sent = [each for each in plain_shop.twilio.sent if each["to"] == f"whatsapp:{phone}"]
    assert len(sent) <= 2 + MOST_REPEATS
    assert outcome.replies == []


def test_a_customer_who_repeats_a_question_is_handed_over(plain_shop: Chat) -> None:
    phone = new_phone()
    states = [plain_shop.say(phone, "jam buka?").state for _ in range(MOST_REPEATS + 3)]
    assert states[MOST_REPEATS:] == ["waiting"] * 3
    sent = [each for each in plain_shop.twilio.sent if each["to"] == f"whatsapp:{phone}" and "Jam" in each["body"]]
    assert len(sent) <= MOST_REPEATS


def test_after_many_answers_within_an_hour_a_person_takes_over(plain_shop: Chat) -> None:
    phone = new_phone()
    plain_shop.say(phone, "jam buka?")
    plain_shop.ask(
        "insert into app.replies (conversation_id, author, kind, body, state, sent_at)"
        " select conversation_id, 'bot', 'answer', 'Jawaban ' || n, 'sent', now()"
        " from app.conversations, generate_series(2, %s) as n where customer_key = %s",
        MOST_REPLIES,
        plain_shop.key(phone),
    )
    outcome = plain_shop.say(phone, "alamat toko di mana?")
    assert (outcome.state, outcome.state_reason, outcome.replies) == ("waiting", "too_many_replies", [])
