"""The fields of a shop's objects that Kabar requests and stores, each with its readers.

`billing.email` is a field of an object, `line_items[].name` one of each object in a list, and `meta_data[_refund_type]`
the entries with that key. `parcels` is what `parcels.py` finds in an order's meta data. Readers: `sync`,
`reconciliation` (both in this folder), `validation` (`expectations/`), `dbt` and `bot`. A test compares the list with
the code. After a change of the list the next sync fetches that kind in full, once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sources.woocommerce.parcels import KEYS, parcels_of


@dataclass(frozen=True)
class Fields:
    """The fields of a kind of object, each with its readers, separated by spaces."""

    readers: Mapping[str, str]

    @cached_property
    def requested(self) -> list[str]:
        """The value of `_fields`. Lists are requested whole, since WordPress returns them empty otherwise."""
        names = ("meta_data" if each.startswith("parcels") else each.partition("[")[0] for each in self.readers)
        return list(dict.fromkeys(names))

    @cached_property
    def meta(self) -> dict[str, list[str]]:
        """The parameter that leaves other plugins' meta data out of a listing. Older versions of WooCommerce ignore it,
        and so does the address of a single object."""
        return {"include_meta": sorted(KEYS)} if self._has_parcels else {}

    @cached_property
    def version(self) -> str:
        """Changes with the list of fields."""
        listed = [*sorted(self.readers), *(sorted(KEYS) if self._has_parcels else ())]
        return hashlib.sha256("\n".join(listed).encode()).hexdigest()[:16]

    def kept(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        """An object reduced to its fields. A value that does not have the field's shape stays as it is."""
        body: dict[str, Any] = _picked(payload, self._tree)
        if self._has_parcels and (parcels := parcels_of(payload)):
            body["parcels"] = parcels
        return body

    @property
    def _has_parcels(self) -> bool:
        return "parcels[].number" in self.readers

    @cached_property
    def _tree(self) -> dict[str, Any]:
        tree: dict[str, Any] = {}
        for path in self.readers:
            *parents, last = path.replace("[]", "").split(".")
            name, _, key = last.rstrip("]").partition("[")
            branch = tree
            for parent in parents:
                branch = branch.setdefault(parent, {})
            branch[name] = _entries_of(key) if key else None
        tree.pop("parcels", None)
        return tree


def _picked(value: Any, tree: Any) -> Any:
    if tree is None:
        return value
    if callable(tree):
        return tree(value)
    if isinstance(value, list):
        return [_picked(each, tree) for each in value]
    if not isinstance(value, dict):
        return value
    return {name: _picked(each, tree[name]) for name, each in value.items() if name in tree}


def _entries_of(key: str) -> Callable[[Any], list[Any]]:
    """A function that picks the entries with a key from meta data."""
    return lambda entries: [
        {"key": key, "value": each.get("value")}
        for each in (entries if isinstance(entries, list) else ())
        if isinstance(each, dict) and each.get("key") == key
    ]


_MODIFIED = {"date_modified": "sync", "date_modified_gmt": "sync"}

ORDERS = Fields(
    {
        "id": "sync",
        "parent_id": "reconciliation dbt",
        "number": "bot",
        "status": "sync",
        "currency": "dbt bot validation",
        "created_via": "dbt",
        "customer_id": "sync reconciliation",
        "payment_method": "dbt",
        "payment_method_title": "bot",
        **_MODIFIED,
        "date_created": "sync reconciliation validation dbt",
        "date_created_gmt": "sync reconciliation",
        "date_paid": "reconciliation dbt",
        "date_paid_gmt": "dbt bot",
        "date_completed": "reconciliation dbt",
        "date_completed_gmt": "dbt",
        "total": "sync reconciliation validation dbt bot",
        "total_tax": "sync reconciliation validation dbt",
        "shipping_total": "sync reconciliation validation dbt",
        "discount_total": "sync reconciliation dbt",
        "billing.email": "sync",
        "billing.phone": "sync",
        "billing.country": "sync",
        "line_items[].name": "dbt bot",
        "line_items[].product_id": "sync dbt",
        "line_items[].variation_id": "sync dbt",
        "line_items[].quantity": "sync reconciliation dbt bot",
        "line_items[].subtotal": "dbt",
        "line_items[].total": "dbt",
        "line_items[].total_tax": "dbt",
        "coupon_lines[].discount": "dbt",
        "refunds[].id": "sync",
        "parcels[].number": "bot",
        "parcels[].carrier": "bot",
        "parcels[].url": "bot",
        "parcels[].shipped_on": "bot",
    }
)
REFUNDS = Fields(
    {
        "id": "sync",
        "parent_id": "sync",
        "date_created": "sync reconciliation validation dbt",
        "date_created_gmt": "sync",
        "amount": "sync reconciliation validation dbt bot",
        "meta_data[_refund_type]": "reconciliation dbt",
        "line_items[].quantity": "sync reconciliation dbt",
        "shipping_lines[].total": "sync reconciliation dbt",
        "tax_lines[].tax_total": "sync reconciliation dbt",
        "tax_lines[].shipping_tax_total": "sync reconciliation dbt",
    }
)
CUSTOMERS = Fields(
    {
        "id": "sync",
        "date_created_gmt": "dbt",
        "email": "sync",
        "role": "sync",
        "billing.phone": "sync",
        "billing.country": "sync",
    }
)
_GOODS = {
    "id": "sync bot",
    "parent_id": "sync",
    "name": "dbt bot",
    "sku": "dbt",
    "status": "sync dbt bot",
    **_MODIFIED,
    "price": "dbt bot",
    "regular_price": "bot",
    "sale_price": "bot",
    "on_sale": "bot",
    "date_on_sale_from_gmt": "bot",
    "date_on_sale_to_gmt": "bot",
    "purchasable": "bot",
    "stock_status": "bot",
    "stock_quantity": "bot",
    "manage_stock": "bot",
    "backorders": "bot",
}
PRODUCTS = Fields(
    {
        **_GOODS,
        "name": "sync dbt bot",
        "type": "sync dbt bot",
        "permalink": "bot",
        "catalog_visibility": "bot",
        "short_description": "bot",
        "description": "bot",
        "attributes[].name": "bot",
        "attributes[].options": "bot",
        "attributes[].visible": "bot",
        "attributes[].variation": "bot",
        "categories[].name": "dbt bot",
        "variations": "sync",
    }
)
VARIATIONS = Fields({**_GOODS, "type": "bot", "attributes[].name": "bot", "attributes[].option": "bot"})
CATEGORIES = Fields({"id": "sync", "name": "dbt", "parent": "dbt"})
COUPONS = Fields(
    {
        "id": "sync",
        "code": "dbt",
        "amount": "dbt",
        "discount_type": "dbt",
        "status": "sync",
        **_MODIFIED,
    }
)

# Landed as reviews of any source (`product_reviews.py`), not as objects.
REVIEWS = Fields(
    {
        "id": "sync",
        "date_created": "sync",
        "date_created_gmt": "sync",
        "product_id": "sync",
        "product_name": "sync",
        "status": "sync",
        "reviewer": "sync",
        "review": "sync",
        "rating": "sync",
    }
)
