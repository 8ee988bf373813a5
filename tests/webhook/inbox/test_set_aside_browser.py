"""Deciding about data that was set aside in a real browser, on a desk and on a phone, in both languages."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from expectations import validate
from tests.support import landed
from tests.support.browser import CHROMIUM, DESK, PHONE, Visit, barriers
from tests.support.people import PASSWORD, Person
from warehouse.connection import transaction
from warehouse.settings import Settings

SCREENSHOTS = os.environ.get("KABAR_SCREENSHOTS")
WORDS = {
    "en": ("Reason for leaving it out", "Leave out odd-1", "Because: A test", "Use anyway odd-2"),
    "id": ("Alasan tidak dihitung", "Abaikan odd-1", "Alasan: A test", "Tetap pakai odd-2"),
}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: `apt-get install chromium` brings it"),
]


@pytest.fixture
def set_aside(module_settings: Settings) -> None:
    with transaction("owner", module_settings) as connection, connection.cursor() as cursor:
        cursor.execute("delete from raw.rejected")
        cursor.execute("delete from raw.chatbot_events")
        for name in ("odd-1", "odd-2"):
            landed.event(connection, event_id=name, occurred_at="1999-01-01T00:00:00Z")
    validate(module_settings)


@pytest.fixture
def visits(browser: Browser, address: str) -> Iterator[list[Visit]]:
    opened: list[Visit] = []
    yield opened
    for each in opened:
        each.context.close()
        assert each.troubles == []


@pytest.mark.usefixtures("set_aside")
@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_one_row_is_left_out_and_another_used_anyway(
    browser: Browser,
    address: str,
    visits: list[Visit],
    people: Callable[..., Person],
    language: str,
    viewport: dict[str, int],
) -> None:
    why, leave_out, because, use = WORDS[language]
    admin = people("admin")
    admin.post("/inbox/language", {"language": language, "next": "/inbox"})
    visits.append(visit := Visit(browser, address, viewport))
    visit.sign_in(admin.email, PASSWORD)
    page, width = visit.open("/inbox/settings/set_aside"), viewport["width"]
    row = page.get_by_role("listitem").filter(has_text="odd-1")
    row.get_by_label(why).fill("A test")
    page.get_by_role("button", name=leave_out).click()
    page.get_by_text(because).wait_for()
    if SCREENSHOTS:
        page.screenshot(path=Path(SCREENSHOTS) / f"set-aside-{width}-{language}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert barriers(page) == []
    page.get_by_role("button", name=use).click()
    page.get_by_role("status").wait_for()
    assert page.get_by_text("odd-2").count() == 0
