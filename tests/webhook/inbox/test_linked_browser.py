"""The two threads of one person in a real browser."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.browser import CHROMIUM, DESK, PHONE, Visit, barriers
from tests.support.chats import Chats, key
from tests.support.people import PASSWORD, Person

SCREENSHOTS = os.environ.get("KABAR_SCREENSHOTS")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: `apt-get install chromium` brings it"),
]


@pytest.mark.parametrize(("viewport", "language"), [(DESK, "id"), (PHONE, "en")])
def test_an_agent_comes_from_one_thread_to_the_other(
    browser: Browser,
    address: str,
    chats: Chats,
    people: Callable[..., Person],
    viewport: dict[str, int],
    language: str,
) -> None:
    chats.says("Halo, pesanan saya mana?", f"id-{language}", "Rahmawati Kusumaningrum", ago=3000)
    chats.says("Kak?", f"number-{language}", "Rahmawati Kusumaningrum")
    chats.ask(
        "insert into app.person_links (store_id, phone_key, id_key, is_verified) values ('default', %s, %s, true)",
        key(f"number-{language}"), key(f"id-{language}"),
    )  # fmt: skip
    agent = people()
    agent.post("/inbox/language", {"language": language, "next": "/inbox"})
    visit = Visit(browser, address, viewport)
    visit.sign_in(agent.email, PASSWORD)
    page = visit.open(f"/inbox/conversations/{chats.conversation(f'id-{language}')}")
    for thread in ("earlier", "newer"):
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        assert barriers(page) == []
        assert page.locator("textarea#text").count() == (thread == "newer")
        if SCREENSHOTS:
            page.screenshot(path=Path(SCREENSHOTS) / f"linked-{thread}-{viewport['width']}.png")
        if thread == "earlier":
            page.locator(".composer").get_by_role("link").click()
            page.wait_for_url(f"**/{chats.conversation(f'number-{language}')}")
    assert visit.troubles == []
    visit.context.close()
