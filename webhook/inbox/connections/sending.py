"""Whether replies can be sent, and the reason if not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg2.extensions
from flask import Response
from flask_login import current_user

from warehouse import formats
from warehouse.settings import Settings
from webhook.accounts.access import requires
from webhook.i18n import gettext as _
from webhook.i18n import language
from webhook.inbox import blueprint, database, pages
from webhook.services import services

SQL = Path(__file__).parent / "sql"
# A worker's heartbeat comes every three seconds.
WORKER_SILENT = timedelta(minutes=2)


@blueprint.get("/notices")
@requires("viewer")
def show_notices() -> Response:
    """What stands above the inbox, for the script of an open page."""
    return pages.page("inbox/notices.html")


@blueprint.app_template_global("why_not_sent")
def why_not_sent() -> str | None:
    """Why replies are not sent, for those who write them; None if they are, as far as is known."""
    if not current_user.may("agent"):
        return None
    with database.transaction() as connection:
        row = read(connection)
        if is_worker_silent(row):
            return _worker_sentence(row)
        if not is_twilio_set_up(services().settings):
            has_customers = database.row(connection, SQL / "has_twilio_customers.sql").has_twilio_customers
            return _("Replies on WhatsApp are not sent: WhatsApp is not connected.") if has_customers else None
    if row.twilio_refused_at:
        return _("Replies on WhatsApp are not sent: Twilio refuses the account or token.")
    return None


def why_queued(connection: psycopg2.extensions.connection, conversation_id: int) -> str | None:
    """Why the queued replies of a conversation wait, or None if they are about to be sent."""
    if is_worker_silent(read(connection)):
        return _("The bot worker is not running.")
    values = {"conversation_id": conversation_id}
    by_twilio = database.row(connection, SQL / "is_sent_by_twilio.sql", values).is_sent_by_twilio
    if by_twilio and not is_twilio_set_up(services().settings):
        return _("WhatsApp is not connected.")
    return None


def read(connection: psycopg2.extensions.connection) -> Any:
    """The row of `sending.sql`."""
    return database.row(connection, SQL / "sending.sql")


def is_worker_silent(row: Any) -> bool:
    """Whether no worker was heard of lately, by a row of `read`."""
    return row.worker_alive_at is None or row.read_at - row.worker_alive_at > WORKER_SILENT


def is_twilio_set_up(settings: Settings) -> bool:
    """Whether replies can be sent through Twilio."""
    return bool(settings.twilio_account_sid and settings.twilio_auth_token)


def _worker_sentence(row: Any) -> str:
    if row.worker_alive_at is None:
        return _("Replies are not sent: the bot worker is not running.")
    silent = formats.duration((row.read_at - row.worker_alive_at).total_seconds(), language(), parts=1)
    return _("Replies are not sent: the bot worker has not been running for {duration}.", duration=silent)
