"""An admin writes as a customer: over HTTP, the queue and the worker to the bot's reply, which is sent to nobody."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from bot.deciding import rating
from demo.twilio import TwilioStandIn
from pipeline import transform
from tests.support import chat as chatting
from tests.support.chat import Chat, new_phone
from tests.support.people import SESSION, Person
from tests.support.senders import Senders
from warehouse.settings import Settings
from webhook.app import create_app

ANSWER = "Jam layanan"
# What differs between builds of the same data.
CHANGING = ("builds", "freshness", "source_freshness", "kpi_now")


@pytest.fixture(scope="module")
def shop(module_settings: Settings) -> Iterator[Chat]:
    """A shop that is chatted with, and whose replies would go to Twilio's stand-in."""
    with TwilioStandIn(chatting.ACCOUNT, Senders.token) as twilio, pytest.MonkeyPatch.context() as patch:
        sending = {
            "TWILIO_ACCOUNT_SID": chatting.ACCOUNT,
            "TWILIO_API_BASE": twilio.url,
            "KABAR_ALLOW_PRIVATE_ADDRESSES": "true",
        }
        for name, value in (Senders.environment | sending | SESSION).items():
            patch.setenv(name, value)
        with chatting.chat(Settings(_env_file=None), twilio, ["pengembalian.md"]) as found:
            yield found


@dataclass
class Test:
    """A test conversation of an admin's."""

    __test__ = False
    shop: Chat
    admin: Person
    id: int

    @property
    def page(self) -> str:
        return self.admin.get(f"/inbox/conversations/{self.id}").text

    def act(self, action: str, **form: str) -> TestResponse:
        form.setdefault("token", str(uuid.uuid4()))
        answer = self.admin.post(f"/inbox/conversations/{self.id}/{action}", form)
        self.shop.work()
        return answer

    def says(self, text: str) -> TestResponse:
        return self.act("write-as-customer", text=text)

    def ask(self, what: str) -> Any:
        return self.shop.ask(f"select {what} from app.conversations where conversation_id = %s", self.id)[0][0]

    def said(self) -> list[tuple[str, str]]:
        return self.shop.ask(
            "select messages.author, messages.text from app.messages join app.conversations using (store_id, channel,"
            " customer_key) where conversation_id = %s order by occurred_at, message_id",
            self.id,
        )


def begin(shop: Chat, admin: Person, text: str, token: str | None = None) -> Test:
    form = {"text": text, "store": chatting.STORE, "token": token or str(uuid.uuid4())}
    admin.get("/inbox/tests")
    answer = admin.post("/inbox/tests", form)
    assert answer.status_code == 303, answer.text
    shop.work()
    found = re.search(r"/inbox/conversations/(\d+)", answer.location)
    assert found
    return Test(shop, admin, int(found[1]))


@pytest.fixture
def admin(shop: Chat, people: Callable[..., Person]) -> Person:
    return people("admin", "Wulan")


def test_the_bots_real_reply_shows_and_nothing_is_sent(shop: Chat, admin: Person) -> None:
    test = begin(shop, admin, "jam buka?")
    [(_, question), (author, answer)] = test.said()
    assert (question, author) == ("jam buka?", "bot")
    assert answer.startswith(ANSWER)
    assert answer in test.page
    assert shop.ask("select distinct state from app.replies where conversation_id = %s", test.id) == [("sent",)]
    assert [each for each in shop.twilio.sent if each["body"] == answer] == []
    assert (test.ask("channel"), test.ask("state")) == ("kabar_test", "bot")


def test_the_conversation_goes_on_with_an_agent_and_back_to_the_bot(shop: Chat, admin: Person) -> None:
    test = begin(shop, admin, "mau bicara dengan admin")
    assert test.ask("state") == "waiting"
    test.act("take-over")
    test.act("reply", text="Halo, saya Wulan.")
    test.says("jam buka?")
    assert test.said()[-2:] == [("agent", "Halo, saya Wulan."), ("customer", "jam buka?")]
    test.act("give-back")
    assert test.said()[-1][1].startswith(ANSWER), "what was asked meanwhile is answered, as for a customer"
    test.act("close")
    assert test.ask("state") == "closed"
    assert len(shop.ask("select 1 from app.replies where state <> 'sent' and conversation_id = %s", test.id)) == 0


def test_two_fallbacks_are_counted_as_in_a_customers_conversation(shop: Chat, admin: Person) -> None:
    test = begin(shop, admin, "planet mana yang paling bagus?")
    test.act("give-back")
    test.says("lalu bintang apa yang paling terang?")
    assert test.ask("state_reason") == "two_fallbacks"


def test_stop_in_a_test_stops_nobody(shop: Chat, admin: Person) -> None:
    phone = new_phone()
    shop.say(phone, "jam buka?")
    begin(shop, admin, "STOP")
    assert not shop.outcome(phone).opted_out
    stopped = "select customer_key like 'test-%%' from app.customers where opted_out_at is not null"
    assert shop.ask(stopped) == [(True,)]


def test_it_is_marked_as_a_test_and_in_no_list_of_customers(shop: Chat, admin: Person) -> None:
    shop.say(new_phone(), "jam buka?")
    test = begin(shop, admin, "mau bicara dengan admin, ini percobaan")
    link = f"/inbox/conversations/{test.id}"
    for lists in ("", "?state=waiting", "?state=bot"):
        page = admin.get(f"/inbox/list{lists}").text
        assert link not in page
    assert 'data-waiting="0"' in page
    found = admin.post("/inbox/search", {"text": "percobaan"})
    assert link not in admin.get(found.location).text
    tests = admin.get("/inbox/list?state=tests").text
    assert link in tests
    assert f"Pelanggan uji coba #{test.id}" in tests
    assert tests.count('class="row ') == tests.count('<span class="tag warn">Uji coba</span>')
    assert '<span class="tag warn">Uji coba</span>' in test.page
    assert "tidak dihitung dalam angka" in test.page
    assert 'name="issue"' not in test.page.partition('id="thread"')[2], "labels train the classifier"
    message_id = shop.ask("select message_id from app.test_messages where author = 'customer' limit 1")[0][0]
    assert test.act("label", message=message_id, issue="order").status_code == 404


def test_the_same_form_sent_twice_writes_once(shop: Chat, admin: Person) -> None:
    token = str(uuid.uuid4())
    first, second = begin(shop, admin, "jam buka?", token), begin(shop, admin, "jam buka?", token)
    assert first.id == second.id
    token = str(uuid.uuid4())
    for _ in range(2):
        first.act("write-as-customer", text="terima kasih", token=token)
    assert [text for author, text in first.said() if author == "customer"] == ["jam buka?", "terima kasih"]


@pytest.mark.parametrize("role", ["agent", "viewer"])
def test_only_admins_write_as_a_customer(shop: Chat, admin: Person, people: Callable[..., Person], role: str) -> None:
    test, other = begin(shop, admin, "jam buka?"), people(role, "Bayu")
    form = {"text": "halo", "store": chatting.STORE, "token": str(uuid.uuid4())}
    assert other.get("/inbox/tests").status_code == 403
    assert other.post("/inbox/tests", form).status_code == 403
    assert other.post(f"/inbox/conversations/{test.id}/write-as-customer", form).status_code == 403
    page = other.get(f"/inbox/conversations/{test.id}").text
    assert "customer-text" not in page
    assert "/inbox/tests" not in page


def test_a_form_without_its_token_is_refused(shop: Chat, admin: Person) -> None:
    test = begin(shop, admin, "jam buka?")
    form = {"text": "halo", "store": chatting.STORE, "token": str(uuid.uuid4())}
    for path in ("/inbox/tests", f"/inbox/conversations/{test.id}/write-as-customer"):
        assert admin.client.post(path, data=form).status_code == 400
    assert len(test.said()) == 2


def test_nobody_writes_in_a_customers_name_or_for_an_unknown_shop(shop: Chat, admin: Person) -> None:
    shop.say(new_phone(), "jam buka?")
    [(customers,)] = shop.ask("select max(conversation_id) from app.conversations where channel = 'whatsapp'")
    form = {"text": "halo", "token": str(uuid.uuid4())}
    assert admin.post(f"/inbox/conversations/{customers}/write-as-customer", form).status_code == 404
    assert admin.post("/inbox/tests", {**form, "store": "nowhere"}).status_code == 400
    for text in ("", " \n", "x" * 4097):
        assert admin.post("/inbox/tests", {**form, "store": chatting.STORE, "text": text}).status_code == 400


def test_no_sender_may_use_the_channel_of_tests(shop: Chat, admin: Person) -> None:
    delivery = shop.senders.events([shop.senders.event(channel="kabar_test")])
    client = create_app(shop.settings).test_client()
    answer = client.post(delivery.path, data=delivery.body, headers=delivery.headers)
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "channel")  # type: ignore[index]
    form = {"channel": "kabar_test", "url": "https://chat.example.com/replies"}
    assert "dikhususkan untuk percakapan uji" in admin.post("/inbox/settings/channels", form).text


def test_a_test_counts_in_no_figure_label_or_rating(shop: Chat, admin: Person) -> None:
    as_of = datetime.now(UTC) + timedelta(hours=1)  # later than all that is said below
    shop.say(new_phone(), "jam buka?")
    handed_over = new_phone()
    shop.say(handed_over, "mau bicara dengan admin")
    transform.build(as_of=as_of, settings=shop.settings)
    before, raw, live, labels = tables(shop, "marts"), tables(shop, "raw"), now(shop), rows(shop, "ml.message_labels")
    assert before["marts.fct_messages"]
    assert dict(live)["conversations_waiting"] > 0

    test = begin(shop, admin, "mau bicara dengan admin")
    assert (test.ask("state"), now(shop)) == ("waiting", live), "somebody would wait"
    test.act("take-over")
    test.act("reply", text="Halo, saya Wulan.")
    test.act("give-back")
    test.says("jam buka?")
    test.says("makasih kak")
    test.act("close")
    assert rating.ask_due(shop.settings) == 0
    assert now(shop) == live
    begin(shop, admin, "pesanan saya rusak, penipu!")
    transform.build(as_of=as_of, settings=shop.settings)
    assert tables(shop, "marts") == before
    assert tables(shop, "raw") == raw
    assert rows(shop, "ml.message_labels") == labels
    transform.build(as_of=as_of, settings=shop.settings, full_refresh=True)
    assert tables(shop, "marts") == before


def test_a_shop_in_which_only_tests_were_made_is_not_seen(shop: Chat, admin: Person) -> None:
    shop.ask("insert into app.stores (store_id, name, timezone) values ('quiet', 'Toko Sepi', 'Asia/Jakarta')")
    admin.get("/inbox/tests")
    form = {"text": "halo", "store": "quiet", "token": str(uuid.uuid4())}
    assert admin.post("/inbox/tests", form).status_code == 303
    assert ("quiet",) in shop.ask("select store_id from app.conversations")
    assert ("quiet",) not in shop.ask("select store_id from app.seen_stores")


def tables(shop: Chat, schema: str) -> dict[str, list[Any]]:
    """All rows of a schema's tables, as JSON, by table."""
    found = shop.ask(
        "select table_name from information_schema.tables where table_schema = %s and table_type = 'BASE TABLE'", schema
    )
    return {f"{schema}.{name}": rows(shop, f"{schema}.{name}") for (name,) in sorted(found) if name not in CHANGING}


def rows(shop: Chat, table: str) -> list[Any]:
    return shop.ask(f"select to_jsonb(found)::text from {table} as found order by 1")


def now(shop: Chat) -> list[tuple[str, Any]]:
    """What is counted live."""
    counted = "select metric || dimension_value, value from marts.kpi_now where unit = 'count' order by 1"
    return [(name.removesuffix("all"), value) for name, value in shop.ask(counted)]
