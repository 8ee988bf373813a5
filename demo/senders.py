"""The story as each sender reports it: Twilio's records, forms and callbacks, and the chatbot's events."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC
from typing import Any

from demo.customers import Customer
from demo.shapes import record, sid
from demo.shop import Happening

ACCOUNT_SID = sid("AC", "Toko Selasar")


def is_on_twilio(happening: Happening) -> bool:
    """Whether Twilio reports it: only WhatsApp messages. The chatbot reports everything else."""
    return happening.channel == "whatsapp" and happening.kind == "message"


def message_sid(happening: Happening) -> str:
    return sid("SM", happening.key)


def twilio_record(happening: Happening) -> dict[str, Any]:
    """Twilio's own record of a message."""
    inbound = happening.author == "customer"
    made = record(
        message_sid(happening),
        ACCOUNT_SID,
        happening.customer.address,
        happening.text or "",
        happening.at,
        inbound=inbound,
        status=None if inbound else _status(happening),
        error_code=happening.error_code,
    )
    return {**made, "num_media": "1"} if happening.has_picture else made


def chatbot_event(happening: Happening) -> dict[str, Any]:
    """The chatbot's event, in the webhook's published schema."""
    event: dict[str, Any] = {
        "event_id": f"evt_{_digest(happening.key)[:24]}",
        "type": happening.kind,
        "occurred_at": happening.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "channel": happening.channel,
        "customer": _who(happening),
    }
    if happening.kind == "message":
        event |= {"author": happening.author, "text": happening.text}
        if happening.author == "bot":
            event["answered"] = happening.answered
    if happening.kind == "rating":
        event["rating"] = happening.rating
    return event


def agents_messages(happenings: Iterable[Happening]) -> list[str]:
    """The sids of outbound messages that an agent wrote, not the bot."""
    return [message_sid(each) for each in happenings if is_on_twilio(each) and each.author == "agent"]


def _who(happening: Happening) -> dict[str, str]:
    customer = happening.customer
    if happening.channel == "whatsapp":
        return {"phone": customer.phone} if customer.phone else {"id": customer.address.partition(":")[2]}
    who = {"id": _given_id(customer), "name": customer.name}
    # A linked customer has given the web chat the phone number, but not in every conversation.
    episode = happening.key.rpartition("/")[0]
    if customer.is_linked and customer.phone and int(_digest(episode)[:4], 16) % 3:
        who["phone"] = customer.phone
    return who


def _given_id(customer: Customer) -> str:
    return f"web-{customer.given_id[4:]}" if customer.is_linked else customer.given_id


def _status(happening: Happening) -> str:
    if happening.error_code:
        return "failed" if happening.error_code == 63016 else "undelivered"
    return ("read", "read", "read", "delivered", "delivered", "sent")[int(_digest(happening.key)[:4], 16) % 6]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
