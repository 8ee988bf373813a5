"""Rows as the webhook and the loader land them, sound unless a test says otherwise."""

from __future__ import annotations

import uuid
from typing import Any

import psycopg2.extensions
from psycopg2 import sql
from psycopg2.extras import Json

KEY = "0123456789abcdef" * 2
SECRET_TEXT = "kode rahasia saya 77421"


def event(connection: psycopg2.extensions.connection, **changed: Any) -> str:
    """Land a customer's message on the web chat; `changed` replaces columns, `occurred_at` and `received_at` may be SQL
    given as a `sql.SQL`. Returns its id."""
    columns = {
        "event_id": uuid.uuid4().hex,
        "type": "message",
        "occurred_at": sql.SQL("now()"),
        "channel": "web",
        "store_id": "default",
        "customer_key": KEY,
        "id_key": KEY,
        "author": "customer",
        "text": SECRET_TEXT,
        "payload": Json({"text": SECRET_TEXT}),
        "payload_hash": uuid.uuid4().hex,
        "received_at": sql.SQL("now()"),
        **changed,
    }
    _insert(connection, "chatbot_events", columns)
    return str(columns["event_id"])


def message(connection: psycopg2.extensions.connection, **changed: Any) -> str:
    """Land an inbound WhatsApp message with its webhook's body and Twilio's record; returns its sid."""
    columns = {
        "message_sid": f"SM{uuid.uuid4().hex}",
        "store_id": "default",
        "channel": "whatsapp",
        "direction": "inbound",
        "customer_key": KEY,
        "body": SECRET_TEXT,
        "payload": Json({"Body": SECRET_TEXT}),
        "record": Json({"body": SECRET_TEXT, "status": "received"}),
        "sent_at": sql.SQL("now()"),
        "received_at": sql.SQL("now()"),
        "changed_at": sql.SQL("now()"),
        **changed,
    }
    _insert(connection, "twilio_messages", columns)
    return str(columns["message_sid"])


def status(connection: psycopg2.extensions.connection, **changed: Any) -> None:
    columns = {
        "message_sid": f"SM{uuid.uuid4().hex}",
        "payload_hash": uuid.uuid4().hex,
        "status": "delivered",
        "payload": Json({}),
        **changed,
    }
    _insert(connection, "twilio_statuses", columns)


def order(connection: psycopg2.extensions.connection, amounts: dict[str, Any] | None = None, **changed: Any) -> None:
    """Land a shop's order as the sync does; `amounts` replaces fields of its body."""
    body = {
        "total": "11.10",
        "total_tax": "1.10",
        "shipping_total": "0.000000",
        "currency": "IDR",
        "date_created": "2026-01-31T10:00:00",
    }
    columns = {
        "store_id": "default",
        "id": uuid.uuid4().int % 10**12,
        "status": "completed",
        "customer_id": 0,
        "email_key": KEY,
        "phone_key": KEY,
        "created_at": sql.SQL("now()"),
        "modified_at": sql.SQL("now()"),
        "body": Json(body | (amounts or {})),
        "asked_at": sql.SQL("now()"),
        **changed,
    }
    _insert(connection, "woocommerce_orders", columns)


def refund(connection: psycopg2.extensions.connection, **amounts: Any) -> None:
    """Land a refund as the sync does; `amounts` replaces fields of its body."""
    columns = {
        "store_id": "default",
        "id": uuid.uuid4().int % 10**12,
        "order_id": 1,
        "created_at": sql.SQL("now()"),
        "body": Json({"amount": "1.00", "date_created": "2026-01-31T10:00:00"} | amounts),
        "asked_at": sql.SQL("now()"),
    }
    _insert(connection, "woocommerce_refunds", columns)


def survey_answer(connection: psycopg2.extensions.connection, **changed: Any) -> None:
    """Land one respondent's answer to an item, as an import does."""
    key = {"store_id": "default", "wave": "2026-1", "respondent": uuid.uuid4().hex, **changed}
    respondent = {name: key[name] for name in ("store_id", "wave", "respondent")}
    _insert(connection, "survey_respondents", {**respondent, "source": "file"})
    columns = {"item": "EFF1", "dimension": "efficiency", "performance": 4, "expectation": 5, **key}
    _insert(connection, "survey_answers", columns)


def conflict(connection: psycopg2.extensions.connection) -> None:
    columns = {"source": "chatbot_events", "id": uuid.uuid4().hex, "payload_hash": "a", "payload": Json({})}
    _insert(connection, "conflicts", columns)


def rejected(connection: psycopg2.extensions.connection) -> None:
    columns = {"source": "twilio", "id": uuid.uuid4().hex, "payload": Json({}), "reason": "no direction"}
    _insert(connection, "rejected", columns)


def _insert(connection: psycopg2.extensions.connection, table: str, columns: dict[str, Any]) -> None:
    values = [value if isinstance(value, sql.Composable) else sql.Literal(value) for value in columns.values()]
    statement = sql.SQL("insert into raw.{} ({}) values ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, columns)),
        sql.SQL(", ").join(values),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
