"""The format of WordPress' and WooCommerce's answers: JSON, errors, selected fields, rounded amounts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

Record = dict[str, Any]

_TOTALS = (
    "discount_total",
    "discount_tax",
    "shipping_total",
    "shipping_tax",
    "cart_tax",
    "total",
    "total_tax",
    "amount",
)
_LINES = {
    "line_items": ("subtotal", "subtotal_tax", "total", "total_tax"),
    "shipping_lines": ("total", "total_tax"),
    "fee_lines": ("total", "total_tax"),
    "tax_lines": ("tax_total", "shipping_tax_total"),
    "refunds": ("total",),
}


class Refused(Exception):
    """A request that is answered with an error in WordPress's JSON. `data` is added to the status."""

    def __init__(self, status: int, code: str, message: str, **data: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body: Record = {"code": code, "message": message, "data": {"status": status, **data}}


# The errors of WooCommerce 10.5.2 for unknown ids.
_MISSING = {
    "orders": ("woocommerce_rest_shop_order_invalid_id", "Invalid ID."),
    "refunds": ("woocommerce_rest_shop_order_refund_invalid_id", "Invalid ID."),
    "products": ("woocommerce_rest_product_invalid_id", "Invalid ID."),
    "variations": ("woocommerce_rest_product_variation_invalid_id", "Invalid ID."),
    "categories": ("woocommerce_rest_term_invalid", "Resource does not exist."),
    "customers": ("wc_user_invalid_id", "Invalid user ID."),
    "coupons": ("woocommerce_rest_shop_coupon_invalid_id", "Invalid ID."),
    "reviews": ("woocommerce_rest_review_invalid_id", "Invalid review ID."),
    "webhooks": ("woocommerce_rest_shop_webhook_invalid_id", "Invalid ID."),
}


def missing(kind: str, status: int = 404) -> Refused:
    """The error for an unknown id of a kind (`orders`, `customers`, …)."""
    return Refused(status, *_MISSING[kind])


def missing_parent(code: str, message: str) -> Refused:
    """The error for a refund of another order. WooCommerce gives a bare 404 where WordPress expects a status, so the
    answer is 500."""
    refused = Refused(500, code, message)
    refused.body["data"] = 404
    return refused


def invalid_param(name: str, reason: str, code: str = "rest_invalid_param") -> Refused:
    details = {name: {"code": code, "message": reason, "data": None}}
    return Refused(400, "rest_invalid_param", f"Invalid parameter(s): {name}", params={name: reason}, details=details)


def encode(answer: Any) -> bytes:
    """JSON as PHP writes it: without spaces, with escaped slashes and non-ASCII characters."""
    return json.dumps(answer, separators=(",", ":")).replace("/", "\\/").encode()


def at_decimals(record: Record, decimals: int) -> Record:
    """A copy of an order or refund with amounts rounded to `dp` decimals."""
    shown = {**record, **_rounded(record, _TOTALS, decimals)}
    for kind, names in _LINES.items():
        if lines := shown.get(kind):
            shown[kind] = [_line_at(line, names, decimals) for line in lines]
    return shown


def _line_at(line: Record, names: Iterable[str], decimals: int) -> Record:
    shown = {**line, **_rounded(line, names, decimals)}
    if line.get("taxes"):
        shown["taxes"] = [{**tax, **_rounded(tax, ("total", "subtotal"), decimals)} for tax in line["taxes"]]
    return shown


def _rounded(record: Record, names: Iterable[str], decimals: int) -> Record:
    return {name: _at(record[name], decimals) for name in names if record.get(name) not in (None, "")}


def _at(value: Any, decimals: int) -> Any:
    if not isinstance(value, str) or value[-decimals - 1 : -decimals] == ".":
        return value
    try:
        exact = Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    except InvalidOperation:
        return value
    return str(exact if exact else abs(exact))


def fields_wanted(asked: list[str]) -> Record | None:
    """The tree of `_fields`; None stands for all fields."""
    tree: Record = {}
    for path in asked:
        *parents, last = path.split(".")
        branch: Any = tree
        for parent in parents:
            branch = branch.setdefault(parent, {}) if branch is not True else True
        if branch is not True:
            branch[last] = True
    return tree or None


def cut(record: Any, wanted: Record | None) -> Any:
    """The selected fields. As in WordPress, a field of a list's items (`line_items.id`) empties the list."""
    if wanted is None:
        return record
    if isinstance(record, list):
        return []
    if not isinstance(record, dict):
        return record
    return {
        name: value if wanted[name] is True or not isinstance(value, dict | list) else cut(value, wanted[name])
        for name, value in record.items()
        if name in wanted
    }
