"""Conversations with customers: made through the webhook's own tables, as landing does."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from psycopg2.extras import Json

from warehouse import connection
from warehouse.settings import Settings


@dataclass
class Chats:
    """Lands messages, orders and what the bot decided, as the owner of the database."""

    settings: Settings

    def ask(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with connection.transaction("owner", self.settings) as opened, opened.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def says(self, text: str, customer: str = "siti", name: str | None = None, **given: Any) -> str:
        """A customer's message, now or `ago` minutes before; returns its id. `media`: content types it names;
        `form`: more fields of Twilio's."""
        sid = f"SM{uuid.uuid4().hex}"
        media = given.get("media", ())
        payload = {
            "MessageSid": sid,
            "From": f"whatsapp:+62{customer}",
            "To": "whatsapp:+6281100000000",
            "ProfileName": name or customer.title(),
            "NumMedia": str(len(media)),
        }
        payload |= given.get("form", {})
        for place, kind in enumerate(media):
            payload |= {f"MediaUrl{place}": f"https://media.example/{sid}/{place}", f"MediaContentType{place}": kind}
        at = datetime.now(UTC) - timedelta(minutes=given.get("ago", 0))
        self._land(sid, given.get("channel", "whatsapp"), "inbound", key(customer), text, payload, None, at)
        return sid

    def answers(self, text: str, customer: str = "siti", status: str = "delivered", **given: Any) -> str:
        """A message to the customer that left, with Twilio's status of it; returns its id."""
        sid = f"SM{uuid.uuid4().hex}"
        at = datetime.now(UTC) - timedelta(minutes=given.get("ago", 0))
        record = {"status": status, "to": f"whatsapp:+62{customer}", "from": "whatsapp:+6281100000000"}
        self._land(sid, given.get("channel", "whatsapp"), "outbound", key(customer), text, None, record, at)
        return sid

    def _land(self, sid: str, channel: str, direction: str, key_: str, text: str, *rest: Any) -> None:
        payload, record, at = rest
        self.ask(
            """
            insert into raw.twilio_messages (
                message_sid, store_id, channel, direction, customer_key, body, payload, payload_hash, record,
                sent_at, received_at
            ) values (%s, 'default', %s, %s, %s, %s, %s, 'hash', %s, %s, %s)
            """,
            sid, channel, direction, key_, text, payload and Json(payload), record and Json(record), at, at,
        )  # fmt: skip

    def conversation(self, customer: str = "siti", channel: str = "whatsapp") -> int:
        """The id of the customer's thread."""
        rows = self.ask(
            "select conversation_id from app.conversations where customer_key = %s and channel = %s",
            key(customer), channel,
        )  # fmt: skip
        return int(rows[0][0])

    def hands_over(self, customer: str = "siti", reason: str = "human") -> None:
        """As the bot does: the conversation waits for a person."""
        thread = self.conversation(customer)
        self.ask(
            "update app.conversations set state = 'waiting', state_at = now(), state_reason = %s, changed_at = now() "
            "where conversation_id = %s",
            reason, thread,
        )  # fmt: skip
        self.ask(
            "insert into app.conversation_events (conversation_id, type, reason) values (%s, 'handover', %s)",
            thread, reason,
        )  # fmt: skip
        self.ask("select pg_notify('inbox', %s)", str(thread))

    def decides(self, message_id: str, customer: str, *steps: tuple[str, str, str, dict[str, Any]]) -> None:
        """As the bot does: what it decided about a message, step by step."""
        decision = str(uuid.uuid4())
        for number, (name, outcome, reason, details) in enumerate(steps, start=1):
            self.ask(
                "insert into app.bot_decisions (decision_id, step, conversation_id, name, outcome, reason, details, "
                "message_ids, milliseconds) values (%s, %s, %s, %s, %s, %s, %s, %s, 12)",
                decision, number, self.conversation(customer), name, outcome, reason, Json(details), [message_id],
            )  # fmt: skip

    def labels(self, message_id: str, issue: str, urgency: str = "normal") -> None:
        """As the model does."""
        self.ask(
            "insert into ml.models (model_version, base_model, onnx, tokenizer, configuration, metrics) "
            "values ('test', 'test', '', '{}', '{}', '{}') on conflict do nothing"
        )
        self.ask(
            "insert into ml.message_labels (source, message_id, issue, issue_probability, urgency, "
            "urgency_probability, language, model_version) values ('twilio', %s, %s, 0.9, %s, 0.9, 'id', 'test')",
            message_id, issue, urgency,
        )  # fmt: skip

    def buys(self, customer: str, total: str, number: int, status: str = "completed", currency: str = "IDR") -> None:
        """An order that the sync landed."""
        body = {"number": str(number), "total": total, "currency": currency, "meta_data": [],
                "line_items": [{"name": "Kopi Gayo 250 g", "quantity": 2}]}  # fmt: skip
        self.ask(
            "insert into raw.woocommerce_orders (store_id, id, status, customer_id, phone_key, created_at, "
            "modified_at, body, asked_at) values ('default', %s, %s, 0, %s, now(), now(), %s, now())",
            number, status, key(customer), Json(body),
        )  # fmt: skip


def key(customer: str) -> str:
    """A customer key that is none of a real number's."""
    return uuid.uuid5(uuid.NAMESPACE_OID, customer).hex
