"""A survey on a phone: completed with and without JavaScript, by thumb and by keyboard, without what axe finds."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import CHROMIUM, DESK, PHONE, Visit, barriers
from tests.support.people import Person
from tests.support.surveys import create, open_wave

SCREENSHOTS = os.environ.get("KABAR_SCREENSHOTS")
FINGER = 44  # pixels

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: `apt-get install chromium` brings it"),
]


@pytest.fixture(scope="module")
def link(people: Callable[..., Person]) -> str:
    create(people("admin"), "2026-11")
    return open_wave(people("admin"), "2026-11")


def look_at(page: Page, name: str, width: int, has_script: bool = True) -> None:
    """The page fits, and axe finds nothing serious."""
    if SCREENSHOTS:
        page.screenshot(path=Path(SCREENSHOTS) / f"survey-{name}-{width}.png", full_page=True)
    if has_script:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert barriers(page) == []


def choose(page: Page, performance: int, expectation: int) -> None:
    """Tap an answer to both questions of each item."""
    for item in page.locator("fieldset.item").all():
        for scale, value in enumerate((performance, expectation)):
            item.locator("fieldset.scale").nth(scale).locator("label").nth(value - 1).click()


@pytest.mark.parametrize("locale", ["id-ID", "en-US"])
@pytest.mark.parametrize("viewport", [PHONE, DESK])
@pytest.mark.parametrize("has_script", [True, False])
def test_a_survey_is_completed(
    browser: Browser, address: str, link: str, viewport: dict[str, int], locale: str, has_script: bool
) -> None:
    visit = Visit(browser, address, viewport, locale=locale, java_script_enabled=has_script)
    language, width = locale[:2], viewport["width"]
    page = visit.open(link)
    look_at(page, f"start-{language}", width, has_script)
    page.click("button.primary")
    for number in range(1, 6):
        page.wait_for_url(f"**/{number}")
        choose(page, 4, 5)
        look_at(page, f"{number}-{language}", width, has_script)
        page.click(".steps button.primary")
    page.wait_for_url("**/6")
    page.select_option("#age_band", "25_34")
    look_at(page, f"about-{language}", width, has_script)
    page.click(".steps button.primary")
    page.wait_for_selector("h1:text-is('Terima kasih!')" if language == "id" else "h1:text-is('Thank you!')")
    look_at(page, f"done-{language}", width, has_script)
    visit.context.close()
    assert visit.troubles == []
    assert visit.foreign() == []


def test_missing_answers_are_announced_and_the_language_changes_without_losing_any(
    browser: Browser, address: str, link: str
) -> None:
    visit = Visit(browser, address, PHONE, locale="id-ID", color_scheme="dark")
    page = visit.open(link)
    page.click("button.primary")
    page.locator("fieldset.scale").first.locator("label").nth(2).click()
    page.click(".languages button[value=en]")
    page.wait_for_selector("html[lang=en]")
    assert page.locator("input:checked").get_attribute("value") == "3"
    page.click(".steps button.primary")
    page.wait_for_selector("[role=alert]")
    look_at(page, "missing-en", PHONE["width"])
    page.click("text=Continue without them")
    page.wait_for_url("**/2")
    visit.context.close()
    assert [trouble for trouble in visit.troubles if " 422 " not in trouble] == []


def test_it_is_answered_by_keyboard(browser: Browser, address: str, link: str) -> None:
    visit = Visit(browser, address, DESK, locale="en-US")
    page = visit.open(link)
    page.locator("button.primary").press("Enter")
    page.wait_for_url("**/1")
    for scale in page.locator("fieldset.scale").all():
        scale.locator("input").first.focus()
        page.keyboard.press("ArrowRight")
        assert scale.locator("input:checked").get_attribute("value") == "2"
    page.keyboard.press("Enter")
    page.wait_for_url("**/2")
    visit.context.close()


def test_targets_are_as_large_as_a_finger(browser: Browser, address: str, link: str) -> None:
    visit = Visit(browser, address, PHONE, locale="en-US")
    page = visit.open(link)
    page.click("button.primary")
    for target in page.locator(".choices label, .steps > *, .languages button").all():
        box = target.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= FINGER
    visit.context.close()
