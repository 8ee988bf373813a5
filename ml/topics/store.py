"""Reads and writes topics in Postgres."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from psycopg2.extensions import cursor as Cursor  # noqa: N812
from psycopg2.extras import execute_values

from ml import customer_messages
from ml.encoder.store import DIMENSION, Encoder
from ml.marts import reading_marts
from ml.onnx_model import Floats
from ml.topics import space
from warehouse.connection import connect, read_sql, transaction
from warehouse.settings import Settings

_SQL = Path(__file__).parent / "sql"
_ROWS_AT_ONCE = 1_000

Key = tuple[str, str, str]
"""A message's kind (`message` or `review`), its source and its id there."""


class Space(NamedTuple):
    """`projection` (384, 120); `version` changes with the encoder and with what the projection is learned from."""

    projection: Floats
    version: str


class Placed(NamedTuple):
    """A message that says something, its place (120,), and the conversation it is of."""

    key: Key
    occurred_at: datetime
    language: str
    place: Floats
    topic_id: int | None
    conversation: str


class Topic(NamedTuple):
    """A stored topic with its centre (120,) and its names by language."""

    topic_id: int
    centre: Floats
    names: dict[str, str]
    is_vanished: bool


def space_of(encoder: Encoder, settings: Settings) -> Space:
    """The space of an encoder, learned and stored if it is not there; learning takes about a minute."""
    recipe = space.recipe()
    version = f"{encoder.version} {recipe}"
    with connect("scorer", settings) as connection, connection.cursor() as cursor:
        row = _row(cursor, "space.sql", {"encoder_version": encoder.version, "recipe": recipe})
    if row:
        return Space(unpacked(row[0], DIMENSION), version)
    projection = space.learn(encoder)
    save_space(projection, encoder.version, settings)
    return Space(projection, version)


def save_space(projection: Floats, encoder_version: str, settings: Settings) -> None:
    """Store the space of an encoder that is stored."""
    row = {"encoder_version": encoder_version, "recipe": space.recipe(), "projection": packed(projection)}
    with transaction("scorer", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "save_space.sql"), row)


class Waiting(NamedTuple):
    """A message without a place. `version`: that of a review, which its author may edit."""

    key: Key
    version: int
    occurred_at: datetime


def unplaced(version: str, since: datetime, settings: Settings) -> dict[str, list[Waiting]]:
    """By store, the messages without a place in this space. Raises NoMarts."""
    found: dict[str, list[Waiting]] = defaultdict(list)
    with reading_marts(), connect("scorer", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "unplaced.sql"), {"version": version, "since": since})
        for store, kind, source, id_, of_review, at in cursor:
            found[store].append(Waiting((kind, source, id_), of_review, at))
    return found


def texts(store: str, keys: Sequence[Key], settings: Settings) -> dict[Key, str]:
    """The texts of a store's messages; empty for one that is gone or a picture."""
    messages = customer_messages.texts([(source, id_) for kind, source, id_ in keys if kind == "message"], settings)
    found = {("message", *key): said for key, said in messages.items()}
    values = {"store_id": store, "reviews": [id_ for kind, _, id_ in keys if kind == "review"]}
    with connect("scorer", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "review_texts.sql"), values)
        found |= {("review", source, id_): said or "" for source, id_, said in cursor}
    return {key: found.get(key, "") for key in keys}


def forget_messages(settings: Settings) -> None:
    with reading_marts(), transaction("scorer", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "forget_messages.sql"))


def save_places(rows: Sequence[tuple[object, ...]], settings: Settings) -> None:
    with transaction("scorer", settings) as connection, connection.cursor() as cursor:
        execute_values(cursor, read_sql(_SQL / "save_places.sql"), rows, page_size=_ROWS_AT_ONCE)


def means(version: str, settings: Settings) -> dict[str, dict[str, Floats]]:
    """By store, what messages of the latest discovery have in common, by language."""
    with connect("scorer", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "runs.sql"), {"version": version})
        return {
            store: dict(zip(space.LANGUAGES, unpacked(of_store, len(space.LANGUAGES)), strict=True))
            for store, of_store in cursor
        }


def is_discovered(settings: Settings | None = None) -> bool:
    """Whether topics were ever discovered."""
    with connect("scorer", settings) as connection, connection.cursor() as cursor:
        return _row(cursor, "any_run.sql", {}) is not None


def stores(settings: Settings) -> list[str]:
    with connect("scorer", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "stores.sql"))
        return [store for (store,) in cursor]


def lock(cursor: Cursor, store: str) -> None:
    cursor.execute(read_sql(_SQL / "lock_topics.sql"), {"store_id": store})


def placed(cursor: Cursor, store: str, version: str, since: datetime, as_of: datetime) -> list[Placed]:
    values = {"store_id": store, "version": version, "since": since, "as_of": as_of}
    cursor.execute(read_sql(_SQL / "placed.sql"), values)
    return [
        Placed((kind, source, id_), at, language, np.frombuffer(place, np.float32), topic_id, conversation)
        for kind, source, id_, at, language, place, topic_id, conversation in cursor
    ]


def topics(cursor: Cursor, store: str) -> list[Topic]:
    cursor.execute(read_sql(_SQL / "topics.sql"), {"store_id": store})
    return [
        Topic(
            topic_id,
            np.frombuffer(centre, np.float32),
            {language: name for language, name in (("id", name_id), ("en", name_en)) if name},
            is_vanished,
        )
        for topic_id, centre, name_id, name_en, is_vanished in cursor
    ]


def settled(cursor: Cursor, store: str) -> tuple[dict[int, int], set[int]]:
    """The topic that a merged one counts for, by id, and the ids of muted topics."""
    cursor.execute(read_sql(_SQL / "settled.sql"), {"store_id": store})
    rows = cursor.fetchall()
    return {topic: into for topic, into, _ in rows if into}, {topic for topic, _, is_muted in rows if is_muted}


def save_topic(cursor: Cursor, store: str, topic_id: int | None, values: Mapping[str, object]) -> int:
    """Insert a new topic, or move one that is known. Returns its id."""
    values = {**values, "store_id": store, "topic_id": topic_id}
    if topic_id is None:
        row = _row(cursor, "insert_topic.sql", values)
        assert row
        return int(row[0])
    cursor.execute(read_sql(_SQL / "keep_topic.sql"), values)
    return topic_id


def vanish(cursor: Cursor, store: str, found: Sequence[int], as_of: datetime) -> None:
    """Mark the topics of a store that were not found."""
    cursor.execute(read_sql(_SQL / "vanish.sql"), {"store_id": store, "found": list(found), "as_of": as_of})


def save_topics(cursor: Cursor, store: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Write which topic each message belongs to, and which are examples."""
    cursor.execute(read_sql(_SQL / "clear_topics.sql"), {"store_id": store})
    types = "(%s, %s, %s, %s, %s::bigint, %s::smallint, %s::text)"
    execute_values(cursor, read_sql(_SQL / "save_topics.sql"), rows, template=types, page_size=_ROWS_AT_ONCE)


def last_run(cursor: Cursor, store: str) -> tuple[int, datetime] | None:
    """How many messages the latest discovery looked at, and until when; None before the first."""
    return _row(cursor, "last_run.sql", {"store_id": store})


def save_run(cursor: Cursor, values: Mapping[str, object]) -> None:
    cursor.execute(read_sql(_SQL / "save_run.sql"), values)


def save_growth(cursor: Cursor, key: Mapping[str, object], rows: Sequence[Mapping[str, object]]) -> None:
    """Replace what a store reported of a week."""
    cursor.execute(read_sql(_SQL / "forget_growth.sql"), key)
    for row in rows:
        cursor.execute(read_sql(_SQL / "save_growth.sql"), {**key, **row})


def packed(numbers: Floats) -> bytes:
    return np.ascontiguousarray(numbers, dtype="<f4").tobytes()


def unpacked(stored: bytes | memoryview, rows: int) -> Floats:
    return np.frombuffer(stored, "<f4").reshape(rows, -1)


def _row(cursor: Cursor, query: str, values: Mapping[str, object]) -> tuple[Any, ...] | None:
    cursor.execute(read_sql(_SQL / query), values)
    return cursor.fetchone()
