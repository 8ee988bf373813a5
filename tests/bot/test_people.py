"""One person with several numbers and ids, their opt-outs, and the shop's number that they write to."""

from __future__ import annotations

import uuid

import pytest

from tests.support.chat import Chat, new_phone
from warehouse.identity import hash_key, id_key


def new_id() -> str:
    return f"ID.{uuid.uuid4().int % 10**16}"


def opted_out(shop: Chat, customer_key: str) -> bool:
    [(found,)] = shop.ask("select app.opted_out_at('default', %s) is not null", customer_key)
    return bool(found)


def test_what_comes_with_the_id_alone_belongs_to_the_number_that_came_with_it(plain_shop: Chat) -> None:
    phone, given = new_phone(), new_id()
    plain_shop.say(phone, "halo", ExternalUserId=given)
    write(plain_shop, given, "stop")
    plain_shop.work()
    assert plain_shop.outcome(phone).opted_out
    assert plain_shop.ask("select 1 from app.conversations where customer_key = %s", key_of(plain_shop, given)) == []
    [(address,)] = plain_shop.ask(
        "select address from app.conversations where customer_key = %s", plain_shop.key(phone)
    )
    assert address == f"whatsapp:{given}"


def test_an_opt_out_under_the_id_applies_to_a_number_known_later_and_the_other_way_round(plain_shop: Chat) -> None:
    phone, given = new_phone(), new_id()
    write(plain_shop, given, "berhenti")
    plain_shop.work()
    by_id = key_of(plain_shop, given)
    assert opted_out(plain_shop, by_id)

    plain_shop.say(phone, "halo", ExternalUserId=given)
    assert opted_out(plain_shop, plain_shop.key(phone))
    plain_shop.say(phone, "mulai")
    assert not opted_out(plain_shop, by_id)
    assert not opted_out(plain_shop, plain_shop.key(phone))


def test_a_number_that_a_web_chat_claims_opts_out_with_it_and_gets_none_of_its_conversations(plain_shop: Chat) -> None:
    phone, visitor = new_phone(), new_id()
    events = plain_shop.senders
    plain_shop.post(phone, "halo")
    both = events.event(customer={"phone": phone, "id": visitor}, author="customer", text="halo")
    plain_shop.send(events.events(both))
    plain_shop.work()
    plain_shop.post(phone, "stop")
    plain_shop.work()
    assert opted_out(plain_shop, key_of(plain_shop, visitor))

    write(plain_shop, visitor, "halo lagi")
    assert plain_shop.ask("select 1 from app.conversations where customer_key = %s", key_of(plain_shop, visitor))


@pytest.mark.parametrize("text", ["STOP", "HENTIKAN SEMUA", "tidak usah lagi"])
@pytest.mark.parametrize("is_stop_rule_on", [True, False])
def test_what_twilio_recognised_as_an_opt_out_is_one_and_needs_no_answer(
    plain_shop: Chat, text: str, is_stop_rule_on: bool
) -> None:
    phone = new_phone()
    plain_shop.say(phone, "jam buka?")
    plain_shop.ask("update app.rules set is_active = %s where action = 'stop'", is_stop_rule_on)
    outcome = plain_shop.say(phone, text, OptOutType="STOP")
    plain_shop.ask("update app.rules set is_active = true where action = 'stop'")
    assert (outcome.opted_out, outcome.replies, outcome.state) == (True, [], "bot")
    assert outcome.step["name"] == "stop_or_start"

    outcome = plain_shop.say(phone, "AKTIFKAN", OptOutType="START")
    assert (outcome.opted_out, outcome.replies, outcome.state) == (False, [], "bot")


@pytest.mark.parametrize("text", ["STOP", "tolong stop ya kak"])
def test_a_confirmation_that_twilio_refuses_because_of_the_opt_out_is_not_handed_over(
    plain_shop: Chat, text: str
) -> None:
    phone = new_phone()
    plain_shop.twilio.unsubscribed.add(f"whatsapp:{phone}")
    outcome = plain_shop.say(phone, text)
    assert (outcome.opted_out, outcome.state) == (True, "bot")
    states = "select replies.state, error_code from app.replies join app.conversations using (conversation_id)"
    rows = plain_shop.ask(f"{states} where customer_key = %s", plain_shop.key(phone))
    assert rows == [("dropped", "21610")]


def test_an_answer_that_twilio_refuses_because_of_an_opt_out_records_it_and_hands_over(plain_shop: Chat) -> None:
    phone = new_phone()
    plain_shop.twilio.unsubscribed.add(f"whatsapp:{phone}")
    outcome = plain_shop.say(phone, "jam buka?")
    assert (outcome.opted_out, outcome.state, outcome.state_reason) == (True, "waiting", "not_delivered")


def test_a_question_beside_the_opt_out_is_answered(plain_shop: Chat) -> None:
    phone = new_phone()
    plain_shop.post(phone, "jam buka?")
    outcome = plain_shop.say(phone, "STOP", OptOutType="STOP")
    assert outcome.opted_out
    assert "Jam layanan" in outcome.said
    assert len(outcome.replies) == 1


def test_each_message_is_answered_from_the_number_that_it_came_to(plain_shop: Chat) -> None:
    phone, ours = new_phone(), [f"whatsapp:+628111{place}{uuid.uuid4().int % 10**6:06d}" for place in range(2)]
    plain_shop.twilio.senders.update(ours)
    plain_shop.post(phone, "jam buka?", To=ours[0])
    plain_shop.post(phone, "berapa lama bisa retur?", To=ours[1])
    plain_shop.work()
    first, second = [each for each in plain_shop.twilio.sent if each["to"] == f"whatsapp:{phone}"]
    assert (first["from"], "Jam layanan" in first["body"]) == (ours[0], True)
    assert (second["from"], "Jam layanan" in second["body"]) == (ours[1], False)


def test_a_reply_is_sent_from_the_number_written_to_even_if_another_is_written_to_meanwhile(plain_shop: Chat) -> None:
    phone, ours = new_phone(), [f"whatsapp:+628112{place}{uuid.uuid4().int % 10**6:06d}" for place in range(2)]
    plain_shop.twilio.senders.update(ours)
    plain_shop.post(phone, "jam buka?", To=ours[0])
    plain_shop.work()
    plain_shop.ask(
        "update app.replies set state = 'written', message_sid = null, sending_at = null where conversation_id ="
        " (select conversation_id from app.conversations where customer_key = %s)",
        plain_shop.key(phone),
    )
    plain_shop.post(phone, "makasih", To=ours[1])
    plain_shop.ask("delete from queue.procrastinate_jobs")
    plain_shop.ask("select queue.enqueue('send', 'conversation ' || conversation_id,"
                   " jsonb_build_object('conversation_id', conversation_id)) from app.conversations"
                   " where customer_key = %s", plain_shop.key(phone))  # fmt: skip
    plain_shop.work()
    sent = [each for each in plain_shop.twilio.sent if each["to"] == f"whatsapp:{phone}" and "Jam" in each["body"]]
    assert [each["from"] for each in sent] == [ours[0], ours[0]]


@pytest.mark.parametrize(
    ("kind", "media_type", "outcome"),
    [
        ("image", "image/webp", "handed_over"),
        ("document", "image/webp", "handed_over"),
        ("document", "application/pdf", "handed_over"),
        ("sticker", "image/webp", "silent"),
        ("sticker", "image/png", "silent"),
        (None, "image/webp", "silent"),
        (None, "image/jpeg", "handed_over"),
    ],
)
def test_whether_a_picture_is_a_sticker_is_said_by_whatsapp(
    plain_shop: Chat, kind: str | None, media_type: str, outcome: str
) -> None:
    form = {"NumMedia": "1", "MediaUrl0": "https://api.twilio.com/none", "MediaContentType0": media_type}
    found = plain_shop.say(new_phone(), "", **form, **({"MessageType": kind} if kind else {}))
    assert (found.step["name"], found.step["outcome"]) == ("media", outcome)


PLACE = {"MessageType": "location", "Latitude": "-6.2", "Longitude": "106.816666", "Address": "Jl. Melati 5, Bogor"}


@pytest.mark.parametrize("before", [(), ("ini alamat saya",), ("kirim ke sini ya kak",)])
@pytest.mark.parametrize("beside", [PLACE, PLACE | {"Address": "", "Label": ""}])
def test_a_location_goes_to_people(plain_shop: Chat, before: tuple[str, ...], beside: dict[str, str]) -> None:
    phone = new_phone()
    for text in before:
        plain_shop.post(phone, text)
    outcome = plain_shop.say(phone, "", **beside)
    assert (outcome.state, outcome.state_reason) == ("waiting", "location")
    assert "lokasinya sudah kami terima" in outcome.said


@pytest.mark.parametrize("latitude", ["", "nan", "inf", "x", "91", "1e999"])
def test_what_is_no_place_is_none(plain_shop: Chat, latitude: str) -> None:
    outcome = plain_shop.say(new_phone(), "jam buka?", Latitude=latitude, Longitude="106.8")
    assert outcome.step["name"] == "rules"


def write(shop: Chat, given: str, text: str) -> None:
    """A message that has no number."""
    shop.send(shop.senders.message(From=f"whatsapp:{given}", ExternalUserId=given, Body=text))


def key_of(shop: Chat, given: str) -> str:
    return id_key(given, hash_key(shop.settings))
