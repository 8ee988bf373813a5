"""A shop's objects as rows of `raw`: the payload beside a few typed columns.

Ids, status, dates and amounts are required; everything else may be missing, null, a number or text.
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
from warehouse.zones import zone

MAX_ID = 2**63 - 1
# The reason for setting aside a refund without an order, which changes no figure.
NO_ORDER = "no order"
_REGION = re.compile(r"[A-Za-z]{2}")
_AMOUNT = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
_AMOUNTS = ("total_tax", "shipping_total", "discount_total")
# Amounts in the lines of a refund.
_REFUNDED = {"shipping_lines": ("total",), "tax_lines": ("tax_total", "shipping_tax_total")}

Object = dict[str, Any]
Row = dict[str, Any]


class Unreadable(ValueError):
    """An object that cannot be landed; the message is the reason, without the object's content."""


@dataclass(frozen=True)
class Shape:
    """What is needed to turn objects into rows: `region` and `key` for phone numbers and e-mails, `zone` for dates that
    have no UTC value."""

    key: bytes
    region: str
    zone: ZoneInfo | None

    @classmethod
    def of(cls, settings: Settings, timezone: str | None) -> Shape:
        return cls(hash_key(settings), settings.default_region, zone(timezone) if timezone else None)


@dataclass(frozen=True)
class Resource:
    """A kind of object: the path of its listing, the fields that are stored, and the function that makes its row.
    `unlisted`: statuses that the listing leaves out."""

    name: str
    path: str
    fields: Fields
    row: Callable[[Object, Shape], Row]
    params: dict[str, Any] = field(default_factory=dict)
    unlisted: tuple[str, ...] = ()

    @property
    def is_nested(self) -> bool:
        """Whether single objects are at an address below their order or product."""
        return self.name in ("refunds", "variations")

    def query(self, **params: Any) -> dict[str, Any]:
        """The parameters of a listing of whole objects."""
        return {**self.query_by_id(), **self.fields.meta, **params}

    def query_by_id(self) -> dict[str, Any]:
        """The parameters of a request for one whole object."""
        return {**self.params, "_fields": self.fields.requested}


def read(resource: Resource, payload: Any, shape: Shape) -> tuple[Row, str]:
    """An object's row without its body, and the body as JSON for Postgres. Raises Unreadable."""
    if not isinstance(payload, dict):
        raise Unreadable("not an object")
    payload = resource.fields.kept(without_nul(payload))
    row = {"id": identity(payload), **resource.row(payload, shape)}
    return row, as_json(payload)


def as_json(payload: Any) -> str:
    """JSON text for Postgres, which accepts neither half a surrogate pair nor infinity. Raises Unreadable."""
    try:
        text = json.dumps(payload, allow_nan=False, ensure_ascii=False)
    except (ValueError, RecursionError):
        raise Unreadable("a number that is none") from None
    return text.encode("utf-8", "replace").decode()


def identity(payload: Object) -> int:
    """An object's id. Raises Unreadable."""
    number = parse_id(payload.get("id"))
    if number is None or number == 0:
        raise Unreadable("no id")
    return number


def parse_id(value: Any) -> int | None:
    """A whole number from a number or text; None for anything else, and if it does not fit a bigint."""
    if isinstance(value, bool) or not isinstance(value, int | str | float):
        return None
    try:
        number = int(value)
    except (ValueError, OverflowError):
        return None
    return number if 0 <= number <= MAX_ID and number == float(value) else None


def moment(payload: Object, name: str, shape: Shape) -> datetime | None:
    """A date of an object in UTC, converted from the shop's local time if there is no UTC value. None without a
    date."""
    if (exact := _naive(payload.get(f"{name}_gmt"))) is not None:
        return exact if exact.tzinfo else exact.replace(tzinfo=UTC)
    local = _naive(payload.get(name))
    if local is None or (local.tzinfo is None and shape.zone is None):
        return None
    return (local if local.tzinfo else local.replace(tzinfo=shape.zone)).astimezone(UTC)


def modified_at(payload: Object, shape: Shape) -> datetime | None:
    """When an order was modified, or else created; both dates can be missing."""
    return moment(payload, "date_modified", shape) or moment(payload, "date_created", shape)


def time_of(value: Any) -> datetime | None:
    """A UTC date; None if it is invalid or before 2000."""
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


def _require_amounts(payload: Object, needed: str, *others: str) -> None:
    """Raises Unreadable unless the first amount is there and the others are amounts, missing or empty."""
    if amount_of(payload.get(needed)) is None:
        raise Unreadable(f"{needed} is no amount")
    _require_amounts_if_any(payload, *others)


def _require_amounts_if_any(payload: Object, *names: str) -> None:
    for name in names:
        if payload.get(name) not in (None, "") and amount_of(payload[name]) is None:
            raise Unreadable(f"{name} is no amount")


def _require_quantities(payload: Object) -> None:
    for line in _lines(payload, "line_items"):
        if amount_of(line.get("quantity", 0)) is None:
            raise Unreadable("a line without a quantity")


def _lines(payload: Object, name: str) -> list[Object]:
    """The lines of an order or a refund. Raises Unreadable."""
    lines = payload.get(name) or []
    if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
        raise Unreadable(f"{name} are no lines")
    return lines


def amount_of(value: Any) -> Decimal | None:
    """An amount from a number or text; None for anything else. dbt's macro `as_amount` accepts the same texts."""
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


def _order(payload: Object, shape: Shape) -> Row:
    status, created = _text(payload.get("status")), moment(payload, "date_created", shape)
    if status is None:
        raise Unreadable("no status")
    if created is None:
        raise Unreadable("no date of creation")
    _require_amounts(payload, "total", *_AMOUNTS)
    _require_quantities(payload)
    customer = payload.get("customer_id")
    if customer not in (None, "") and parse_id(customer) is None:
        raise Unreadable("a customer's id that is none")
    billing = payload.get("billing")
    return {
        "status": status.removeprefix("wc-"),
        "customer_id": parse_id(customer) or 0,
        **_person(billing, billing.get("email") if isinstance(billing, dict) else None, shape),
        "created_at": created.isoformat(),
        "modified_at": (modified_at(payload, shape) or created).isoformat(),
    }


def _refund(payload: Object, shape: Shape) -> Row:
    order_id, created = parse_id(payload.get("parent_id")), moment(payload, "date_created", shape)
    if not order_id:
        raise Unreadable(NO_ORDER)
    if created is None:
        raise Unreadable("no date of creation")
    _require_amounts(payload, "amount")
    _require_quantities(payload)
    for name, amounts in _REFUNDED.items():
        for line in _lines(payload, name):
            _require_amounts_if_any(line, *amounts)
    return {"order_id": order_id, "created_at": created.isoformat()}


def _customer(payload: Object, shape: Shape) -> Row:
    return {"role": _text(payload.get("role")) or "", **_person(payload.get("billing"), payload.get("email"), shape)}


def _dated(payload: Object, shape: Shape) -> Row:
    modified = moment(payload, "date_modified", shape)
    return {"modified_at": modified.isoformat() if modified else None}


def _variation(payload: Object, shape: Shape) -> Row:
    product_id = parse_id(payload.get("parent_id"))
    if not product_id:
        raise Unreadable("no product")
    return {"product_id": product_id, **_dated(payload, shape)}


ORDERS = Resource(
    "orders",
    "/wc/v3/orders",
    fields.ORDERS,
    _order,
    # With the default of two decimals, sums of fractions of a cent differ.
    params={"dp": 6},
    unlisted=("trash", "auto-draft"),
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
# By their name in webhooks' topics.
DELIVERED = {"order": ORDERS, "product": PRODUCTS, "customer": CUSTOMERS, "coupon": COUPONS}
