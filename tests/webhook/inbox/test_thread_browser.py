"""A conversation worked on by keys alone, on a desk and on a phone: notes, tags, snoozing, views and searches."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import CHROMIUM, DESK, PHONE, Visit, barriers
from tests.support.chats import Chats
from tests.support.people import PASSWORD, Person

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: `apt-get install chromium` brings it"),
]

PICTURES = os.environ.get("KABAR_PICTURES")  # a folder, for whoever wants to look at the pages
BOTH = pytest.mark.parametrize(
    ("viewport", "locale"), [(DESK, "en-GB"), (PHONE, "id-ID")], ids=["desk-english", "phone-indonesian"]
)


@pytest.fixture(scope="module")
def chats(chats: Chats) -> Chats:
    for number, (customer, name) in enumerate((("81211112222", "Andi Pratama"), ("emma", "Emma Clarke"),
                                               ("rina", "Rina Wulandari"))):  # fmt: skip
        chats.says("Halo kak, kopi Gayo masih ada? Saya mau pesan lima bungkus.", customer, name, ago=300 - number)
    chats.buys("81211112222", "185000.00", 1204)
    chats.says("Sudah sampai, terima kasih", "dewi", "Dewi Lestari", ago=90)
    chats.answers("Sama-sama, kak.", "dewi", ago=80)
    return chats


@pytest.fixture
def visit(
    browser: Browser, address: str, people: Callable[..., Person], viewport: dict[str, int], locale: str
) -> Iterator[Visit]:
    person = people("agent", "Sari")
    people("agent", "Dimas")
    person.get("/inbox")
    person.post("/inbox/language", {"language": locale[:2], "next": "/inbox"})
    visiting = Visit(browser, address, viewport, locale=locale)
    visiting.sign_in(person.email, PASSWORD)
    yield visiting
    assert visiting.troubles == []
    visiting.context.close()


@BOTH
def test_every_action_has_a_key(visit: Visit, chats: Chats, viewport: dict[str, int]) -> None:
    chats.ask("update app.conversations set state = 'bot', assigned_to = null, snoozed_at = null, snoozed_until = null")
    page = visit.open(f"/inbox/conversations/{chats.conversation('81211112222')}")
    keys = page.locator("#keys dt").all_inner_texts()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    keep(page, viewport, "keys")
    page.keyboard.press("Escape")

    page.keyboard.press("n")
    expect(page.locator("#note")).to_be_focused()
    page.keyboard.type("Tanya @dim")
    expect(page.locator("#mentions")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#note")).to_have_value("Tanya @Dimas ")
    keep(page, viewport, "note_form")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".entry.note")).to_contain_text("Tanya @Dimas")
    page.locator("body").click(position={"x": 2, "y": 2})

    page.keyboard.press("g")
    expect(page.locator("#tag")).to_be_focused()
    page.keyboard.type(f"grosir {viewport['width']}")
    page.keyboard.press("Enter")
    expect(page.locator(".own-tags .tag.own").last).to_contain_text("grosir")
    page.locator("body").click(position={"x": 2, "y": 2})

    state = page.locator("p.state")
    page.keyboard.press("t")
    expect(state).to_have_class("state agent")
    page.keyboard.press("b")
    expect(state).to_have_class("state bot")
    page.keyboard.press("s")
    expect(page.locator("#snooze-until")).to_be_focused()
    page.locator("button[formaction$='/snooze']").click()
    expect(page.locator("button[name=until]")).to_be_visible()
    expect(page.locator("a.row[aria-current] .tag.warn")).to_have_count(0)  # it waits no more
    expect(page.locator("#add-tag")).not_to_have_attribute("open", "")
    keep(page, viewport, "thread_snoozed")
    page.keyboard.press("s")
    expect(page.locator("#snooze-until")).to_be_visible()
    page.keyboard.press("c")
    expect(state).to_have_class("state closed")
    page.keyboard.press("a")
    expect(page.locator("#assign-to")).to_be_focused()
    assert set("jk/r?ntbcasgo[]") <= set(keys)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert barriers(page) == []


@BOTH
def test_views_and_searches(visit: Visit, chats: Chats, viewport: dict[str, int]) -> None:
    chats.ask("update app.conversations set state = 'bot', assigned_to = null, snoozed_at = null, snoozed_until = null")
    page = visit.open("/inbox?state=waiting")
    assert page.locator("a.row").count() == 3
    keep(page, viewport, "waiting")
    page.locator(".filters summary").click()
    keep(page, viewport, "filters")
    assert barriers(page) == []
    page = visit.open("/inbox?state=closed&issue=refund")
    expect(page.locator(".empty a")).to_be_visible()
    keep(page, viewport, "empty")
    page.fill("#search", "gayo")
    page.press("#search", "Enter")
    expect(page.locator(".row mark").first).to_have_text("Gayo")
    page.locator("a.row", has_text="Emma").click()
    expect(page.locator(".entry.found mark")).to_have_text("Gayo")
    assert "gayo" not in page.url.lower()
    keep(page, viewport, "found")
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert barriers(page) == []


def keep(page: Page, viewport: dict[str, int], name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}_{viewport['width']}.png")
