"""A shop's objects as rows of `raw`: the object as it was given, beside the few typed keys that the rest relies on.

Lenient in what is taken: ids, a status, a date and an amount must be there, everything else may be missing, null, a
number or text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sources.woocommerce import fields
from sources.woocommerce.fields import Fields
from warehouse.identity import email_key, hash_key, normalise_phone, phone_key
from warehouse.settings import Settings
from warehouse.twilio_shape import without_nul

LARGEST_ID = 2**63 - 1
_REGION = re.compile(r"[A-Za-z]{2}")
_AMOUNT = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
_AMOUNTS = ("total_tax", "shipping_total", "discount_total")
# What is taken from the lines of a refund, whose own amount holds all of it.
_REFUNDED = {"shipping_lines": ("total",), "tax_lines": ("tax_total", "shipping_tax_total")}

Object = dict[str, Any]
Row = dict[str, Any]


class Unreadable(ValueError):
    """An object that cannot be landed; the message is the reason, without what the object says."""


@dataclass(frozen=True)
class Shape:
    """How a shop's objects become rows: `region` and `key` for phone numbers and e-mails, `zone` for dates that are
    only given in the shop's own time."""

    key: bytes
    region: str
    zone: ZoneInfo | None

    @classmethod
    def of(cls, settings: Settings, timezone: str | None) -> Shape:
        return cls(hash_key(settings), settings.default_region, ZoneInfo(timezone) if timezone else None)


@dataclass(frozen=True)
class Resource:
    """A kind of object: where it is listed, the fields that are asked for and kept, and its row. `unlisted` are the
    statuses that the listing leaves out though an object has them."""

    name: str
    path: str
    fields: Fields
    row: Callable[[Object, Shape], Row]
    params: dict[str, Any] = field(default_factory=dict)
    unlisted: tuple[str, ...] = ()

    def asked(self, **params: Any) -> dict[str, Any]:
        """The parameters of a listing of whole objects."""
        return {**self.asked_by_id(), **self.fields.meta, **params}

    def asked_by_id(self) -> dict[str, Any]:
        """The parameters of a request for one whole object."""
        return {**self.params, "_fields": self.fields.asked}


def read(resource: Resource, given: Any, shape: Shape) -> tuple[Row, str]:
    """An object's row (body still apart) and its body as JSON that Postgres takes. Raises Unreadable."""
    if not isinstance(given, dict):
        raise Unreadable("not an object")
    given = resource.fields.kept(without_nul(given))
    row = {"id": identity(given), **resource.row(given, shape)}
    return row, as_json(given)


def as_json(given: Any) -> str:
    """JSON text that Postgres takes: half a surrogate pair is no character, and infinity no number."""
    try:
        text = json.dumps(given, allow_nan=False, ensure_ascii=False)
    except (ValueError, RecursionError):
        raise Unreadable("a number that is none") from None
    return text.encode("utf-8", "replace").decode()


def identity(given: Object) -> int:
    """An object's id. Raises Unreadable."""
    number = whole(given.get("id"))
    if number is None or number == 0:
        raise Unreadable("no id")
    return number


def whole(value: Any) -> int | None:
    """A whole number, given as one or as text; None for anything else, and for what a bigint cannot hold."""
    if isinstance(value, bool) or not isinstance(value, int | str | float):
        return None
    try:
        number = int(value)
    except (ValueError, OverflowError):
        return None
    return number if 0 <= number <= LARGEST_ID and number == float(value) else None


def moment(given: Object, name: str, shape: Shape) -> datetime | None:
    """A date of an object, in UTC; from the shop's own time if only that is given. None if there is none."""
    if (exact := _naive(given.get(f"{name}_gmt"))) is not None:
        return exact if exact.tzinfo else exact.replace(tzinfo=UTC)
    local = _naive(given.get(name))
    if local is None or (local.tzinfo is None and shape.zone is None):
        return None
    return (local if local.tzinfo else local.replace(tzinfo=shape.zone)).astimezone(UTC)


def time_of(value: Any) -> datetime | None:
    """A single date of an object that is given in UTC; None for what is none, or from before there were shops."""
    found = _naive(value)
    if found is None or found.year < 2000:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _naive(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return found if 1900 < found.year < 2200 else None


def _text(value: Any) -> str | None:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) and value != "" else None


def _require_amounts(given: Object, needed: str, *others: str) -> None:
    """That sums can be made of an object: the first amount must be there, the others may be missing or empty."""
    if amount_of(given.get(needed)) is None:
        raise Unreadable(f"{needed} is no amount")
    _require_amounts_if_any(given, *others)


def _require_amounts_if_any(given: Object, *names: str) -> None:
    for name in names:
        if given.get(name) not in (None, "") and amount_of(given[name]) is None:
            raise Unreadable(f"{name} is no amount")


def _require_quantities(given: Object) -> None:
    for line in _lines(given, "line_items"):
        if amount_of(line.get("quantity", 0)) is None:
            raise Unreadable("a line without a quantity")


def _lines(given: Object, name: str) -> list[Object]:
    """The lines of an order or a refund; none if there are none. Raises Unreadable."""
    lines = given.get(name) or []
    if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
        raise Unreadable(f"{name} are no lines")
    return lines


def amount_of(value: Any) -> Decimal | None:
    """An amount of money or of goods, given as a number or as text; None for anything else. dbt's macro `as_amount`
    takes the same texts."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    # Postgres writes a JSON number without an exponent.
    text = format(Decimal(repr(value)), "f") if isinstance(value, float) else str(value)
    return Decimal(text) if _AMOUNT.fullmatch(text) else None


def _person(billing: Any, account_email: Any, shape: Shape) -> Row:
    billing = billing if isinstance(billing, dict) else {}
    email, phone, country = _text(account_email), _text(billing.get("phone")), _text(billing.get("country"))
    region = country.upper() if country and _REGION.fullmatch(country) else shape.region
    number = normalise_phone(phone, region) if phone else None
    return {
        "email_key": email_key(email, shape.key) if email else None,
        "phone_key": phone_key(number, shape.key) if number else None,
    }


def _order(given: Object, shape: Shape) -> Row:
    status, created = _text(given.get("status")), moment(given, "date_created", shape)
    if status is None:
        raise Unreadable("no status")
    if created is None:
        raise Unreadable("no date of creation")
    _require_amounts(given, "total", *_AMOUNTS)
    _require_quantities(given)
    customer = given.get("customer_id")
    if customer not in (None, "") and whole(customer) is None:
        raise Unreadable("a customer's id that is none")
    billing = given.get("billing")
    return {
        "status": status.removeprefix("wc-"),
        "customer_id": whole(customer) or 0,
        **_person(billing, billing.get("email") if isinstance(billing, dict) else None, shape),
        "created_at": created.isoformat(),
        "modified_at": (moment(given, "date_modified", shape) or created).isoformat(),
    }


def _refund(given: Object, shape: Shape) -> Row:
    order_id, created = whole(given.get("parent_id")), moment(given, "date_created", shape)
    if not order_id:
        raise Unreadable("no order")
    if created is None:
        raise Unreadable("no date of creation")
    _require_amounts(given, "amount")
    _require_quantities(given)
    for name, amounts in _REFUNDED.items():
        for line in _lines(given, name):
            _require_amounts_if_any(line, *amounts)
    return {"order_id": order_id, "created_at": created.isoformat()}


def _customer(given: Object, shape: Shape) -> Row:
    return {"role": _text(given.get("role")) or "", **_person(given.get("billing"), given.get("email"), shape)}


def _dated(given: Object, shape: Shape) -> Row:
    modified = moment(given, "date_modified", shape)
    return {"modified_at": modified.isoformat() if modified else None}


def _variation(given: Object, shape: Shape) -> Row:
    product_id = whole(given.get("parent_id"))
    if not product_id:
        raise Unreadable("no product")
    return {"product_id": product_id, **_dated(given, shape)}


ORDERS = Resource(
    "orders",
    "/wc/v3/orders",
    fields.ORDERS,
    _order,
    # The default of two decimals cuts what a cent is divided into, and sums then differ.
    params={"dp": 6},
)
REFUNDS = Resource("refunds", "/wc/v3/refunds", fields.REFUNDS, _refund, params={"dp": 6})
CUSTOMERS = Resource("customers", "/wc/v3/customers", fields.CUSTOMERS, _customer, params={"role": "all"})
PRODUCTS = Resource("products", "/wc/v3/products", fields.PRODUCTS, _dated, unlisted=("trash", "auto-draft"))
VARIATIONS = Resource(
    "variations",
    "/wc/v3/products/{product_id}/variations",
    fields.VARIATIONS,
    _variation,
    unlisted=("trash",),
)
CATEGORIES = Resource("categories", "/wc/v3/products/categories", fields.CATEGORIES, lambda *_: {})
COUPONS = Resource(
    "coupons",
    "/wc/v3/coupons",
    fields.COUPONS,
    _dated,
    unlisted=("trash", "auto-draft", "draft"),
)
RESOURCES = {each.name: each for each in (ORDERS, REFUNDS, CUSTOMERS, PRODUCTS, VARIATIONS, CATEGORIES, COUPONS)}
# By what webhooks call them.
DELIVERED = {"order": ORDERS, "product": PRODUCTS, "customer": CUSTOMERS, "coupon": COUPONS}
