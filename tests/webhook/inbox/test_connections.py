"""Settings → Connections: the state of each part, what to do next, and tests that reach nobody else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from pydantic import SecretStr

from demo.senders import ACCOUNT_SID
from demo.twilio import Fault, TwilioStandIn
from demo.woocommerce import Shop, WooCommerceStandIn
from tests.support.chats import Chats
from tests.support.openai_stand_in import OpenAIStandIn
from tests.support.people import PASSWORD, Person, inbox_settings
from tests.support.receivers import receivers
from warehouse import connection
from warehouse.settings import Settings
from webhook.accounts import users
from webhook.app import create_app

PAGE = "/inbox/settings/connections"
TOKEN = "a token that no page may show"
Ask = Callable[..., list[tuple[object, ...]]]


@pytest.fixture
def admin_of(module_settings: Settings) -> Callable[..., Person]:
    """`admin_of(smtp_host=…)` is an admin who reads English, of a deployment with these settings."""
    email = "wati@shop.example"

    def made(**settings: object) -> Person:
        app = create_app(inbox_settings(module_settings).model_copy(update=settings))
        with connection.transaction("inbox", module_settings) as opened, opened.cursor() as cursor:
            cursor.execute("select 1 from app.users where email = %s", (email,))
            if cursor.fetchone() is None:
                users.add(cursor, email, "Wati", "admin", PASSWORD)
        admin = Person(app, email)
        admin.sign_in()
        admin.post("/inbox/language", {"language": "en", "next": "/inbox"})
        return admin

    return made


def part(page: str, name: str) -> str:
    """The text of a part on the page."""
    found = re.search(rf'<section class="card connection" id="{name}".*?</section>', page, re.DOTALL)
    assert found
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0]))


def after_test(admin: Person, name: str) -> str:
    admin.get(PAGE)
    return part(admin.post(PAGE, {"test": name}).text, name)


@contextmanager
def shop_of(ask: Ask, url: str) -> Iterator[None]:
    ask("insert into app.stores (store_id, url, consumer_key, connected_at) values ('default', %s, 'x', now())", url)
    try:
        yield
    finally:
        ask("delete from app.sync_positions")
        ask("delete from app.stores")


def test_without_anything_each_part_says_what_to_do(admin_of: Callable[..., Person]) -> None:
    page = admin_of().get(PAGE).text
    assert "Not set up" in part(page, "whatsapp")
    assert "Set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, KABAR_PUBLIC_URL in .env" in part(page, "whatsapp")
    assert "python -m sources.woocommerce invite default" in part(page, "shop")
    assert "python -m bot worker" in part(page, "worker")
    assert "make up" in part(page, "airflow")
    for optional in ("chat", "model", "mail"):
        assert "Optional, not set up" in part(page, optional)
    assert 'name="test"' not in page, "what is not set up cannot be tested"


def test_whatsapp_shows_addresses_to_copy_and_the_last_message_but_no_secret(
    admin_of: Callable[..., Person], module_settings: Settings
) -> None:
    with TwilioStandIn(ACCOUNT_SID, TOKEN) as twilio:
        admin = admin_of(
            twilio_account_sid=ACCOUNT_SID, twilio_auth_token=SecretStr(TOKEN), twilio_api_base=twilio.url,
            public_url="https://kabar.example/",
        )  # fmt: skip
        page = admin.get(PAGE).text
        assert "Needs attention" in part(page, "whatsapp")
        assert "https://kabar.example/webhooks/twilio/messages" in page
        assert "https://kabar.example/webhooks/twilio/status" in page
        assert TOKEN not in page
        Chats(module_settings).says("Halo", "62811")
        shown = part(admin.get(PAGE).text, "whatsapp")
        assert "Connected" in shown
        assert "Last message none yet" not in shown
        assert "accepts the account and token" in after_test(admin, "whatsapp")
        assert all("Messages.json" in each for each in twilio.requests)
        twilio.fail(Fault(status=503))
        assert "HTTP 503" in after_test(admin, "whatsapp")
    assert "could not be reached" in after_test(admin, "whatsapp")


def test_a_refused_token_is_named(admin_of: Callable[..., Person], module_settings: Settings, ask: Ask) -> None:
    chats = Chats(module_settings)
    chats.says("Halo", "62812")
    with TwilioStandIn(ACCOUNT_SID, TOKEN) as twilio:
        admin = admin_of(
            twilio_account_sid=ACCOUNT_SID, twilio_auth_token=SecretStr("an old one"), twilio_api_base=twilio.url,
            public_url="https://kabar.example",
        )  # fmt: skip
        assert "refused the account or token" in after_test(admin, "whatsapp")
    ask(
        "insert into app.replies (conversation_id, author, kind, body, state, error_code, sending_at)"
        " values (%s, 'bot', 'answer', 'x', 'dead', '20003', now() + interval '1 minute')",
        chats.conversation("62812"),
    )
    assert "Correct TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN" in part(admin.get(PAGE).text, "whatsapp")
    ask("delete from app.replies")


def test_a_chatbot_can_be_connected_once_its_shop_has_a_secret(admin_of: Callable[..., Person], ask: Ask) -> None:
    admin = admin_of(events_secret=None)
    assert "create its secret under Other chat channels" in part(admin.get(PAGE).text, "chat")
    assert admin.post("/inbox/settings/channels/secret", {}).status_code == 200
    assert "Let the chatbot send its messages" in part(admin.get(PAGE).text, "chat")
    ask("delete from app.events_secrets")


def test_a_shop_is_late_half_an_hour_after_its_last_sync(admin_of: Callable[..., Person], ask: Ask) -> None:
    admin = admin_of()
    with WooCommerceStandIn(Shop()) as shop, shop_of(ask, shop.url):
        assert "Wait for the first sync" in part(admin.get(PAGE).text, "shop")
        ask(
            "insert into app.sync_positions (source, store_id, position, updated_at)"
            " values ('woocommerce_orders', 'default', now(), now())"
        )
        assert "Connected" in part(admin.get(PAGE).text, "shop")
        assert "The shop answers" in after_test(admin, "shop")
        ask("update app.sync_positions set updated_at = now() - interval '31 minutes'")
        assert "The last sync is too long ago" in part(admin.get(PAGE).text, "shop")
    with shop_of(ask, "http://127.0.0.1:1"):
        assert "could not be reached" in after_test(admin, "shop")


def test_one_tiny_call_tests_the_language_model(admin_of: Callable[..., Person]) -> None:
    with OpenAIStandIn(answer=lambda system, user: "Hello.") as endpoint:
        admin = admin_of(openai_base_url=endpoint.url, openai_api_key=SecretStr(endpoint.key))
        assert "The language model answers." in after_test(admin, "model")
        [asked] = endpoint.requests
        assert asked["max_tokens"] <= 10
        endpoint.fault = "503"
        shown = after_test(admin, "model")
        assert "gave no answer" in shown
        assert "Needs attention" in shown
        assert endpoint.key not in admin.get(PAGE).text


def test_a_test_e_mail_goes_to_whoever_asks_for_it(admin_of: Callable[..., Person]) -> None:
    with receivers() as (mail, _):
        admin = admin_of(smtp_host="127.0.0.1", smtp_port=mail.port, alert_sender="kabar@shop.example")
        assert "Sent to wati@shop.example" in after_test(admin, "mail")
        assert [each["To"] for each in mail.mails] == ["wati@shop.example"]
        mail.refuses = True
        assert "could not be sent" in after_test(admin, "mail")


def test_a_worker_and_the_scheduler_are_running_while_they_were_heard_of(
    admin_of: Callable[..., Person], ask: Ask
) -> None:
    admin = admin_of()
    ask("insert into queue.procrastinate_workers (last_heartbeat) values (now() - interval '10 seconds')")
    ask("insert into quality.source_freshness (checked_at, source, status) values (now(), 'raw.x', 'never')")
    page = admin.get(PAGE).text
    assert "Connected" in part(page, "worker")
    assert "Connected" in part(page, "airflow")
    ask("update queue.procrastinate_workers set last_heartbeat = now() - interval '3 minutes'")
    ask("update quality.source_freshness set checked_at = now() - interval '3 hours'")
    page = admin.get(PAGE).text
    assert "Needs attention" in part(page, "worker")
    assert "Needs attention" in part(page, "airflow")


def test_first_steps_are_shown_until_all_are_done(
    admin_of: Callable[..., Person], people: Callable[..., Person], module_settings: Settings, ask: Ask
) -> None:
    admin = admin_of()
    for undo in ("app.sync_positions", "app.stores", "app.business_hours", "app.knowledge_documents"):
        ask(f"delete from {undo}")
    ask("update app.users set is_active = email = %s", admin.email)
    ask("update app.conversations set address = null")

    def left() -> int | None:
        """How many steps are left, by the inbox and by the page of connections."""
        found = re.search(r"First steps: (\d) of 5 done", admin.get("/inbox").text)
        page = admin.get(PAGE).text
        assert (found is None) == ("Invite your team" not in page)
        assert found is None or page.count('class="done"') == int(found[1])
        return 5 - int(found[1]) if found else None

    assert left() == 5
    chats = Chats(module_settings)
    chats.says("Halo", "62813")
    ask(
        "update app.conversations set address = 'whatsapp:+62813' where conversation_id = %s",
        chats.conversation("62813"),
    )
    assert left() == 4
    with shop_of(ask, "https://shop.example"):
        assert left() == 4, "a shop that was never synced"
        ask(
            "insert into app.sync_positions (source, store_id, position, updated_at)"
            " values ('woocommerce_orders', 'default', now(), now())"
        )
        ask("insert into app.business_hours (store, weekday, opens, closes) values ('default', 1, '08:00', '17:00')")
        ask(
            "insert into app.knowledge_documents (store_id, name, media_type) values ('default', 'a.txt', 'text/plain')"
        )
        assert left() == 1
        ask("update app.users set is_active = true")
        people("agent")
        assert left() is None
    assert "First steps" not in people("agent").get("/inbox").text


def test_an_admin_hides_the_first_steps(admin_of: Callable[..., Person], ask: Ask) -> None:
    admin = admin_of()
    ask("delete from app.business_hours")
    assert "First steps" in admin.get(PAGE).text
    assert admin.post(f"{PAGE}/hide-first-steps").status_code == 303
    assert "First steps" not in admin.get(PAGE).text
    assert "First steps" not in admin.get("/inbox").text
    assert ask("select is_bot_on from app.store_options where store_id = 'default'") == [(True,)]


def test_what_cannot_be_tested_is_refused(admin_of: Callable[..., Person], app: Flask) -> None:
    admin = admin_of()
    admin.get(PAGE)
    for name in ("worker", "model", "nothing", ""):
        assert admin.post(PAGE, {"test": name}).status_code == 400
