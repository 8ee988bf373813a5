"""The page of a conversation: messages, state and the reply form."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_login import current_user
from werkzeug.wrappers import Response

from webhook.accounts.access import requires
from webhook.inbox import blueprint, database, pages
from webhook.inbox.connections import sending
from webhook.inbox.conversations import card, finding, listing, media, naming, places, timeline
from webhook.inbox.conversations.timeline import Timeline


@dataclass(frozen=True)
class Thread:
    """A conversation for the page. `why_not`: why agents cannot write freely; `why_queued`: why replies wait, if some
    do; `form_token` and `customer_token`: those
    of the next reply and, in a test, of the customer's next message."""

    conversation: Any
    timeline: Timeline
    why_not: str | None
    why_queued: str | None
    canned: list[Any]
    templates: list[Any]
    agents: list[Any]
    form_token: str
    customer_token: str

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
    """The thread at the place in the address. Raises NotFound."""
    before = places.parse(request.args.get("from"))
    with database.transaction() as connection:
        conversation = finding.find(connection, conversation_id)
        values = {"store_id": conversation.store_id}
        entries = timeline.read(connection, conversation, before)
        return Thread(
            conversation=conversation,
            timeline=entries,
            why_not=finding.why_not(conversation),
            why_queued=sending.why_queued(connection, conversation_id) if entries.has_queued else None,
            canned=database.rows(connection, "canned_replies.sql", values),
            templates=database.rows(connection, "templates.sql", values),
            agents=database.rows(connection, "agents.sql"),
            form_token=str(uuid.uuid4()),
            customer_token=str(uuid.uuid4()),
        )
