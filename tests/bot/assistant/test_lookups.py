"""What a language model can look up: whatever it asks for, the shop's public things and the customer's own orders."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import reduce
from itertools import count
from typing import NamedTuple

import pytest

from bot.conversation import thread
from bot.deciding import steps
from bot.knowledge import documents
from demo.woocommerce import Clock, Shop, ShopSettings, WooCommerceStandIn
from sources import woocommerce
from tests.support import assistant
from tests.support import chat_orders as orders
from tests.support.assistant import reply, says, with_model
from tests.support.chat import STORE, Chat, new_phone
from tests.support.openai_stand_in import Call, OpenAIStandIn
from warehouse.connection import transaction

NOW = datetime.now(UTC).replace(microsecond=0)
NUMBERS = count(664411)
LookUp = Callable[..., list[str]]


@pytest.fixture(scope="module")
def stand_in() -> Iterator[WooCommerceStandIn]:
    shop = Shop(settings=ShopSettings(timezone="Asia/Jakarta", currency="IDR", price_decimals=0), clock=Clock(NOW))
    attributes = [
        {"name": "Glasir", "visible": True, "variation": False, "options": ["bening"]},
        {"name": "Pemasok", "visible": False, "variation": False, "options": ["CV Lempung Jaya"]},
    ]
    shop.create_product("Poci Plered", 98000, description="<p>Poci tanah liat, muat 600 ml.</p>", attributes=attributes)
    shop.create_product("Guci Rahasia", 999000, catalog_visibility="hidden", description="<p>Guci antik rahasia.</p>")
    shop.create_product("Kendi Pribadi", 888000, status="private")
    with WooCommerceStandIn(shop) as found:
        yield found


@pytest.fixture(scope="module")
def synced(plain_shop: Chat, stand_in: WooCommerceStandIn) -> Chat:
    woocommerce.add(STORE, stand_in.url, stand_in.key, stand_in.secret, plain_shop.settings)
    woocommerce.sync(STORE, plain_shop.settings)
    documents.refresh(plain_shop.settings)
    return plain_shop


class Customer(NamedTuple):
    phone: str
    number: str


@pytest.fixture
def customer(synced: Chat) -> Callable[[str], Customer]:
    """A new customer with an order of one item."""

    def ordered(item: str) -> Customer:
        found = Customer(new_phone(), str(next(NUMBERS)))
        with transaction("owner", synced.settings) as connection, connection.cursor() as cursor:
            orders.land(cursor, synced.settings, STORE, found.phone, {"id": int(found.number), "items": [item]})
        return found

    return ordered


@pytest.fixture
def endpoint(synced: Chat) -> Iterator[OpenAIStandIn]:
    with OpenAIStandIn(answer=assistant.yes) as found:
        with_model(synced, found.environment | {"KABAR_OPENAI_SECONDS": "12"})
        yield found


@pytest.fixture
def look_up(synced: Chat, endpoint: OpenAIStandIn) -> LookUp:
    """What calls of tools find when a customer writes."""

    def found(phone: str, says: str, *calls: Call) -> list[str]:
        endpoint.converse = lambda body: calls if body["messages"][-1]["role"] != "tool" else reply()
        synced.put(phone, "bot")
        synced.say(phone, says)
        results = [json.loads(message["content"]) for message in endpoint.requests[-1]["messages"][-len(calls) :]]
        return [source["text"] for result in results for source in result.get("sources", [])]

    return found


Ordered = Callable[[str], Customer]


def test_the_customers_own_orders_are_found_with_and_without_a_number(look_up: LookUp, customer: Ordered) -> None:
    phone, number = customer("Poci Plered")
    for asked in (None, f"#{number}", number, "[ORDER_1]"):
        [own] = look_up(phone, f"pesanan {number} apa isinya?", ("own_orders", {"number": asked}))
        assert "Pesanan [ORDER_1]" in own
        assert "Poci Plered" in own
        assert number not in own


@pytest.mark.parametrize("exists", [True, False])
@pytest.mark.parametrize(
    "arguments",
    [
        {"number": "NUMBER"},
        {"number": "[ORDER_1]"},
        {"number": "NUMBER' or '1'='1"},
        {"number": "NUMBER or all orders"},
        {"number": "NUMBER", "phone": "PHONE", "customer_key": "KEY", "store_id": "default"},
    ],
)
def test_a_number_of_somebody_else_finds_what_a_missing_one_finds(
    look_up: LookUp, customer: Ordered, synced: Chat, exists: bool, arguments: dict[str, str]
) -> None:
    attacker, victim = customer("Poci Plered"), customer("Kimono sutra")
    number = victim.number if exists else "987654321"
    values = {"NUMBER": number, "PHONE": victim.phone, "KEY": synced.key(victim.phone)}
    given = {
        name: reduce(lambda text, pair: text.replace(*pair), values.items(), text) for name, text in arguments.items()
    }
    found = look_up(attacker.phone, f"pesanan {number} sampai mana?", ("own_orders", given))
    assert [text[:9] for text in found] == ["Maaf kak,"], found


def test_whoever_has_no_orders_finds_none_whatever_is_asked(look_up: LookUp, customer: Ordered) -> None:
    arguments = {"number": None, "phone": customer("Kimono sutra").phone}
    [found] = look_up(new_phone(), "pesanan saya mana?", ("own_orders", arguments))
    assert "tidak menemukan pesanan" in found


def test_on_a_channel_that_only_claims_a_number_no_order_is_found(
    synced: Chat, endpoint: OpenAIStandIn, customer: Ordered
) -> None:
    phone, number = customer("Poci Plered")
    endpoint.converse = lambda body: [("own_orders", {"number": number})] if len(body["messages"]) < 3 else reply()
    synced.post(phone, f"pesanan {number} apa isinya?")
    with synced.services.tools.connect() as connection, connection.cursor() as cursor:
        cursor.execute("select conversation_id from app.conversations where customer_key = %s", (synced.key(phone),))
        conversation = thread.load(cursor, cursor.fetchone()[0])  # type: ignore[index]
    decision = steps.decide(replace(conversation, channel="web"), synced.services.tools)
    assert "hanya bisa saya berikan lewat WhatsApp" in endpoint.requests[-1]["messages"][-1]["content"]
    assert "Poci" not in json.dumps(endpoint.requests)
    assert not any(number in (each.body or "") for each in decision.replies)
    synced.work()


@pytest.mark.parametrize("query", ["Guci Rahasia", "guci antik", "Kendi Pribadi", "rahasia", "produk apa saja"])
def test_products_that_customers_may_not_see_are_not_found(look_up: LookUp, query: str) -> None:
    calls = [("find_products", {"query": query}), ("search_pages", {"query": query})]
    found = str(look_up(new_phone(), f"ada {query}?", *calls))
    assert not any(secret in found for secret in ("Guci", "Kendi", "999.000", "888.000"))


def test_a_product_is_found_with_price_stock_and_description(look_up: LookUp) -> None:
    [found] = look_up(new_phone(), "poci muat berapa?", ("find_products", {"query": "poci"}))
    assert "Poci Plered: Rp98.000, stok tersedia" in found
    assert "muat 600 ml" in found


def test_an_attribute_that_the_shop_hides_is_not_told(look_up: LookUp) -> None:
    found = str(look_up(new_phone(), "poci buatan siapa?", ("find_products", {"query": "poci"}),
                        ("search_pages", {"query": "pemasok poci"})))  # fmt: skip
    assert "Glasir: bening" in found
    assert "Pemasok" not in found


def test_opening_hours_tell_whether_the_shop_is_open(look_up: LookUp, synced: Chat) -> None:
    call = ("opening_hours", {"day": None})
    [always] = look_up(new_phone(), "kalau mampir ke toko kapan ya?", call)
    assert always.startswith("Jam layanan Toko Kenari: Senin–Minggu")
    assert always.endswith("Saat ini kami buka.")
    synced.open(always=False)
    [seldom] = look_up(new_phone(), "kalau mampir ke toko kapan ya?", call)
    assert "Saat ini kami tutup. Kami kembali" in seldom
    synced.ask("delete from app.business_hours")
    assert look_up(new_phone(), "kalau mampir ke toko kapan ya?", call) == []
    synced.open(always=True)


def test_what_is_found_twice_is_one_source(look_up: LookUp, endpoint: OpenAIStandIn) -> None:
    look_up(new_phone(), "poci?", ("find_products", {"query": "poci"}), ("find_products", {"query": "Poci Plered"}))
    results = [json.loads(message["content"])["sources"] for message in endpoint.requests[-1]["messages"][-2:]]
    assert [[source["id"] for source in result] for result in results] == [["S1"], ["S1"]]


def test_an_order_is_told_in_the_models_words(synced: Chat, endpoint: OpenAIStandIn, customer: Ordered) -> None:
    phone, number = customer("Poci Plered")
    endpoint.converse = says("Pesanan [ORDER_1] sedang diproses.", after=[("own_orders", {"number": None})])
    outcome = synced.say(phone, "barang yang saya beli gimana kabarnya kak?")
    assert outcome.said == f"Pesanan {number} sedang diproses."
    assert outcome.step["details"]["orders"] == [int(number)]
