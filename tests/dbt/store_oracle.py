"""A second reading of kpis.md and of Analytics' rules, one order after the other, that dbt is held against."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from tests.dbt.store_landing import LandedShop

DRAFTS = ("checkout-draft", "auto-draft", "trash")
ZERO = Decimal(0)


@dataclass(frozen=True)
class Sale:
    """An order, or a refund (`parent` is its order's id): `net` as we count, `theirs` as Analytics does; times by the
    shop's clock, as strings, by date type."""

    id: int
    parent: int
    currency: str
    net: Decimal
    theirs: Decimal
    total: Decimal
    tax: Decimal
    shipping: Decimal
    items: int
    coupons: Decimal
    times: dict[str, str | None]
    customer: str = ""
    their_customer: str = ""
    kind: str = "returning"


@dataclass(frozen=True)
class Books:
    """A shop as of a time: the sales of statuses that count, each with its customers, and all orders seen."""

    shop: LandedShop
    sales: list[Sale]
    orders: dict[int, dict[str, Any]]
    customers: dict[int, str]

    def counted(self, date_type: str | None = None) -> list[tuple[str, Sale]]:
        """The sales that have the date, with their time."""
        timed = [(sale.times[date_type or self.shop.date_type], sale) for sale in self.sales]
        return [(time, sale) for time, sale in timed if time]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def books(shop: LandedShop, as_of: datetime) -> Books:
    gone = shop.deleted["orders"]
    orders = {o["id"]: o for o in shop.orders if o["id"] not in gone and utc(o["date_created_gmt"]) <= as_of}
    customers = customers_of(shop, orders)
    sales = []
    for order in orders.values():
        if order["status"] in (*DRAFTS, *shop.excluded_statuses):
            continue
        sale = order_sale(order, as_of)
        refunds = [r for r in shop.refunds if r["parent_id"] == order["id"] and r["id"] not in shop.deleted["refunds"]]
        sales += [sale, *refund_sales(sale, [r for r in refunds if utc(r["date_created_gmt"]) <= as_of])]
    theirs = their_customers(shop, orders)
    sales = [replace(s, customer=customers[s.parent or s.id], their_customer=theirs[s.parent or s.id]) for s in sales]
    firsts: dict[str, Sale] = {}
    for sale in sorted((s for s in sales if not s.parent), key=lambda s: (s.times["date_created"], s.id)):
        firsts.setdefault(sale.their_customer, sale)
    new = {sale.id for sale in firsts.values()}
    return Books(shop, [replace(s, kind="new") if s.id in new else s for s in sales], orders, customers)


def order_sale(order: dict[str, Any], as_of: datetime) -> Sale:
    total, tax, shipping = (Decimal(order[name]) for name in ("total", "total_tax", "shipping_total"))
    times: dict[str, str | None] = {"date_created": order["date_created"]}
    for name in ("date_paid", "date_completed"):
        gmt = order[f"{name}_gmt"]
        times[name] = order[name] if gmt and utc(gmt) <= as_of else None
    net = total - tax - shipping
    items = sum(line["quantity"] for line in order["line_items"])
    coupons = sum((Decimal(line["discount"]) for line in order["coupon_lines"]), ZERO)
    return Sale(order["id"], 0, order["currency"], net, net, total, tax, shipping, items, coupons, times)


def refund_sales(order: Sale, refunds: list[dict[str, Any]]) -> list[Sale]:
    left, refunded, sales = order.net, ZERO, []
    for refund in sorted(refunds, key=lambda r: (r["date_created_gmt"], r["id"])):
        amount = Decimal(refund["amount"])
        tax = sum((Decimal(t["tax_total"]) + Decimal(t["shipping_tax_total"]) for t in refund["tax_lines"]), ZERO)
        shipping = sum((Decimal(line["total"]) for line in refund["shipping_lines"]), ZERO)
        own = -amount - tax - shipping
        items = sum(line["quantity"] for line in refund["line_items"])
        theirs = (own, tax, shipping, items)
        refunded += amount
        kind = next((m["value"] for m in refund["meta_data"] if m["key"] == "_refund_type"), None)
        is_last = kind == "full" if kind else 0 < order.total <= refunded
        if kind == "full":
            theirs = (-order.net, -order.tax, -order.shipping, -order.items)
        net = -left if is_last else own
        left += net
        times = dict.fromkeys(("date_created", "date_paid", "date_completed"), refund["date_created"])
        net_theirs, tax, shipping, items = theirs
        sales.append(
            Sale(refund["id"], order.id, order.currency, net, net_theirs, -amount, tax, shipping, items, ZERO, times)
        )
    return sales


def customers_of(shop: LandedShop, orders: dict[int, dict[str, Any]]) -> dict[int, str]:
    """Whose each order is: the account; else the e-mail's; else the phone's; else nobody else's."""
    accounts = [a for a in shop.customers if a["id"] not in shop.deleted["customers"]]
    emails = {a["email"].lower(): f"account {a['id']}" for a in accounts}
    known: dict[int, str] = {}
    for number, order in orders.items():
        address = order["billing"]["email"].lower()
        if order["customer_id"]:
            known[number] = f"account {order['customer_id']}"
        elif address:
            known[number] = emails.get(address, f"email {address}")
    phones: dict[str, str] = {}
    for number in sorted(known, key=lambda n: (orders[n]["date_created_gmt"], n)):
        phones.setdefault(orders[number]["billing"]["phone"], known[number])
    for account in sorted(accounts, key=lambda a: a["id"]):
        phones.setdefault(account["billing"]["phone"], f"account {account['id']}")
    for number, order in orders.items():
        phone = order["billing"]["phone"]
        guess = phones.get(phone, f"phone {phone}") if phone else f"order {number}"
        known.setdefault(number, guess)
    return known


def their_customers(shop: LandedShop, orders: dict[int, dict[str, Any]]) -> dict[int, str]:
    """Whom Analytics takes each order for, importing in order of creation."""
    accounts = {a["id"]: a for a in shop.customers if a["id"] not in shop.deleted["customers"]}
    emails = {a["email"].lower(): f"user {a['id']}" for a in accounts.values() if a["role"] == "customer"}
    customers = {}
    for number in sorted(orders, key=lambda n: (orders[n]["date_created_gmt"], n)):
        order = orders[number]
        address = order["billing"]["email"].lower()
        if user := order["customer_id"]:
            customers[number] = f"user {user}"
            if user in accounts and order["status"] not in DRAFTS:
                emails.setdefault(accounts[user]["email"].lower(), f"user {user}")
        else:
            customers[number] = emails.get(address, f"guest {address}") if address else f"order {number}"
    return customers


def analytics(books: Books, date_type: str, length: int) -> dict[str, dict[str, Any]]:
    """Analytics' report by day (`length` 10 characters of a time) or month (7)."""
    buckets: dict[str, list[Sale]] = defaultdict(list)
    for time, sale in books.counted(date_type):
        buckets[time[:length]].append(sale)
    return {bucket: figures(sales) for bucket, sales in buckets.items()}


def figures(sales: list[Sale]) -> dict[str, Any]:
    orders = [sale for sale in sales if not sale.parent]
    net_of_orders = sum((sale.theirs for sale in orders), ZERO)
    returned = sum((sale.theirs + sale.tax + sale.shipping for sale in sales if sale.theirs < 0), ZERO)
    return {
        "orders_count": len(orders),
        "net_revenue": sum(sale.theirs for sale in sales),
        "avg_order_value": net_of_orders / len(orders) if orders else ZERO,
        "total_sales": sum(sale.total for sale in sales),
        "refunds": abs(returned),
        "coupons": sum(sale.coupons for sale in sales),
        "taxes": sum(sale.tax for sale in sales),
        "shipping": sum(sale.shipping for sale in sales),
        "num_items_sold": sum(sale.items for sale in sales),
        "total_customers": len({sale.their_customer for sale in sales}),
        "new_orders_count": sum(sale.kind == "new" for sale in orders),
    }


Figures = dict[tuple[str, str, str, str], tuple[Any, Any]]


def kpis(books: Books, as_of_month: str) -> Figures:
    """(day or month, metric, dimension, value) → (numerator, denominator), of all but what rests on the chat."""
    counted = books.counted()
    orders = sorted(((time, sale) for time, sale in counted if not sale.parent), key=lambda pair: (pair[0], pair[1].id))
    first: dict[str, str] = {}
    for time, sale in orders:
        first.setdefault(sale.customer, time)
    found: Figures = {}
    for length in (10, 7):
        found |= money(counted, length, books.shop.currency) | newcomers(orders, first, length)
    return found | (retention(counted, first, as_of_month) if first else {})


def money(counted: list[tuple[str, Sale]], length: int, currency: str) -> Figures:
    buckets: dict[tuple[str, str, str], list[Sale]] = defaultdict(list)
    for time, sale in counted:
        buckets[time[:length], "currency", sale.currency].append(sale)
        if sale.currency == currency:
            buckets[time[:length], "all", "all"].append(sale)
    found: Figures = {}
    for (bucket, *part), sales in buckets.items():
        orders = [sale for sale in sales if not sale.parent]
        found[bucket, "net_sales", *part] = (sum(sale.net for sale in sales), None)
        if orders:
            found[bucket, "orders", *part] = (len(orders), None)
            found[bucket, "average_order_value", *part] = (sum(sale.net for sale in orders), len(orders))
    return found


def newcomers(orders: list[tuple[str, Sale]], first: dict[str, str], length: int) -> Figures:
    shoppers: dict[str, set[str]] = defaultdict(set)
    for time, sale in orders:
        shoppers[time[:length]].add(sale.customer)
    found: Figures = {}
    for bucket, customers in shoppers.items():
        new = sum(first[customer][:length] == bucket for customer in customers)
        found[bucket, "acquisition_rate", "all", "all"] = (new, len(customers))
        if new:
            found[bucket, "new_customers", "all", "all"] = (new, None)
    return found


def retention(counted: list[tuple[str, Sale]], first: dict[str, str], last_month: str) -> Figures:
    found: Figures = {}
    months = list(months_until(min(first.values())[:7], last_month))
    for month, following in pairwise([*months, next_month(months[-1])]):
        at_start, at_end = customers_at(counted, month), customers_at(counted, following)
        new = {customer for customer in at_end if first[customer][:7] == month}
        if at_start:
            found[month, "retention_rate", "all", "all"] = (len(at_end) - len(new), len(at_start))
    return found


def customers_at(counted: list[tuple[str, Sale]], month: str) -> set[str]:
    """Who ordered in the 90 days before a month's first day."""
    end = date.fromisoformat(f"{month}-01")
    days = {str(end - timedelta(days=back)) for back in range(1, 91)}
    return {sale.customer for time, sale in counted if not sale.parent and time[:10] in days}


def next_month(month: str) -> str:
    return str(date.fromisoformat(f"{month}-28") + timedelta(days=4))[:7]


def months_until(month: str, last: str) -> list[str]:
    months = [month]
    while months[-1] < last:
        months.append(next_month(months[-1]))
    return months


def chat_kpis(books: Books, episodes: list[dict[str, Any]], chat: dict[str, set[str]]) -> Figures:
    """`episodes` as the marts have them; `chat` says which of the shop's customers somebody who chats is."""
    counted = {sale.id: sale for _, sale in books.counted() if not sale.parent}
    started: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    bought: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    orders: dict[tuple[str, str, str], set[int]] = defaultdict(set)
    for episode in episodes:
        placed = {
            number
            for number, order in books.orders.items()
            if number in counted
            and books.customers[number] in chat[episode["customer_key"]]
            and timedelta(0) <= utc(order["date_created_gmt"]) - episode["started_at"] <= timedelta(days=7)
        }
        for bucket in (str(episode["day"]), str(episode["day"])[:7]):
            for part in (("all", "all"), ("channel", episode["channel"])):
                started[bucket, *part].add(episode["customer_key"])
                orders[bucket, *part] |= {
                    number for number in placed if counted[number].currency == books.shop.currency
                }
                if placed:
                    bought[bucket, *part].add(episode["customer_key"])
    found: Figures = {}
    for (bucket, *part), customers in started.items():
        found[bucket, "chat_conversion_rate", *part] = (len(bought[bucket, *part]), len(customers))
        if numbers := orders[bucket, *part]:
            found[bucket, "chat_revenue", *part] = (sum(counted[number].net for number in numbers), None)
    return found
