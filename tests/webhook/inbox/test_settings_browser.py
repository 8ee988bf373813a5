"""The settings in a real browser: on a desk and on a phone, light and dark, by keyboard, and without what axe finds."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.support import surveys
from tests.support.browser import CHROMIUM, DESK, PHONE, Visit, barriers
from tests.support.people import PASSWORD, Person
from warehouse.connection import transaction
from warehouse.settings import Settings
from webhook.inbox.settings.pages import SUBJECTS

SURVEYS = ("new", "wave/2026-10", "wave/2026-11", "item/2026-11", "invite/2026-10")
PAGES = (*SUBJECTS, "rules/new", "templates/new", "canned/new", "topics/1", *(f"surveys/{each}" for each in SURVEYS))
SCREENSHOTS = os.environ.get("KABAR_SCREENSHOTS")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: `apt-get install chromium` brings it"),
]


@pytest.fixture(scope="module")
def email(people: Callable[..., Person], module_settings: Settings) -> str:
    with transaction("owner", module_settings) as connection, connection.cursor() as cursor:
        cursor.execute(
            "insert into ml.topics (store_id, name_id, name_en, language, centre, messages) values"
            " ('default', 'parkir motor, muat bus, susah cari', 'parking, bus park', 'id', '', 84),"
            " ('default', 'susu oat, susu almond', 'oat milk, almond milk', 'id', '', 1203)"
        )
    admin = people("admin")
    admin.post("/inbox/language", {"language": "en", "next": "/inbox"})
    admin.post("/inbox/settings/holidays", {"first": "2027-03-09", "last": "2027-03-10"})
    text = {"shortcut": "ongkir", "text_id": "Ongkir mulai Rp10.000.", "text_en": "Delivery starts at Rp10,000."}
    admin.post("/inbox/settings/canned/new", text)
    for wave in ("2026-10", "2026-11"):
        surveys.create(admin, wave)
    surveys.open_wave(admin, "2026-10")
    return admin.email


Open = Callable[..., Visit]


@pytest.fixture
def visit(browser: Browser, address: str, email: str) -> Iterator[Open]:
    """`visit(PHONE)` is the browser of the admin, signed in; what its pages complain of fails the test."""
    visits: list[Visit] = []

    def opened(viewport: dict[str, int] = DESK, **options: Any) -> Visit:
        visits.append(Visit(browser, address, viewport, **options))
        visits[-1].sign_in(email, PASSWORD)
        return visits[-1]

    yield opened
    for each in visits:
        each.context.close()
        assert [trouble for trouble in each.troubles if " 422 " not in trouble and " 409 " not in trouble] == []
        assert each.foreign() == []


def keep(page: Page, name: str) -> None:
    """A picture for people to look at, where one was asked for."""
    if SCREENSHOTS:
        page.screenshot(path=Path(SCREENSHOTS) / f"{name.replace('/', '-')}.png", full_page=True)


@pytest.mark.parametrize(("viewport", "scheme"), [(DESK, "light"), (PHONE, "dark")])
def test_pages_fit_and_axe_finds_nothing(visit: Open, viewport: dict[str, int], scheme: str) -> None:
    visiting = visit(viewport, color_scheme=scheme)
    for name in PAGES:
        page = visiting.open(f"/inbox/settings/{name}")
        keep(page, f"{name}-{viewport['width']}-{scheme}")
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], name
        assert barriers(page) == [], name


def test_hours_are_set_by_keyboard_and_a_fault_is_announced_beside_its_field(visit: Open) -> None:
    page = visit(PHONE).open("/inbox/settings/hours")
    field = page.get_by_label("Tuesday, opening 1")
    field.focus()
    page.keyboard.type("0800AM")
    page.get_by_role("button", name="Save").press("Enter")
    page.wait_for_selector(".fault")
    closing = page.get_by_label("Tuesday, closing 1")
    assert closing.get_attribute("aria-invalid") == "true"
    assert (
        page.locator(f"#{closing.get_attribute('aria-describedby')}").inner_text()
        == "Enter a time from 00:00 to 23:59."
    )
    keep(page, "hours-fault-390")
    assert barriers(page) == []
    closing.fill("17:00")
    page.get_by_role("button", name="Save").press("Enter")
    page.wait_for_url("**saved=1")
    assert page.get_by_role("status").inner_text() == "Saved."
    assert page.get_by_label("Tuesday, closing 1").input_value() == "17:00"


def test_two_admins_at_the_same_form_see_each_other(visit: Open) -> None:
    mine, theirs = (visit().open("/inbox/settings/anger") for _ in range(2))
    theirs.fill("#words", "penipu")
    theirs.click("text=Save")
    theirs.wait_for_url("**saved=1")
    mine.fill("#words", "bohong")
    mine.click("text=Save")
    mine.wait_for_selector("[role=alert]")
    keep(mine, "anger-changed-1280")
    assert mine.input_value("#words") == "bohong"
    mine.click("text=view the current version")
    assert mine.input_value("#words") == "penipu"


def test_a_rule_is_tried_and_a_preview_shown_before_anything_is_saved(visit: Open) -> None:
    visiting = visit(PHONE)
    page = visiting.open("/inbox/settings/rules")
    page.fill("#message", "makasih banyak kak")
    page.get_by_role("button", name="Try a message").click()
    page.wait_for_selector(".would-say")
    page.locator(".would-say summary").click()
    assert "thanks" in page.locator(".would-say li a").inner_text()
    keep(page, "rules-tried-390")
    visiting.open("/inbox/settings/voice")
    page.fill("#shop_name", "Kedai Pagi")
    page.fill("#sample", "halo kak")
    page.get_by_role("button", name="What would the bot say?").click()
    page.wait_for_selector(".would-say")
    assert "Kedai Pagi" in page.locator(".would-say blockquote").inner_text()
    keep(page, "voice-preview-390")
    visiting.open("/inbox/settings/voice")
    assert page.input_value("#shop_name") != "Kedai Pagi"


def test_a_password_is_shown_once(visit: Open) -> None:
    visiting = visit()
    page = visiting.open("/inbox/settings/people")
    page.fill("#name", "Budi")
    page.fill("#email", "budi@shop.example")
    page.get_by_role("button", name="Add a team member").click()
    page.wait_for_selector(".password")
    keep(page, "people-password-1280")
    visiting.open("/inbox/settings/people")
    assert page.locator(".password").count() == 0
    page.get_by_text("Close …").last.click()
    keep(page, "people-close-1280")


def test_a_secret_for_chatbot_events_is_shown_once_and_fits_on_a_phone(visit: Open) -> None:
    visiting = visit(PHONE)
    page = visiting.open("/inbox/settings/channels")
    page.get_by_role("button", name="Create a secret").click()
    page.wait_for_selector(".password")
    assert page.locator(".password code").inner_text().startswith("whsec_")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert barriers(page) == []
    keep(page, "channels-secret-390")
    visiting.open("/inbox/settings/channels")
    assert page.locator(".password").count() == 0
    page.get_by_text("New secret …").click()
    keep(page, "channels-new-secret-390")
