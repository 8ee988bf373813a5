"""Writing as a customer in a real browser, on a desk and on a phone, in both languages."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from bot import services
from tests.support.browser import CHROMIUM, DESK, PHONE, Visit, barriers
from tests.support.chat import Chat
from tests.support.chats import Chats
from tests.support.people import PASSWORD, Person
from warehouse.settings import Settings

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: `apt-get install chromium` brings it"),
]

PICTURES = os.environ.get("KABAR_PICTURES")  # a folder, for whoever wants to look at the pages
WORDS = {
    "id": ("Tulis sebagai pelanggan", "Kirim sebagai pelanggan", "Ambil alih", "jam buka?", "Uji coba"),
    "en": ("Write as a customer", "Send as customer", "Take over", "when are you open?", "Test"),
}


@pytest.fixture(scope="module")
def worker(module_settings: Settings, chats: Chats) -> Iterator[None]:
    """Runs the bot's jobs, until the file's tests have ended."""
    chats.ask("insert into app.store_options (store_id, pause_seconds) values ('default', 0)")
    chats.ask("insert into app.stores (store_id, name, timezone) values ('default', 'Toko Kenari', 'Asia/Jakarta')")
    hours = "insert into app.business_hours select 'default', day, '00:00', '00:00' from generate_series(1, 7) as day"
    chats.ask(hours)
    chats.says("Halo, apakah kopi Gayo masih ada?", "andi", "Andi Pratama", ago=3000)
    made, is_over = services.make(module_settings), threading.Event()
    chat = Chat(module_settings, made, None, 0)  # type: ignore[arg-type]

    def work() -> None:
        while not is_over.wait(0.2):
            chat.work()

    # Playwright's own loop runs in this thread.
    working = threading.Thread(target=work)
    working.start()
    yield
    is_over.set()
    working.join()
    made.connections.close()


@pytest.fixture
def visit(
    browser: Browser, address: str, people: Callable[..., Person], viewport: dict[str, int], language: str
) -> Iterator[Visit]:
    visiting = Visit(browser, address, viewport, locale=language)
    visiting.sign_in(people("admin", "Wulan").email, PASSWORD)
    visiting.page.locator(f"button[name=language][value={language}]").click()
    yield visiting
    assert visiting.troubles == []
    assert visiting.foreign() == []
    visiting.context.close()


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_an_admin_writes_sees_the_reply_and_answers_as_an_agent(
    visit: Visit, worker: None, viewport: dict[str, int], language: str
) -> None:
    page = visit.page
    entry, send, take_over, question, mark = WORDS[language]
    page.get_by_role("link", name=entry).click()
    keep(page, viewport, f"{language}_begin")
    page.fill("#text", question)
    page.get_by_role("button", name=send).click()
    page.wait_for_url("**/inbox/conversations/*")
    expect(page.locator(".entry.bot .text")).to_contain_text("Toko Kenari")
    expect(page.locator(".who .tag")).to_have_text(mark)
    keep(page, viewport, f"{language}_answered")

    page.fill("#customer-text", "planet mana yang paling bagus?" if language == "id" else "which planet is best?")
    page.fill("#text", "draft")
    page.locator("#customer-text").press("Control+Enter")
    expect(page.locator("#customer-text")).to_have_value("")
    expect(page.locator(".entry.customer")).to_have_count(2)
    expect(page.locator("p.state.waiting")).to_be_visible()
    expect(page.locator("#text")).to_have_value("draft")
    keep(page, viewport, f"{language}_waiting")

    page.get_by_role("button", name=take_over).click()
    expect(page.locator("p.state.agent")).to_be_visible()
    page.fill("#text", "Halo, saya Wulan.")
    page.locator("#text").press("Control+Enter")
    expect(page.locator(".entry.agent .text")).to_have_text("Halo, saya Wulan.")
    expect(page.locator(".entry.agent:not(.unsent)")).to_have_count(1)
    page.fill("#customer-text", "terima kasih")
    page.locator("#customer-text").press("Control+Enter")
    expect(page.locator(".entry.customer")).to_have_count(3)
    keep(page, viewport, f"{language}_taken")

    visit.open("/inbox?state=tests")
    expect(page.locator(".row .tag.warn").first).to_have_text(mark)
    expect(page.locator(".states a[aria-current]")).to_have_text(mark)
    keep(page, viewport, f"{language}_list")


@pytest.mark.parametrize("language", ["id"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_its_pages_can_be_used_by_everybody(
    browser: Browser, address: str, people: Callable[..., Person], worker: None, viewport: dict[str, int], language: str
) -> None:
    visiting = Visit(browser, address, viewport, locale=language, bypass_csp=True)
    page = visiting.sign_in(people("admin", "Wulan").email, PASSWORD)
    visiting.open("/inbox/tests")
    assert barriers(page) == []
    assert fits(page, viewport)
    page.fill("#text", "jam buka?")
    page.locator("button.primary").click()
    page.wait_for_url("**/inbox/conversations/*")
    assert barriers(page) == []
    assert fits(page, viewport)
    visiting.context.close()


def fits(page: Page, viewport: dict[str, int]) -> bool:
    """Whether nothing has to be scrolled sideways."""
    page.wait_for_load_state()  # after a click on a link there is a moment without any document
    return bool(page.evaluate("document.documentElement.scrollWidth") <= viewport["width"])


def keep(page: Page, viewport: dict[str, int], name: str) -> Any:
    assert fits(page, viewport)
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"as_customer_{viewport['width']}_{name}.png"))
