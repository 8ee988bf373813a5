"""The list of conversations: waiting ones first, then the newest, filtered by the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg2.extensions
from flask import abort, redirect, request, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from warehouse.i18n import N_
from webhook.accounts.access import requires
from webhook.inbox import blueprint, database, pages
from webhook.inbox.conversations import places, searches
from webhook.inbox.conversations import waiting as waits
from webhook.inbox.conversations.places import Place
from webhook.inbox.conversations.waiting import Waiting
from webhook.inbox.errors import Refusal

A_PAGE = 40
MOST_WAITING = 30
MOST_MATCHES = 300
STATES = ("waiting", "agent", "bot", "closed")
TESTS = "tests"  # instead of a state: test conversations, which are in no other list
ISSUES = ("delivery", "order", "payment", "refund", "other")
URGENCIES = ("high", "normal", "low")
_CHOICES: dict[str, tuple[str, ...]] = {
    "state": (*STATES, TESTS),
    "issue": ISSUES,
    "urgency": URGENCIES,
    "language": ("id", "en"),
}


@dataclass(frozen=True)
class Filters:
    """The filters in the address; `agent` is `me`, `nobody` or a user id."""

    state: str | None = None
    issue: str | None = None
    urgency: str | None = None
    language: str | None = None
    agent: str | None = None
    store: str | None = None
    search: str | None = None

    @property
    def address(self) -> dict[str, str]:
        """The query parameters of the same list."""
        return {name: value for name, value in vars(self).items() if value}

    @property
    def chosen(self) -> int:
        """The number of active filters in the folded section."""
        return sum(1 for name in ("issue", "urgency", "language", "agent", "store") if getattr(self, name))


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


def parse(arguments: MultiDict[str, str]) -> Filters:
    """The filters of an address. Raises Refusal 400 for unknown values."""
    given = {name: value for name in Filters.__annotations__ if (value := arguments.get(name))}
    for name, choices in _CHOICES.items():
        if given.get(name, choices[0]) not in choices:
            raise Refusal(400, "bad_filter", N_("This link contains a filter that doesn't exist."))
    agent = given.get("agent", "me")
    if agent not in ("me", "nobody") and not (agent.isascii() and agent.isdigit() and len(agent) < 16):
        raise Refusal(400, "bad_filter", N_("This link contains a filter that doesn't exist."))
    return Filters(**given)


def listing() -> Listing:
    """The page of the list for the current address."""
    filters, before = parse(request.args), places.parse(request.args.get("before"))
    sought = searches.shown(filters.search)
    _check(before)
    with database.transaction() as connection:
        now = waits.read(connection)
        first: list[Any] = []
        if sought:
            others = _found(connection, sought)
        elif filters.state == "waiting":
            others = _waiting_rows(connection, filters, now.ids_after(before), A_PAGE + 1)
        elif filters.state:
            others = _rows(connection, filters, before)
        else:
            first = [] if before else _waiting_rows(connection, filters, now.ids, MOST_WAITING + 1)
            others = _rows(connection, filters, before, without=now.ids)
        stores = database.rows(connection, "stores.sql")
        counts = database.row(connection, "counts.sql", {"user_id": current_user.user_id})
        agents = database.rows(connection, "agents.sql")
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
        timezones={store.store_id: store.timezone for store in stores if store.timezone},
    )


def _place(row: Any, filters: Filters, now: Waiting) -> Place:
    """Where the page after this row starts."""
    if filters.state == "waiting":
        return now.place(row.conversation_id)
    return Place(row.last_message_at, str(row.conversation_id))


def _waiting_rows(
    connection: psycopg2.extensions.connection, filters: Filters, ids: list[int], limit: int
) -> list[Any]:
    """Those of the ids that match the filters, in the same order."""
    order = {"only": ids, "is_in_order": True, "limit": limit}
    return database.rows(connection, "conversations.sql", _conditions(filters) | order)


def _rows(
    connection: psycopg2.extensions.connection, filters: Filters, before: Place | None, without: list[int] | None = None
) -> list[Any]:
    place = {"before_at": before.at, "before_id": int(before.id)} if before else {}
    values = _conditions(filters) | place | {"without": without or [], "limit": A_PAGE + 1}
    return database.rows(connection, "conversations.sql", values)


def _conditions(filters: Filters) -> dict[str, Any]:
    assigned = current_user.user_id if filters.agent == "me" else filters.agent
    return {
        "state": None if filters.state in ("waiting", TESTS) else filters.state,
        "is_test": filters.state == TESTS,
        "issue": filters.issue,
        "urgency": filters.urgency,
        "language": filters.language,
        "store": filters.store,
        "assigned_to": None if filters.agent == "nobody" else assigned,
        "is_unassigned": filters.agent == "nobody",
        "only": None,
        "without": [],
        "is_in_order": False,
        "before_at": None,
        "before_id": None,
    }


def _found(connection: psycopg2.extensions.connection, sought: searches.Search) -> list[Any]:
    values = {
        "words": sought.words,
        "parts": sought.parts,
        "customer_key": sought.customer_key,
        "most": MOST_MATCHES,
        "limit": A_PAGE + 1,
    }
    return database.rows(connection, "found.sql", values)


def _check(before: Place | None) -> None:
    if before and not (before.id.isascii() and before.id.isdigit() and len(before.id) < 19):
        abort(400)
