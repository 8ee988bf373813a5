"""Discovers the topics of each shop anew, recognises those of earlier runs, names them, and reports what grew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import numpy as np
import structlog
from psycopg2.extensions import cursor as Cursor  # noqa: N812

from ml.encoder.store import Encoder
from ml.onnx_model import Floats
from ml.topics import growth, store
from ml.topics.cluster import FEWEST, NO_TOPIC, Numbers, centres, cluster
from ml.topics.examples import examples, masked
from ml.topics.identity import match
from ml.topics.keep import OUTGROWN, keep
from ml.topics.names import name
from ml.topics.place import KEPT, place, ready
from ml.topics.space import LANGUAGES, unit
from ml.topics.store import Placed, Topic
from ml.topics.vocabulary import vocabulary
from warehouse.connection import transaction
from warehouse.settings import Settings, get_settings

_WEEK = 7
_log = structlog.get_logger()


def discover(settings: Settings | None = None, as_of: datetime | None = None) -> int:
    """Discover the topics in what came up to `as_of` (default now), one transaction a shop; returns how many there are.
    Messages that are new are placed first. Idempotent. Raises NoEncoder, NoMarts."""
    settings = settings or get_settings()
    as_of = as_of or datetime.now(UTC)
    place(settings, as_of)
    encoder, space = ready(settings)
    count = 0
    for store_id in store.stores(settings):
        with transaction("scorer", settings) as connection, connection.cursor() as cursor:
            store.lock(cursor, store_id)
            found = _discover(cursor, store_id, encoder, space.version, as_of, settings)
        _log.info("topics discovered", store_id=store_id, topics=found)
        count += found
    return count


def _discover(
    cursor: Cursor, store_id: str, encoder: Encoder, version: str, as_of: datetime, settings: Settings
) -> int:
    messages = store.placed(cursor, store_id, version, as_of - KEPT, as_of)
    if not messages:
        return 0
    by_key = store.texts(store_id, [message.key for message in messages], settings)
    texts = masked([by_key[message.key] for message in messages], settings.default_region)
    languages = [message.language for message in messages]
    places = np.array([message.place for message in messages])
    common = _means(places, languages)
    positions = unit(places - np.array([common[language] for language in languages]))
    found = _named(cluster(positions, vocabulary(texts, encoder)), texts, messages)
    known = store.topics(cursor, store_id)
    groups, topics = _recognised(found, known, store.last_run(cursor, store_id), positions, messages)
    ids = _save_topics(cursor, store_id, positions, groups, topics, texts, messages)
    store.vanish(cursor, store_id, ids, as_of)
    _save_messages(cursor, store_id, positions, groups, ids, texts, messages)
    last_day = as_of.date() - timedelta(1)
    run = {
        "store_id": store_id,
        "version": version,
        "means": store.packed(np.array([common[language] for language in LANGUAGES])),
        "first_day": messages[0].occurred_at.date(),
        "last_day": last_day,
        "messages": len(messages),
        "as_of": as_of,
    }
    store.save_run(cursor, run)
    _report_growth(cursor, store_id, last_day, messages, groups, ids)
    return len(ids)


def _means(places: Floats, languages: Sequence[str]) -> dict[str, Floats]:
    """What messages of each language have in common; all messages, where a language has none."""
    chosen = {language: np.array([each == language for each in languages]) for language in LANGUAGES}
    return {language: places[is_of if is_of.any() else slice(None)].mean(axis=0) for language, is_of in chosen.items()}


def _named(groups: Numbers, texts: Sequence[str], messages: Sequence[Placed]) -> Numbers:
    """The groups for which there is a name: too few conversations share a word in the others."""
    names = name(texts, [each.language for each in messages], [each.conversation for each in messages], groups)
    kept = [number for number, of_group in enumerate(names) if of_group]
    renumbered = {number: place for place, number in enumerate(kept)}
    return np.array([renumbered.get(number, NO_TOPIC) for number in groups.tolist()])


def _recognised(
    found: Numbers,
    known: Sequence[Topic],
    last_run: tuple[int, datetime] | None,
    positions: Floats,
    messages: Sequence[Placed],
) -> tuple[Numbers, list[Topic | None]]:
    """The topic of each message (messages,), numbered from 0, and for each number the known topic that it is."""
    places = {topic.topic_id: place for place, topic in enumerate(known)}
    before = np.array([places.get(message.topic_id or 0, NO_TOPIC) for message in messages])
    middles = centres(positions, before) if before.max() != NO_TOPIC else np.zeros((0, positions.shape[1]))
    # In this run's space, which may be another than when they were found. A topic without a message keeps its stored
    # centre, unless that has other dimensions.
    stored = np.zeros((len(known), positions.shape[1]), dtype=np.float32)
    for number, topic in enumerate(known):
        if topic.centre.shape == stored[number].shape:
            stored[number] = topic.centre
    stored[: len(middles)] = np.where(middles.any(axis=1, keepdims=True), middles, stored[: len(middles)])
    if last_run is None or len(messages) > OUTGROWN * last_run[0]:
        same = match(stored, centres(positions, found))
        return found, [known[same[number]] if number in same else None for number in range(found.max() + 1)]
    is_fresh = np.array([message.occurred_at > last_run[1] for message in messages])
    kept = keep(before, is_fresh, found, positions)
    numbers, sizes = np.unique(kept[kept != NO_TOPIC], return_counts=True)
    large = [int(number) for number, size in zip(numbers, sizes, strict=True) if size >= FEWEST]
    renumbered = {number: place for place, number in enumerate(large)}
    groups = np.array([renumbered.get(number, NO_TOPIC) for number in kept.tolist()])
    same = {renumbered[number]: number for number in large if number < len(middles)}
    # A topic that had vanished may be back.
    new = [place for place in range(len(large)) if place not in same]
    gone = [place for place in range(len(known)) if place not in same.values()]
    back = match(stored[gone], centres(positions, groups)[new])
    same |= {new[place]: gone[of] for place, of in back.items()}
    return groups, [known[same[place]] if place in same else None for place in range(len(large))]


def _save_topics(
    cursor: Cursor,
    store_id: str,
    positions: Floats,
    groups: Numbers,
    known: Sequence[Topic | None],
    texts: Sequence[str],
    messages: Sequence[Placed],
) -> list[int]:
    """The ids of the topics 0, 1, …; `known` has those of earlier runs."""
    languages = [message.language for message in messages]
    names = name(texts, languages, [message.conversation for message in messages], groups)
    ids = []
    for number, middle in enumerate(centres(positions, groups)):
        spoken = Counter(languages[place] for place in np.flatnonzero(groups == number).tolist())
        topic = known[number]
        named = names[number] | (topic.names if topic else {})
        values = {
            "name_id": named.get("id"),
            "name_en": named.get("en"),
            "language": max(sorted(named), key=lambda language: spoken[language]),
            "centre": store.packed(middle),
            "messages": int((groups == number).sum()),
        }
        ids.append(store.save_topic(cursor, store_id, topic.topic_id if topic else None, values))
    return ids


def _save_messages(
    cursor: Cursor,
    store_id: str,
    positions: Floats,
    groups: Numbers,
    ids: Sequence[int],
    texts: Sequence[str],
    messages: Sequence[Placed],
) -> None:
    shown: dict[int, tuple[int, str]] = {}
    if ids:
        conversations = [message.conversation for message in messages]
        for chosen in examples(texts, conversations, positions, groups, centres(positions, groups)):
            shown |= {example.message: (number, example.text) for number, example in enumerate(chosen, start=1)}
    rows = [
        (store_id, *message.key, ids[number], *shown.get(place, (None, None)))
        for place, (message, number) in enumerate(zip(messages, groups.tolist(), strict=True))
        if number != NO_TOPIC
    ]
    store.save_topics(cursor, store_id, rows)


def _report_growth(
    cursor: Cursor, store_id: str, last_day: date, messages: Sequence[Placed], groups: Numbers, ids: Sequence[int]
) -> None:
    merged, muted = store.settled(cursor, store_id)
    settled = [merged.get(topic_id, topic_id) for topic_id in ids]
    counted = sorted(set(settled))
    weeks = ((last_day - messages[0].occurred_at.date()).days + 1) // _WEEK
    counts = np.zeros((len(counted), weeks), dtype=np.int64)
    for message, number in zip(messages, groups.tolist(), strict=True):
        ago = (last_day - message.occurred_at.date()).days // _WEEK
        if number != NO_TOPIC and 0 <= ago < weeks:
            counts[counted.index(settled[number]), weeks - 1 - ago] += 1
    rows = [
        {
            "topic_id": counted[each.topic],
            "kind": "new" if each.is_new else "growing",
            "messages": each.messages,
            "expected": each.expected,
        }
        for each in growth.grown(counts)
        if counted[each.topic] not in muted
    ]
    store.save_growth(cursor, {"store_id": store_id, "last_day": last_day}, rows)
