"""Random shops as their API would serve them: zones with their changes of the clock, currencies, guests and accounts
that share addresses and numbers, odd refunds, deletions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from tests.dbt.store_landing import LandedShop
from warehouse import zones

AS_OF = datetime(2026, 4, 20, 3, 30, tzinfo=UTC)
ZONES = ("Asia/Jakarta", "Europe/Berlin", "America/Santiago", "Pacific/Auckland", "America/New_York",
         "<-0330>+03:30")  # fmt: skip
# Both changes of the clock in each of these zones but the last, the turn of a year and of months, and the time after
# AS_OF.
STARTS = ("2025-10-26T00:00", "2025-12-31T12:00", "2026-03-08T05:00", "2026-03-29T00:00", "2026-04-05T02:00",
          "2026-04-19T12:00")  # fmt: skip
STATUSES = ("completed",) * 6 + ("processing", "refunded", "on-hold", "pending", "cancelled", "trash", "handmade",
                                 "checkout-draft")  # fmt: skip
Record = dict[str, Any]


def made_up(random: Random, number: int) -> LandedShop:
    """A shop of up to 25 orders; `number` keeps its phone numbers apart from those of the others."""
    zone = random.choice(ZONES)
    accounts = [_account(random, identity, number) for identity in range(1, random.randint(2, 5))]
    orders = [_order(random, 10 * place, zone, accounts, number) for place in range(1, random.randint(2, 26))]
    refunds: list[Record] = []
    for order in orders:
        refunds += _refunds(random, order, zone) if random.random() < 0.4 else []
    return LandedShop(
        id=f"shop{number:04}",
        timezone=zone,
        currency="IDR",
        date_type=random.choice(("date_paid", "date_paid", "date_created", "date_completed")),
        excluded_statuses=random.choice(
            (("pending", "failed", "cancelled"), ("pending", "failed", "cancelled"), ("on-hold",), ())
        ),
        orders=orders,
        refunds=refunds,
        customers=accounts,
        deleted={
            "orders": frozenset(order["id"] for order in orders if random.random() < 0.05),
            "refunds": frozenset(refund["id"] for refund in refunds if random.random() < 0.1),
            "customers": frozenset(account["id"] for account in accounts if random.random() < 0.1),
        },
    )


def phone_of(number: int, person: int) -> str:
    return f"+62812{number:06}{person}"


def email_of(person: int) -> str:
    return f"person{person}@example.test"


def _account(random: Random, identity: int, number: int) -> Record:
    billing = {"phone": phone_of(number, identity) if random.random() < 0.5 else "", "country": "ID"}
    role = "customer" if random.random() < 0.8 else "shop_manager"
    return {"id": identity, "role": role, "email": email_of(identity), "billing": billing}


def _order(random: Random, identity: int, zone: str, accounts: list[Record], number: int) -> Record:
    created = datetime.fromisoformat(random.choice(STARTS)).replace(tzinfo=UTC) + _span(random)
    paid = created + random.choice((timedelta(0), timedelta(minutes=20), timedelta(days=3)))
    status = random.choice(STATUSES)
    shipping, tax = Decimal(random.choice(("0", "4.1322", "10"))), Decimal(random.choice(("0", "1.9", "21")))
    total = Decimal(random.choice(("0", "19.99", "100", "250.5"))) + shipping + tax
    person = random.randint(1, 6)
    address = random.choice((email_of(person), email_of(person).upper(), ""))
    account = random.choice([0, *(each["id"] for each in accounts)])
    return {
        "id": identity,
        "status": status,
        "currency": random.choice(("IDR", "IDR", "IDR", "USD")),
        "customer_id": account,
        "billing": {
            "email": address,
            "phone": phone_of(number, person) if random.random() < 0.6 else "",
            "country": "ID",
        },
        "total": random.choice((f"{total:.6f}", str(total))),
        "total_tax": f"{tax:.6f}",
        "shipping_total": f"{shipping:.6f}",
        "line_items": [
            {"name": "Kemeja", "product_id": 7, "quantity": random.randint(1, 3), "total": "1", "total_tax": 0}
        ],
        "coupon_lines": [{"code": "ten", "discount": "10"}] if random.random() < 0.2 else [],
        **_times("created", created, zone),
        **_times("paid", paid if status not in ("pending", "checkout-draft") and random.random() < 0.9 else None, zone),
        **_times("completed", paid + timedelta(days=1) if status == "completed" else None, zone),
    }


def _refunds(random: Random, order: Record, zone: str) -> list[Record]:
    """In parts, and perhaps for the rest; with tax and shipping, or only an amount; on orders never paid, too."""
    made = datetime.fromisoformat(order["date_created_gmt"]).replace(tzinfo=UTC)
    left, refunds = Decimal(order["total"]), []
    for place in range(random.randint(1, 3)):
        made += _span(random)
        is_last = random.random() < 0.3
        amount = left if is_last else (left * random.choice((0, 1, 3)) / 7).quantize(Decimal("0.01"))
        tax = Decimal(random.choice(("0", "-0.5")))
        shipping = Decimal(random.choice(("0", "-1")))
        kind = [{"key": "_refund_type", "value": "full" if is_last else "partial"}]
        left -= amount
        refunds.append(
            {
                "id": order["id"] + place + 1,
                "parent_id": order["id"],
                "amount": str(amount),
                "meta_data": [{"key": "other", "value": [1]}, *(kind if random.random() < 0.9 else [])],
                "line_items": [{"quantity": -1, "total": "-1"}],
                "shipping_lines": [{"total": str(shipping)}] if shipping else [],
                "tax_lines": [{"tax_total": str(tax), "shipping_tax_total": "-0.1"}] if tax else [],
                **_times("created", made, zone),
            }
        )
        if is_last and random.random() < 0.8:
            break
    return refunds


def _span(random: Random) -> timedelta:
    return timedelta(seconds=random.choice((0, random.randrange(4 * 3600), random.randrange(8 * 86400))))


def _times(what: str, at: datetime | None, zone: str) -> Record:
    local = at and at.astimezone(zones.zone(zone)).replace(tzinfo=None).isoformat(timespec="seconds")
    gmt = at and at.replace(tzinfo=None).isoformat(timespec="seconds")
    return {f"date_{what}": local, f"date_{what}_gmt": gmt}
