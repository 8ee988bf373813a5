"""Two made-up shops with two months of conversations and their marts, for tests of what shows them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dashboards import documentation
from ml.forecast.forecast import forecast
from pipeline import transform
from tests.dbt import landing, store_landing
from tests.dbt.history import Event, History, Shop
from tests.support import empty_marts, opinions
from warehouse.connection import transaction
from warehouse.settings import Settings

AS_OF = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
DAYS = 70
PEOPLE = 400
_COSTS = """
insert into app.cost_assumptions (
    store_id, valid_from, agent_cost_per_hour, minutes_per_conversation, bot_cost_per_month, investment
)
values ('default', '2026-09-01', 30000, 10, 50000, 1200000)
"""
# Too few weeks to have one; what shows it needs one.
_FORECAST = """
update ml.forecast_evaluations
set reason = 'shown', error = 0.8, naive_error = 1.1, coverage_80 = 0.8, coverage_95 = 0.96
where store_id = 'default' and metric = 'net_sales';
insert into ml.forecasts
select 'default', 'net_sales', '2026-11-16'::date + 7 * ahead, 7e6, 6e6, 8e6, 5e6, 9e6
from generate_series(0, 7) as ahead
"""
LABELS = tuple((issue, urgency) for issue in ("delivery", "order", "payment", "other") for urgency in ("low", "high"))


def build(settings: Settings) -> None:
    """Fill a database with the shops `default` (busy, three channels, in Jakarta, with orders of WooCommerce) and
    `kedua` (quiet, in New York), and build their marts."""
    histories = [
        History(Shop("default", "Asia/Jakarta"), tuple(_events("default", DAYS * 9, ("whatsapp", "web", "instagram")))),
        History(Shop("kedua", "America/New_York"), tuple(_events("kedua", 40, ("whatsapp",)))),
    ]
    landing.open_shops(settings, histories)
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute("update app.stores set name = 'Toko Melati' where store_id = 'default'")
        cursor.execute(_COSTS)
    landing.land(settings, histories)
    store_landing.land(settings, [_orders()])
    _land_clicks(settings)
    opinions.land(settings)
    transform.build(AS_OF, settings)
    forecast(settings)
    with transaction("scorer", settings) as connection, connection.cursor() as cursor:
        cursor.execute(_FORECAST)


def document(settings: Settings) -> None:
    """Write dbt's documents of a built database."""
    documentation.refresh(settings)


STEPS = (empty_marts.build, build)


def _events(store: str, conversations: int, channels: tuple[str, ...]) -> Iterator[Event]:
    chance = random.Random(store)
    for number in range(conversations):
        start = AS_OF - timedelta(days=DAYS) * chance.random() ** 0.8
        yield from _conversation(
            chance, store, f"{store}-{number:05}", start, chance.choices(channels, (6, 3, 1)[: len(channels)])[0]
        )


def _conversation(chance: random.Random, store: str, name: str, start: datetime, channel: str) -> Iterator[Event]:
    """A few questions, each mostly answered by the bot at once or by a person later, then perhaps a rating."""
    person = chance.randrange(PEOPLE)
    at, part = start, 0

    def event(kind: str, **fields: object) -> Event:
        nonlocal part
        part += 1
        return Event(
            f"{name}-{part:02}", kind, at, channel, phone=_phone(person), given_id=f"{store}-{person}", **fields
        )  # type: ignore[arg-type]

    for _ in range(chance.randint(1, 4)):
        label = (*chance.choice(LABELS), chance.choice(("id", "id", "en"))) if chance.random() < 0.9 else None
        yield event("message", author="customer", label=label)
        if chance.random() < 0.1:
            return
        if chance.random() < 0.2:
            yield event("handover")
            at += timedelta(seconds=chance.lognormvariate(7, 1.3))
            yield event("message", author="agent")
        else:
            at += timedelta(seconds=chance.lognormvariate(2, 0.8))
            yield event("message", author="bot", answered=chance.random() < 0.9)
        at += timedelta(minutes=chance.expovariate(1 / 6))
    if chance.random() < 0.5:
        yield event("rating_requested")
        if chance.random() < 0.5:
            at += timedelta(minutes=2)
            yield event("rating", rating=chance.choices((1, 2, 3, 4, 5), (1, 1, 2, 5, 7))[0])
        yield event("closed")


def _orders() -> store_landing.LandedShop:
    """Orders of people who also chat, some in dollars, some refunded in part and then for the rest."""
    chance = random.Random("orders")
    orders = [_order(chance, 10 * number) for number in range(1, 301)]
    refunds = [refund for order in orders if chance.random() < 0.1 for refund in _refunds(chance, order)]
    return store_landing.LandedShop("default", orders=orders, refunds=refunds)


def _land_clicks(settings: Settings) -> None:
    with transaction("webhook", settings) as connection, connection.cursor() as cursor:
        for number in range(20):
            cursor.execute(
                "insert into raw.woocommerce_clicks (store_id, click_id, clicked_at, payload_hash, payload)"
                " values ('default', %s, %s, 'h', '{}')",
                (f"click-{number}", AS_OF - timedelta(days=2 * number)),
            )


def _order(chance: random.Random, number: int) -> dict[str, Any]:
    created = AS_OF - timedelta(days=DAYS) * chance.random()
    products = [(7, "Kemeja linen"), (8, "Celana katun"), (9, "Tas kanvas")]
    product, name = chance.choice(products)
    total = chance.randint(5, 60) * 10_000
    return {
        "id": number,
        "status": chance.choices(("completed", "processing", "pending", "cancelled"), (7, 2, 1, 1))[0],
        "currency": "USD" if chance.random() < 0.03 else "IDR",
        "customer_id": 0,
        "billing": {"email": "", "phone": _phone(chance.randrange(PEOPLE // 2)), "country": "ID"},
        "payment_method": chance.choice(("bacs", "cod", "midtrans")),
        "total": str(total + 15_000),
        "total_tax": "0",
        "shipping_total": "15000",
        "line_items": [
            {"id": 1, "name": name, "product_id": product, "quantity": 1, "total": str(total), "total_tax": "0"}
        ],
        **_shop_times("created", created),
        **_shop_times("paid", created + timedelta(minutes=5)),
    }


def _refunds(chance: random.Random, order: dict[str, Any]) -> Iterator[dict[str, Any]]:
    left, made = int(order["total"]), datetime.fromisoformat(order["date_created_gmt"]).replace(tzinfo=UTC)
    for place, amount in enumerate((10_000, left - 10_000), start=1):
        made += timedelta(hours=chance.randint(1, 40))
        yield {
            "id": order["id"] + place,
            "parent_id": order["id"],
            "amount": str(amount),
            "meta_data": [{"key": "_refund_type", "value": "partial" if place == 1 else "full"}],
            "line_items": [],
            **_shop_times("created", made),
        }


def _shop_times(what: str, at: datetime) -> dict[str, str]:
    local = at.astimezone(ZoneInfo("Asia/Jakarta")).replace(tzinfo=None)
    gmt = at.astimezone(UTC).replace(tzinfo=None)
    return {f"date_{what}": local.isoformat("T", "seconds"), f"date_{what}_gmt": gmt.isoformat("T", "seconds")}


def _phone(person: int) -> str:
    return f"+62812000{person:05}"
