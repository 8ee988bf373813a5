"""One conversation with its customer, and whether a person can write in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg2.extensions

from warehouse.i18n import N_
from webhook.inbox import database
from webhook.inbox.errors import Refusal
from webhook.services import services

# Where the network lets a shop write freely only for a day after the customer wrote.
CHANNELS_WITH_WINDOW = ("whatsapp", "messenger", "instagram")
WINDOW = timedelta(hours=24)
WHY_NOT = {
    "no_address": N_("Kabar cannot send replies on this channel."),
    "window_shut": N_(
        "The customer's last message is more than 24 hours old. Until they write again, WhatsApp only allows approved "
        "templates."
    ),
}


def find(connection: psycopg2.extensions.connection, conversation_id: int) -> Any:
    """The conversation with its customer. Raises Refusal 404."""
    values = {"conversation_id": conversation_id, "default_timezone": services().settings.default_timezone}
    if conversation_id >= 2**63 or (found := database.row(connection, "conversation.sql", values)) is None:
        raise Refusal(404, "error_404", N_("This page doesn't exist or has been removed."))
    return found


def why_not(conversation: Any) -> str | None:
    """Why an agent cannot write freely in a conversation: a key of `WHY_NOT`, or None."""
    if not conversation.can_reply:
        return "no_address"
    return None if is_window_open(conversation) else "window_shut"


def is_window_open(conversation: Any) -> bool:
    """Whether the network lets the shop write freely now."""
    if conversation.channel not in CHANNELS_WITH_WINDOW:
        return True
    last = conversation.last_inbound_at
    return last is not None and datetime.now(UTC) - last < WINDOW
