"""The button in a real browser, on a desk and on a phone: how it looks, what it opens, and that clicks arrive."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.support import webhook_shops as shops
from tests.support.browser import CHROMIUM
from tests.woocommerce_plugin.shop import NEEDS_PHP, Shop

LINK = ".kabar-whatsapp__link"
PRODUCT = {"id": 69, "name": "Kemeja Batik &quot;Parang&quot; <b>XL</b>"}
TEXT = re.compile(r'Halo, saya mau tanya tentang Kemeja Batik "Parang" XL\. \(ref ([a-z2-7]{8})\)')

pytestmark = [
    NEEDS_PHP,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: `apt-get install chromium` brings it"),
]


@pytest.fixture
def site(wordpress: Shop) -> Iterator[str]:
    wordpress.change(product=PRODUCT, locale="id_ID")
    with wordpress.served() as address:
        yield address


class Visit:
    """A visitor's page. WhatsApp itself is not asked."""

    def __init__(self, browser: Browser, address: str, width: int = 1280, **options: Any) -> None:
        self.troubles: list[str] = []
        context = browser.new_context(viewport={"width": width, "height": 844}, **options)
        context.route("https://wa.me/**", lambda route: route.fulfill(body="WhatsApp"))
        self.page: Page = context.new_page()
        self.page.on("console", lambda message: self.troubles.append(message.text))
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.goto(address)

    def click(self) -> str:
        """Click the button; the code in the text that WhatsApp was opened with."""
        with self.page.context.expect_page() as popup:
            self.page.click(LINK)
        popup.value.wait_for_url("https://wa.me/**")
        address = popup.value.url
        popup.value.close()
        return self.code(address)

    def code(self, address: str) -> str:
        assert urlsplit(address).path == "/6281200000000"
        match = TEXT.fullmatch(parse_qs(urlsplit(address).query)["text"][0])
        assert match
        return match[1]


@pytest.mark.parametrize("position", ["right", "left"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_button_is_large_legible_and_in_its_corner(
    browser: Browser, wordpress: Shop, site: str, width: int, position: str, tmp_path: Path
) -> None:
    wordpress.call("save_settings", {"number": "6281200000000", "position": position})
    visit = Visit(browser, site, width)
    box = visit.page.locator(LINK).bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 44
    assert box["y"] + box["height"] <= 844 - 16
    assert (box["x"] > width / 2) == (position == "right")
    assert 16 <= box["x"] <= width - box["width"] - 16
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
    label = visit.page.locator(".kabar-whatsapp__label").bounding_box()
    assert label
    assert (label["width"] > 44) == (width > 600)
    assert visit.page.get_by_role("link", name="Chat di WhatsApp (terbuka di tab baru)").count() == 1
    for state in ("rest", "hover"):
        assert visit.page.evaluate(CONTRAST, LINK) >= 4.5, state
        visit.page.hover(LINK)
        visit.page.wait_for_timeout(300)
    assert visit.troubles == []
    visit.page.screenshot(path=tmp_path / f"{width}-{position}.png")
    visit.page.context.close()


@pytest.mark.parametrize("position", ["right", "left"])
@pytest.mark.parametrize(("width", "height"), [(320, 640), (390, 844), (760, 1024), (782, 1024)])
def test_the_bar_of_the_block_cart_does_not_cover_the_button(
    browser: Browser, wordpress: Shop, site: str, width: int, height: int, position: str
) -> None:
    wordpress.call("save_settings", {"number": "6281200000000", "position": position})
    visit = Visit(browser, site, width)
    visit.page.set_viewport_size({"width": width, "height": height})
    visit.page.evaluate(CART)
    bar = visit.page.locator(".wc-block-cart__submit-container--sticky").bounding_box()
    button = visit.page.locator(LINK).bounding_box()
    assert bar
    assert button
    assert bar["y"] + bar["height"] == height, "the bar is there"
    assert button["y"] + button["height"] + 8 <= bar["y"]
    assert visit.click()
    visit.page.context.close()


@pytest.mark.parametrize(("width", "height"), [(783, 1024), (1280, 844), (680, 400)])
def test_the_button_stays_in_its_corner_where_the_block_cart_hides_its_bar(
    browser: Browser, site: str, width: int, height: int
) -> None:
    visit = Visit(browser, site, width)
    visit.page.set_viewport_size({"width": width, "height": height})
    corner = visit.page.locator(LINK).bounding_box()
    visit.page.evaluate(CART)
    assert not visit.page.locator(".wc-block-cart__submit-container--sticky").is_visible()
    assert visit.page.locator(LINK).bounding_box() == corner
    visit.page.context.close()


def test_clicks_open_whatsapp_with_a_code_each_and_arrive_under_it(
    browser: Browser, wordpress: Shop, site: str, kabar: str, query: Any
) -> None:
    shops.invite(query)
    assert wordpress.connect(kabar) == "not_reached", "no shop answers at the address yet"
    wordpress.change(home=site)
    visit = Visit(browser, site)
    codes = [visit.click() for _ in range(3)]
    # The event of a middle click; the tab that a real one opens behind the page could not be kept from asking WhatsApp.
    codes.append(visit.code(str(visit.page.get_attribute(LINK, "href"))))
    visit.page.dispatch_event(LINK, "auxclick", {"button": 1})
    visit.page.dispatch_event(LINK, "auxclick", {"button": 2})  # which opens a menu, and no chat
    assert len(set(codes)) == 4
    _await_clicks(visit.page, query, 4)
    rows = query("select code, product_id from raw.woocommerce_clicks")
    assert sorted(rows) == sorted((code, 69) for code in codes)
    assert visit.troubles == []
    visit.page.context.close()


def test_a_page_viewed_again_proposes_another_code(browser: Browser, site: str) -> None:
    visit = Visit(browser, site)
    first = visit.code(str(visit.page.get_attribute(LINK, "href")))
    visit.page.reload()
    assert visit.code(str(visit.page.get_attribute(LINK, "href"))) != first
    visit.page.context.close()


def test_the_chat_opens_though_nothing_can_be_reported(browser: Browser, wordpress: Shop, site: str) -> None:
    connection = {"address": "http://127.0.0.1:9", "store": "batik", "secret": "s", "key_id": 1}
    wordpress.change(options=wordpress.state["options"] | {"kabar_whatsapp_connection": connection})
    visit = Visit(browser, site)
    visit.page.evaluate("() => { navigator.sendBeacon = () => { throw new Error('no beacon'); }; }")
    assert visit.click()
    visit.page.context.close()
    scriptless = Visit(browser, site, java_script_enabled=False)
    href = str(scriptless.page.get_attribute(LINK, "href"))
    assert parse_qs(urlsplit(href).query)["text"] == ['Halo, saya mau tanya tentang Kemeja Batik "Parang" XL.']
    scriptless.page.context.close()


def test_the_keyboard_reaches_the_button_sees_it_and_opens_the_chat(browser: Browser, site: str) -> None:
    visit = Visit(browser, site)
    for _ in range(5):
        visit.page.keyboard.press("Tab")
        if visit.page.evaluate(f"document.activeElement.matches('{LINK}')"):
            break
    outline = visit.page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert outline == "3px"
    with visit.page.context.expect_page() as popup:
        visit.page.keyboard.press("Enter")
    popup.value.wait_for_url("https://wa.me/**")
    assert visit.code(popup.value.url)
    visit.page.context.close()


def test_whoever_wants_less_motion_sees_none(browser: Browser, site: str) -> None:
    visit = Visit(browser, site, reduced_motion="reduce")
    visit.page.hover(LINK)
    style = "getComputedStyle(document.querySelector('.kabar-whatsapp__link'))"
    assert visit.page.evaluate(f"{style}.transform") == "none"
    assert visit.page.evaluate(f"{style}.transitionDuration") == "0s"
    visit.page.context.close()


def _await_clicks(page: Page, query: Any, count: int) -> None:
    for _ in range(100):
        if query("select count(*) from raw.woocommerce_clicks")[0][0] >= count:
            return
        page.wait_for_timeout(100)


# The cart block as WooCommerce 10.5 shows it while the button to the checkout is below the visible part of the page:
# up to 782 px of width, and unless the page is at most 500 px high, a bar has that button.
CART = """() => {
  document.head.insertAdjacentHTML('beforeend', `<style>
    .wc-block-cart__submit-container--sticky {
      position: fixed; bottom: 0; left: 0; box-sizing: border-box; width: 100%; padding: 16px;
      background: #fff; z-index: 9999;
    }
    .wc-block-cart__submit-button { display: block; box-sizing: border-box; min-height: 54px; background: #333 }
    @media (min-width: 783px) { .wc-block-cart__submit-container--sticky { display: none } }
    @media (max-height: 500px) { .wc-block-cart__submit-container--sticky { display: none } }
  </style>`);
  document.body.insertAdjacentHTML('beforeend', `<div class="wc-block-cart"><div class="wc-block-cart__submit">
    <div class="wc-block-cart__submit-container wc-block-cart__submit-container--sticky">
      <a class="wc-block-cart__submit-button" href="/checkout">Proceed to Checkout</a>
    </div></div></div>`);
}"""

# WCAG's contrast of an element's text with its background.
CONTRAST = """selector => {
  const style = getComputedStyle(document.querySelector(selector));
  const luminance = colour => {
    const parts = colour.match(/[0-9.]+/g).slice(0, 3).map(part => part / 255)
      .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const [light, dark] = [luminance(style.color), luminance(style.backgroundColor)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}"""
