"""The dashboard in a real browser, on a desk and on a phone."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from dashboards import definition
from tests.dashboards import shop
from warehouse.settings import Settings
from webhook.app import create_app

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
CHARTS = [card for card in definition.load("conversations").cards if card.chart not in ("number", "table")]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("dashboards"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: `apt-get install chromium` brings it"),
]


@pytest.fixture(scope="module")
def address(server_settings: Settings) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, create_app(shop.built(server_settings)), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


class Visit:
    """A page that remembers what it asked for and what went wrong in it."""

    def __init__(self, browser: Browser, address: str, **options: Any) -> None:
        self.address = address
        self.requests: list[str] = []
        self.troubles: list[str] = []
        # A clock far from the shop's: days must not shift.
        self.page: Page = browser.new_context(timezone_id="America/Los_Angeles", **options).new_page()
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.troubles.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        self.page.wait_for_selector("html[data-charts=drawn]")
        return self.page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1280, 900), (390, 844)])
def test_the_page_draws_its_charts_and_nothing_comes_from_elsewhere(
    browser: Browser, address: str, width: int, height: int, scheme: Any
) -> None:
    visit = Visit(browser, address, viewport={"width": width, "height": height}, color_scheme=scheme)
    page = visit.open("/dashboards/conversations?lang=en")
    for card in CHARTS:
        drawing = page.locator(f"#card-{card.id} .drawing svg")
        assert drawing.count() == 1, card.id
        box = drawing.bounding_box()
        assert box
        assert box["width"] > 200
        assert drawing.locator("[aria-roledescription$=mark], .mark-rect path, .mark-line path").count() > 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert visit.troubles == []
    assert [url for url in visit.requests if not url.startswith(address)] == []
    page.context.close()


def test_choosing_a_channel_shows_its_figures(browser: Browser, address: str) -> None:
    visit = Visit(browser, address, viewport={"width": 390, "height": 844})
    page = visit.open("/dashboards/conversations?lang=id&from=2026-10-01&to=2026-10-31")
    number = page.locator("#card-messages .value span").first
    before = number.inner_text()
    page.select_option("select[name=channel]", "web")
    page.fill("input[name=to]", "2026-10-15")
    page.click("button[type=submit]")
    page.wait_for_url("**channel=web**")
    page.wait_for_selector("html[data-charts=drawn]")
    assert int(number.inner_text()) < int(before.replace(".", ""))
    assert page.locator("html").get_attribute("lang") == "id"
    assert page.locator("input[name=to]").input_value() == "2026-10-15"
    assert visit.troubles == []
    page.context.close()


def test_days_are_the_shops_in_any_readers_time_zone(browser: Browser, address: str) -> None:
    visit = Visit(browser, address, viewport={"width": 1280, "height": 900})
    page = visit.open("/dashboards/conversations?lang=en&from=2026-10-05&to=2026-10-07")
    labels = page.locator("#card-response_time .role-axis-label text").all_text_contents()
    days = [label for label in labels if "Oct" in label]
    assert days[0] == "5 Oct"
    assert days[-1] == "7 Oct"
    page.context.close()


def test_the_figures_behind_a_chart_open_as_a_table(browser: Browser, address: str) -> None:
    visit = Visit(browser, address, viewport={"width": 390, "height": 844})
    page = visit.open("/dashboards/conversations?lang=en")
    card = page.locator("#card-message_volume")
    assert not card.locator("table").is_visible()
    card.locator("summary").click()
    assert card.locator("table").is_visible()
    assert card.locator("tbody tr").count() > 20
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.context.close()
