"""The entries of a thread: messages with labels and decisions, unsent replies, events and colleagues' notes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import psycopg2.extensions

from bot.conversation import thread
from webhook.inbox import database
from webhook.inbox.conversations import attached, explanations
from webhook.inbox.conversations.attached import Attached
from webhook.inbox.conversations.places import Place

A_PAGE = 50
NOTHING_ATTACHED = Attached()
# Decisions come after their message, but Twilio's record may later correct the message's time.
DECIDED_BEFORE = timedelta(hours=1)


@dataclass(frozen=True)
class Entry:
    """`kind` is `message`, `reply` (unsent), `event` or `note`. `decisions` are those whose newest message this is."""

    kind: str
    id: str
    at: datetime
    row: Any
    media: tuple[Any, ...] = ()
    label: Any = None
    status: Any = None
    sent_by: Any = None
    attached: Attached = NOTHING_ATTACHED
    decisions: tuple[tuple[Any, ...], ...] = field(default=())


@dataclass(frozen=True)
class Timeline:
    """A page of a thread, oldest first. `older`: where the previous page ends, None on the first one."""

    entries: tuple[Entry, ...]
    older: Place | None
    passages: Mapping[int, Any]

    @property
    def has_queued(self) -> bool:
        """Whether a reply is written and not being sent yet."""
        return any(entry.kind == "reply" and entry.row.state == "written" for entry in self.entries)


def read(connection: psycopg2.extensions.connection, conversation: Any, before: Place | None) -> Timeline:
    """The newest page of a conversation, or the page before a place."""
    conversation_id = conversation.conversation_id
    values = {
        **conversation._asdict(),
        "before_at": before.at if before else None,
        "before_id": before.id if before else None,
        "limit": A_PAGE + 1,
    }
    rows = database.rows(connection, "messages.sql", values)
    shown = rows[:A_PAGE]
    has_older = len(rows) > A_PAGE
    since = shown[-1].occurred_at if has_older else None
    span = {"conversation_id": conversation_id, "since": since, "until": before.at if before else None}
    entries = _messages(connection, conversation, shown)
    entries += [
        Entry("event", f"event-{row.event_id}", row.occurred_at, row)
        for row in database.rows(connection, "events.sql", span)
    ]
    entries += [
        Entry("note", f"note-{row.note_id}", row.written_at, row)
        for row in database.rows(connection, "notes.sql", span)
    ]
    if before is None:
        entries += [
            Entry("reply", f"reply-{row.reply_id}", row.written_at, row)
            for row in database.rows(connection, "unsent.sql", span)
        ]
    ordered = tuple(sorted(entries, key=lambda entry: (entry.at, entry.id)))
    older = Place(shown[-1].occurred_at, shown[-1].message_id) if has_older else None
    return Timeline(ordered, older, _passages(connection, ordered))


def _messages(connection: psycopg2.extensions.connection, conversation: Any, rows: list[Any]) -> list[Entry]:
    if not rows:
        return []
    ids = {"message_ids": [row.message_id for row in rows]}
    labels = _by_message(database.rows(connection, "labels.sql", ids))
    statuses = _by_message(database.rows(connection, "statuses.sql", ids))
    authors = _by_message(database.rows(connection, "sent_by.sql", ids))
    fetched: defaultdict[str, dict[int, Any]] = defaultdict(dict)
    for row in database.rows(connection, "media.sql", ids):
        fetched[row.message_id][row.position] = row
    beside = attached.of_messages(connection, conversation, rows)
    since = {"conversation_id": conversation.conversation_id, "since": rows[-1].occurred_at - DECIDED_BEFORE, **ids}
    decisions = _decisions(database.rows(connection, "decisions.sql", since), ids["message_ids"])
    return [
        Entry(
            "message",
            f"message-{row.message_id}",
            row.occurred_at,
            row,
            media=tuple(_media(row, fetched[row.message_id])),
            label=labels.get(row.message_id),
            status=statuses.get(row.message_id),
            sent_by=authors.get(row.message_id),
            attached=beside.get(row.message_id, NOTHING_ATTACHED),
            decisions=tuple(decisions.get(row.message_id, ())),
        )
        for row in rows
    ]


@dataclass(frozen=True)
class File:
    """A file of a message; `state` as in `app.media`."""

    position: int
    media_type: str
    state: str


def _media(row: Any, fetched: Mapping[int, Any]) -> Iterable[File]:
    """The files of a message with their state, `waiting` until they are fetched."""
    named = {file.position: file.media_type for file in thread.media(row.body or {})}
    for position in sorted(named.keys() | fetched.keys()):
        kept = fetched.get(position)
        yield File(position, kept.media_type if kept else named[position], kept.state if kept else "waiting")


def _decisions(steps: list[Any], shown: list[str]) -> dict[str, list[tuple[Any, ...]]]:
    """Decisions as lists of steps, by the newest shown message that they are about."""
    place = {message_id: index for index, message_id in enumerate(shown)}
    grouped: dict[Any, list[Any]] = defaultdict(list)
    for step in steps:
        grouped[step.decision_id].append(step)
    decided: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for group in grouped.values():
        newest = min((place[id_] for id_ in group[0].message_ids if id_ in place), default=None)
        if newest is not None:
            decided[shown[newest]].append(tuple(group))
    return decided


def _passages(connection: psycopg2.extensions.connection, entries: Iterable[Entry]) -> dict[int, Any]:
    """The current text of the passages in decisions, without deleted ones."""
    wanted = {
        passage_id
        for entry in entries
        for decision in entry.decisions
        for step in decision
        for passage_id in explanations.passage_ids(step.details)
    }
    if not wanted:
        return {}
    rows = database.rows(connection, "passages.sql", {"passage_ids": sorted(wanted)})
    return {row.passage_id: row for row in rows}


def _by_message(rows: Iterable[Any]) -> dict[str, Any]:
    return {row.message_id: row for row in rows}
