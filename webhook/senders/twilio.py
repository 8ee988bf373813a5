"""Twilio's webhooks: messages from customers, and delivery statuses of messages to them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, g, request

from warehouse import twilio_shape
from webhook.errors import Problem
from webhook.landing import bodies, rows
from webhook.landing.bodies import Form
from webhook.services import services

blueprint = Blueprint("twilio", __name__, url_prefix="/webhooks/twilio")

EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
_WORD = re.compile(r"[0-9A-Za-z_-]{1,64}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Fields that become columns must not repeat: Twilio's signature does not cover how often a field occurs.
_SINGLE = ("MessageSid", "AccountSid", "From", "Body", "ExternalUserId", "MessageStatus", "ErrorCode")
# Inbound messages have no MessageStatus; these two would be consistent with one.
_INBOUND_STATUSES = ("receiving", "received")


@blueprint.post("/messages")
def messages() -> Response:
    """An inbound message: verify, store, and answer with empty TwiML."""
    payload = _verified_payload()
    _require_word(payload, "MessageSid")
    if not payload.get("From", "").rpartition(":")[2]:
        raise Problem(422, "no_sender", "From is missing or empty.")
    if payload.get("MessageStatus", "received") not in _INBOUND_STATUSES:
        raise Problem(422, "status_callback", "This is a status callback: those go to /webhooks/twilio/status.")
    app = services()
    settings = app.settings
    message = twilio_shape.from_form(payload, settings.default_store, app.hash_key, settings.default_region)
    return _land(
        rows.MESSAGES,
        payload,
        message.account_sid,
        message.store_id,
        message.channel,
        message.direction,
        message.customer_key,
        message.body,
        twilio_shape.key_beside(payload, message.customer_key, app.hash_key),
        datetime.now(UTC),
    )


@blueprint.post("/status")
def status() -> Response:
    """A status callback. Each distinct one is a row; readers pick the status with the highest rank."""
    payload = _verified_payload()
    _require_word(payload, "MessageSid")
    if "MessageStatus" not in payload:
        raise Problem(422, "no_status", "MessageStatus is missing: messages go to /webhooks/twilio/messages.")
    _require_word(payload, "MessageStatus")
    return _land(rows.STATUSES, payload, payload["MessageStatus"], payload.get("ErrorCode"), _reply())


def _reply() -> str | None:
    """The reply's id, which is part of the callback address given to Twilio (`bot.delivery.sending`)."""
    given = request.args.get("reply", "")
    return given if _UUID.fullmatch(given) else None


def _land(table: rows.Table, payload: dict[str, Any], *values: object) -> Response:
    g.ids = payload["MessageSid"]
    services().landing.land([rows.row(table, payload["MessageSid"], payload, *values)])
    return Response(EMPTY_TWIML, mimetype="text/xml")


def _verified_payload() -> dict[str, Any]:
    """The form as a JSON object (name → value or list of values), after its signature is verified."""
    bodies.require_type("application/x-www-form-urlencoded")
    form = bodies.form()
    _verify(form)
    fields = {name: values[0] if len(values) == 1 else values for name, values in form.items()}
    payload: dict[str, Any] = twilio_shape.without_nul(fields)
    if any(isinstance(payload.get(name), list) for name in _SINGLE):
        raise Problem(422, "repeated_field", f"These fields may stand once: {', '.join(_SINGLE)}.")
    return payload


def _verify(form: Form) -> None:
    app = services()
    if app.twilio is None:
        raise Problem(503, "not_configured", "TWILIO_AUTH_TOKEN and KABAR_PUBLIC_URL must be set.")
    url = str(app.settings.public_url).rstrip("/") + request.path
    if request.query_string:
        url += "?" + request.query_string.decode("latin1")
    signature = request.headers.get("X-Twilio-Signature", "")
    if not app.twilio.validate(url, form, signature):
        raise Problem(403, "wrong_signature", "The signature is missing or wrong.")


def _require_word(payload: dict[str, Any], name: str) -> None:
    if not _WORD.fullmatch(payload.get(name, "")):
        raise Problem(422, "bad_field", f"{name} is missing or no word of letters and digits.")
