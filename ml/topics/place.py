"""Places messages among a shop's topics: encodes those that are new, and assigns them to the nearest topic."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import structlog

from ml import language
from ml.encoder.store import Encoder, encoder_in_use
from ml.onnx_model import Floats
from ml.topics import store
from ml.topics.cluster import NO_TOPIC, assign
from ml.topics.space import unit, vectors
from ml.topics.store import Key, Space, Topic, Waiting
from ml.topics.words import says_something
from warehouse.connection import connect
from warehouse.settings import Settings, get_settings

KEPT = timedelta(days=365)
"""Older messages are not looked at."""

MESSAGES_AT_ONCE = 1_000
"""Messages that are placed in one transaction."""

_log = structlog.get_logger()


class NoEncoder(RuntimeError):
    """No encoder is in use; the message names the command."""

    def __init__(self) -> None:
        super().__init__("no encoder is in use: make one with `python -m ml.encoder`")


def place(settings: Settings | None = None, as_of: datetime | None = None) -> int:
    """Place all new messages and return how many. After a kill the next run continues. Raises NoEncoder, NoMarts."""
    settings = settings or get_settings()
    encoder, space = ready(settings)
    store.forget_messages(settings)
    waiting = store.unplaced(space.version, (as_of or datetime.now(UTC)) - KEPT, settings)
    means = store.means(space.version, settings)
    for store_id, of_store in waiting.items():
        topics = _topics(store_id, settings)
        for start in range(0, len(of_store), MESSAGES_AT_ONCE):
            chunk = of_store[start : start + MESSAGES_AT_ONCE]
            _place(store_id, chunk, encoder, space, means.get(store_id), topics, settings)
    count = sum(map(len, waiting.values()))
    _log.info("messages placed", count=count, space_version=space.version)
    return count


def ready(settings: Settings) -> tuple[Encoder, Space]:
    """The encoder in use with its space. Raises NoEncoder."""
    encoder = encoder_in_use(settings, "scorer")
    if encoder is None:
        raise NoEncoder
    return encoder, store.space_of(encoder, settings)


def _topics(store_id: str, settings: Settings) -> list[Topic]:
    with connect("scorer", settings) as connection, connection.cursor() as cursor:
        return [topic for topic in store.topics(cursor, store_id) if not topic.is_vanished]


def _place(
    store_id: str,
    waiting: Sequence[Waiting],
    encoder: Encoder,
    space: Space,
    means: dict[str, Floats] | None,
    topics: Sequence[Topic],
    settings: Settings,
) -> None:
    texts = store.texts(store_id, [each.key for each in waiting], settings)
    said = [key for key, text in texts.items() if says_something(text)]
    found = vectors([texts[key] for key in said], encoder) @ space.projection
    places = dict(zip(said, found, strict=True))
    languages = dict(zip(texts, language.likeliest(list(texts.values())), strict=True))
    nearest = _nearest(said, places, languages, means, topics)
    rows = [
        (
            store_id,
            *key,
            version,
            at,
            languages[key],
            store.packed(places[key]) if key in places else None,
            space.version,
            nearest.get(key),
        )
        for key, version, at in waiting
    ]
    store.save_places(rows, settings)


def _nearest(
    keys: Sequence[Key],
    places: dict[Key, Floats],
    languages: dict[Key, str],
    means: dict[str, Floats] | None,
    topics: Sequence[Topic],
) -> dict[Key, int]:
    """The topic's id by message; none before a discovery."""
    if not means or not topics or not keys:
        return {}
    positions = unit(np.array([places[key] - means[languages[key]] for key in keys]))
    groups = assign(positions, np.array([topic.centre for topic in topics]))
    return {
        key: topics[number].topic_id for key, number in zip(keys, groups.tolist(), strict=True) if number != NO_TOPIC
    }
