"""Scripted conversations, in `scripts/stocked/`, with a shop that has pages, products and the head of speech acts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.knowledge import documents
from demo.twilio import TwilioStandIn
from demo.woocommerce import Clock, Shop, ShopSettings, WooCommerceStandIn
from sources import woocommerce
from tests.bot.conftest import PAGES
from tests.support import scripts, speech_acts
from tests.support.chat import STORE, Chat, chat
from tests.support.scripts import Customer
from warehouse.settings import Settings

SCRIPTS = Path(__file__).parent / "scripts" / "stocked"
PRODUCTS = SCRIPTS / "products.yml"
FILES = sorted(set(SCRIPTS.glob("*.yml")) - {PRODUCTS})


@pytest.fixture(scope="module")
def shop(server_settings: Settings, chat_settings: Settings, twilio: TwilioStandIn) -> Iterator[Chat]:
    speech_acts.put_in_use(server_settings, chat_settings)
    settings = ShopSettings(timezone="Asia/Jakarta", currency="IDR", price_decimals=0)
    stocked = Shop(settings=settings, clock=Clock(datetime.now(UTC)))
    for product in scripts.read(PRODUCTS):
        put_on_sale(stocked, product)
    with WooCommerceStandIn(stocked) as stand_in, chat(chat_settings, twilio, PAGES) as found:
        woocommerce.add(STORE, stand_in.url, stand_in.key, stand_in.secret, found.settings)
        woocommerce.sync(STORE, found.settings)
        documents.refresh(found.settings)
        found.teach("servis.md", (SCRIPTS / "servis.md").read_bytes())
        found.work()
        yield found


def put_on_sale(stocked: Shop, product: dict[str, Any]) -> None:
    number = stocked.create_product(product["name"], product["price"], description=product["description"])
    for size, stock in product.get("sizes", {}).items():
        variation = stocked.create_variation(number, f"{product['name']} - {size}", product["price"])
        option = {"id": 0, "name": "Ukuran", "option": size}
        stocked.edit_variation(variation, attributes=[option], stock_status=stock)


@pytest.fixture(scope="module")
def played(shop: Chat) -> dict[str, Customer]:
    customers = [Customer(script) for file in FILES for script in scripts.read(file)]
    scripts.play(shop, customers)
    return {customer.script["name"]: customer for customer in customers}


@pytest.mark.parametrize("name", [script["name"] for file in FILES for script in scripts.read(file)])
def test_script(shop: Chat, played: dict[str, Customer], name: str) -> None:
    scripts.check(shop, played[name])
