"""Loads Twilio's message list: the history on the first run, afterwards what the webhook missed.

Days are read oldest first because Twilio pages newest first. Each page is one transaction; the last page of a day moves
the position, so a killed run loses nothing and repeats at most a day.
`python -m sources.twilio [--since TIME] [--until TIME]`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from psycopg2.extensions import connection as Connection  # noqa: N812 (the driver's class has a small letter)
from psycopg2.extras import Json, execute_values
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from sources.retries import retry_conflicts
from sources.twilio_client import TwilioRefused, pages, twilio_client
from warehouse.connection import connect, read_sql
from warehouse.i18n import terminal_gettext as _
from warehouse.identity import hash_key
from warehouse.logs import configure
from warehouse.settings import Settings, SettingsMissing, get_settings
from warehouse.twilio_shape import TwilioMessage, from_form, from_record, key_beside, payload_hash, without_nul

# Messages are sent, and change their status, after they were created.
OVERLAP = timedelta(days=2)
RFC_2822 = "%a, %d %b %Y %H:%M:%S %z"
DIRECTIONS = {"inbound", "outbound-api", "outbound-call", "outbound-reply"}

SQL = Path(__file__).parent / "sql"
log = structlog.get_logger()


@dataclass
class Loaded:
    """What a load did. `rejected`: records that could not be landed; `adopted`: webhook bodies added to rows that were
    first landed from Twilio's list."""

    read: int = 0
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    adopted: int = 0

    def add(self, other: Loaded) -> None:
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))


OnProgress = Callable[[int, int, Loaded], None]


class Unreadable(ValueError):
    """A record that cannot be landed; the message is the reason, without the record's content."""


def load(
    since: datetime | None = None,
    until: datetime | None = None,
    settings: Settings | None = None,
    on_progress: OnProgress | None = None,
) -> Loaded:
    """Land the messages from `since` (default: the last position less an overlap; on the first run
    `KABAR_TWILIO_HISTORY_DAYS` ago) to `until` (default now). `on_progress` is called after each day with the days
    done, the days in total and the counts so far. Raises TwilioRefused and SettingsMissing."""
    settings = settings or get_settings()
    client = twilio_client(settings)
    loaded = Loaded()
    with connect("loader", settings) as connection:
        position = _position(connection, settings.default_store)
        now = datetime.now(UTC)
        until = min(until or now, now).astimezone(UTC)
        since = (since or _start(position, settings)).astimezone(UTC)
        # If the range starts after the position, moving the position would skip the gap between them.
        is_safe = position is None or since <= position
        windows = list(_days(since, until))
        for number, (start, end) in enumerate(windows, start=1):
            for page in pages(client, start, end):
                reached = end if is_safe and page.is_last else None
                loaded.add(_land_page(connection, page.records, reached, settings))
            if on_progress:
                on_progress(number, len(windows), loaded)
        loaded.adopted = _adopt_payloads(connection, settings)
    log.info("twilio_loaded", since=since.isoformat(), until=until.isoformat(), **vars(loaded))
    return loaded


def _start(position: datetime | None, settings: Settings) -> datetime:
    if position is not None:
        return position - OVERLAP
    return datetime.now(UTC) - timedelta(days=settings.twilio_history_days)


def _days(since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The UTC days of a range, oldest first. The bounds are midnights, since Twilio documents no finer ones."""
    start = since.replace(hour=0, minute=0, second=0, microsecond=0)
    while start < until:
        end = min(start + timedelta(days=1), until)
        yield start, end
        start = end


@retry_conflicts
def _land_page(connection: Connection, page: list[Any], position: datetime | None, settings: Settings) -> Loaded:
    key = hash_key(settings)
    rows: dict[str, tuple[Any, ...]] = {}
    rejected: dict[str, tuple[Any, ...]] = {}
    for record in map(without_nul, page):
        try:
            row = _row(record, settings, key)
            rows[row[0]] = row
        except Unreadable as error:
            rejected_id = _rejected_id(record)
            rejected[rejected_id] = ("twilio", rejected_id, Json(record), str(error))
            log.warning("twilio_record_set_aside", id=rejected_id, reason=str(error))
    with connection, connection.cursor() as cursor:
        landed = _execute(cursor, "upsert_twilio_messages", [rows[sid] for sid in sorted(rows)], fetch=True)
        _execute(cursor, "set_aside", [rejected[sid] for sid in sorted(rejected)])
        if position is not None:
            values = {"store_id": settings.default_store, "position": position}
            cursor.execute(read_sql(SQL / "move_position.sql"), values)
    inserted = sum(is_new for (is_new,) in landed)
    return Loaded(
        read=len(page),
        inserted=inserted,
        updated=len(landed) - inserted,
        unchanged=len(rows) - len(landed),
        rejected=len(rejected),
    )


def _execute(cursor: Any, statement: str, rows: list[tuple[Any, ...]], fetch: bool = False) -> list[tuple[Any, ...]]:
    if not rows:
        return []
    found = execute_values(cursor, read_sql(SQL / f"{statement}.sql"), rows, page_size=len(rows), fetch=fetch)
    return list(found or [])


def _row(record: Any, settings: Settings, key: bytes) -> tuple[Any, ...]:
    """The values of a row of `raw.twilio_messages`. Raises Unreadable."""
    if not isinstance(record, dict):
        raise Unreadable("not an object")
    if not isinstance(record.get("sid"), str) or not record["sid"]:
        raise Unreadable("no sid")
    if record.get("direction") not in DIRECTIONS:
        raise Unreadable("unknown direction")
    created, updated = _time(record, "date_created"), _time(record, "date_updated")
    sent_at = _time(record, "date_sent") or created
    if sent_at is None or updated is None:
        raise Unreadable("no date")
    message = _message(record, settings, key)
    return (
        message.message_sid, message.account_sid, message.store_id, message.channel, message.direction,
        message.customer_key, message.body, Json(record), sent_at,
    )  # fmt: skip


def _message(record: dict[str, Any], settings: Settings, key: bytes) -> TwilioMessage:
    address = record.get("from" if record["direction"] == "inbound" else "to")
    if not isinstance(address, str) or not address:
        raise Unreadable("no address of the customer")
    if not isinstance(record.get("body"), str | None) or not isinstance(record.get("account_sid"), str | None):
        raise Unreadable("a field of another type")
    return from_record(record, settings.default_store, key, settings.default_region)


def _time(record: dict[str, Any], name: str) -> datetime | None:
    """A date of the record. Strict, since Postgres parses stored dates to find the newer record."""
    text = record.get(name)
    if text is None:
        return None
    try:
        return datetime.strptime(text, RFC_2822).astimezone(UTC)
    except (TypeError, ValueError):
        raise Unreadable(f"{name} is no date") from None


def _rejected_id(record: Any) -> str:
    sid = record.get("sid") if isinstance(record, dict) else None
    return sid if isinstance(sid, str) and sid else payload_hash(record)


def _adopt_payloads(connection: Connection, settings: Settings) -> int:
    """Add webhook bodies to rows that were first landed from Twilio's list."""
    key = hash_key(settings)
    with connection, connection.cursor() as cursor:
        cursor.execute(read_sql(SQL / "waiting_payloads.sql"))
        waiting = cursor.fetchall()
        for sid, payload, hashed, received_at, store_id in waiting:
            message = from_form(payload, store_id, key, settings.default_region)
            values = {
                **vars(message),
                "id_key": key_beside(payload, message.customer_key, key),
                "message_sid": sid,
                "payload": Json(payload),
                "payload_hash": hashed,
            }
            cursor.execute(read_sql(SQL / "adopt_payload.sql"), {**values, "received_at": received_at})
    return len(waiting)


def _position(connection: Connection, store_id: str) -> datetime | None:
    with connection, connection.cursor() as cursor:
        cursor.execute(read_sql(SQL / "position.sql"), {"store_id": store_id})
        found = cursor.fetchone()
    return found[0] if found else None


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m sources.twilio", description=_("Load messages from Twilio's log."))
    parser.add_argument("--since", type=_moment, help=_("start time (ISO 8601, UTC if it has no offset)"))
    parser.add_argument("--until", type=_moment, help=_("end time; default: now"))
    arguments = parser.parse_args()
    configure()
    columns = (TextColumn(_("days of Twilio's log")), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("load", total=None)
            loaded = load(
                arguments.since,
                arguments.until,
                on_progress=lambda done, days, _: progress.update(task, completed=done, total=days),
            )
    except (TwilioRefused, SettingsMissing) as error:
        print(f"twilio: {error}", file=sys.stderr)
        return 2
    print(json.dumps(vars(loaded)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
