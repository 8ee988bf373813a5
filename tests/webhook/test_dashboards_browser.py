"""The dashboard in a real browser, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from dashboards import definition
from tests.dashboards import shop
from tests.webhook import dashboard_visitors
from tests.webhook.inbox.browser import ARGUMENTS, CHROMIUM, DESK, PHONE, Visit
from warehouse.settings import Settings

CHARTS = [card for card in definition.load("conversations").cards if card.chart not in ("number", "table")]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("dashboards"),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: `apt-get install chromium` brings it"),
]


@pytest.fixture(scope="module")
def address(server_settings: Settings) -> Iterator[str]:
    with dashboard_visitors.serving(dashboard_visitors.web(shop.built(server_settings))) as served:
        yield served


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def session(browser: Browser, address: str) -> Any:
    """What a browser keeps after signing in."""
    visit = Visit(browser, address, DESK)
    visit.sign_in(dashboard_visitors.VIEWER, dashboard_visitors.PASSWORD)
    yield visit.context.storage_state()
    visit.context.close()


@pytest.fixture
def visits(browser: Browser, address: str, session: Any) -> Iterator[Callable[..., Visit]]:
    """`visits(PHONE)` is the viewer at a browser of that size."""
    made: list[Visit] = []

    def visit(viewport: dict[str, int], **options: Any) -> Visit:
        made.append(Visit(browser, address, viewport, storage_state=session, **options))
        return made[-1]

    yield visit
    for one in made:
        one.context.close()


def drawn(visit: Visit, path: str) -> Page:
    """The page at `path`, with its charts."""
    page = visit.open(path)
    page.wait_for_selector("html[data-charts=drawn]")
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, PHONE])
def test_the_page_draws_its_charts_and_nothing_comes_from_elsewhere(
    visits: Callable[..., Visit], viewport: dict[str, int], scheme: str
) -> None:
    visit = visits(viewport, color_scheme=scheme)
    page = drawn(visit, "/dashboards/conversations")
    for card in CHARTS:
        drawing = page.locator(f"#card-{card.id} .drawing svg")
        assert drawing.count() == 1, card.id
        box = drawing.bounding_box()
        assert box
        assert box["width"] > 200
        assert drawing.locator("[aria-roledescription$=mark], .mark-rect path, .mark-line path").count() > 0
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert visit.troubles == []
    assert visit.foreign() == []


def test_choosing_a_channel_shows_its_figures(visits: Callable[..., Visit]) -> None:
    visit = visits(PHONE)
    page = drawn(visit, "/dashboards/conversations?lang=id&from=2026-10-01&to=2026-10-31")
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


def test_days_are_the_shops_in_any_readers_time_zone(visits: Callable[..., Visit]) -> None:
    visit = visits(DESK)
    page = drawn(visit, "/dashboards/conversations?lang=en&from=2026-10-05&to=2026-10-07")
    labels = page.locator("#card-response_time .role-axis-label text").all_text_contents()
    days = [label for label in labels if "Oct" in label]
    assert days[0] == "5 Oct"
    assert days[-1] == "7 Oct"


def test_the_figures_behind_a_chart_open_as_a_table(visits: Callable[..., Visit]) -> None:
    visit = visits(PHONE)
    page = drawn(visit, "/dashboards/conversations?lang=en")
    card = page.locator("#card-message_volume")
    assert not card.locator("table").is_visible()
    card.locator("summary").click()
    assert card.locator("table").is_visible()
    assert card.locator("tbody tr").count() > 20
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
