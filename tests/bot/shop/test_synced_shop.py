"""What a customer hears of a shop, from the shop's own API over the sync to the reply: nothing is put in between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.knowledge import documents
from demo.woocommerce import Clock, Draft, Line, Shop, ShopSettings, WooCommerceStandIn
from sources import woocommerce
from tests.support.chat import STORE, Chat, new_phone
from warehouse.identity import hash_key, phone_key

NOW = datetime.now(UTC).replace(microsecond=0)
DETAILS = {
    "short_description": "<p>Poci tanah liat dari Plered.</p>",
    "description": "[vc_row][vc_column]<p>Dibakar <b>dua kali</b>, muat 600 ml.</p>[/vc_column][/vc_row]",
    "attributes": [{"id": 0, "name": "Bahan", "variation": False, "visible": True, "options": ["tanah liat"]}],
}


@pytest.fixture(scope="module")
def stand_in() -> Iterator[WooCommerceStandIn]:
    shop = Shop(settings=ShopSettings(timezone="Asia/Jakarta", currency="IDR", price_decimals=0), clock=Clock(NOW))
    shop.create_product("Poci Plered", 98000, **DETAILS)
    shop.create_product("Cangkir Lurik", 45000, manage_stock=True, stock_quantity=0, stock_status="outofstock")
    pan = {"stock_status": "outofstock", "short_description": "<p>Besi tuang, diameter 24 cm, berat 2,1 kg.</p>"}
    shop.create_product("Wajan besi 24cm", 215000, **pan)
    tray = shop.create_product("Nampan Jati", 120000)
    shop.edit_product(tray, price="90000", sale_price="90000", on_sale=True)
    shop.create_product("Guci Rahasia", 999000, catalog_visibility="hidden")
    shop.create_product("Kendi Pribadi", 888000, status="private")
    kettle = shop.create_product("Ketel Tembaga", 350000)
    for size, stock in (("1 liter", "instock"), ("2 liter", "outofstock")):
        option = [{"id": 0, "name": "Ukuran", "option": size}]
        number = shop.create_variation(kettle, f"Ketel Tembaga - {size}", 350000)
        shop.edit_variation(number, attributes=option, stock_status=stock)
    with WooCommerceStandIn(shop) as stand_in:
        yield stand_in


@pytest.fixture(scope="module")
def synced(plain_shop: Chat, stand_in: WooCommerceStandIn) -> Chat:
    woocommerce.add(STORE, stand_in.url, stand_in.key, stand_in.secret, plain_shop.settings)
    sync(plain_shop)
    return plain_shop


def sync(chat: Chat) -> None:
    woocommerce.sync(STORE, chat.settings)
    documents.refresh(chat.settings)


def order_of(stand_in: WooCommerceStandIn, phone: str, **fields: Any) -> int:
    """An order of a customer who has just paid."""
    lines = [Line(0, "Poci Plered", 1, Decimal(98000))]
    draft = Draft(lines, billing={"phone": phone, "country": "ID"}, paid_at=NOW)
    stand_in.shop.clock.pass_time(60)
    number = stand_in.shop.create_order(draft)
    stand_in.shop.edit_order(number, **fields)
    return number


def test_a_tracking_number_of_the_shop_reaches_the_customer(synced: Chat, stand_in: WooCommerceStandIn) -> None:
    phone = new_phone()
    parcel = {"tracking_provider": "", "custom_tracking_provider": "SiCepat", "tracking_number": "004512345678",
              "custom_tracking_link": "", "date_shipped": str(int((NOW - timedelta(days=1)).timestamp()))}  # fmt: skip
    number = order_of(stand_in, phone, meta_data=[{"id": 1, "key": "_wc_shipment_tracking_items", "value": [parcel]},
                                                  {"id": 2, "key": "_other_plugin", "value": "rahasia"}])  # fmt: skip
    sync(synced)
    outcome = synced.say(phone, "mana resi saya?")
    assert outcome.step["name"] == "facts"
    assert f"Pesanan {number}" in outcome.said
    assert "Nomor resi: 004512345678 (SiCepat)" in outcome.said


@pytest.mark.parametrize(
    ("asks", "told", "never"),
    [
        ("apakah cangkir lurik masih ada?", ["habis"], ["tersedia"]),
        ("apakah poci plered masih ada?", ["Poci Plered: Rp98.000, stok tersedia"], ["habis", "in stock"]),
        ("berapa harga nampan jati?", ["Rp90.000 (biasanya Rp120.000)"], []),
        ("is the poci plered in stock?", ["Poci Plered: Rp98,000, in stock"], ["tersedia", "Indonesian"]),
        (
            "ketel tembaga 2 liter masih ada?",
            ["Ketel Tembaga (2 liter): Rp350.000, stok habis", "Yang masih ada: 1 liter"],
            [],
        ),
        ("wajan besi 24cm masih ada kak?", ["Wajan besi 24cm: Rp215.000, stok habis"], ["tersedia"]),
        ("berapa diameter wajan besi 24cm?", ["stok habis", "diameter 24 cm"], ["tersedia"]),
        ("guci rahasia masih ada?", [], ["Guci Rahasia", "999.000"]),
        ("kendi pribadi masih ada?", [], ["Kendi Pribadi", "888.000"]),
    ],
)
def test_stock_and_prices_are_the_shops_own(synced: Chat, asks: str, told: list[str], never: list[str]) -> None:
    said = synced.say(new_phone(), asks).said
    assert [words for words in told if words not in said] == [], said
    assert [words for words in never if words in said] == [], said


@pytest.mark.parametrize(
    "turns",
    [
        [("ketel tembaga 1 liter ada?", ["Ketel Tembaga (1 liter)", "tersedia"]), ("kalau yang 2 liter?", ["habis"])],
        [("Is the Nampan Jati available?", ["Nampan Jati", "in stock"]), ("how much is it?", ["Rp90,000"])],
        [("nampan jati berapa kak", ["Rp90.000"]), ("kalo poci plered?", ["Rp98.000"])],
        [("poci plered ada kak?", ["tersedia"]), ("muat berapa ml?", ["600 ml"]), ("makasih kak", ["Sama-sama"])],
    ],
)
def test_a_follow_up_is_about_the_product_before(synced: Chat, turns: list[tuple[str, list[str]]]) -> None:
    phone = new_phone()
    for asks, told in turns:
        outcome = synced.say(phone, asks)
        assert [words for words in told if words not in outcome.said] == [], (asks, outcome.said, outcome.steps)
        assert outcome.state == "bot"


def test_two_questions_are_answered_in_one_reply(synced: Chat) -> None:
    outcome = synced.say(new_phone(), "halo kak", "poci plered berapa dan nampan jati masih ada?")
    assert len(outcome.replies) == 1
    assert "Rp98.000" in outcome.said
    assert "Nampan Jati" in outcome.said


def test_thanks_after_an_answer_need_no_reply(synced: Chat) -> None:
    phone = new_phone()
    synced.say(phone, "nampan jati berapa kak")
    synced.say(phone, "terima kasih kak")
    key = phone_key(phone, hash_key(synced.settings))
    assert len(synced.ask("select message_id from app.no_reply_messages where customer_key = %s", key)) == 1


def test_a_product_is_described_in_plain_words(synced: Chat) -> None:
    described = "\n".join(text for (text,) in synced.ask(
        "select text from app.knowledge_passages where heading = 'Poci Plered' order by position"))  # fmt: skip
    for words in ("Bahan: tanah liat", "Poci tanah liat dari Plered.", "Dibakar dua kali, muat 600 ml."):
        assert words in described
    assert "vc_" not in described
    assert "<" not in described


def test_thanks_beside_a_question_do_not_excuse_it(synced: Chat) -> None:
    phone = new_phone()
    synced.say(phone, "nampan jati berapa kak")
    outcome = synced.say(phone, "terima kasih kak", "apakah bisa sewa drone?")
    assert outcome.state == "waiting"
    key = phone_key(phone, hash_key(synced.settings))
    assert synced.ask("select message_id from app.no_reply_messages where customer_key = %s", key) == []
