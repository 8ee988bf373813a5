"""The typed columns of a Twilio message, from a webhook's form or from Twilio's message list."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any, Literal

from warehouse.identity import id_key, normalise_phone, phone_key

# Ids of these channels are digits, but no phone numbers.
_WITHOUT_NUMBERS = ("messenger", "instagram")
_PREFIX = re.compile(r"([a-z]+):(.*)", re.DOTALL)


@dataclass(frozen=True)
class TwilioMessage:
    """The typed columns of `raw.twilio_messages`; `customer_key` is a keyed hash."""

    message_sid: str
    account_sid: str | None
    store_id: str
    channel: str
    direction: Literal["inbound", "outbound"]
    customer_key: str
    body: str | None


def from_form(form: dict[str, Any], store_id: str, key: bytes, region: str = "ID") -> TwilioMessage:
    """From the form of an inbound webhook, after `without_nul`. Raises KeyError without MessageSid or From."""
    channel, customer_key = _customer(_first(form["From"]), key, region)
    return TwilioMessage(
        message_sid=_first(form["MessageSid"]),
        account_sid=_first(form["AccountSid"]) if "AccountSid" in form else None,
        store_id=store_id,
        channel=channel,
        direction="inbound",
        customer_key=customer_key,
        body=_first(form["Body"]) if "Body" in form else None,
    )


def from_record(record: dict[str, Any], store_id: str, key: bytes, region: str = "ID") -> TwilioMessage:
    """From a resource of Twilio's API, after `without_nul`. Raises KeyError without sid, direction or the customer's
    address."""
    direction: Literal["inbound", "outbound"] = "inbound" if record["direction"] == "inbound" else "outbound"
    channel, customer_key = _customer(record["from" if direction == "inbound" else "to"], key, region)
    return TwilioMessage(
        message_sid=record["sid"],
        account_sid=record.get("account_sid"),
        store_id=store_id,
        channel=channel,
        direction=direction,
        customer_key=customer_key,
        body=record.get("body"),
    )


def key_beside(form: dict[str, Any], customer_key: str, key: bytes) -> str | None:
    """The key of the customer's business-scoped user id in the form of a webhook, if it has one beside their number."""
    given = _first(form.get("ExternalUserId") or "").rpartition(":")[2]
    found = id_key(given, key) if given else None
    return None if found == customer_key else found


def without_nul(value: Any) -> Any:
    """A JSON value without NUL characters, which Postgres refuses."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, list):
        return [without_nul(item) for item in value]
    if isinstance(value, dict):
        return {without_nul(name): without_nul(item) for name, item in value.items()}
    return value


def payload_hash(payload: Any) -> str:
    """SHA-256 of the canonical JSON, to recognise repeated payloads."""
    canonical = json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _first(value: Any) -> str:
    return str(value[0] if isinstance(value, list) else value)


def _customer(address: str, key: bytes, region: str) -> tuple[str, str]:
    prefixed = _PREFIX.fullmatch(address)
    channel, rest = (prefixed[1], prefixed[2]) if prefixed else ("sms", address)
    number = None if channel in _WITHOUT_NUMBERS else normalise_phone(rest, region)
    return channel, phone_key(number, key) if number else id_key(rest, key)
