"""The parts that Kabar is connected to: the state of each, its last activity and what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import psycopg2.extensions

from bot.delivery.twilio import STATUS_PATH
from warehouse.settings import Settings
from webhook.i18n import gettext as _
from webhook.inbox import database
from webhook.inbox.connections import sending

SQL = Path(__file__).parent / "sql"
State = Literal["connected", "attention", "missing", "optional"]
SYNC_LATE = timedelta(minutes=30)  # the sync runs every ten minutes; also the bound of its freshness in dbt
CHECK_LATE = timedelta(hours=2)  # the figures are built every hour, after a check of the data


@dataclass(frozen=True)
class Part:
    """A part for the page. `missing` has to be set up, `optional` may be. `activity` and `values` have labels; `values`
    are to be copied, and never secret."""

    name: str
    state: State
    todo: str | None = None
    activity: tuple[tuple[str, datetime | None], ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    can_test: bool = False


@dataclass(frozen=True)
class Facts:
    """What the parts are drawn from: the deployment's settings, and the rows of `facts.sql` and `sending.sql`."""

    settings: Settings
    store_id: str
    row: Any
    sending: Any


def facts(connection: psycopg2.extensions.connection, store_id: str, settings: Settings) -> Facts:
    """What is known about the connections of a shop."""
    row = database.row(connection, SQL / "facts.sql", {"store_id": store_id})
    return Facts(settings, store_id, row, sending.read(connection))


def parts(known: Facts) -> list[Part]:
    """All parts in the order of the page."""
    return [make(known) for make in (_whatsapp, _shop, _chat, _model, _mail, _worker, _airflow)]


def _whatsapp(known: Facts) -> Part:
    row, settings = known.row, known.settings
    given = {
        "TWILIO_ACCOUNT_SID": settings.twilio_account_sid,
        "TWILIO_AUTH_TOKEN": settings.twilio_auth_token,
        "KABAR_PUBLIC_URL": settings.public_url,
    }
    missing = [name for name, value in given.items() if not value]
    state: State = "connected"
    todo = None
    if missing:
        state, todo = "missing", _("Set {names} in .env and restart Kabar.", names=", ".join(missing))
    elif known.sending.twilio_refused_at:
        state = "attention"
        todo = _("Twilio refused the account or token. Correct TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN in .env and "
                 "restart Kabar.")  # fmt: skip
    elif row.twilio_received_at is None:
        state = "attention"
        todo = _("Enter both addresses in Twilio's console, then write to your number from a phone.")
    return Part(
        "whatsapp",
        state,
        todo,
        activity=((_("Last message"), row.twilio_received_at), (_("Last reply"), row.twilio_sent_at)),
        values=_addresses(
            settings,
            (_("When a message comes in (POST)"), "/webhooks/twilio/messages"),
            (_("Status callback URL (POST)"), STATUS_PATH),
        ),
        can_test=sending.is_twilio_set_up(settings),
    )


def _shop(known: Facts) -> Part:
    row = known.row
    state: State = "connected"
    todo = None
    if row.shop_url is None:
        command = f"python -m sources.woocommerce invite {known.store_id}"
        state = "missing"
        todo = _("Run {command} on the server and enter the code in Kabar's WordPress plugin.", command=command)
    elif row.shop_synced_at is None:
        state, todo = "attention", _("Wait for the first sync, which may take minutes.")
    elif row.read_at - row.shop_synced_at > SYNC_LATE:
        state = "attention"
        todo = _("The last sync is too long ago. Test the connection, then look at woocommerce_sync in Airflow.")
    return Part(
        "shop",
        state,
        todo,
        activity=((_("Last sync"), row.shop_synced_at),),
        values=_addresses(known.settings, (_("Kabar's address, for the plugin"), "")),
        can_test=row.shop_url is not None,
    )


def _chat(known: Facts) -> Part:
    row, settings = known.row, known.settings
    state: State = "connected"
    todo = None
    is_shared = known.store_id == settings.default_store and settings.events_secret is not None
    if not (row.has_events_secret or is_shared):
        state = "attention" if row.chat_received_at or row.has_reply_channel else "optional"
        todo = _("To connect a chatbot, such as the chat on your website, create its secret under Other chat channels.")
    elif row.chat_received_at is None:
        state, todo = "attention", _("Let the chatbot send its messages to the address below.")
    elif not row.has_reply_channel:
        todo = _("To reply on this channel, enter its address under Other chat channels.")
    return Part(
        "chat",
        state,
        todo,
        activity=((_("Last message"), row.chat_received_at),),
        values=_addresses(
            settings,
            (_("Events (POST)"), "/webhooks/chatbot/events"),
            (_("Format"), "/webhooks/chatbot/schema.json"),
        ),
    )


def _model(known: Facts) -> Part:
    row, settings = known.row, known.settings
    if not (settings.openai_api_key or settings.openai_base_url):
        todo = _("Set {names} in .env and restart Kabar, if a language model should word the bot's answers.",
                 names="OPENAI_API_KEY")  # fmt: skip
        return Part("model", "optional", todo)
    is_failing = row.call_outcome not in (None, "answered")
    failed = _("The last call got no answer. Test the connection.") if is_failing else None
    values = [(_("Model"), settings.openai_model)]
    if settings.openai_base_url:
        values.append((_("Address"), settings.openai_base_url))
    activity = ((_("Last call"), row.called_at),)
    return Part("model", "attention" if is_failing else "connected", failed, activity, tuple(values), can_test=True)


def _mail(known: Facts) -> Part:
    settings = known.settings
    if not settings.smtp_host:
        todo = _("Set {names} in .env and restart Kabar to get alerts by e-mail.", names="KABAR_SMTP_HOST")
        return Part("mail", "optional", todo)
    values = (
        (_("Server"), f"{settings.smtp_host}:{settings.smtp_port}"),
        (_("Sender"), settings.mail_sender),
    )
    return Part("mail", "connected", _("Send a test e-mail to yourself."), values=values, can_test=True)


def _worker(known: Facts) -> Part:
    activity = ((_("Last heartbeat"), known.sending.worker_alive_at),)
    if not sending.is_worker_silent(known.sending):
        return Part("worker", "connected", activity=activity)
    todo = _("Start it with {command}. Until then, no replies are written or sent.", command="python -m bot worker")
    return Part("worker", "attention", todo, activity)


def _airflow(known: Facts) -> Part:
    row = known.row
    activity = ((_("Last check of the data"), row.data_checked_at),)
    values = ((_("Airflow's pages, on the server"), f"http://127.0.0.1:{known.settings.airflow_port}"),)
    if row.data_checked_at and row.read_at - row.data_checked_at <= CHECK_LATE:
        return Part("airflow", "connected", activity=activity, values=values)
    todo = _("Start it with {command}. It syncs the shop and builds the figures every hour.", command="make up")
    return Part("airflow", "attention", todo, activity, values)


def _addresses(settings: Settings, *paths: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """Paths as addresses under which the web app is reached from outside; none if that is not known."""
    base = (settings.public_url or "").rstrip("/")
    return tuple((label, base + path) for label, path in paths) if base else ()
