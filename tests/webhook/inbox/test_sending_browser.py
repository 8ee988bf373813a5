"""The notice about replies that are not sent, and a queued reply, in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect
from pydantic import SecretStr

from tests.support import web
from tests.support.browser import CHROMIUM, DESK, PHONE, Visit, barriers
from tests.support.chats import Chats
from tests.support.people import PASSWORD, Person, inbox_settings
from warehouse.settings import Settings
from webhook.app import create_app

Ask = Callable[..., list[tuple[object, ...]]]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: `apt-get install chromium` brings it"),
]


@pytest.fixture(scope="module")
def connected_address(module_settings: Settings) -> Iterator[str]:
    """A web app with a Twilio account, so that only the worker is missing."""
    account = {"twilio_account_sid": "AC1", "twilio_auth_token": SecretStr("x")}
    with web.serving(create_app(inbox_settings(module_settings).model_copy(update=account))) as address:
        yield address


@pytest.mark.parametrize("viewport", [DESK, PHONE])
def test_the_notice_goes_away_by_itself_and_a_queued_reply_is_cancelled_in_its_place(
    browser: Browser, connected_address: str, people: Callable[..., Person], chats: Chats, ask: Ask,
    viewport: dict[str, int],
) -> None:  # fmt: skip
    ask("delete from queue.procrastinate_workers")
    person = people("agent")
    person.post("/inbox/language", {"language": "en", "next": "/inbox"})
    customer = f"queued-{viewport['width']}"
    chats.says("Halo", customer)
    thread = chats.conversation(customer)
    ask(
        "insert into app.replies (conversation_id, author, user_id, kind, body)"
        " select %s, 'agent', user_id, 'agent', 'Sudah dikirim.' from app.users where email = %s",
        thread,
        person.email,
    )
    visit = Visit(browser, connected_address, viewport)
    visit.sign_in(person.email, PASSWORD)
    visit.page.clock.install()
    page = visit.open(f"/inbox/conversations/{thread}")
    notice = page.locator("#notices .notice")
    reply = page.locator(".entry.unsent")
    expect(notice).to_have_text("Replies are not sent: the bot worker is not running. Ask an admin.")
    expect(reply).to_contain_text("The bot worker is not running.")
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert barriers(page) == []

    ask("insert into queue.procrastinate_workers (last_heartbeat) values (now())")
    page.clock.fast_forward(21_000)
    expect(notice).to_have_count(0)
    expect(reply).not_to_contain_text("The bot worker is not running.")

    page.get_by_role("button", name="Cancel sending").click()
    expect(reply).to_contain_text("An agent cancelled it.")
    assert page.url.endswith(f"/inbox/conversations/{thread}")
    assert visit.troubles == []
    visit.context.close()
