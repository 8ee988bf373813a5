"""The dashboards in a real browser: drawn at both widths, in step with what lands, good for keys, ears and paper."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, expect
from pydantic import SecretStr

from dashboards import definition
from tests.support import dashboard_visitors, opinions
from tests.support.browser import CHROMIUM, DESK, PHONE, Visit, barriers
from tests.support.senders import Senders
from tests.support.web import serving
from warehouse.connection import transaction
from warehouse.settings import Settings

WEEK = "/dashboards/conversations?from=2026-10-05&to=2026-10-11"
OF_CUSTOMERS = ("satisfaction", "what_people_say")
# Of Chromium, about how Vega measures the words of a cloud.
NO_TROUBLE = "willReadFrequently"
CHARTS = [card for card in definition.load("conversations").cards if card.chart not in ("number", "table")]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: `apt-get install chromium` brings it"),
]


@pytest.fixture(scope="module")
def address(built: Settings, senders: Senders) -> Iterator[str]:
    twilio = {"public_url": senders.public_url, "twilio_auth_token": SecretStr(senders.token)}
    with serving(dashboard_visitors.web(built.model_copy(update=twilio))) as served:
        yield served


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
    """The page at `path`, with its charts, and live."""
    page = visit.open(path)
    page.wait_for_selector("html[data-charts=drawn]")
    expect(page.locator("#live.on")).to_be_visible()
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


@pytest.mark.parametrize(("viewport", "language"), [(DESK, "en"), (PHONE, "id")])
@pytest.mark.parametrize("name", OF_CUSTOMERS)
def test_what_customers_think_is_drawn_and_keeps_nobody_out(
    visits: Callable[..., Visit], name: str, viewport: dict[str, int], language: str
) -> None:
    visit = visits(viewport, bypass_csp=True)
    page = drawn(visit, f"/dashboards/{name}?lang={language}")
    for card in definition.load(name).cards:
        if card.chart not in ("number", "table"):
            assert page.locator(f"#card-{card.id} .drawing svg").count() == 1, card.id
            assert page.locator(f"#figures-{card.id} tbody tr").count() > 0, card.id
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert barriers(page) == []
    assert [trouble for trouble in visit.troubles if NO_TROUBLE not in trouble] == []


def test_a_word_cloud_keeps_to_the_policy_and_looks_the_same_each_time(visits: Callable[..., Visit]) -> None:
    visit = visits(DESK)
    words = drawn(visit, "/dashboards/satisfaction?lang=en").locator("#card-word_cloud .drawing svg .mark-text text")
    places = "words => words.map(word => [word.textContent, word.getAttribute('transform')])"
    once = words.evaluate_all(places)
    assert len(once) == words.page.locator("#figures-word_cloud tbody tr").count() > 5
    assert len({place for _, place in once}) == len(once)
    drawn(visit, "/dashboards/satisfaction?lang=en")
    assert words.evaluate_all(places) == once
    assert [trouble for trouble in visit.troubles if NO_TROUBLE not in trouble] == []


def test_another_wave_is_chosen_and_stays_chosen(visits: Callable[..., Visit]) -> None:
    page = drawn(visits(PHONE), "/dashboards/satisfaction?lang=en")
    figure = page.locator("#card-respondents .value span").first
    expect(figure).to_have_text(str(opinions.RESPONDENTS[opinions.NEWEST]))
    page.select_option("select[name=wave]", opinions.OLDER)
    page.click("button[type=submit]")
    page.wait_for_url("**wave=**")
    expect(figure).to_have_text(str(opinions.RESPONDENTS[opinions.OLDER]))
    expect(page.locator("#card-respondents .remark")).to_have_text("Small sample: read with care")
    assert page.locator("select[name=wave]").input_value() == opinions.OLDER


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
    figures = page.locator("#figures-message_volume")
    expect(figures.locator("table")).to_be_hidden()
    figures.locator("summary").click()
    expect(figures.locator("table")).to_be_visible()
    assert figures.locator("tbody tr").count() > 20
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def execute(settings: Settings, statement: str, *values: object) -> None:
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.fixture
def landed(built: Settings) -> Iterator[list[str]]:
    """The ids of messages that a test lands, which are gone afterwards."""
    sids: list[str] = []
    yield sids
    execute(built, "delete from raw.twilio_messages where message_sid = any(%s)", sids)


def test_a_message_that_lands_is_counted_on_the_open_page_at_the_next_look(
    visits: Callable[..., Visit], address: str, senders: Senders, landed: list[str]
) -> None:
    visit = visits(DESK)
    page = drawn(visit, "/dashboards/store")
    before = int(page.locator("#now-messages").inner_text())
    looks = sum("/dashboards/now" in url for url in visit.requests)
    form = senders.message_form()
    landed.append(form["MessageSid"])
    delivery = senders.twilio("messages", form)
    answer = requests.post(address + delivery.path, data=delivery.body, headers=delivery.headers, timeout=30)
    assert answer.status_code == 200
    expect(page.locator("#now-messages")).to_have_text(str(before + 1))
    # One look may have been under way; a look is two seconds and a half after the last.
    assert sum("/dashboards/now" in url for url in visit.requests) - looks <= 2
    assert visit.troubles == []


@pytest.fixture
def newer_build(built: Settings) -> Iterator[Callable[[], None]]:
    """Calling it is as if a build had found a thousand messages more on each day; afterwards there are none again."""
    kpis = "update intermediate.int_kpis set numerator = numerator + %s, value = value + %s "
    kpis += "where metric = 'message_volume' and dimension = 'all' and period = 'day'"
    builds = "update intermediate.builds set finished_at = finished_at + %s * interval '1 second'"

    def build() -> None:
        execute(built, kpis, 1000, 1000)
        execute(built, builds, 1)

    yield build
    execute(built, kpis, -1000, -1000)
    execute(built, builds, -1)


def test_a_newer_build_changes_the_cards_and_leaves_the_reader_where_they_are(
    visits: Callable[..., Visit], newer_build: Callable[[], None]
) -> None:
    visit = visits(DESK)
    page = drawn(visit, "/dashboards/conversations?from=2026-10-01&to=2026-10-31")
    figure = page.locator("#card-messages .value")
    before = figure.inner_text()
    page.evaluate("window.isTheSamePage = true")
    opened = page.locator("#figures-response_time")
    opened.locator("summary").click()
    page.fill("input[name=to]", "2026-10-20")
    opened.locator("summary").focus()
    place = page.evaluate("scrollY")
    newer_build()
    expect(figure).not_to_have_text(before)
    expect(page.locator("#told")).to_have_text("Figures updated.")
    assert page.evaluate("window.isTheSamePage")
    assert page.evaluate("document.activeElement.closest('details').id") == "figures-response_time"
    assert opened.get_attribute("open") is not None
    assert page.evaluate("scrollY") == place > 0
    assert page.locator("input[name=to]").input_value() == "2026-10-20"
    expect(page.locator("#card-response_time .drawing svg")).to_have_count(1)
    assert visit.troubles == []


def test_the_page_says_when_it_is_cut_off(visits: Callable[..., Visit]) -> None:
    page = drawn(visits(PHONE), "/dashboards/store")
    page.route("**/dashboards/now*", lambda route: route.abort())
    expect(page.locator("#live")).to_have_text("Disconnected, reconnecting")


def test_a_session_that_is_over_leads_to_the_form(visits: Callable[..., Visit]) -> None:
    page = drawn(visits(PHONE), "/dashboards/store")
    page.context.clear_cookies()
    page.wait_for_url(re.compile(r"/inbox/sign-in\?next=/dashboards/store$"))


@pytest.mark.parametrize(("viewport", "scheme", "language"), [(DESK, "light", "en"), (PHONE, "dark", "id")])
def test_nothing_on_the_page_keeps_anybody_out(
    visits: Callable[..., Visit], viewport: dict[str, int], scheme: str, language: str
) -> None:
    page = drawn(visits(viewport, color_scheme=scheme, bypass_csp=True), f"{WEEK}&lang={language}")
    assert barriers(page) == []


def test_keys_lead_to_the_content_and_close_what_they_opened(visits: Callable[..., Visit]) -> None:
    page = drawn(visits(DESK), "/dashboards/store")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    note = page.locator("#card-orders details.why")
    note.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(note.locator("p")).to_be_visible()
    page.keyboard.press("Escape")
    expect(note.locator("p")).to_be_hidden()
    expect(note.locator("summary")).to_be_focused()


def test_on_paper_stand_figures_and_nothing_to_click(visits: Callable[..., Visit]) -> None:
    page = drawn(visits(DESK, color_scheme="dark"), "/dashboards/store")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 718, "height": 1000})  # A4 between its margins
    for hidden in ("header.top", "form.filters", "nav.dashboards", "#live"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.locator("#card-orders .value")).to_be_visible()
    fits = "[...document.querySelectorAll('.value')].every((each) => each.scrollWidth <= each.clientWidth)"
    assert page.evaluate(fits), "long amounts become smaller"
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('.drawing text')).fill") == "rgb(34, 34, 34)"
