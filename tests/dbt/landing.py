"""Lands histories in `raw` and `app` as the components' roles may, many shops at once; and reads the marts back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
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
        _insert(cursor, f"raw.chatbot_events ({columns} rating, payload, payload_hash)", chatbot)
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
    fields = (event.author, event.answered, event.rating)
    body = {"event_id": event.id}
    what = (event.id, event.kind, event.at, event.channel, store)
    return (*what, *_keys(event, key), *fields, Json(body), payload_hash(body))


def _callback_row(event: Event, status: str) -> tuple[Any, ...]:
    body = {"MessageSid": event.id, "MessageStatus": status}
    return event.id, payload_hash(body), status, Json(body)


def _twilio_row(store: str, event: Event, key: bytes) -> tuple[Any, ...]:
    """A webhook gives only the time of receipt; a record gives the time of sending and a status."""
    inbound = event.author == "customer"
    by = crc32(event.id.encode()) % 3 if inbound else 1
    body = {"MessageSid": event.id}
    record = {"sid": event.id, "status": event.statuses[-1] if event.statuses else "sent"}
    received_at = {0: event.at, 1: None, 2: event.at + timedelta(minutes=3)}[by]
    payload = (Json(body), payload_hash(body)) if by != 1 else (None, None)
    from_record = (Json(record), event.at) if by != 0 else (None, None)
    direction = "inbound" if inbound else "outbound"
    return event.id, store, event.channel, direction, _keys(event, key)[0], *payload, *from_record, received_at
