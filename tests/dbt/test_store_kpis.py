"""Random shops, many in one database, give row by row what the oracle reads in kpis.md and in Analytics' rules."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random, SystemRandom
from typing import Any

import pytest

from pipeline import transform
from tests.dbt import landing, store_landing, store_oracle
from tests.dbt.history import Event, History
from tests.dbt.history import Shop as ChatShop
from tests.dbt.store_landing import LandedShop
from tests.dbt.store_shops import AS_OF, email_of, made_up, phone_of
from warehouse.connection import transaction
from warehouse.identity import email_key, hash_key, id_key, phone_key
from warehouse.settings import Settings
from warehouse.zones import zone

IS_SOAK = os.environ.get("KABAR_SOAK") == "1"
SHOPS = 1500 if IS_SOAK else 150
SEED = SystemRandom().randrange(2**32) if IS_SOAK else 1
PEOPLE = range(1, 7)
METRICS = (
    "net_sales", "orders", "average_order_value", "new_customers", "acquisition_rate", "retention_rate",
    "chat_conversion_rate", "chat_revenue",
)  # fmt: skip
TOLERANCE = Decimal("0.000001")


def chats(random: Random, shop: LandedShop, number: int) -> History:
    """Who of the shop's people wrote to it: some from their number, some with only an id and an e-mail address."""
    events = []
    for person in PEOPLE:
        for place in range(random.randint(0, 2)):
            at = datetime(2026, 3, 28, tzinfo=UTC) + timedelta(hours=random.randrange(24 * 20))
            who: dict[str, Any] = (
                {"phone": phone_of(number, person)} if person % 2 else {"given_id": f"{number}-{person}"}
            )
            name = f"{shop.id}-{person}-{place}"
            events.append(Event(name, "message", at, channel=random.choice(("web", "app")), author="customer", **who))
    return History(ChatShop(id=shop.id), tuple(events))


@pytest.fixture(scope="module")
def shops(module_settings: Settings) -> list[LandedShop]:
    """The shops, built as they land and as time passes, at last when only somebody wrote: nothing of a shop changed."""
    random = Random(SEED)
    made = [made_up(random, number) for number in range(SHOPS)]
    talks = [chats(random, shop, number) for number, shop in enumerate(made)]
    store_landing.land(module_settings, made[::2])
    talk(module_settings, talks[::3])
    transform.build(AS_OF - timedelta(days=10), module_settings)
    store_landing.land(module_settings, made)
    talk(module_settings, talks[::2])
    transform.build(AS_OF - timedelta(days=5), module_settings)
    before = sales_tables(module_settings)
    transform.build(AS_OF, module_settings)
    talk(module_settings, talks)
    fallen_due = sales_tables(module_settings)
    transform.build(AS_OF, module_settings)
    assert not before & fallen_due
    assert fallen_due == sales_tables(module_settings)
    return made


def talk(settings: Settings, talks: list[History]) -> None:
    landing.land(settings, talks)
    name_addresses(settings, talks)


def sales_tables(settings: Settings) -> set[int]:
    """The tables of sales that the last build made: other ones, once they are made anew."""
    tables = "array['marts.fct_orders', 'marts.retention_cohorts']"
    query = f"select relation::regclass::oid::bigint as id from unnest({tables}) as relation"
    return {row["id"] for row in landing.read(settings, query, role="owner")}


def name_addresses(settings: Settings, talks: list[History]) -> None:
    """The e-mail address that came with an id; as if it had landed with the event."""
    key = hash_key(settings)
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        for event in (event for talk in talks for event in talk.events if event.given_id):
            address = email_key(email_of(int(event.id.split("-")[1])), key)
            cursor.execute("update raw.chatbot_events set email_key = %s where event_id = %s", (address, event.id))


def test_analytics_equals_its_rules(shops: list[LandedShop], module_settings: Settings) -> None:
    for table, grain, length in (("daily", "day", 10), ("monthly", "month", 7)):
        found: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)
        for row in landing.read(module_settings, f"select * from marts.woocommerce_analytics_{table}"):
            found[row["store_id"], row["date_type"]][str(row[grain])[:length]] = row
        for shop in shops:
            books = store_oracle.books(shop, AS_OF)
            for date_type in ("date_paid", "date_created", *{"date_completed"} & {shop.date_type}):
                expected = store_oracle.analytics(books, date_type, length)
                rows = found.pop((shop.id, date_type), {})
                assert rows.keys() == expected.keys(), (shop.id, date_type)
                for bucket, figures in expected.items():
                    differing = {
                        name: (value, rows[bucket][name])
                        for name, value in figures.items()
                        if abs(value - rows[bucket][name]) > TOLERANCE
                    }
                    assert not differing, (shop.id, date_type, bucket)
        assert not found


def test_orders_of_analytics_equal_its_rules(shops: list[LandedShop], module_settings: Settings) -> None:
    query = "select * from marts.woocommerce_analytics_orders where date_type = 'date_created'"
    found = {(row["store_id"], row["order_id"]): row for row in landing.read(module_settings, query)}
    expected = {(shop.id, sale.id): sale for shop in shops for sale in store_oracle.books(shop, AS_OF).sales}
    assert found.keys() == expected.keys()
    for key, sale in expected.items():
        assert (found[key]["net_total"], found[key]["customer_type"]) == (sale.theirs, sale.kind), key


def test_kpis_equal_the_oracle(shops: list[LandedShop], module_settings: Settings) -> None:
    found: dict[str, store_oracle.Figures] = defaultdict(dict)
    for table, grain, length in (("kpi_daily", "day", 10), ("kpi_monthly", "month", 7)):
        query = f"select * from marts.{table} where metric = any(%s)".replace("%s", f"array{list(METRICS)}")
        for row in landing.read(module_settings, query):
            key = (str(row[grain])[:length], row["metric"], row["dimension"], row["dimension_value"])
            found[row["store_id"]][key] = (row["numerator"], row["denominator"])
    episodes: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in landing.read(module_settings, "select * from marts.fct_episodes where is_customer_started"):
        episodes[row["store_id"]].append(row)
    compared: Counter[str] = Counter()
    for number, shop in enumerate(shops):
        books = store_oracle.books(shop, AS_OF)
        expected = store_oracle.kpis(books, AS_OF.astimezone(zone(shop.timezone)).strftime("%Y-%m"))
        expected |= store_oracle.chat_kpis(books, episodes[shop.id], chat_of(module_settings, books, number))
        rows = found.pop(shop.id, {})
        differing = [
            (key, expected.get(key), rows.get(key))
            for key in sorted(expected.keys() | rows.keys())
            if expected.get(key) != rows.get(key)
        ]
        assert not differing, f"{shop.id} (seed {SEED}): {differing[:5]}"
        compared.update(metric for (_, metric, _, _), (numerator, _) in expected.items() if numerator)
    assert not found
    assert all(compared[metric] > SHOPS / 5 for metric in METRICS), compared


def chat_of(settings: Settings, books: store_oracle.Books, number: int) -> dict[str, set[str]]:
    """Which of the shop's customers each of those who chat is: by number, or without one by address."""
    key = hash_key(settings)
    phones, emails = defaultdict(set), defaultdict(set)
    for order_id, customer in books.customers.items():
        billing = books.orders[order_id]["billing"]
        phones[billing["phone"]].add(customer)
        emails[billing["email"].lower()].add(customer)
    for account in books.shop.customers:
        if account["id"] not in books.shop.deleted["customers"]:
            phones[account["billing"]["phone"]].add(f"account {account['id']}")
            emails[account["email"].lower()].add(f"account {account['id']}")
    by_phone = {phone_key(phone_of(number, person), key): phones[phone_of(number, person)] for person in PEOPLE}
    by_id = {id_key(f"{number}-{person}", key): emails[email_of(person)] for person in PEOPLE}
    return by_phone | by_id


def test_one_bad_number_spoils_nothing(settings: Settings) -> None:
    """What no sync should land: the build goes on, and counts what it can read."""
    order = {
        "id": 1, "status": "completed", "currency": "idr", "total": "12.5.0", "total_tax": None, "shipping_total": "x",
        "date_created": "2026-02-31T25:00:00", "date_created_gmt": "2026-03-01T00:00:00", "date_paid": "soon",
        "date_paid_gmt": "2026-03-01T01:00:00", "line_items": {"0": "no list"}, "coupon_lines": None,
    }  # fmt: skip
    good = {**order, "id": 2, "total": 100, "line_items": ["", None, {"quantity": "2", "product_id": "abc"}]}
    store_landing.land(settings, [LandedShop("odd", orders=[order, good])])
    transform.build(AS_OF, settings)
    rows = landing.read(settings, "select value from marts.kpi_daily where metric = 'net_sales' and dimension = 'all'")
    assert [row["value"] for row in rows] == [100]
