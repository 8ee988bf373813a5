"""What the bot still answers, outside opening hours, in a conversation that was handed over."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.conversation import answering
from bot.deciding import after_hours, steps
from bot.shop.instructions import Instructions
from bot.shop.profile import Opening, Shop
from tests.support import chat_orders as orders
from tests.support.chat import STORE, Chat, new_phone
from warehouse.connection import transaction
from warehouse.identity import hash_key, phone_key

HOURS = "Jam layanan"
READ_BY_PEOPLE = "Tim kami tetap akan membaca pesan kakak"
BACK = "tim kami kembali"
JAKARTA = ZoneInfo("Asia/Jakarta")


@pytest.fixture
def night(plain_shop: Chat) -> Iterator[Chat]:
    """The shop while it is closed; it opens once a week."""
    plain_shop.open(always=False)
    yield plain_shop
    plain_shop.open(always=True)


def handed_over(shop: Chat) -> str:
    """A customer who has asked for a person."""
    phone = new_phone()
    assert shop.say(phone, "mau bicara dengan admin").state == "waiting"
    return phone


def changed(shop: Chat, phone: str, changes: str) -> None:
    key = phone_key(phone, hash_key(shop.settings))
    shop.ask(f"update app.conversations set {changes} where customer_key = %s", key)


def handovers(shop: Chat, phone: str) -> int:
    [(count,)] = shop.ask(
        "select count(*) from app.conversation_events join app.conversations using (conversation_id)"
        " where type = 'handover' and customer_key = %s",
        phone_key(phone, hash_key(shop.settings)),
    )
    return int(count)


def test_what_the_bot_knows_is_answered_and_a_person_reads_the_rest(night: Chat) -> None:
    phone = handed_over(night)
    outcome = night.say(phone, "jam buka?")
    [(kind, said)] = outcome.replies
    assert (kind, outcome.state, outcome.state_reason) == ("answer", "waiting", "human")
    assert said.startswith(HOURS)
    assert READ_BY_PEOPLE in said.splitlines()[-1]
    assert "pukul 00.00 WIB" in said.splitlines()[-1]
    assert night.received(phone).endswith(said)


def test_an_answer_in_english_says_so_in_english(night: Chat) -> None:
    phone = new_phone()
    night.say(phone, "I want to talk to a human")
    assert "Our team will still read your messages" in night.say(phone, "when are you open?").said


def test_the_customers_own_order_is_told(night: Chat) -> None:
    phone = handed_over(night)
    with transaction("owner", night.settings) as connection, connection.cursor() as cursor:
        orders.land(cursor, night.settings, STORE, phone, {"id": 8123, "status": "processing"})
    said = night.say(phone, "pesanan saya 8123 statusnya apa?").said
    assert "sedang diproses" in said
    assert READ_BY_PEOPLE in said


def test_what_it_does_not_know_gets_no_second_handover(night: Chat) -> None:
    phone = handed_over(night)
    outcome = night.say(phone, "planet mana yang paling bagus?")
    assert (outcome.replies, outcome.state, outcome.state_reason) == ([], "waiting", "human")
    assert night.say(phone, "mau bicara dengan admin").replies == []
    picture = {"NumMedia": "1", "MediaUrl0": "https://api.twilio.com/x", "MediaContentType0": "image/jpeg"}
    assert night.say(phone, "", **picture).replies == []
    assert handovers(night, phone) == 1


def test_it_answers_the_part_that_it_knows(night: Chat) -> None:
    phone = handed_over(night)
    outcome = night.say(phone, "jam buka?", "planet mana yang paling bagus?")
    [(_, said)] = outcome.replies
    assert said.startswith(HOURS)
    assert said.count(READ_BY_PEOPLE) == 1
    assert handovers(night, phone) == 1


def test_who_was_handed_over_by_day_is_told_once_when_people_are_back(plain_shop: Chat) -> None:
    phone = handed_over(plain_shop)
    plain_shop.open(always=False)
    try:
        changed(plain_shop, phone, "state_at = now() - interval '3 days'")
        plain_shop.ask("update app.replies set written_at = now() - interval '8 days'")
        first = plain_shop.say(phone, "planet mana yang paling bagus?")
        assert BACK in first.said
        assert [kind for kind, _ in first.replies] == ["handover"]
        assert plain_shop.say(phone, "halo? masih ada orang?").replies == []
        plain_shop.ask("update app.replies set written_at = now() - interval '8 days'")
        assert BACK in plain_shop.say(phone, "halo? belum ada yang balas").said, "it was another closed period"
    finally:
        plain_shop.open(always=True)
    assert handovers(plain_shop, phone) == 1


def test_an_answer_tells_it_as_well(plain_shop: Chat) -> None:
    phone = handed_over(plain_shop)
    plain_shop.open(always=False)
    try:
        plain_shop.ask("update app.replies set written_at = now() - interval '8 days'")
        assert READ_BY_PEOPLE in plain_shop.say(phone, "jam buka?").said
        assert plain_shop.say(phone, "planet mana yang paling bagus?").replies == []
    finally:
        plain_shop.open(always=True)


@pytest.mark.parametrize("text", ["penipu! jam buka?", "PENIPU!!", "penipu, jam buka jam berapa"])
def test_an_angry_customer_gets_no_chatter(night: Chat, text: str) -> None:
    assert night.say(handed_over(night), text).replies == []


@pytest.mark.parametrize("text", ["halo", "makasih ya kak", "oke kak", "👍"])
def test_courtesies_get_no_reply(night: Chat, text: str) -> None:
    outcome = night.say(handed_over(night), text)
    assert (outcome.replies, outcome.state) == ([], "waiting")


@pytest.mark.parametrize(("text", "is_left_alone"), [("makasih ya kak", True), ("halo", False), ("planet?", False)])
def test_only_thanks_need_no_reply_in_the_figures(night: Chat, text: str, is_left_alone: bool) -> None:
    phone = handed_over(night)
    night.say(phone, text)
    key = phone_key(phone, hash_key(night.settings))
    found = night.ask("select 1 from app.no_reply_messages where customer_key = %s", key)
    assert bool(found) is is_left_alone


def test_during_opening_hours_it_is_silent(plain_shop: Chat) -> None:
    outcome = plain_shop.say(handed_over(plain_shop), "jam buka?")
    assert (outcome.replies, outcome.step["name"], outcome.step["reason"]) == ([], "guard", "waiting")


def test_a_shop_without_opening_hours_is_always_open(plain_shop: Chat) -> None:
    phone = handed_over(plain_shop)
    plain_shop.ask("delete from app.business_hours")
    try:
        assert plain_shop.say(phone, "jam buka?").replies == []
    finally:
        plain_shop.open(always=True)


def test_once_an_agent_has_it_the_bot_is_silent(night: Chat) -> None:
    phone = handed_over(night)
    night.put(phone, "agent")
    outcome = night.say(phone, "jam buka?")
    assert (outcome.replies, outcome.state, outcome.step["reason"]) == ([], "agent", "agent")


def test_a_bot_that_is_off_stays_silent(night: Chat) -> None:
    waiting, new = handed_over(night), new_phone()
    night.ask("update app.store_options set is_bot_on = false")
    try:
        assert night.say(waiting, "jam buka?").replies == []
        assert night.say(new, "jam buka?").replies == []
    finally:
        night.ask("update app.store_options set is_bot_on = true")


def test_an_agent_who_takes_over_while_the_bot_decides_wins(night: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    phone, decide, decided = handed_over(night), steps.decide, threading.Event()

    def slowly(*arguments: object) -> object:
        decision = decide(*arguments)  # type: ignore[arg-type]
        if not decided.is_set():
            assert decision.replies, "it would have answered"
            night.put(phone, "agent")
            decided.set()
        return decision

    monkeypatch.setattr(steps, "decide", slowly)
    before = night.received(phone)
    outcome = night.say(phone, "jam buka?")
    assert decided.is_set()
    assert (outcome.replies, outcome.state) == ([], "agent")
    assert night.received(phone) == before


def test_what_was_left_unanswered_is_the_bots_again_once_it_is_given_back(night: Chat) -> None:
    phone = handed_over(night)
    assert night.say(phone, "planet mana yang paling bagus?").replies == []
    key = phone_key(phone, hash_key(night.settings))
    night.put(phone, "bot")
    night.ask(
        "insert into app.conversation_events (conversation_id, type)"
        " select conversation_id, 'given_back' from app.conversations where customer_key = %s",
        key,
    )
    night.ask(
        "select queue.enqueue('answer', 'conversation ' || conversation_id, jsonb_build_object('conversation_id',"
        " conversation_id)) from app.conversations where customer_key = %s",
        key,
    )
    night.work()
    assert night.outcome(phone).step["name"] == "fallback"


@pytest.mark.parametrize("silent_days", [1, 3])
def test_a_conversation_that_its_agent_forgot_waits_again(night: Chat, silent_days: int) -> None:
    phone = handed_over(night)
    night.ask("update app.replies set written_at = now() - interval '8 days'")
    changed(
        night,
        phone,
        f"state = 'agent', state_at = now() - interval '{silent_days} days',"
        f" last_reply_at = now() - interval '{silent_days} days'",
    )
    before = handovers(night, phone)
    outcome = night.say(phone, "halo? barang saya kok belum dibalas")
    if silent_days < 2:
        assert (outcome.state, outcome.replies) == ("agent", [])
    else:
        assert (outcome.state, outcome.state_reason) == ("waiting", "agent_silent")
        assert BACK in outcome.said
    assert handovers(night, phone) == before, "the bot hands nothing over"


@pytest.fixture
def attended(night: Chat) -> Callable[[timedelta], str]:
    """`attended(timedelta(hours=-1))`: a customer whose agent last wrote an hour before the shop closed. It closed
    three hours ago."""
    closes = datetime.now(JAKARTA) - timedelta(hours=3)
    opens = closes - timedelta(minutes=1)
    night.ask("delete from app.business_hours")
    hours = (STORE, opens.isoweekday(), opens.time(), closes.time())
    night.ask("insert into app.business_hours values (%s, %s, %s, %s)", *hours)

    def customer(after_closing: timedelta) -> str:
        phone = handed_over(night)
        night.ask("update app.replies set written_at = now() - interval '8 days'")
        wrote = f"timestamptz '{(closes + after_closing).isoformat()}'"
        changed(night, phone, f"state = 'agent', state_at = {wrote}, last_reply_at = {wrote}")
        return phone

    return customer


def test_at_night_a_customer_of_an_agent_is_told_once_when_people_are_back(
    night: Chat, attended: Callable[[timedelta], str]
) -> None:
    phone = attended(timedelta(hours=-1))
    before = handovers(night, phone)
    outcome = night.say(phone, "planet mana yang paling bagus?")
    assert BACK in outcome.said
    assert (outcome.state, outcome.state_reason) == ("waiting", "agent_away")
    assert night.received(phone).endswith(outcome.said)
    assert night.say(phone, "halo? masih ada orang?").replies == []
    assert handovers(night, phone) == before, "the bot hands nothing over"


def test_at_night_a_customer_of_an_agent_gets_what_the_bot_knows(
    night: Chat, attended: Callable[[timedelta], str]
) -> None:
    outcome = night.say(attended(timedelta(hours=-1)), "jam buka?")
    assert outcome.said.startswith(HOURS)
    assert READ_BY_PEOPLE in outcome.said
    assert outcome.state == "waiting"


def test_an_agent_who_wrote_since_the_shop_closed_keeps_the_conversation(
    night: Chat, attended: Callable[[timedelta], str]
) -> None:
    outcome = night.say(attended(timedelta(minutes=1)), "planet mana yang paling bagus?")
    assert (outcome.replies, outcome.state, outcome.step["reason"]) == ([], "agent", "agent")


@pytest.mark.parametrize("text", ["makasih ya kak", "oke kak", "👍"])
def test_thanks_at_night_leave_the_conversation_with_its_agent(
    night: Chat, attended: Callable[[timedelta], str], text: str
) -> None:
    outcome = night.say(attended(timedelta(hours=-1)), text)
    assert (outcome.replies, outcome.state) == ([], "agent")


def test_an_agent_may_still_be_there_for_an_hour_after_closing() -> None:
    closed = at(2026, 11, 24, 17)
    for minutes, last in ((30, -30), (60, 0), (61, 0), (600, 0)):
        found = after_hours.last_attended(shop(*DAYS), closed + timedelta(minutes=minutes))
        assert found == closed + timedelta(minutes=last)


def shop(*openings: Opening, holidays: frozenset[date] = frozenset()) -> Shop:
    instructions = Instructions("Toko", "", "")
    return Shop("s", instructions, JAKARTA, None, openings, holidays)


def at(*when: int) -> datetime:
    return datetime(*when, tzinfo=JAKARTA)  # type: ignore[arg-type, misc]


DAYS = [Opening(weekday, time(8), time(17)) for weekday in range(1, 6)]


@pytest.mark.parametrize(
    ("found", "now", "since"),
    [
        (shop(*DAYS), at(2026, 11, 24, 6), at(2026, 11, 23, 17)),
        (shop(*DAYS), at(2026, 11, 23, 6), at(2026, 11, 20, 17)),
        (shop(*DAYS, holidays=frozenset({date(2026, 11, 20)})), at(2026, 11, 23, 6), at(2026, 11, 19, 17)),
        (shop(Opening(1, time(20), time(2))), at(2026, 11, 24, 3), at(2026, 11, 24, 2)),
        (shop(Opening(1, time(20), time(20))), at(2026, 11, 24, 20), at(2026, 11, 24, 20)),
    ],
)
def test_a_closed_period_begins_when_the_shop_last_closed(found: Shop, now: datetime, since: datetime) -> None:
    assert not found.is_open(now)
    assert found.closed_since(now.astimezone(UTC)) == since


def test_what_the_bot_answered_does_not_wait_again_when_an_agent_took_it_over_and_said_nothing(
    plain_shop: Chat,
) -> None:
    phone = new_phone()
    plain_shop.say(phone, "jam buka?")
    changed(plain_shop, phone, "state = 'agent', state_at = now() - interval '3 days'")
    for author, state in (("bot", "agent"), ("customer", "waiting")):
        changed(plain_shop, phone, f"last_author = '{author}'")
        answering.return_forgotten(plain_shop.services.connections)
        found = plain_shop.ask("select state from app.conversations where customer_key = %s", plain_shop.key(phone))
        assert found == [(state,)]


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ("state_at = now() - interval '3 days'", "waiting"),
        ("state_at = now() - interval '1 day'", "agent"),
        ("state_at = now() - interval '3 days', last_inbound_at = now() - interval '30 days'", "agent"),
        ("state_at = now() - interval '3 days', last_author = 'agent', last_reply_at = now()", "agent"),
    ],
)
def test_a_conversation_that_was_taken_over_and_never_answered_waits_again(
    plain_shop: Chat, changes: str, state: str
) -> None:
    phone = handed_over(plain_shop)
    changed(plain_shop, phone, f"state = 'agent', {changes}")
    answering.return_forgotten(plain_shop.services.connections)
    rows = plain_shop.ask(
        "select state, state_reason from app.conversations where customer_key = %s", plain_shop.key(phone)
    )
    assert rows[0][0] == state
    assert rows[0][1] == ("agent_silent" if state == "waiting" else "human")
