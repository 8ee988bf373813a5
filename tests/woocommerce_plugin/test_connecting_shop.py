"""What the owner of a shop sees while connecting it: whether Kabar has read the shop, and what was entered."""

from __future__ import annotations

import time

import pytest

from tests.support import webhook_shops as shops
from tests.woocommerce_plugin.shop import NEEDS_PHP, Shop
from tests.woocommerce_plugin.test_plugin import CONNECTION, SETTINGS, Tags

pytestmark = NEEDS_PHP


@pytest.mark.parametrize(
    ("prefix", "rest", "url"),
    [
        ("/wp-json", "/wp-json/", ""),
        ("/index.php/wp-json", "/index.php/wp-json/", "/index.php"),
        ("/api", "/api/", "/api"),
    ],
)
def test_the_page_says_connected_once_kabar_has_read_the_shop_under_its_own_prefix(
    wordpress, kabar, query, open_shop, prefix, rest, url
):
    open_shop.prefix = prefix
    wordpress.change(home=open_shop.url, rest_prefix=rest)
    shops.invite(query)
    assert wordpress.connect(kabar) == "connected"
    assert query("select url from app.stores") == [(open_shop.url + url,)]
    assert any(each.path.endswith("/wc/v3/orders") and each.status == 200 for each in open_shop.requests)


def test_a_shop_that_kabar_cannot_read_keeps_its_connection_with_a_warning(wordpress, kabar, query, open_shop):
    open_shop.faults.kinds, open_shop.faults.probability = ("firewall",), 1.0
    wordpress.change(home=open_shop.url)
    shops.invite(query)
    assert wordpress.connect(kabar) == "not_reached"
    assert CONNECTION in wordpress.state["options"]
    assert len(wordpress.state["keys"]) == 1
    assert (
        "could not read the shop yet" in wordpress.call("print_settings_page", get={"kabar": "not_reached"})["printed"]
    )


def test_a_slow_shop_delays_its_registration_by_seconds_only(wordpress, kabar, query, open_shop):
    open_shop.faults.kinds, open_shop.faults.probability = ("silent",), 1.0
    open_shop.faults.silent_seconds = 30
    wordpress.change(home=open_shop.url)
    shops.invite(query)
    began = time.monotonic()
    assert wordpress.connect(kabar) == "not_reached"
    assert time.monotonic() - began < 15


def test_after_a_wrong_code_the_form_still_has_the_address(wordpress, kabar, query):
    wordpress.connect(kabar, "a-code-that-nobody-gave")
    fields = {attributes.get("name"): attributes for _, attributes in Tags(page(wordpress)).found}
    assert fields["address"]["value"] == kabar
    shops.invite(query)
    wordpress.connect(kabar)
    assert not any(name.startswith("kabar_wa_entered") for name in wordpress.state["transients"])


def test_the_page_says_that_settings_were_saved(wordpress):
    said = [{"setting": "general", "message": "Settings saved."}, {"setting": SETTINGS, "message": "No number."}]
    wordpress.change(settings_errors=said)
    assert "Settings saved." in page(wordpress)
    assert "No number." in page(wordpress)


def test_the_page_of_plugins_links_to_the_settings(wordpress):
    links = wordpress.call("add_settings_link", ["<a href='x'>Deactivate</a>"])["result"]
    assert "admin.php?page=kabar-whatsapp" in links[0]
    assert links[1:] == ["<a href='x'>Deactivate</a>"]
    wordpress.change(locale="id_ID")
    assert ">Pengaturan<" in wordpress.call("add_settings_link", [])["result"][0]


def page(wordpress: Shop) -> str:
    printed: str = wordpress.call("print_settings_page")["printed"]
    return printed
