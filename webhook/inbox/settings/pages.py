"""What the settings pages share: the transaction over a shop, rendering, and detection of lost updates."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import psycopg2.extensions
from flask import Response, abort, g, redirect, request, url_for
from flask_login import current_user
from psycopg2.extras import NamedTupleCursor

from warehouse import formats
from warehouse.connection import read_sql
from warehouse.zones import zone
from webhook.accounts.access import Role, requires
from webhook.i18n import language
from webhook.inbox import blueprint, database, pages
from webhook.services import services

SUBJECTS: dict[str, Role] = {
    "connections": "admin",
    "hours": "admin",
    "holidays": "admin",
    "targets": "admin",
    "costs": "admin",
    "bot": "admin",
    "voice": "admin",
    "rules": "admin",
    "anger": "admin",
    "topics": "admin",
    "dimensions": "admin",
    "canned": "agent",
    "templates": "admin",
    "channels": "admin",
    "reviews": "admin",
    "surveys": "admin",
    "set_aside": "admin",
    "people": "admin",
}
"""The pages in the order of the menu, with the role that may open them."""

Row = Any
"""A named tuple with the columns of a statement."""

SQL = Path(__file__).parent / "sql"


@dataclass(frozen=True)
class ShopTransaction:
    """A transaction over the settings of one shop."""

    cursor: psycopg2.extensions.cursor
    store_id: str

    def rows(self, name: str, /, **values: object) -> list[Row]:
        """The rows of `<name>.sql`."""
        self.execute(name, **values)
        return self.cursor.fetchall()

    def row(self, name: str, /, **values: object) -> dict[str, Any]:
        """The only row of `<name>.sql`."""
        return dict(self.rows(name, **values)[0]._asdict())

    def execute(self, name: str, /, **values: object) -> int:
        """Run `<name>.sql`; returns the number of affected rows."""
        self.cursor.execute(read_sql(SQL / f"{name}.sql"), {"store_id": self.store_id, **values})
        return self.cursor.rowcount


@contextmanager
def shop_transaction() -> Iterator[ShopTransaction]:
    """A transaction over the shop in the address (`?store=`), by default the deployment's own. Raises NotFound."""
    default = services().settings.default_store
    with database.transaction() as connection, connection.cursor(cursor_factory=NamedTupleCursor) as cursor:
        cursor.execute(read_sql(SQL / "stores.sql"), {"store_id": default})  # type: ignore[no-untyped-call]
        rows: list[Row] = cursor.fetchall()
        found = {row.store_id: row for row in rows}
        g.store_id = request.args.get("store", default)
        if g.store_id not in found:
            abort(404)
        g.stores = {row.store_id: row.name for row in rows}
        g.timezone = found[g.store_id].timezone
        yield ShopTransaction(cursor, g.store_id)


@blueprint.get("/settings")
@requires("agent")
def show_settings() -> Response:
    """The first page that the user may open."""
    first = next(name for name, role in SUBJECTS.items() if current_user.may(role))
    return go_to(f"settings_{first}")


def page(subject: str, status: int = 200, template: str | None = None, form: Any = None, **values: Any) -> Response:
    """A settings page. Templates also get the first error of each field of the form, `to(endpoint, …)`, which keeps
    the shop in the address, and formatters of times in the shop's time zone."""
    if "stores" not in g:
        with shop_transaction():
            pass
    return pages.page(
        f"inbox/settings/{template or subject}.html",
        status,
        subject=subject,
        subjects=[name for name, role in SUBJECTS.items() if current_user.may(role)],
        stores=g.stores,
        store_id=g.store_id,
        to=address,
        moment=_moment,
        is_saved="saved" in request.args,
        form=form,
        errors={name: messages[0] for name, messages in form.errors.items()} if form else {},
        **values,
    )


def timezone() -> str:
    """The name of the shop's time zone, once its transaction was opened."""
    return str(g.timezone or services().settings.default_timezone)


def today() -> date:
    """The shop's day."""
    return datetime.now(zone(timezone())).date()


def _moment(at: datetime) -> str:
    return formats.moment(at, timezone(), language())


def address(endpoint: str, **values: Any) -> str:
    """The address of a view of the settings, for the same shop."""
    if "store" in request.args:
        values["store"] = request.args["store"]
    return url_for(f"inbox.{endpoint}", **values)


def go_to(endpoint: str, **values: Any) -> Response:
    """Redirect to a page after a change."""
    response = redirect(address(endpoint, **values), 303)
    assert isinstance(response, Response)
    return response


def fingerprint(content: object) -> str:
    """A short hash that differs for other content."""
    return hashlib.sha256(json.dumps(content, default=str).encode()).hexdigest()[:16]
