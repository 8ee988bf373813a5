"""Events from chatbots on other channels, signed with Standard Webhooks."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, g, jsonify, request

from warehouse.identity import email_key, id_key, normalise_phone, phone_key
from webhook.errors import Problem
from webhook.landing import bodies, rows
from webhook.senders import events
from webhook.services import Services, services

blueprint = Blueprint("chatbot", __name__, url_prefix="/webhooks/chatbot")

_SIGNATURE_HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")


@blueprint.get("/schema.json")
def schema() -> Response:
    response = jsonify(events.SCHEMA)
    response.mimetype = "application/schema+json"
    return response


@blueprint.post("/events")
def receive() -> Response:
    """Accepts 1 to 500 events of the shop that signed them. All are stored, or none, and the response lists the errors
    of each."""
    bodies.require_type("application/json")
    text = bodies.text()
    store = _signer(text)
    received = events.parse(text)
    _require_good(received, store)
    g.ids = [event["event_id"] for event in received]
    services().landing.land([_row(event, store, services()) for event in received])
    return jsonify(received=len(received))


def _signer(text: str) -> str:
    """The shop whose secret signed the body. Raises Problem 403 and 503."""
    store = services().chatbots.signer(text, {name: request.headers.get(name, "") for name in _SIGNATURE_HEADERS})
    if store is None:
        raise Problem(403, "wrong_signature", "The signature is missing, wrong or too old.")
    return store


def _require_good(received: list[Any], store: str) -> None:
    faults = [
        {"index": index, **_named(event), **asdict(fault)}
        for index, event in enumerate(received)
        for fault in services().events.faults(event, store)
    ]
    if faults:
        raise Problem(422, "bad_events", "Nothing of this delivery was stored.", errors=faults)


def _named(event: Any) -> dict[str, str]:
    """The event's id for the response, if it is valid."""
    event_id = event.get("event_id") if isinstance(event, dict) else None
    return {"event_id": event_id} if isinstance(event_id, str) and 0 < len(event_id) <= 255 else {}


def _row(event: dict[str, Any], store: str, app: Services) -> rows.Row:
    customer = event["customer"]
    number = normalise_phone(customer["phone"], app.settings.default_region) if "phone" in customer else None
    by_phone = phone_key(number, app.hash_key) if number else None
    by_id = id_key(customer["id"], app.hash_key) if "id" in customer else None
    is_message = event["type"] == "message"
    return rows.row(
        rows.EVENTS,
        event["event_id"],
        event,
        event["type"],
        events.parse_time(event["occurred_at"]),
        event["channel"],
        store,
        by_phone or by_id,
        by_phone,
        by_id,
        email_key(customer["email"], app.hash_key) if "email" in customer else None,
        event["author"] if is_message else None,
        event["text"] if is_message else None,
        event.get("answered") if is_message and event["author"] == "bot" else None,
        event.get("needs_reply") if is_message and event["author"] == "customer" else None,
        int(event["rating"]) if event["type"] == "rating" else None,
    )
