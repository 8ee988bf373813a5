"""What the settings pages share: the shop that they are about, how they are drawn, and how a lost update is noticed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg2.extensions
from flask import Response, abort, g, redirect, request, url_for
from flask_login import current_user

from warehouse import formats
from warehouse.connection import read_sql
from webhook.accounts.access import Role, requires
from webhook.i18n import gettext as _
from webhook.i18n import language
from webhook.inbox import blueprint, database, pages
from webhook.services import services

SUBJECTS: dict[str, Role] = {
    "hours": "admin",
    "holidays": "admin",
    "targets": "admin",
    "bot": "admin",
    "voice": "admin",
    "rules": "admin",
    "anger": "admin",
    "canned": "agent",
    "templates": "admin",
    "channels": "admin",
    "people": "admin",
}
"""The pages in the order of their list, and who may read them."""

Row = tuple[Any, ...]
Errors = dict[str, str]
"""The id of a field → the sentence that says what is wrong with it."""

_SQL = Path(__file__).parent / "sql"


@dataclass(frozen=True)
class Desk:
    """A transaction over one shop."""

    cursor: psycopg2.extensions.cursor
    store_id: str

    def rows(self, name: str, /, **values: object) -> list[Row]:
        """What `<name>.sql` answers for the shop."""
        self.change(name, **values)
        found: list[Row] = self.cursor.fetchall()
        return found

    def change(self, name: str, /, **values: object) -> int:
        """Run `<name>.sql` for the shop; returns how many rows it met."""
        self.cursor.execute(read_sql(_SQL / f"{name}.sql"), {"store_id": self.store_id} | values)
        return self.cursor.rowcount


@contextmanager
def desk() -> Iterator[Desk]:
    """A transaction over the shop that the address names (`?store=`), else the deployment's own."""
    default = services().settings.default_store
    with database.transaction() as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "stores.sql"), {"store_id": default})
        found = cursor.fetchall()
        g.stores = {store_id: name for store_id, name, _ in found}
        g.store_id = request.args.get("store", default)
        if g.store_id not in g.stores:
            abort(404)
        g.timezone = next(zone for store_id, _, zone in found if store_id == g.store_id)
        yield Desk(cursor, g.store_id)


@blueprint.get("/settings")
@requires("agent")
def show_settings() -> Response:
    """The first page that the reader may open."""
    first = next(name for name, role in SUBJECTS.items() if current_user.may(role))
    return go_to(f"settings_{first}")


def page(subject: str, status: int = 200, template: str | None = None, **values: Any) -> Response:
    """A settings page. Templates get besides `to(endpoint, …)`, which keeps the shop in the address, and times in the
    shop's zone."""
    if "stores" not in g:
        with desk():
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
        **{"errors": {}, **values},
    )


def _moment(at: datetime) -> str:
    return formats.moment(at, g.timezone or services().settings.default_timezone, language())


def address(endpoint: str, **values: Any) -> str:
    """The address of a settings page or of what its forms do, over the same shop."""
    if "store" in request.args:
        values["store"] = request.args["store"]
    return url_for(f"inbox.{endpoint}", **values)


def go_to(endpoint: str, **values: Any) -> Response:
    """Lead to a page after something was done."""
    answer = redirect(address(endpoint, **values), 303)
    assert isinstance(answer, Response)
    return answer


def fingerprint(content: object) -> str:
    """A short text that another content does not have."""
    return hashlib.sha256(json.dumps(content, default=str).encode()).hexdigest()[:16]


def save(subject: str, read: Callable[[Desk], object], write: Callable[[Desk], object]) -> str | None:
    """Write what a form holds, unless somebody else changed it since the form was opened. Returns None if it is done,
    else the fingerprint of what is there now: with it, sending the form again is meant."""
    with desk() as at:
        at.change("lock", subject=subject)
        there = fingerprint(read(at))
        if there != request.form.get("seen"):
            return there
        write(at)
    return None


def typed(name: str, most: int = 200) -> str:
    """What was typed into a field, without what Postgres takes in no text; at most `most` characters are taken."""
    return request.form.get(name, "").replace("\0", "").replace("\r\n", "\n").strip()[:most]


def is_ticked(name: str) -> bool:
    return name in request.form


def lines(text: str) -> list[str]:
    """The lines that have something, each once, in order."""
    return list(dict.fromkeys(line for each in text.splitlines() if (line := " ".join(each.split()))))


def wrong(field: str, sentence: str, **values: object) -> Errors:
    """What is wrong with one field, in the reader's language; `sentence` is marked with `N_`."""
    return {field: _(sentence, **values)}


def required(fields: Mapping[str, str]) -> Errors:
    """Says of each field without a value that it needs one."""
    return {name: _("This field is required.") for name, value in fields.items() if not value}


def number(text: str) -> float | None:
    """A number with a comma or a point; None for what is none, as are those without end."""
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if abs(value) < 1e12 else None
