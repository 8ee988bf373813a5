"""Puts a conversation off until a time: it is in nobody's way until then, or until the customer writes."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta

from flask import request
from werkzeug.wrappers import Response

from warehouse.i18n import N_
from webhook.accounts.access import requires
from webhook.inbox import blueprint, database
from webhook.inbox.conversations import actions, finding, snooze_times
from webhook.inbox.errors import Refusal

LONGEST = timedelta(days=366)


@blueprint.post("/conversations/<int:conversation_id>/snooze")
@requires("agent")
def snooze(conversation_id: int) -> Response:
    """Take the conversation and put it off until the time in the form; without one, no longer."""
    with actions.locked(conversation_id) as (connection, conversation):
        until = _until(request.form.get("until", ""), finding.find(connection, conversation_id).timezone)
        if until:
            actions.take(connection, conversation)
        database.rows(connection, "snooze.sql", {"conversation_id": conversation_id, "until": until})
    return actions.done(conversation_id)


def _until(text: str, timezone: str) -> datetime | None:
    """The time in the form: one of those offered, or one that lies ahead. Raises Refusal."""
    if not text:
        return None
    until = snooze_times.at(text, timezone)
    if until is None:
        with suppress(ValueError):
            until = datetime.fromisoformat(text)
    now = datetime.now(UTC)
    if until is None or until.tzinfo is None or not now < until < now + LONGEST:
        raise Refusal(400, "bad_snooze", N_("Choose a time in the future."))
    return until
