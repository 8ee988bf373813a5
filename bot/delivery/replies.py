"""Writes replies to be sent, in the caller's transaction."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from itertools import zip_longest
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from uuid import UUID

from psycopg2.extensions import cursor as Cursor  # noqa: N812
from psycopg2.extras import Json

from bot import queue
from bot.conversation.types import Reply
from warehouse.connection import read_sql

SQL = Path(__file__).parent / "sql"

# In UTF-16 units. Twilio's limit is 1,600; Instagram shows less.
MAX_LENGTH = 1600
MAX_LENGTH_OF_CHANNEL = {"instagram": 1000}

_FIELDS = ("kind", "body", "media_url", "content_sid", "content_variables", "answered")
_SENTENCE_END = re.compile(r"[.!?…]['\")\]]*\s")
_WITH_TEXT = re.compile(r"\.(?:jpe?g|png|mp4)$", re.IGNORECASE)
_MEDIA_LINE = re.compile(r"(?m)^[ \t]*(https://\S+\.(?:jpe?g|png|webp|gif|pdf|mp4|mp3|ogg))[ \t]*$", re.IGNORECASE)


def write(
    cursor: Cursor,
    conversation_id: int,
    reply: Reply | Mapping[str, Any],
    author: Literal["bot", "agent"] = "bot",
    user_id: int | None = None,
    decision_id: UUID | None = None,
    own_address: str | None = None,
) -> str:
    """Write a reply and return its id. The caller commits, and calls `queue_sending`.

    `reply` is a `Reply`, or a mapping of `kind` and some of `body`, `media_url`, `content_sid` (a template, with
    `content_variables`) and `answered`. A long text becomes several replies, and the id is that of the first. A link to
    a picture or file on its own line is sent as media. `own_address`: the shop's address that it is sent from, by
    default the one that the customer wrote to last.
    """
    values = asdict(reply) if isinstance(reply, Reply) else dict(reply)
    fields = {name: values.get(name) for name in _FIELDS}
    about = {
        "conversation_id": conversation_id,
        "author": author,
        "user_id": user_id,
        "decision_id": str(decision_id) if decision_id else None,
        "own_address": own_address,
    }
    longest = _longest(cursor, conversation_id, fields["body"])
    first, *_ = [_insert(cursor, about, part) for part in _parts(fields, longest)]
    return first


def repeat(cursor: Cursor, reply_id: str, seconds: float = 0, user_id: int | None = None) -> None:
    """Write a reply that did not arrive once more, to be sent after some seconds. `user_id`: the agent who asks for it
    and whose reply it then is, since the bot's are not sent after an agent took over. The caller commits, and calls
    `queue_sending`."""
    values = {"reply_id": reply_id, "seconds": seconds, "user_id": user_id}
    cursor.execute(read_sql(SQL / "repeat_reply.sql"), values)


def queue_sending(cursor: Cursor, conversation_id: int) -> None:
    """Queue a job that sends the written replies of a conversation in order."""
    queue.enqueue_conversation(cursor, "send", conversation_id)


def split(text: str, longest: int) -> list[str]:
    """The text in parts of at most `longest` UTF-16 units, cut after a paragraph, line, sentence or word, in this order
    of preference, if that leaves no part shorter than half."""
    parts = []
    rest = text.strip()
    while _units(rest) > longest:
        window = _head(rest, longest)
        cut = _cut(window)
        parts.append(rest[:cut].strip())
        rest = rest[cut:].strip()
    return [*parts, rest]


def _insert(cursor: Cursor, about: Mapping[str, Any], fields: Mapping[str, Any]) -> str:
    variables = fields["content_variables"]
    values = {**about, **fields, "content_variables": None if variables is None else Json(variables)}
    cursor.execute(read_sql(SQL / "write_reply.sql"), values)
    row = cursor.fetchone()
    assert row
    return str(row[0])


def _parts(fields: dict[str, Any], longest: int) -> Iterator[dict[str, Any]]:
    """The messages of a reply. Pictures and films go with the first texts; other files follow by themselves, since
    WhatsApp drops the text beside them."""
    if fields["content_sid"] or not fields["body"]:
        yield fields
        return
    links = [] if fields["media_url"] else _MEDIA_LINE.findall(fields["body"])
    media = [fields["media_url"]] if fields["media_url"] else links
    text = re.sub(r"\n{3,}", "\n\n", _MEDIA_LINE.sub("", fields["body"])) if links else fields["body"]
    texts = split(text, longest) if text.strip() else []
    with_text = [url for url in media if _WITH_TEXT.search(urlsplit(url).path)]
    for part, url in zip_longest(texts, with_text):
        yield {**fields, "body": part, "media_url": url}
    for url in media:
        if url not in with_text:
            yield {**fields, "body": None, "media_url": url}


def _longest(cursor: Cursor, conversation_id: int, body: str | None) -> int:
    if _units(body or "") <= min(MAX_LENGTH_OF_CHANNEL.values()):
        return MAX_LENGTH
    cursor.execute("select channel from app.conversations where conversation_id = %(id)s", {"id": conversation_id})
    row = cursor.fetchone()
    return MAX_LENGTH_OF_CHANNEL.get(row[0], MAX_LENGTH) if row else MAX_LENGTH


def _cut(window: str) -> int:
    """The best place in the second half of the window, else its end."""
    least = len(window) // 2
    sentences = [match.end() for match in _SENTENCE_END.finditer(window)]
    places = (window.rfind("\n\n"), window.rfind("\n"), sentences[-1] if sentences else -1, window.rfind(" "))
    return next((place for place in places if place > least), len(window))


def _head(text: str, units: int) -> str:
    end = min(len(text), units)
    while _units(text[:end]) > units:
        end -= max(1, (_units(text[:end]) - units) // 2)
    return text[:end]


def _units(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)
