"""The plugin's PHP, run: what it prints, what it takes, and what it tells Kabar over HTTP."""

from __future__ import annotations

import hmac
import json
import time
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.support import webhook_shops as shops
from tests.woocommerce_plugin.shop import NEEDS_PHP, Shop, nonce
from warehouse import encryption

pytestmark = NEEDS_PHP

NASTY = """Kemeja "Batik" <script>alert('x')</script> <b>O'Neil</b> &amp; Ñandú 🙏 100% {product} \\ "onclick="evil()"""
SETTINGS = "kabar_whatsapp_settings"
CONNECTION = "kabar_whatsapp_connection"


class Tags(HTMLParser):
    """The tags of a page, with their attributes unescaped, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def link(wordpress: Shop) -> dict[str, Any]:
    return next(attributes for tag, attributes in Tags(wordpress.call("print_button")["printed"]).found if tag == "a")


def test_the_button_proposes_a_greeting_and_on_a_products_page_names_the_product(wordpress):
    assert link(wordpress)["href"] == "https://wa.me/6281200000000?text=Hello%2C%20I%20have%20a%20question."
    wordpress.change(product={"id": 69, "name": "Kemeja &amp; Batik"}, locale="id_ID")
    found = link(wordpress)
    assert found["data-text"] == "Halo, saya mau tanya tentang Kemeja & Batik."
    assert parse_qs(urlsplit(found["href"]).query) == {"text": [found["data-text"]]}
    assert (found["data-product"], found["data-report"]) == ("69", "")
    assert found["aria-label"] == "Chat di WhatsApp (terbuka di tab baru)"
    assert found["rel"] == "noopener noreferrer nofollow"


def test_without_a_number_there_is_no_button_and_nothing_is_loaded(wordpress):
    wordpress.change(options={})
    assert (
        wordpress.call("hook", "wp_footer")["printed"] == wordpress.call("hook", "wp_enqueue_scripts")["printed"] == ""
    )


def test_nasty_names_and_settings_stay_text(wordpress):
    texts = {"label": NASTY, "greeting": NASTY, "product_greeting": NASTY, "position": '"><script>'}
    wordpress.change(product={"id": 69, "name": NASTY}, options={SETTINGS: {"number": "6281200000000", **texts}})
    for call in ("print_button", "print_settings_page"):
        page = Tags(wordpress.call(call)["printed"])
        assert not any(tag in ("script", "b") for tag, _ in page.found)
        assert not any(name.startswith("on") for _, attributes in page.found for name in attributes)
    wordpress.change(options={SETTINGS: {"number": "6281200000000"}})
    found = link(wordpress)
    assert "alert" not in found["data-text"]
    assert 'Kemeja "Batik" O\'Neil & Ñandú 🙏 100% {product}' in found["data-text"]
    assert parse_qs(urlsplit(found["href"]).query)["text"] == [found["data-text"]]


def test_settings_are_cleaned(wordpress):
    sent = {"label": "<b>Tanya</b>\nkami", "greeting": ["x"], "product_greeting": "Soal", "position": "top", "x": "y"}
    assert wordpress.call("save_settings", sent | {"number": "0812-3456 7890"})["result"] == {
        "number": "6281234567890",
        "greeting": "",
        "product_greeting": "Soal {product}",
        "label": "Tanya kami",
        "position": "right",
    }


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+62 812-3456-7890", "6281234567890"), ("0062 812 3456 7890", "6281234567890"), ("", ""),
        ("(0812) 3456.7890", "6281234567890"), ("12345", None), ("62812345678901234", None), ("javascript:1", None),
    ],
)  # fmt: skip
def test_a_number_becomes_what_wa_me_takes_or_the_old_one_stays(wordpress, written, number):
    assert wordpress.call("whatsapp_number", written)["result"] == number
    saved = wordpress.call("save_settings", {"number": written})["result"]["number"]
    assert saved == ("6281200000000" if number is None else number)
    assert len(wordpress.state["errors"]) == (number is None)


def test_a_shop_registers_with_a_key_that_woocommerce_would_have_made(wordpress, kabar, settings, query):
    shops.invite(query)
    assert wordpress.connect(kabar + "/") == "not_reached", "nobody answers there"
    ((url, *stored),) = query("select url, consumer_key, consumer_secret, webhook_secret from app.stores")
    key, secret, webhook_secret = (encryption.decrypt(text, settings) for text in stored)
    assert url == "http://127.0.0.1:8081"
    ((name, row),) = wordpress.state["keys"].items()
    assert row["table"] == "wp_woocommerce_api_keys"
    assert (row["user_id"], row["permissions"], row["truncated_key"]) == (7, "read_write", key[-7:])
    assert (row["consumer_key"], row["consumer_secret"]) == (
        hmac.new(b"wc-api", key.encode(), "sha256").hexdigest(),
        secret,
    )
    expected = {"address": kabar, "store": "batik", "secret": webhook_secret, "key_id": int(name[1:])}
    assert wordpress.state["options"][CONNECTION] == expected
    page = wordpress.call("print_settings_page")["printed"]
    assert "as batik" in page
    assert not any(text in page for text in (secret, webhook_secret, key))


def test_a_click_is_reported_as_kabar_takes_it(wordpress, kabar, query):
    shops.invite(query)
    wordpress.connect(kabar)
    body = wordpress.call("click_body", "k7x2m3qa", 69)["result"]
    wordpress.call("send_click", body, 1)
    wordpress.call("send_click", body, 2)  # sent again, since the first answer was lost
    wordpress.call("send_click", wordpress.call("click_body", "abcdefgh", None)["result"], 1)
    rows = query("select store_id, code, product_id, clicked_at <= now() from raw.woocommerce_clicks order by 2")
    assert rows == [("batik", "abcdefgh", None, True), ("batik", "k7x2m3qa", 69, True)]
    assert wordpress.state["scheduled"] == []


@pytest.mark.parametrize("body", ["", "{}", "ñ🙏\x00\n", "x" * 10_000])
def test_php_signs_as_python_verifies(wordpress, body):
    assert wordpress.call("signature", body, "a-secret_")["result"] == shops.signature(body.encode(), "a-secret_")


def test_a_registration_that_fails_leaves_no_key(wordpress, kabar, query):
    assert wordpress.connect(kabar, "a-code-that-nobody-gave") == "bad_code"
    assert wordpress.connect("http://127.0.0.1:9") == "no_answer"
    assert wordpress.connect(kabar + "/health") == "no_answer"
    assert wordpress.connect("http://kabar.example") == "unsafe_address"
    wordpress.change(home="http://batik.example")
    assert wordpress.connect(kabar) == "unsafe_shop"
    wordpress.change(home="https://batik.example?a=b")
    assert wordpress.connect(kabar) == "unsafe_shop"
    wordpress.change(home="https://bat_ik.example")
    assert wordpress.connect(kabar) == "refused"
    wordpress.change(home="https://batik.example", refuses_keys=True)
    assert wordpress.connect(kabar) == "no_key"
    wordpress.change(options={"permalink_structure": ""}, refuses_keys=False)
    assert wordpress.connect(kabar) == "plain_permalinks"
    assert not wordpress.state["keys"]
    assert CONNECTION not in wordpress.state["options"]


def test_connected_again_the_shop_has_one_key_and_disconnected_or_removed_none(wordpress, kabar, query):
    for code in ("the-first-invitation", "the-second-invitation"):
        shops.invite(query, code=code)
        assert wordpress.connect(kabar, code) == "not_reached"
        assert len(wordpress.state["keys"]) == 1
    post = {"_wpnonce": nonce("kabar_whatsapp_disconnect")}
    wordpress.call("hook", "admin_post_kabar_whatsapp_disconnect", post=post)
    assert not wordpress.state["keys"]
    assert CONNECTION not in wordpress.state["options"]
    shops.invite(query, code="the-third-invitation")
    wordpress.connect(kabar, "the-third-invitation")
    wordpress.call("uninstall")
    assert not wordpress.state["keys"]
    assert list(wordpress.state["options"]) == ["permalink_structure"]


def webhook(name: str, url: str, topic: str = "order.updated") -> dict[str, str]:
    return {"name": name, "topic": topic, "delivery_url": url}


@pytest.mark.parametrize("way", ["disconnect", "uninstall"])
@pytest.mark.parametrize("is_without_woocommerce", [False, True])
def test_disconnected_or_removed_the_shop_sends_nothing_more_and_kabar_takes_nothing(
    wordpress, kabar, query, way, is_without_woocommerce
):
    shops.invite(query)
    wordpress.connect(kabar)
    secret = wordpress.state["options"][CONNECTION]["secret"]
    path = "/webhooks/woocommerce/batik"
    ours = {
        "1": webhook("Kabar order.updated", kabar + path),
        "2": webhook("Renamed by the owner", kabar + path),
        "3": webhook("Kabar customer.created", f"https://old.example{path}", "customer.created"),
    }
    others = {
        "4": webhook("Their order.updated", f"https://elsewhere.example{path}"),
        "5": webhook("Kabar order.updated", f"{kabar}{path}-2"),
        "6": webhook("Kabar order.updated", "https://elsewhere.example/hooks"),
    }
    transients = {"kabar_wa_0123": 3, "kabar_wb": 1, "woocommerce_webhook_ids_status_active": [1, 2]}
    wordpress.change(webhooks=ours | others, transients=transients, is_without_woocommerce=is_without_woocommerce)
    assert requests.post(kabar + path, **shops.delivery({"id": 1}, secret=secret), timeout=10).status_code == 200

    if way == "uninstall":
        wordpress.call("uninstall")
    else:
        post = {"_wpnonce": nonce("kabar_whatsapp_disconnect")}
        ended = wordpress.call("hook", "admin_post_kabar_whatsapp_disconnect", post=post)["ended"]
        assert ended.endswith("kabar=disconnected")

    assert wordpress.state["webhooks"] == others
    if is_without_woocommerce:
        assert wordpress.state["transients"] == {"kabar_wb": 1}, "WooCommerce's list of webhooks is to be read anew"
    else:
        assert wordpress.state["removed_by_woocommerce"] == [1, 2, 3]
        assert "kabar_wa_0123" not in wordpress.state["transients"]
    refused = requests.post(kabar + path, **shops.delivery({"id": 2}, secret=secret), timeout=10)
    assert refused.status_code == 403
    assert query("select count(*) from raw.woocommerce_deliveries") == [(1,)]
    assert query("select consumer_key, webhook_secret from app.stores") == [(None, None)]
    shops.invite(query, code="another-invitation")
    assert wordpress.connect(kabar, "another-invitation") == "not_reached"
    again = wordpress.state["options"][CONNECTION]["secret"]
    time.sleep(1.1)  # a shop connected again is known within a second
    assert requests.post(kabar + path, **shops.delivery({"id": 3}, secret=again), timeout=10).status_code == 200


def test_a_shop_disconnects_from_a_kabar_that_is_away(wordpress):
    connection = {"address": "http://127.0.0.1:9", "store": "batik", "secret": "s", "key_id": 1}
    hook = webhook("Kabar order.updated", "http://127.0.0.1:9/webhooks/woocommerce/batik")
    wordpress.change(options={CONNECTION: connection}, keys={"k1": {"user_id": 7}}, webhooks={"1": hook})
    post = {"_wpnonce": nonce("kabar_whatsapp_disconnect")}
    wordpress.call("hook", "admin_post_kabar_whatsapp_disconnect", post=post)
    assert not wordpress.state["keys"]
    assert not wordpress.state["webhooks"]
    assert not wordpress.state["options"]


@pytest.mark.parametrize("action", ["connect", "disconnect"])
def test_a_form_without_its_nonce_or_of_someone_without_rights_does_nothing(wordpress, action):
    before = {"address": "http://127.0.0.1:9", "store": "batik", "secret": "s", "key_id": 1}
    wordpress.change(options={CONNECTION: before}, keys={"k1": {"user_id": 7}})
    hook = f"admin_post_kabar_whatsapp_{action}"
    other = "disconnect" if action == "connect" else "connect"
    for given in ({}, {"_wpnonce": ""}, {"_wpnonce": nonce(f"kabar_whatsapp_{other}")}):
        assert wordpress.call("hook", hook, post={"address": "x", "code": "y"} | given)["ended"] == "died 403"
    wordpress.change(user_can=False)
    assert wordpress.call("hook", hook, post={"_wpnonce": nonce(f"kabar_whatsapp_{action}")})["ended"] == "died 403"
    assert wordpress.call("print_settings_page")["printed"] == ""
    assert (wordpress.state["options"][CONNECTION], wordpress.state["keys"]) == (before, {"k1": {"user_id": 7}})


def test_a_page_that_is_led_to_shows_no_sentence_but_ours(wordpress):
    page = wordpress.call("print_settings_page", get={"kabar": "bad_code"})["printed"]
    assert "Ask for a new one." in page
    page = wordpress.call("print_settings_page", get={"kabar": "<b>evil</b>"})["printed"]
    assert "notice" not in page
    assert "evil" not in page


def test_a_click_that_does_not_arrive_is_tried_again_and_in_the_end_given_up(wordpress):
    wordpress.change(options={CONNECTION: {"address": "http://127.0.0.1:9", "store": "s", "secret": "s", "key_id": 1}})
    for attempt in (1, 2, 3, 4):
        wordpress.call("send_click", "{}", attempt)
    delays = [(round(delay / 60), hook, arguments) for delay, hook, arguments in wordpress.state["scheduled"]]
    again = "kabar_whatsapp_send_click"
    assert delays == [(10, again, ["{}", 2]), (20, again, ["{}", 3]), (40, again, ["{}", 4])]


def test_the_route_takes_clicks_of_this_shops_pages_and_not_too_many(wordpress, kabar, query):
    shops.invite(query)
    wordpress.connect(kabar)
    click = {"code": "k7x2m3qa", "product_id": 69}
    with wordpress.served() as site:
        path = site + "/wp-json/kabar-whatsapp/v1/clicks"
        own = {"Origin": site}
        for bad in (
            {},
            {"code": "K7X2M3QA"},
            {"code": ["k7x2m3qa"]},
            click | {"product_id": "69"},
            click | {"code": "k7x2m3qa\n"},
        ):
            assert requests.post(path, json=bad, headers=own, timeout=10).status_code == 400
        foreign = {"Origin": "https://elsewhere.example"}
        assert requests.post(path, json=click, headers=foreign, timeout=10).status_code == 403
        # Thirty a minute, and the clock's minute may end meanwhile.
        answers = [requests.post(path, json=click, headers=own, timeout=10).status_code for _ in range(70)]
    taken = answers.count(204)
    assert answers[:30] == [204] * 30
    assert taken in range(30, 61)
    assert answers.count(429) == 70 - taken
    assert query("select count(*), count(distinct click_id) from raw.woocommerce_clicks") == [(taken, taken)]
    assert "127.0.0.1" not in json.dumps(wordpress.state["transients"])
