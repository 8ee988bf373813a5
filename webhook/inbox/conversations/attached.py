"""Attachments of a customer's message: a location, the ad that they came from, the message that they quote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import psycopg2.extensions

from bot.conversation import thread
from webhook.inbox import database

_MAP = "https://www.google.com/maps/search/"
_LONGEST = 300
_LONGEST_LINK = 2_000  # a longer one is not shown, since a part of it leads elsewhere


@dataclass(frozen=True)
class Place:
    """A location with its address, if one was sent, and a link to a map."""

    name: str
    link: str


@dataclass(frozen=True)
class Ad:
    """The ad or post that the customer wrote from. `link` is None if it is not on the web."""

    headline: str
    text: str
    link: str | None


@dataclass(frozen=True)
class Quoted:
    """The message that is answered; `row` is None if it is not in this conversation."""

    row: Any


@dataclass(frozen=True)
class Attached:
    place: Place | None = None
    ad: Ad | None = None
    quoted: Quoted | None = None


def of_messages(
    connection: psycopg2.extensions.connection, conversation: Any, rows: Iterable[Any]
) -> dict[str, Attached]:
    """The attachments of the customer's messages, by the messages' ids."""
    bodies = {row.message_id: row.body for row in rows if row.author == "customer" and isinstance(row.body, Mapping)}
    quoting = {id_: quoted for id_, body in bodies.items() if (quoted := _text(body, "OriginalRepliedMessageSid"))}
    found: dict[str, Any] = {}
    if quoting:
        values = {**conversation._asdict(), "message_ids": sorted(set(quoting.values()))}
        found = {row.message_id: row for row in database.rows(connection, "quoted.sql", values)}
    return {
        id_: Attached(_place(body), _ad(body), Quoted(found.get(quoting[id_])) if id_ in quoting else None)
        for id_, body in bodies.items()
    }


def _place(body: Mapping[str, Any]) -> Place | None:
    place = thread.place(body)
    if place is None:
        return None
    position = f"{place.latitude:.6f},{place.longitude:.6f}"
    return Place(place.name or position, f"{_MAP}?{urlencode({'api': 1, 'query': position})}")


def _ad(body: Mapping[str, Any]) -> Ad | None:
    headline, text = (_text(body, f"Referral{name}") for name in ("Headline", "Body"))
    link = body.get("ReferralSourceUrl")
    if not (headline or text or link):
        return None
    is_shown = isinstance(link, str) and link.startswith(("https://", "http://")) and len(link) <= _LONGEST_LINK
    return Ad(headline, text, link if is_shown else None)


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    return value[:_LONGEST] if isinstance(value, str) else ""
