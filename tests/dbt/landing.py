"""Lands histories in `raw` and `app` as the components' roles may, many shops at once; and reads the marts back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from zlib import crc32

from psycopg2.extras import Json, execute_values

from tests.dbt.history import Event, History
from warehouse.connection import transaction
from warehouse.identity import hash_key, id_key, phone_key
from warehouse.settings import Settings
from warehouse.twilio_shape import payload_hash

MODEL = "model-of-the-test"


def open_shops(settings: Settings, histories: Iterable[History]) -> None:
    """Write the shops' settings, and the model that the labels name."""
    shops = [history.shop for history in histories]
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        _insert(cursor, "app.stores (store_id, timezone)", [(s.id, s.timezone) for s in shops if s.timezone])
        _insert(cursor, "app.business_hours", [(s.id, *hours) for s in shops for hours in s.hours])
        _insert(cursor, "app.holidays", [(s.id, day) for s in shops for day in s.holidays])
        targets = [(s.id, "first_response_on_time_rate", s.target) for s in shops if s.target is not None]
        _insert(cursor, "app.kpi_targets", targets)
        model = (MODEL, "none", b"", Json({}), Json({}), Json({}))
        _insert(cursor, "ml.models (model_version, base_model, onnx, tokenizer, configuration, metrics)", [model])


def land(settings: Settings, histories: Iterable[History]) -> None:
    """Land all events: chatbot events and webhooks as the webhook, Twilio's record as the loader, labels as the scorer.
    Twilio's messages come by webhook, by record or by both, as their ids decide."""
    key = hash_key(settings)
    landed = [(history.shop.id, event) for history in histories for event in history.events]
    twilio = [(store, event) for store, event in landed if event.source == "twilio"]
    with transaction("webhook", settings) as connection, connection.cursor() as cursor:
        chatbot = [_chatbot_row(store, event, key) for store, event in landed if event.source == "chatbot"]
        columns = "event_id, type, occurred_at, channel, store_id, customer_key, phone_key, id_key, author, answered, "
        _insert(cursor, f"raw.chatbot_events ({columns} needs_reply, rating, payload, payload_hash)", chatbot)
        callbacks = [_callback_row(event, status) for _, event in twilio for status in event.statuses[:1]]
        _insert(cursor, "raw.twilio_statuses (message_sid, payload_hash, status, payload)", callbacks)
    with transaction("loader", settings) as connection, connection.cursor() as cursor:
        columns = "message_sid, store_id, channel, direction, customer_key, payload, payload_hash, record, sent_at"
        rows = [_twilio_row(store, event, key) for store, event in twilio]
        _insert(cursor, f"raw.twilio_messages ({columns}, received_at)", rows)
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        agents = [(event.id, "agent") for _, event in twilio if event.author == "agent"]
        _insert(cursor, "app.outbound_messages (message_sid, author)", agents)
    with transaction("scorer", settings) as connection, connection.cursor() as cursor:
        labels = [
            (event.source, event.id, event.label[0], 1, event.label[1], 1, event.label[2], MODEL)
            for _, event in landed
            if event.label
        ]
        columns = "issue, issue_probability, urgency, urgency_probability, language, model_version"
        _insert(cursor, f"ml.message_labels (source, message_id, {columns})", labels)
    own = [(store, event) for store, event in landed if event.is_own]
    replied = [
        (store, event) for store, event in twilio if event.answered is not None or event.kind == "rating_requested"
    ]
    decided = [(store, event) for store, event in twilio if event.needs_reply is not None]
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        corrections = [(event.source, event.id, *event.correction, 1) for _, event in landed if event.correction]
        _insert(cursor, "ml.labels (source, message_id, issue, urgency, labelled_by)", corrections)
        threads = _threads(cursor, [*own, *replied, *decided], key)
        replies = [_reply_row(event, threads[_thread(store, event, key)]) for store, event in replied]
        columns = "reply_id, conversation_id, author, kind, body, answered, state, message_sid, sent_at"
        _insert(cursor, f"app.replies ({columns})", replies)
        decisions = [_decision_row(event, threads[_thread(store, event, key)]) for store, event in decided]
        columns = "decision_id, step, conversation_id, name, outcome, reason, message_ids, milliseconds"
        _insert(cursor, f"app.bot_decisions ({columns})", decisions)
        events = [_own_row(event, threads[_thread(store, event, key)]) for store, event in own]
        columns = "event_id, conversation_id, type, rating, reply_id, message_id, occurred_at"
        _insert(cursor, f"app.conversation_events ({columns})", events)


def read(settings: Settings, query: str, role: str = "reader") -> list[dict[str, Any]]:
    """The rows of a query, as dicts."""
    with transaction(role, settings) as connection, connection.cursor() as cursor:  # type: ignore[arg-type]
        cursor.execute(query)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _insert(cursor: Any, target: str, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        execute_values(cursor, f"insert into {target} values %s on conflict do nothing", rows, page_size=1000)


def _keys(event: Event, key: bytes) -> tuple[str, str | None, str | None]:
    of_phone = phone_key(event.phone, key) if event.phone else None
    of_id = id_key(event.given_id, key) if event.given_id else None
    customer = of_phone or of_id
    assert customer
    return customer, of_phone, of_id


def _chatbot_row(store: str, event: Event, key: bytes) -> tuple[Any, ...]:
    fields = (event.author, event.answered, event.needs_reply, event.rating)
    body = {"event_id": event.id}
    what = (event.id, event.kind, event.at, event.channel, store)
    return (*what, *_keys(event, key), *fields, Json(body), payload_hash(body))


def _thread(store: str, event: Event, key: bytes) -> tuple[str, str, str]:
    return store, event.channel, _keys(event, key)[0]


def _threads(cursor: Any, happened: list[tuple[str, Event]], key: bytes) -> dict[tuple[str, str, str], int]:
    """The conversations of events, which are opened if no message has done so."""
    threads = sorted({_thread(store, event, key) for store, event in happened})
    customers = sorted({(store, customer) for store, _, customer in threads})
    _insert(cursor, "app.customers (store_id, customer_key)", customers)
    rows = [(*thread, "2026-01-01T00:00:00Z") for thread in threads]
    _insert(cursor, "app.conversations (store_id, channel, customer_key, last_message_at)", rows)
    cursor.execute("select store_id, channel, customer_key, conversation_id from app.conversations")
    return {(store, channel, customer): number for store, channel, customer, number in cursor}


def _reply_row(event: Event, conversation_id: int) -> tuple[Any, ...]:
    kind = "answer" if event.kind == "message" else "rating_request"
    sent_at = datetime.now(UTC)
    return event.own_id, conversation_id, "bot", kind, "halo", event.answered, "sent", event.id, sent_at


def _decision_row(event: Event, conversation_id: int) -> tuple[Any, ...]:
    """What the bot decided of a customer's message: to say nothing, or that a person has the conversation."""
    step = ("guard", "silent", "agent") if event.needs_reply else ("wordless", "silent", "no_words")
    return event.own_id, 1 if event.needs_reply else 3, conversation_id, *step, [event.id], 1.0


def _own_row(event: Event, conversation_id: int) -> tuple[Any, ...]:
    is_message = event.source == "twilio"
    reply_id = event.own_id if is_message and event.kind == "rating_requested" else None
    message_id = event.id if is_message and event.kind == "rating" else None
    return event.own_id, conversation_id, event.kind, event.rating, reply_id, message_id, event.at


def _callback_row(event: Event, status: str) -> tuple[Any, ...]:
    body = {"MessageSid": event.id, "MessageStatus": status}
    return event.id, payload_hash(body), status, Json(body)


def _twilio_row(store: str, event: Event, key: bytes) -> tuple[Any, ...]:
    """A webhook gives only the time of receipt; a record gives the time of sending and a status."""
    inbound = event.author == "customer" or event.kind == "rating"
    by = crc32(event.id.encode()) % 3 if inbound else 1
    body = {"MessageSid": event.id}
    record = {"sid": event.id, "status": event.statuses[-1] if event.statuses else "sent"}
    received_at = {0: event.at, 1: None, 2: event.at + timedelta(minutes=3)}[by]
    payload = (Json(body), payload_hash(body)) if by != 1 else (None, None)
    from_record = (Json(record), event.at) if by != 0 else (None, None)
    direction = "inbound" if inbound else "outbound"
    return event.id, store, event.channel, direction, _keys(event, key)[0], *payload, *from_record, received_at
