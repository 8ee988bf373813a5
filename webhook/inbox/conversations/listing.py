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
from webhook.inbox.conversations.places import Place
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
    """A page of the list. `waiting` come before `others`; `older` is the start of the next page; `is_cut`: a search
    found more than is shown."""

    filters: Filters
    search: searches.Search | None
    waiting: list[Any]
    others: list[Any]
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
    with database.transaction() as connection:
        waiting: list[Any] = []
        if sought:
            others = _found(connection, sought)
        elif filters.state:
            others = _rows(connection, filters, [filters.state], before)
        else:
            waiting = [] if before else _rows(connection, filters, ["waiting"], None)
            others = _rows(connection, filters, ["agent", "bot", "closed"], before)
        stores = database.rows(connection, "stores.sql")
        counts = database.row(connection, "counts.sql", {"user_id": current_user.user_id})
        agents = database.rows(connection, "agents.sql")
    last = others[A_PAGE - 1] if len(others) > A_PAGE else None
    return Listing(
        filters=filters,
        search=sought,
        waiting=sorted(waiting[:MOST_WAITING], key=lambda row: row.state_at),
        others=others[:A_PAGE],
        older=Place(last.last_message_at, str(last.conversation_id)) if last and not sought else None,
        is_cut=bool(last and sought),
        is_first_page=before is None,
        counts=counts,
        agents=agents,
        stores=stores,
        timezones={store.store_id: store.timezone for store in stores if store.timezone},
    )


def _rows(
    connection: psycopg2.extensions.connection, filters: Filters, states: list[str], before: Place | None
) -> list[Any]:
    assigned = current_user.user_id if filters.agent == "me" else filters.agent
    values = {
        "states": list(STATES) if states == [TESTS] else states,
        "is_test": states == [TESTS],
        "issue": filters.issue,
        "urgency": filters.urgency,
        "language": filters.language,
        "store": filters.store,
        "assigned_to": None if filters.agent == "nobody" else assigned,
        "is_unassigned": filters.agent == "nobody",
        **_after(before),
    }
    return database.rows(connection, "conversations.sql", values)


def _found(connection: psycopg2.extensions.connection, sought: searches.Search) -> list[Any]:
    values = {
        "words": sought.words,
        "parts": sought.parts,
        "customer_key": sought.customer_key,
        "most": MOST_MATCHES,
        "limit": A_PAGE + 1,
    }
    return database.rows(connection, "found.sql", values)


def _after(before: Place | None) -> dict[str, Any]:
    if before and not (before.id.isascii() and before.id.isdigit() and len(before.id) < 19):
        abort(400)
    return {
        "before_at": before.at if before else None,
        "before_id": int(before.id) if before else None,
        "limit": A_PAGE + 1,
    }
