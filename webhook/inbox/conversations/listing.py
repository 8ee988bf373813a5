"""The list of conversations: waiting ones first, then the newest, narrowed down by the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg2.extensions
from flask import abort, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webhook.accounts.access import requires
from webhook.i18n import language
from webhook.inbox import blueprint, database, pages
from webhook.inbox.conversations import filters as filtering
from webhook.inbox.conversations import places, searches
from webhook.inbox.conversations import waiting as waits
from webhook.inbox.conversations.filters import NEWEST, UNANSWERED, UNHAPPY, WAITING, Filters
from webhook.inbox.conversations.places import Place
from webhook.inbox.conversations.waiting import Waiting

A_PAGE = 40
MOST_WAITING = 30
MOST_MATCHES = 300


@dataclass(frozen=True)
class Listing:
    """A page of the list. `waiting` come before `others`; `has_more_waiting`: more of them than shown here match the
    filters; `waits`: all waiting conversations; `older` is the start of the next page; `is_cut`: a search found more
    than is shown."""

    filters: Filters
    search: searches.Search | None
    waiting: list[Any]
    has_more_waiting: bool
    others: list[Any]
    waits: Waiting
    older: Place | None
    is_cut: bool
    is_first_page: bool
    counts: Any
    agents: list[Any]
    stores: list[Any]
    channels: list[Any]
    topics: list[Any]
    tags: list[Any]
    timezones: dict[str, str]


@blueprint.get("")
@requires("viewer")
def list_conversations() -> Response:
    return pages.page("inbox/conversations.html", listing=listing(), thread=None)


@blueprint.get("/list")
@requires("viewer")
def show_list() -> Response:
    """Only the list, for the page's script."""
    return pages.page("inbox/list.html", listing=listing(), open_id=request.args.get("open", type=int))


@blueprint.post("/search")
@requires("viewer")
def search() -> Response:
    """Redirect to the list with the search text encrypted in the address."""
    text = request.form.get("text", "").strip()
    return redirect(url_for("inbox.list_conversations", search=searches.hidden(text) if text else None), 303)


def listing() -> Listing:
    """The page of the list for the current address."""
    filters, before = filtering.parse(request.args), places.parse(request.args.get("before"))
    sought = searches.shown(filters.search)
    _check(before)
    with database.transaction() as connection:
        now = waits.read(connection)
        first: list[Any] = []
        if sought:
            others = _found(connection, sought)
        elif filters.state == WAITING and filters.sort != NEWEST:
            others = _waiting_rows(connection, filters, now.ids_after(before), A_PAGE + 1)
        elif _starts_with_waiting(filters):
            first = [] if before else _waiting_rows(connection, filters, now.ids, MOST_WAITING + 1)
            others = _rows(connection, filters, before, without=now.ids)
        else:
            are = {WAITING: {"only": now.ids}, UNANSWERED: {"waiting": now.ids}}.get(filters.state or "", {})
            others = _rows(connection, filters, before, **are)
        stores = database.rows(connection, "stores.sql")
        counts = database.row(connection, "counts.sql", {"user_id": current_user.user_id})
        agents = database.rows(connection, "agents.sql")
        channels = database.rows(connection, "channels.sql")
        tags = database.rows(connection, "tags.sql")
        topics = database.rows(connection, "topics.sql", {"language": language()})
    last = others[A_PAGE - 1] if len(others) > A_PAGE else None
    return Listing(
        filters=filters,
        search=sought,
        waiting=first[:MOST_WAITING],
        has_more_waiting=len(first) > MOST_WAITING,
        others=others[:A_PAGE],
        waits=now,
        older=_place(last, filters, now) if last and not sought else None,
        is_cut=bool(last and sought),
        is_first_page=before is None,
        counts=counts,
        agents=agents,
        stores=stores,
        channels=channels,
        topics=topics,
        tags=tags,
        timezones={store.store_id: store.timezone for store in stores if store.timezone},
    )


def _place(row: Any, filters: Filters, now: Waiting) -> Place:
    """Where the page after this row starts."""
    if filters.state == WAITING and filters.sort != NEWEST:
        return now.place(row.conversation_id)
    return Place(row.last_message_at, str(row.conversation_id))


def _starts_with_waiting(filters: Filters) -> bool:
    """Whether those who wait stand above the others."""
    return filters.sort != NEWEST and filters.state in (None, UNANSWERED, UNHAPPY)


def _waiting_rows(
    connection: psycopg2.extensions.connection, filters: Filters, ids: list[int], limit: int
) -> list[Any]:
    """Those of the ids that match the filters, in the same order. Whoever waits is unanswered."""
    order = {"only": ids, "is_in_order": True, "is_unanswered": False, "limit": limit}
    return database.rows(connection, "conversations.sql", filters.conditions | order)


def _rows(
    connection: psycopg2.extensions.connection, filters: Filters, before: Place | None, **ids: list[int]
) -> list[Any]:
    """The newest that match the filters. `ids`: parameters of the query."""
    place = {"before_at": before.at, "before_id": int(before.id)} if before else {}
    values = filters.conditions | place | ids | {"limit": A_PAGE + 1}
    return database.rows(connection, "conversations.sql", values)


def _found(connection: psycopg2.extensions.connection, sought: searches.Search) -> list[Any]:
    """Parts of phone numbers are only found by those who may see phone numbers."""
    first, last = sought.digits if sought.digits and current_user.may("agent") else (None, None)
    values = {
        "words": sought.words,
        "parts": sought.parts,
        "customer_key": sought.customer_key,
        "order_number": sought.order_number,
        "first_digits": first,
        "last_digits": last,
        "most": MOST_MATCHES,
        "limit": A_PAGE + 1,
    }
    return database.rows(connection, "found.sql", values)


def _check(before: Place | None) -> None:
    if before and not (before.id.isascii() and before.id.isdigit() and len(before.id) < 19):
        abort(400)
