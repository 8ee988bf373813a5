"""The jobs that turn uploads and products into passages."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog
from psycopg2.extensions import connection as Connection  # noqa: N812
from psycopg2.extras import Json

from bot.knowledge.products import PASSAGES_VERSION, product_passages
from bot.knowledge.reading import reader
from bot.knowledge.reading.blocks import Unreadable
from bot.knowledge.reading.passages import Text
from bot.knowledge.search import as_vector
from ml.encoder.store import Encoder, encoder_in_use
from ml.language import UNKNOWN, languages
from ml.slang import expand
from warehouse.connection import connect, read_sql, transaction
from warehouse.settings import Settings
from warehouse.zones import zone

_SQL = Path(__file__).parent / "sql"
_BATCH = 32
_READING_SHARE = 0.7  # of the progress; the rest is embedding
_SECONDS_BETWEEN_PROGRESS = 0.5

log = structlog.get_logger()


def read_document(settings: Settings, document_id: int) -> None:
    """Read an uploaded file and replace its passages. Idempotent. If the file cannot be read, its earlier passages stay
    and the reason is stored."""
    with transaction("bot", settings) as connection:
        row = _row(connection, "start_reading", document_id=document_id)
    if row is None:
        return
    store_id, content, uploaded_at = row
    with connect("bot", settings) as connection:
        progress = _Progress(connection, document_id)
        try:
            reading = reader.read(bytes(content or b""), lambda share: progress.show(share * _READING_SHARE))
        except Unreadable as error:
            _fail(settings, document_id, uploaded_at, error)
            return
        encoder = encoder_in_use(settings)
        passages = _prepared(
            reading.passages, encoder, {}, lambda share: progress.show(_READING_SHARE + share * (1 - _READING_SHARE))
        )
    details = _details(passages) | {"pages": reading.pages, "warnings": reading.warnings}
    with transaction("bot", settings) as connection:
        if _row(connection, "lock_document", document_id=document_id, uploaded_at=uploaded_at):
            _replace(connection, document_id, store_id, passages, encoder)
            _finish(connection, document_id, reading.media_type, details)
    log.info("document_read", document_id=document_id, passages=len(passages))


def give_up(settings: Settings, document_id: int) -> None:
    """Mark an upload as failed after the last attempt."""
    with transaction("bot", settings) as connection:
        row = _row(connection, "start_reading", document_id=document_id)
    if row:
        _fail(settings, document_id, row[2], Unreadable("our_fault"))


def read_products(settings: Settings, store_id: str) -> None:
    """Update the passages of a store's products after a sync; without changes it is one query."""
    with transaction("bot", settings) as connection:
        state = _row(connection, "products_state", store_id=store_id)
        if state is None:
            return
        document = _row(connection, "products_document", store_id=store_id)
        assert document is not None
        document_id, uploaded_at, built_of = document
        build_of = f"{state[0]} {PASSAGES_VERSION}"
        if built_of == build_of:
            return
        products = _rows(connection, "products", store_id=store_id)
    encoder = encoder_in_use(settings)
    now = datetime.now(UTC)
    texts = [
        text
        for product, variations, currency, name in products
        for text in product_passages(product, variations, currency, zone(name) if name else settings.timezone, now)
    ]
    with transaction("bot", settings) as connection:
        known = _embedded(connection, document_id, encoder)
    passages = _prepared(texts, encoder, known)
    details = _details(passages) | {"products": len(products), "built_of": build_of}
    with transaction("bot", settings) as connection:
        if _row(connection, "lock_document", document_id=document_id, uploaded_at=uploaded_at):
            _replace(connection, document_id, store_id, passages, encoder)
            _finish(connection, document_id, "application/json", details)
    log.info("products_read", store_id=store_id, products=len(products), passages=len(passages))


def refresh(settings: Settings) -> None:
    """Update products, and embed passages with the encoder in use."""
    with transaction("bot", settings) as connection:
        stores = [store_id for (store_id,) in _rows(connection, "stores_with_products")]
    for store_id in stores:
        read_products(settings, store_id)
    embed_passages(settings)


def embed_passages(settings: Settings) -> int:
    """Embed passages that have no vector of the encoder in use, in batches. Returns how many."""
    encoder = encoder_in_use(settings)
    done = 0
    while encoder:
        with transaction("bot", settings) as connection:
            rows = _rows(connection, "passages_to_embed", encoder_version=encoder.version, limit=_BATCH)
        if not rows:
            break
        vectors = encoder.passages([_encoded(heading, text) for _, heading, text in rows])
        embedded = [
            {"passage_id": row[0], "meaning": as_vector(vector)} for row, vector in zip(rows, vectors, strict=True)
        ]
        with transaction("bot", settings) as connection:
            _run(connection, "embed_passages", passages=Json(embedded), encoder_version=encoder.version)
        done += len(rows)
    return done


class _Progress:
    """Stores the progress of reading, at most twice a second."""

    def __init__(self, connection: Connection, document_id: int) -> None:
        self._connection = connection
        self._document_id = document_id
        self._shown_at = 0.0

    def show(self, share: float) -> None:
        if time.monotonic() - self._shown_at < _SECONDS_BETWEEN_PROGRESS:
            return
        self._shown_at = time.monotonic()
        with self._connection:
            _run(self._connection, "reading_progress", document_id=self._document_id, progress=int(99 * share))


def _prepared(
    texts: Sequence[Text],
    encoder: Encoder | None,
    known: dict[tuple[str | None, str], str],
    progress: Callable[[float], None] = lambda share: None,
) -> list[dict[str, Any]]:
    """Passages for `insert_passages.sql`. `known`: existing vectors by heading and text."""
    fresh = [text for text in texts if encoder and (text.heading, text.text) not in known]
    meanings = dict(known)
    for start in range(0, len(fresh), _BATCH):
        assert encoder is not None
        batch = fresh[start : start + _BATCH]
        vectors = encoder.passages([_encoded(text.heading, text.text) for text in batch])
        meanings |= {(text.heading, text.text): as_vector(vector) for text, vector in zip(batch, vectors, strict=True)}
        progress((start + len(batch)) / len(fresh))
    spoken = languages([text.text for text in texts])
    return [
        {
            "position": position,
            "heading": text.heading,
            "text": text.text,
            "language": language,
            "written_heading": expand(text.heading or ""),
            "written_text": expand(text.text),
            "meaning": meanings.get((text.heading, text.text)),
        }
        for position, (text, language) in enumerate(zip(texts, spoken, strict=True))
    ]


def _encoded(heading: str | None, text: str) -> str:
    return f"{heading}\n{text}" if heading else text


def _embedded(connection: Connection, document_id: int, encoder: Encoder | None) -> dict[tuple[str | None, str], str]:
    if encoder is None:
        return {}
    rows = _rows(connection, "embedded_passages", document_id=document_id, encoder_version=encoder.version)
    return {(heading, text): meaning for heading, text, meaning in rows}


def _replace(
    connection: Connection,
    document_id: int,
    store_id: str,
    passages: list[dict[str, Any]],
    encoder: Encoder | None,
) -> None:
    _run(connection, "delete_passages", document_id=document_id)
    values = {"document": document_id, "store": store_id, "passages": Json(passages)}
    _run(connection, "insert_passages", **values, encoder=encoder.version if encoder else None)


def _finish(connection: Connection, document_id: int, media_type: str, details: dict[str, Any]) -> None:
    _run(connection, "finish_reading", document_id=document_id, media_type=media_type, details=Json(details))


def _fail(settings: Settings, document_id: int, uploaded_at: datetime, error: Unreadable) -> None:
    values = {"document_id": document_id, "uploaded_at": uploaded_at, "reason": error.reason}
    with transaction("bot", settings) as connection:
        _run(connection, "fail_reading", **values, details=Json(error.numbers))
    log.info("document_unreadable", document_id=document_id, reason=error.reason)


def _details(passages: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The number of passages, and the language of most of them."""
    spoken = [passage["language"] for passage in passages if passage["language"] != UNKNOWN]
    return {"passages": len(passages), "language": max(sorted(set(spoken)), key=spoken.count) if spoken else UNKNOWN}


def _run(connection: Connection, name: str, **values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / f"{name}.sql"), values)


def _rows(connection: Connection, name: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / f"{name}.sql"), values)
        return cursor.fetchall()


def _row(connection: Connection, name: str, **values: Any) -> tuple[Any, ...] | None:
    return next(iter(_rows(connection, name, **values)), None)
