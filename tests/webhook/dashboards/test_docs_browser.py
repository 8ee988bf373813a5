"""The pages about the figures in a real browser, and dbt's own page in the cage that it is served in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error, expect

from tests.support import two_shops
from tests.support.browser import CHROMIUM, DESK, PHONE, Visit, barriers
from tests.support.dashboard_visitors import ADMIN, PASSWORD, web
from tests.support.database import copied, settings_of
from tests.support.web import serving
from warehouse.settings import Settings

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: `apt-get install chromium` brings it"),
]


@pytest.fixture(scope="module")
def address(server_settings: Settings) -> Iterator[str]:
    with (
        copied(server_settings, *two_shops.STEPS, two_shops.document) as environment,
        serving(web(settings_of(environment))) as served,
    ):
        yield served


def test_a_kpis_page_fits_every_screen_and_keeps_nobody_out(browser: Browser, address: str) -> None:
    for viewport, scheme in ((DESK, "light"), (PHONE, "dark")):
        visit = Visit(browser, address, viewport, color_scheme=scheme, bypass_csp=True)
        page = visit.sign_in(ADMIN, PASSWORD)
        for path in ("/dashboards/kpis/bot_success_rate?lang=id", "/dashboards/kpis?lang=en", "/docs/data?lang=id"):
            visit.open(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], path
            areas = page.locator("nav.main a")
            expect(areas).to_have_count(5)
            boxes = [area.bounding_box() for area in areas.all()]
            assert all(box and box["x"] >= 0 and box["x"] + box["width"] <= viewport["width"] for box in boxes), path
            assert barriers(page) == [], path
        assert visit.troubles == []
        visit.context.close()


def test_dbts_page_runs_and_reaches_nothing(browser: Browser, address: str) -> None:
    visit = Visit(browser, address, DESK)
    page = visit.sign_in(ADMIN, PASSWORD)
    page.goto("about:blank")
    answered: list[str] = []
    page.on("response", lambda response: answered.append(response.url))
    visit.open("/docs/data/dbt#!/model/model.kabar.kpi_daily")
    expect(page.locator("h1 .break").first).to_contain_text("kpi_daily")
    expect(page.get_by_text("The number of messages from customers, the bot and the team.").first).to_be_visible()
    assert [url for url in answered if not url.startswith("data:")] == [f"{address}/docs/data/dbt"]
    assert visit.foreign() == []
    for attempt in ("fetch('/inbox')", "document.cookie"):
        with pytest.raises(Error, match=r"Failed to fetch|sandboxed"):
            page.evaluate(attempt)
    visit.context.close()
