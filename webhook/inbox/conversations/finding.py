"""Finds a conversation, and tells whether agents can write in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg2.extensions
from flask import abort

from warehouse.i18n import N_
from webhook.inbox import database
from webhook.services import services

# On these channels a shop may write freely only for 24 hours after the customer's last message.
CHANNELS_WITH_WINDOW = ("whatsapp", "messenger", "instagram")
WINDOW = timedelta(hours=24)
WHY_NOT = {
    "moved": N_("The customer now writes in another conversation. Reply there."),
    "no_address": N_("Kabar cannot send replies on this channel."),
    "window_shut": N_(
        "The customer's last message is more than 24 hours old. Until they write again, WhatsApp only allows approved "
        "templates."
    ),
}


def find(connection: psycopg2.extensions.connection, conversation_id: int) -> Any:
    """The conversation with its customer. Raises NotFound."""
    values = {"conversation_id": conversation_id, "default_timezone": services().settings.default_timezone}
    if conversation_id >= 2**63 or (found := database.row(connection, "conversation.sql", values)) is None:
        abort(404)
    return found


def why_not(conversation: Any) -> str | None:
    """Why agents cannot write freely: a key of `WHY_NOT`, or None."""
    if conversation.is_moved:
        return "moved"
    if not conversation.can_reply:
        return "no_address"
    return None if is_window_open(conversation) else "window_shut"


def is_window_open(conversation: Any) -> bool:
    """Whether the channel lets the shop write freely now."""
    if conversation.channel not in CHANNELS_WITH_WINDOW:
        return True
    last = conversation.last_inbound_at
    return last is not None and datetime.now(UTC) - last < WINDOW
