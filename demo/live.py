"""Customers of the demo shop who write to the bot while the demo runs, and its replies."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from rich.box import SIMPLE_HEAD
from rich.table import Table

from demo.customers import Customer, customers
from demo.delivery import Delivery, Receiver, deliver
from demo.senders import ACCOUNT_SID
from demo.shapes import inbound_form, record, sid
from demo.shop import SEED
from demo.stage import Failed
from demo.twilio import TwilioStandIn
from warehouse import identity
from warehouse.connection import connect, read_sql
from warehouse.settings import Settings

SQL = Path(__file__).parent / "sql"
BETWEEN_MESSAGES = 0.8
LONGEST_WAIT = 60.0  # seconds for the replies
LONGEST_START = 300.0  # seconds for the worker, which takes long on a busy machine
_SHOWN = 120


@dataclass
class Talk:
    """The messages of one customer and the replies. `seconds` is the time from the last message until Twilio's stand-in
    accepted the first reply; `decided_by` is the bot's step."""

    customer: Customer
    says: tuple[str, ...]
    replies: list[str] = field(default_factory=list)
    seconds: float | None = None
    decided_by: str | None = None


def talks(settings: Settings, now: datetime) -> list[Talk]:
    """Choose customers who have not written for two days and whom no agent talks to."""
    rng = random.Random(f"{SEED}/live/{now.isoformat()}")
    hash_key = identity.hash_key(settings)
    busy = _keys(settings, "busy_customers")
    chosen = {"order": _keys(settings, "customers_with_orders"), "parcel": _keys(settings, "customers_with_parcels")}
    found: list[Talk] = []
    for script in _scripts():
        fitting = [
            each
            for each in customers(SEED)
            if each.phone and each.channel == "whatsapp" and each.language == script["language"]
            if (key := identity.phone_key(each.phone, hash_key)) not in busy
            if "chosen_by" not in script or key in chosen[script["chosen_by"]]
            if each not in [talk.customer for talk in found]
        ]
        if fitting:
            found.append(Talk(rng.choice(fitting), tuple(script["says"])))
    return found


def hold(
    talks: Sequence[Talk], twilio: TwilioStandIn, receiver: Receiver, settings: Settings, says: Callable[[str], None]
) -> None:
    """Once a worker runs, let all customers write, and wait for the replies. Raises Failed if one gets none."""
    _await_worker(settings)
    before = len(twilio.sent)
    for number in range(max(len(talk.says) for talk in talks)):
        writing = [talk for talk in talks if number < len(talk.says)]
        deliver([_webhook(talk, number, twilio) for talk in writing], receiver)
        time.sleep(BETWEEN_MESSAGES)
    began = time.monotonic() - BETWEEN_MESSAGES
    while any(not talk.replies for talk in talks):
        if time.monotonic() - began > LONGEST_WAIT:
            raise Failed("the bot has not answered within a minute; its log is bot.log in the demo's folder")
        time.sleep(0.05)
        _record_replies(talks, twilio.sent[before:], time.monotonic() - began)
        says(f"{sum(bool(talk.replies) for talk in talks)} of {len(talks)} customers have their answer")
    time.sleep(1)  # messages that get one answer together
    _record_replies(talks, twilio.sent[before:], time.monotonic() - began)
    _record_decisions(talks, settings)


def table(talks: Sequence[Talk]) -> Table:
    """The exchange as text for the terminal."""
    shown = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_lines=False)
    for heading, ratio in (("a customer wrote", 3), ("the bot replied", 5), ("by", 1), ("after", 1)):
        shown.add_column(heading, ratio=ratio)
    for talk in talks:
        reply = " ".join(talk.replies[0].split())
        shown_reply = reply if len(reply) <= _SHOWN else f"{reply[:_SHOWN].rsplit(' ', 1)[0]} …"
        shown.add_row(" / ".join(talk.says), shown_reply, talk.decided_by or "", f"{talk.seconds or 0:.1f} s")
    return shown


def _await_worker(settings: Settings) -> None:
    since, until = datetime.now(UTC), time.monotonic() + LONGEST_START
    with connect("owner", settings) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        while time.monotonic() < until:
            cursor.execute(read_sql(SQL / "workers.sql"), {"since": since})
            if cursor.fetchone() != (0,):
                return
            time.sleep(0.1)
    raise Failed("the bot's worker did not start; its log is bot.log in the demo's folder")


@cache
def _scripts() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "live.yml").read_text())
    return found


def _webhook(talk: Talk, number: int, twilio: TwilioStandIn) -> Delivery:
    """Store the message in Twilio's stand-in and send its webhook."""
    now = datetime.now(UTC)
    message_sid = sid("SM", "live", talk.customer.address, now.isoformat(), number)
    kept = record(message_sid, ACCOUNT_SID, talk.customer.address, talk.says[number], now, inbound=True)
    twilio.put([kept])
    return Delivery("/webhooks/twilio/messages", inbound_form(kept, talk.customer.name))


def _record_replies(talks: Sequence[Talk], sent: Sequence[dict[str, Any]], seconds: float) -> None:
    for talk in talks:
        talk.replies = [each["body"] for each in sent if each["to"] == talk.customer.address]
        if talk.replies and talk.seconds is None:
            talk.seconds = seconds


def _record_decisions(talks: Sequence[Talk], settings: Settings) -> None:
    hash_key = identity.hash_key(settings)
    keys = {identity.phone_key(talk.customer.phone or "", hash_key): talk for talk in talks}
    with connect("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(SQL / "decided_by.sql"), {"keys": list(keys)})
        for key, name in cursor.fetchall():
            keys[key].decided_by = name


def _keys(settings: Settings, name: str) -> set[str]:
    with connect("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(SQL / f"{name}.sql"), {"store": settings.default_store})
        return {key for (key,) in cursor.fetchall()}
