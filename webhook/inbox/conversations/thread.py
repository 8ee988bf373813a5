"""The page of a conversation: messages, state and the reply form."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

import psycopg2.extensions
from flask import request
from flask_login import current_user
from werkzeug.wrappers import Response

from webhook.accounts.access import requires
from webhook.inbox import blueprint, database, pages
from webhook.inbox.connections import sending
from webhook.inbox.conversations import card, finding, listing, media, naming, places, searches, snooze_times, timeline
from webhook.inbox.conversations.places import Place
from webhook.inbox.conversations.searches import Search
from webhook.inbox.conversations.timeline import Timeline

AFTER_FOUND = 14  # messages that are shown after a found one


@dataclass(frozen=True)
class Thread:
    """A conversation for the page. `is_newest`: whether its newest messages are shown; `found`: the id of the message
    that a search found; `why_not`: why agents cannot write freely; `why_queued`: why replies wait, if some do;
    `form_token`, `note_token` and `customer_token`: those of the next reply, the next note and, in a test, the
    customer's next message."""

    conversation: Any
    timeline: Timeline
    is_newest: bool
    search: Search | None
    found: str | None
    why_not: str | None
    why_queued: str | None
    canned: list[Any]
    templates: list[Any]
    agents: list[Any]
    colleagues: list[Any]
    tags_in_use: list[Any]
    form_token: str
    note_token: str
    customer_token: str

    @property
    def snooze_choices(self) -> list[str]:
        return snooze_times.choices(self.conversation.timezone)

    @property
    def is_test(self) -> bool:
        return naming.is_test(self.conversation)

    @property
    def is_mine(self) -> bool:
        has = self.conversation
        return bool(has.state == "agent" and has.assigned_to == current_user.user_id)

    @property
    def is_others(self) -> bool:
        return self.conversation.state == "agent" and not self.is_mine


@blueprint.get("/conversations/<int:conversation_id>")
@requires("viewer")
def show_conversation(conversation_id: int) -> Response:
    """The whole page: list, thread and customer card."""
    shown = read(conversation_id)
    return pages.page(
        "inbox/conversations.html",
        listing=listing.listing(),
        thread=shown,
        card=card.read(shown.conversation),
        cards=card,
        media=media,
    )


@blueprint.get("/conversations/<int:conversation_id>/thread")
@requires("viewer")
def show_thread(conversation_id: int) -> Response:
    """Only the thread, for the page's script."""
    return fragment(conversation_id)


def fragment(conversation_id: int) -> Response:
    """The thread as a fragment."""
    return pages.page("inbox/thread.html", thread=read(conversation_id), media=media)


def read(conversation_id: int) -> Thread:
    """The thread at the place in the address, or around the message that a search found. Raises NotFound."""
    before, found = places.parse(request.args.get("from")), request.args.get("message") or None
    with database.transaction() as connection:
        conversation = finding.find(connection, conversation_id)
        if found and not before:
            before = _around(connection, conversation, found)
        values = {"store_id": conversation.store_id}
        seen = {"conversation_id": conversation_id, "user_id": current_user.user_id}
        database.rows(connection, "see_mentions.sql", seen)
        entries = timeline.read(connection, conversation, before)
        return Thread(
            conversation=conversation,
            timeline=entries,
            is_newest=before is None,
            search=searches.shown(request.args.get("search")),
            found=found,
            why_not=finding.why_not(conversation),
            why_queued=sending.why_queued(connection, conversation_id) if entries.has_queued else None,
            canned=database.rows(connection, "canned_replies.sql", values),
            templates=database.rows(connection, "templates.sql", values),
            agents=database.rows(connection, "agents.sql"),
            colleagues=database.rows(connection, "colleagues.sql"),
            tags_in_use=database.rows(connection, "tags.sql"),
            note_token=str(uuid.uuid4()),
            form_token=str(uuid.uuid4()),
            customer_token=str(uuid.uuid4()),
        )


def _around(connection: psycopg2.extensions.connection, conversation: Any, message_id: str) -> Place | None:
    """Where the page with this message ends; None if it is among the newest messages, or unknown."""
    values = {**conversation._asdict(), "message_id": message_id, "messages": AFTER_FOUND}
    row = database.row(connection, "place_after.sql", values)
    return Place(row.occurred_at, row.message_id) if row else None
