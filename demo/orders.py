"""The orders of the demo shop "Toko Selasar" as a WooCommerce shop in memory, the same for the same days.

Each purchase has its own random generator and a sequence of events (ordered, paid, sent, cancelled, refunded). The shop
applies all events until now in order of time, so a later run begins with the same objects under the same ids.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from demo.buyers import Buyer, chatters, visitors
from demo.hours import ZONE
from demo.shop import SEED, Happening
from demo.woocommerce.clock import Clock
from demo.woocommerce.orders import Draft, Line
from demo.woocommerce.recorded import categories_of
from demo.woocommerce.shop import Shop
from demo.woocommerce.state import ShopSettings

_VISITS_A_DAY = 10.2
_BUYS_AFTER_CHAT = 0.23
_OPENED = timedelta(days=200)
_HIDDEN_ID = 900_001
_COUPONS = {"ngopi10": 10, "gajian": 15}
_PAYMENTS = {("midtrans", "QRIS / e-wallet"): 58, ("bacs", "Transfer bank"): 30, ("cod", "Bayar di tempat"): 12}
_SHIPPING = (9000, 12000, 15500, 18000, 27000, 38000)


class Event(NamedTuple):
    """An event of a purchase. `key` orders events of the same second."""

    at: datetime
    key: str
    happens: Callable[[_Counter], None]


@dataclass
class _Counter:
    """The state of the shop while events are applied: what was sold to whom."""

    shop: Shop
    orders: dict[str, int]
    accounts: dict[str, int]

    def customer(self, buyer: Buyer) -> int:
        """The id of a buyer's account, which is created with the first order; 0 for guests."""
        if not buyer.has_account:
            return 0
        if buyer.key not in self.accounts:
            number = self.shop.create_customer(buyer.account_email, billing=buyer.billing)
            self.accounts[buyer.key] = number
        return self.accounts[buyer.key]


def selasar(happenings: list[Happening], now: datetime) -> Shop:
    """The shop at `now`, with orders on the days of the story: some customers who chat order within hours or days,
    others order without chatting. About 900 orders in two months. Its clock shows the real time."""
    start = min(each.at for each in happenings)
    shop = _opened(start)
    counter = _Counter(shop, {}, {})
    lives = [*_after_chats(happenings), *_visits(start, now)]
    events = sorted((event for life in lives for event in life if event.at <= now), key=lambda event: event[:2])
    for event in events:
        shop.clock.set(event.at)
        event.happens(counter)
    shop.happenings.clear()  # no webhook is registered yet
    shop.clock.run()
    return shop


def _opened(start: datetime) -> Shop:
    """The shop before the story: its products, categories and coupons, no order."""
    settings = ShopSettings(
        name="Toko Selasar",
        timezone=str(ZONE),
        currency="IDR",
        price_decimals=0,
        date_type="date_paid",
    )
    shop = Shop(settings=settings, clock=Clock((start - _OPENED).replace(microsecond=0)))
    for number, (name, price, category) in enumerate(products(), start=1):
        slug = category.lower().replace(" ", "-")
        place = list(dict.fromkeys(each[2] for each in products())).index(category)
        filed = {"id": 15 + place, "name": category, "slug": slug}
        made = shop.create_product(name, price, categories=[filed], sku=f"TS-{number:03d}")
        shop.edit_product(made, **_details(_products()[category][name]))
    for code, percent in _COUPONS.items():
        shop.create_coupon(code, percent)
    shop.categories = categories_of(shop)
    _hide_a_product(shop)
    return shop


def _hide_a_product(shop: Shop) -> None:
    """A product that is not published yet, with an id that does not change those of others."""
    goods = {"name": "Selasar Blend edisi ulang tahun 200g", "price": "150000", "regular_price": "150000"}
    hidden = {**next(iter(shop.products.values())), **goods, "id": _HIDDEN_ID, "catalog_visibility": "hidden"}
    shop.products[_HIDDEN_ID] = hidden


@cache
def products() -> list[tuple[str, int, str]]:
    """(name, price, category) of all products."""
    return [
        (name, entry["price"] if isinstance(entry, dict) else entry, category)
        for category, goods in _products().items()
        for name, entry in goods.items()
    ]


@cache
def _products() -> dict[str, dict[str, Any]]:
    products: dict[str, dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "products.yml").read_text())
    return products


def _details(entry: Any) -> dict[str, Any]:
    """The fields of a product in `products.yml`, except its price, in the shape of the API."""
    if not isinstance(entry, dict):
        return {}
    fields = {"short_description": entry.get("short", ""), "description": entry.get("long", "")}
    if "usual" in entry:
        fields |= {"regular_price": str(entry["usual"]), "sale_price": str(entry["price"]), "on_sale": True}
    if "stock" in entry:
        status = "instock" if entry["stock"] else "outofstock"
        fields |= {"manage_stock": True, "stock_quantity": entry["stock"], "stock_status": status}
    if "made_of" in entry:
        fields["attributes"] = [{"id": 0, "name": "Bahan", "variation": False, "options": [entry["made_of"]]}]
    return fields


def _after_chats(happenings: list[Happening]) -> Iterator[list[Event]]:
    """Purchases of customers who chat. They depend on the first message of a conversation, which never changes."""
    for each in happenings:
        if not each.key.endswith("/1") or each.author != "customer":
            continue
        rng = random.Random(f"{SEED}/buys/{each.key}")
        if rng.random() >= _BUYS_AFTER_CHAT:
            continue
        hours = rng.choices([rng.uniform(0.4, 6), rng.uniform(6, 48), rng.uniform(48, 150)], weights=[60, 30, 10])[0]
        yield _life(f"chat/{each.key}", each.at + timedelta(hours=hours), chatters()[each.customer], rng)


def _visits(start: datetime, now: datetime) -> Iterator[list[Event]]:
    """Purchases of a day's visitors who do not chat."""
    first, last = start.astimezone(ZONE).date(), now.astimezone(ZONE).date()
    weights = [1 / (number + 40) for number in range(len(visitors()))]
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        rng = random.Random(f"{SEED}/visits/{day}")
        crowd = 2.0 if day.day == day.month else 1.5 if day.day in (25, 26) else 1.0
        for visit in range(max(2, round(rng.gauss(_VISITS_A_DAY * crowd, 2.5)))):
            own = random.Random(f"{SEED}/visits/{day}/{visit}")
            at = _moment(day, own)
            if at >= start:
                yield _life(f"visit/{day}/{visit}", at, rng.choices(visitors(), weights=weights)[0], own)


def _moment(day: date, rng: random.Random) -> datetime:
    hour = min(23, max(0, round(rng.gauss(15, 5))))
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE) + timedelta(seconds=rng.uniform(0, 3600))


def _life(key: str, at: datetime, buyer: Buyer, rng: random.Random) -> list[Event]:
    """All events of a purchase."""
    payment = rng.choices(list(_PAYMENTS), weights=list(_PAYMENTS.values()))[0]
    is_paid_later = payment[0] != "midtrans"
    events = [Event(at, f"{key}/0", lambda counter: _order(counter, key, buyer, payment, seed))]
    seed = rng.random()
    if rng.random() < (0.16 if payment[0] == "bacs" else 0.05):
        end = "cancelled" if is_paid_later else "failed"
        return [*events, _moved(key, 1, at + timedelta(hours=rng.uniform(1, 48)), end)]
    paid = at + (
        timedelta(hours=rng.uniform(0.2, 20)) if payment[0] == "bacs" else timedelta(minutes=rng.uniform(1, 6))
    )
    sent = paid + timedelta(days=rng.uniform(0.8, 4.5))
    if payment[0] != "cod":
        events.append(_moved(key, 1, paid, "processing"))
    events.append(Event(sent, f"{key}/2", lambda counter: _send(counter, key)))
    back = sent + timedelta(days=rng.uniform(0.5, 6))
    kind = rng.random()
    if kind < 0.02:
        events.append(Event(back, f"{key}/3", lambda counter: _refund(counter, key, None)))
    elif kind < 0.055:
        share = Decimal(rng.choice((25, 40, 50))) / 100
        events.append(Event(back, f"{key}/3", lambda counter: _refund(counter, key, share)))
    return events


def _moved(key: str, step: int, at: datetime, status: str) -> Event:
    return Event(at, f"{key}/{step}", lambda counter: counter.shop.set_status(counter.orders[key], status))


def _send(counter: _Counter, key: str) -> None:
    """Send the parcel, and store its tracking number as the common plugin does."""
    number = counter.orders[key]
    stamp = int(counter.shop.clock().timestamp())
    parcel = {
        "tracking_provider": "jne",
        "custom_tracking_provider": "",
        "custom_tracking_link": "",
        "tracking_number": f"TSL{random.Random(f'{SEED}/parcel/{key}').randrange(10**9, 10**10)}",
        "date_shipped": str(stamp - stamp % 86400),
    }
    meta = [{"id": number * 10, "key": "_wc_shipment_tracking_items", "value": [parcel]}]
    counter.shop.edit_order(number, meta_data=meta)
    counter.shop.set_status(number, "completed")


def _order(counter: _Counter, key: str, buyer: Buyer, payment: tuple[str, str], seed: float) -> None:
    rng = random.Random(seed)
    shown = [each for each in counter.shop.products.values() if each["catalog_visibility"] != "hidden"]
    goods = rng.choices(shown, k=rng.choices((1, 2, 3, 4), weights=(50, 30, 14, 6))[0])
    lines = [
        Line(
            each["id"],
            each["name"],
            rng.choices((1, 2, 3), weights=(75, 18, 7))[0],
            Decimal(each["price"]),
            0,
            each["sku"],
        )
        for each in {each["id"]: each for each in goods}.values()
    ]
    # Orders that staff enter for a customer in the chat have no account and mostly no e-mail address.
    by_hand = key.startswith("chat/") and rng.random() < 0.12
    code = "gajian" if counter.shop.clock().astimezone(ZONE).day in range(25, 29) else "ngopi10"
    draft = Draft(
        lines,
        status={"midtrans": "pending", "bacs": "on-hold", "cod": "processing"}[payment[0]],
        customer_id=0 if by_hand else counter.customer(buyer),
        billing=buyer.billing | ({"email": ""} if by_hand else {}),
        shipping=Decimal(rng.choice(_SHIPPING)),
        shipping_title="JNE Reguler",
        coupon=(code, Decimal(_COUPONS[code]) / 100) if rng.random() < 0.13 else None,
        payment=payment,
        created_via="admin" if by_hand else "checkout",
    )
    counter.orders[key] = counter.shop.create_order(draft)


def _refund(counter: _Counter, key: str, share: Decimal | None) -> None:
    total = Decimal(counter.shop.orders[counter.orders[key]]["total"])
    amount = None if share is None else (total * share).quantize(Decimal(1))
    counter.shop.create_refund(counter.orders[key], amount, "Barang rusak" if share else "Pesanan dikembalikan")
