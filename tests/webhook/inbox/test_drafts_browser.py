"""What an agent types stays theirs until it is sent: after another conversation, after the session, for nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import CHROMIUM, DESK, Visit
from tests.support.chats import Chats
from tests.support.people import PASSWORD, Person

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: `apt-get install chromium` brings it"),
]


@pytest.fixture(scope="module")
def threads(chats: Chats) -> tuple[int, int]:
    chats.says("Halo, ada kopi?", "ratna", "Ratna")
    chats.says("Sudah dikirim?", "tono", "Tono")
    return chats.conversation("ratna"), chats.conversation("tono")


@pytest.fixture
def visit(browser: Browser, address: str, people: Callable[..., Person]) -> Iterator[Visit]:
    visiting = Visit(browser, address, DESK, locale="id-ID")
    visiting.sign_in(people("agent", "Sari").email, PASSWORD)
    yield visiting
    visiting.context.close()


def drafts(page: Page) -> list[str]:
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('kabar-draft-'))")


def test_a_draft_stays_until_it_is_sent(visit: Visit, threads: tuple[int, int]) -> None:
    first, second = threads
    page = visit.open(f"/inbox/conversations/{first}")
    page.fill("#text", "Ada, kak. Mau berapa")
    page = visit.open(f"/inbox/conversations/{second}")
    expect(page.locator("#text")).to_have_value("")

    visit.context.clear_cookies()  # the session ends
    page = visit.open(f"/inbox/conversations/{first}")
    page.fill("#email", page.locator("#email").input_value() or "sari.agent@shop.example")
    page.fill("#password", PASSWORD)
    page.click("form.sign-in button.primary")
    expect(page.locator("#text")).to_have_value("Ada, kak. Mau berapa")
    page.press("#text", "Control+Enter")
    expect(page.locator(".entry.agent.unsent")).to_contain_text("Mau berapa")
    expect(page.locator("#text")).to_have_value("")
    assert drafts(page) == []


def test_a_draft_is_kept_when_signing_out_and_removed_when_another_person_signs_in(
    visit: Visit, threads: tuple[int, int], people: Callable[..., Person]
) -> None:
    _, second = threads
    page = visit.open(f"/inbox/conversations/{second}")
    page.fill("#text", "Masih saya cek")
    page.locator(".account button.quiet").click()
    assert len(drafts(page)) == 1
    visit.sign_in(people("agent", "Sari").email, PASSWORD)
    page = visit.open(f"/inbox/conversations/{second}")
    expect(page.locator("#text")).to_have_value("Masih saya cek")

    page.locator(".account button.quiet").click()
    visit.sign_in(people("agent", "Dimas").email, PASSWORD)
    page = visit.open(f"/inbox/conversations/{second}")
    expect(page.locator("#text")).to_have_value("")
    assert drafts(page) == []
