"""Settings that are a list of items, such as canned replies, which are added, edited and deleted one by one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import psycopg2.errors
from flask import Response, abort
from wtforms import Form

from webhook.inbox.settings.forms import Invalid, edit
from webhook.inbox.settings.pages import Row, ShopTransaction, go_to, page, shop_transaction


@dataclass(frozen=True)
class Items:
    """Their statements are `<subject>.sql` and `…_add`, `…_save`, `…_remove`; `key` is the column that identifies an
    item, `form` has its other columns, and `unique` is a field that no two share, with the message that says so."""

    subject: str
    key: str
    form: type[Form]
    unique: tuple[str, object]

    def read(self, shop: ShopTransaction, key: Any = None) -> list[Row]:
        """The item with this key, or all."""
        return shop.rows(self.subject, **{self.key: key})

    def list(self) -> Response:
        with shop_transaction() as shop:
            rows = self.read(shop)
        return page(self.subject, items=rows)

    def edit(self, key: Any, **values: object) -> Response:
        """The form of an item, or of a new one if `key` is None; `values` are saved beside its fields."""

        def read(shop: ShopTransaction) -> dict[str, Any] | None:
            return next((row._asdict() for row in self.read(shop, key)), None)

        def write(shop: ShopTransaction, data: dict[str, Any]) -> None:
            saved = {**data, **values} | ({self.key: key} if key else {})
            try:
                is_there = shop.execute(f"{self.subject}_{'save' if key else 'add'}", **saved)
            except psycopg2.errors.UniqueViolation:
                raise Invalid(*self.unique) from None
            if not is_there:
                abort(404)  # deleted meanwhile

        show = partial(page, self.subject, template=f"{self.subject}_form", key=key)
        lock = f"{self.subject} {key}"
        return edit(self.subject, self.form, write, read=read if key else None, lock=lock, show=show)

    def remove(self, key: Any) -> Response:
        """Delete an item, or find it deleted."""
        with shop_transaction() as shop:
            shop.execute(f"{self.subject}_remove", **{self.key: key})
        return go_to(f"settings_{self.subject}", saved=1)
