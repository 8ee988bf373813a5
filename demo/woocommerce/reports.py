"""The answers of `wc-analytics/reports`: sums per interval, rows per order, and customers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from demo.woocommerce.analytics import NEVER_COUNTED, Row, Tables
from demo.woocommerce.answers import Record, Refused
from demo.woocommerce.query import Query
from demo.woocommerce.state import State

_DATES = {"date_paid": "paid", "date_created": "created", "date_completed": "completed"}
_LENGTHS = {"hour": 13, "day": 10, "month": 7, "year": 4}
_INTERVALS = ("hour", "day", "week", "month", "quarter", "year")
_FORM = "%Y-%m-%d %H:%M:%S"


class Reports:
    """Each method returns the rows or the answer, the total number, and the page size."""

    def __init__(self, shop: State, tables: Tables) -> None:
        self._shop, self._tables = shop, tables

    def stats(self, query: Query, name: str) -> tuple[Record, int, int]:
        """`revenue/stats` and `orders/stats`: totals and a page of intervals. `orders/stats` ignores `date_type`
        (measured), `revenue/stats` ignores `customer_type`."""
        interval = query.text("interval", "week", _INTERVALS)
        if interval not in _LENGTHS:
            raise Refused(501, "stand_in", f"The stand-in keeps no intervals of a {interval}.")
        after, before = self._range(query)
        kind = query.text("customer_type", "", ("", "new", "returning")) if name == "orders" else ""
        date = self._date(query.text("date_type", "", ("", *_DATES)) if name == "revenue" else "")
        rows = [row for row in self._counted(after, before, date) if _is_of(row, kind)]
        buckets: dict[str, list[Row]] = {}
        for row in rows:
            buckets.setdefault((date(row) or "")[: _LENGTHS[interval]], []).append(row)
        spans = _spans(after, before, interval)
        if query.text("order", "desc", ("asc", "desc")) == "desc":
            spans.reverse()
        offset, size = query.page()
        shown = [self._interval(*span, buckets.get(span[0], [])) for span in spans[offset : offset + size]]
        products = {product for row in rows for product in row.products}
        totals = {**_sums(rows), "products": len(products), "segments": []}
        return {"totals": totals, "intervals": shown}, len(spans), size

    def orders(self, query: Query) -> tuple[list[Record], int, int]:
        """`reports/orders`: orders and refunds by the shop's date type; the parameter `date_type` is ignored."""
        after, before = self._range(query)
        kind = query.text("customer_type", "", ("", "new", "returning"))
        date = self._date("")
        rows = [row for row in self._counted(after, before, date) if _is_of(row, kind)]
        rows.sort(key=lambda row: (date(row) or "", row.id), reverse=query.text("order", "desc") == "desc")
        offset, size = query.page()
        return [self._order(row, date) for row in rows[offset : offset + size]], len(rows), size

    def customers(self, query: Query) -> tuple[list[Record], int, int]:
        """`reports/customers`: all customers in Analytics with all their orders, including unpaid ones."""
        known: dict[tuple[str, Any], list[Row]] = {
            ("user", each["id"]): [] for each in self._shop.customers.values() if each["role"] == "customer"
        }
        for row in self._tables.rows().values():
            known.setdefault(row.customer, [])
            if row.status not in self._excluded():
                known[row.customer].append(row)
        found = [self._customer(key, rows) for key, rows in known.items()]
        by = query.text("orderby", "date_registered")
        found.sort(key=lambda each: (str(each.get(by)) if by != "total_spend" else each[by], each["id"]))
        if query.text("order", "desc") == "desc":
            found.reverse()
        offset, size = query.page()
        return found[offset : offset + size], len(found), size

    def _range(self, query: Query) -> tuple[str, str]:
        now = self._shop.clock().astimezone(self._shop.zone)
        week_ago = (now - timedelta(days=7)).replace(hour=0, minute=0, second=0)
        after = query.time("after") or week_ago.strftime("%Y-%m-%dT%H:%M:%S")
        before = query.time("before") or now.strftime("%Y-%m-%dT%H:%M:%S")
        return after.replace("T", " "), before.replace("T", " ")

    def _date(self, asked: str) -> Callable[[Row], str | None]:
        name = _DATES[asked or self._shop.settings.date_type or "date_paid"]
        return lambda row: getattr(row, name)

    def _excluded(self) -> set[str]:
        return NEVER_COUNTED | set(self._shop.settings.excluded_statuses)

    def _counted(self, after: str, before: str, date: Callable[[Row], str | None]) -> list[Row]:
        excluded = self._excluded()
        rows = self._tables.rows().values()
        return [row for row in rows if row.status not in excluded and after <= (date(row) or "") <= before]

    def _interval(self, name: str, start: datetime, end: datetime, rows: list[Row]) -> Record:
        gmt = [f"{each.replace(tzinfo=self._shop.zone).astimezone(UTC):{_FORM}}" for each in (start, end)]
        return {
            "interval": name,
            "date_start": f"{start:{_FORM}}",
            "date_start_gmt": gmt[0],
            "date_end": f"{end:{_FORM}}",
            "date_end_gmt": gmt[1],
            "subtotals": {**_sums(rows), "segments": []},
        }

    def _order(self, row: Row, date: Callable[[Row], str | None]) -> Record:
        return {
            "order_id": row.id,
            "parent_id": row.parent_id,
            "date": date(row),
            "date_created": row.created,
            "date_created_gmt": row.created_gmt,
            "status": row.status,
            "customer_id": self._tables.customer_number(row.customer),
            "net_total": row.net,
            "total_sales": row.total,
            "num_items_sold": row.items,
            "customer_type": "new" if row.first else "returning",
            "order_number": int(row.number) if row.number.isdigit() else row.number,
        }

    def _customer(self, key: tuple[str, Any], rows: list[Row]) -> Record:
        orders = [row for row in rows if not row.parent_id]
        spent = sum(row.total for row in rows)
        person = self._shop.customers.get(key[1], {}) if key[0] == "user" else {}
        return {
            "id": self._tables.customer_number(key),
            "user_id": key[1] if key[0] == "user" else None,
            "username": person.get("username", ""),
            "email": person.get("email", key[1] if key[0] == "guest" else ""),
            "date_registered": person.get("date_created"),
            "orders_count": len(orders),
            "total_spend": spent,
            "avg_order_value": spent / len(orders) if orders else 0,
        }


def _is_of(row: Row, kind: str) -> bool:
    """Whether a row is of the requested type of customer. Refunds are of neither type, unless flagged."""
    if row.parent_id and kind:
        return row.is_flagged and kind == "returning"
    return not kind or row.first == (kind == "new")


def _sums(rows: Iterable[Row]) -> Record:
    rows = list(rows)
    orders = [row for row in rows if not row.parent_id]
    net, coupons = sum(row.net for row in orders), sum(row.coupons for row in orders)
    count = len(orders)
    return {
        "orders_count": count,
        "num_items_sold": sum(row.items for row in rows),
        "gross_sales": net + coupons,
        "total_sales": sum(row.total for row in rows),
        "coupons": coupons,
        "coupons_count": len({code for row in orders for code in row.codes}),
        "refunds": abs(sum(row.net + row.tax + row.shipping for row in rows if row.net < 0)),
        "taxes": sum(row.tax for row in rows),
        "shipping": sum(row.shipping for row in rows),
        "net_revenue": sum(row.net for row in rows),
        "avg_items_per_order": round(sum(row.items for row in orders) / count, 4) if count else 0,
        "avg_order_value": net / count if count else 0,
        "total_customers": len({row.customer for row in rows}),
    }


def _spans(after: str, before: str, interval: str) -> list[tuple[str, datetime, datetime]]:
    """The intervals of a range: name, first and last second. The first and last are cut to the range."""
    start, last = datetime.fromisoformat(after), datetime.fromisoformat(before)
    spans = []
    while start <= last:
        following = _following(start, interval)
        spans.append((f"{start:{_FORM}}"[: _LENGTHS[interval]], start, min(following - timedelta(seconds=1), last)))
        start = following
    return spans


def _following(start: datetime, interval: str) -> datetime:
    hour = start.replace(minute=0, second=0)
    if interval == "hour":
        return hour + timedelta(hours=1)
    day = hour.replace(hour=0)
    if interval == "day":
        return day + timedelta(days=1)
    if interval == "month":
        return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return day.replace(year=day.year + 1, month=1, day=1)
