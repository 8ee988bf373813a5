"""What becomes of a conversation in which a rating was asked for."""

from __future__ import annotations

import pytest

from tests.support.chat import Chat, new_phone


def asked(shop: Chat) -> str:
    """A customer who was answered and then asked for a rating."""
    phone = new_phone()
    shop.say(phone, "jam buka?")
    shop.ask(
        "with reply as (insert into app.replies (conversation_id, author, kind, body, state, sent_at)"
        " select conversation_id, 'bot', 'rating_request', 'Berapa?', 'sent', now() from app.conversations"
        " where customer_key = %s returning reply_id, conversation_id)"
        " insert into app.conversation_events (conversation_id, type, reply_id)"
        " select conversation_id, 'rating_requested', reply_id from reply",
        shop.key(phone),
    )
    return phone


def ratings(shop: Chat, phone: str) -> list[int]:
    rows = shop.ask(
        "select rating from app.conversation_events join app.conversations using (conversation_id)"
        " where type = 'rating' and customer_key = %s",
        shop.key(phone),
    )
    return [rating for (rating,) in rows]


@pytest.mark.parametrize(
    ("texts", "rating"),
    [
        (("5 sangat puas",), 5),
        (("2 lama banget balasnya",), 2),
        (("1", "adminnya jutek"), 1),
        (("sangat puas kak",), 5),
        (("4 lumayan, makasih ya",), 4),
    ],
)
def test_a_rating_with_words_is_recorded_without_a_handover(
    plain_shop: Chat, texts: tuple[str, ...], rating: int
) -> None:
    phone = asked(plain_shop)
    outcome = plain_shop.say(phone, *texts)
    assert ratings(plain_shop, phone) == [rating]
    assert ([kind for kind, _ in outcome.replies], outcome.state) == (["thanks"], "bot")


@pytest.mark.parametrize("text", ["2 hari belum sampai", "5 pcs ya", "3 yang merah ada?"])
def test_a_number_of_something_is_no_rating(plain_shop: Chat, text: str) -> None:
    phone = asked(plain_shop)
    plain_shop.say(phone, text)
    assert ratings(plain_shop, phone) == []


def test_a_question_beside_the_rating_is_answered(plain_shop: Chat) -> None:
    phone = asked(plain_shop)
    outcome = plain_shop.say(phone, "5 mantap kak. jam buka?")
    assert ratings(plain_shop, phone) == [5]
    assert [kind for kind, _ in outcome.replies] == ["thanks", "answer"]
    assert "Jam layanan" in outcome.said


@pytest.mark.parametrize("state", ["agent", "waiting"])
@pytest.mark.parametrize("text", ["5", "5 makasih kak", "sangat puas"])
def test_a_rating_counts_while_a_person_has_the_conversation(plain_shop: Chat, state: str, text: str) -> None:
    phone = asked(plain_shop)
    plain_shop.put(phone, state)
    outcome = plain_shop.say(phone, text)
    assert ratings(plain_shop, phone) == [5]
    assert (outcome.replies, outcome.state) == ([], state)


def test_a_number_after_an_agents_question_is_for_the_agent(plain_shop: Chat) -> None:
    phone = asked(plain_shop)
    plain_shop.put(phone, "agent")
    plain_shop.ask("update app.conversation_events set occurred_at = now() - interval '5 minutes'")
    plain_shop.ask(
        "with message as (insert into app.outbound_messages (message_sid, author)"
        " values ('SMagent' || %s, 'agent') returning message_sid)"
        " insert into raw.twilio_messages (message_sid, store_id, channel, direction, customer_key, body, record,"
        " sent_at) select message_sid, 'default', 'whatsapp', 'outbound', %s, 'Mau berapa, Kak?', '{}', now()"
        " from message",
        phone,
        plain_shop.key(phone),
    )
    plain_shop.say(phone, "5")
    assert ratings(plain_shop, phone) == []


def test_a_rating_at_night_while_a_person_is_awaited_counts(plain_shop: Chat) -> None:
    phone = asked(plain_shop)
    plain_shop.put(phone, "waiting")
    plain_shop.open(always=False)
    outcome = plain_shop.say(phone, "4")
    plain_shop.open(always=True)
    assert ratings(plain_shop, phone) == [4]
    assert outcome.replies == []
