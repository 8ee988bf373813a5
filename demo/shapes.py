"""Messages in Twilio's formats: the API's resource, and the forms of its webhooks."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

RFC_2822 = "%a, %d %b %Y %H:%M:%S +0000"
SHOP = "whatsapp:+6281100000000"
REASONS = {
    63016: "Failed to send freeform message because you are outside the allowed window.",
    63024: "Invalid message recipient",
    30003: "Unreachable destination handset",
}


def sid(kind: str, *seed: object) -> str:
    """A sid in Twilio's format (two letters, 32 hexadecimal digits), the same for the same seed."""
    return kind + hashlib.sha256("/".join(map(str, seed)).encode()).hexdigest()[:32]


def record(
    message_sid: str,
    account_sid: str,
    customer: str,
    body: str,
    at: datetime,
    *,
    inbound: bool,
    status: str | None = None,
    error_code: int | None = None,
    shop: str = SHOP,
) -> dict[str, Any]:
    """A message resource. `customer` and `shop` are addresses (`whatsapp:+62…`); the API's dates have whole seconds."""
    at = at.astimezone(UTC)
    uri = f"/2010-04-01/Accounts/{account_sid}/Messages/{message_sid}"
    return {
        "account_sid": account_sid,
        "api_version": "2010-04-01",
        "body": body,
        "date_created": at.strftime(RFC_2822),
        "date_sent": at.strftime(RFC_2822),
        "date_updated": (at + timedelta(seconds=0 if inbound else 3)).strftime(RFC_2822),
        "direction": "inbound" if inbound else "outbound-api",
        "error_code": error_code,
        "error_message": REASONS.get(error_code) if error_code else None,
        "from": customer if inbound else shop,
        "messaging_service_sid": None,
        "num_media": "0",
        "num_segments": "1",
        "price": None,
        "price_unit": None,
        "sid": message_sid,
        "status": status or ("received" if inbound else "delivered"),
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": shop if inbound else customer,
        "uri": f"{uri}.json",
    }


def inbound_form(resource: dict[str, Any], profile_name: str) -> dict[str, str]:
    """The fields that Twilio posts for an inbound message."""
    return {
        "SmsMessageSid": resource["sid"],
        "NumMedia": resource["num_media"],
        "ProfileName": profile_name,
        "MessageType": "text",
        "SmsSid": resource["sid"],
        "WaId": resource["from"].rpartition("+")[2],
        "SmsStatus": "received",
        "Body": resource["body"],
        "To": resource["to"],
        "NumSegments": "1",
        "ReferralNumMedia": "0",
        "MessageSid": resource["sid"],
        "AccountSid": resource["account_sid"],
        "From": resource["from"],
        "ApiVersion": "2010-04-01",
    }


def status_form(resource: dict[str, Any], status: str) -> dict[str, str]:
    """The fields that Twilio posts when an outbound message's status changes."""
    form = {
        "SmsSid": resource["sid"],
        "SmsStatus": status,
        "MessageStatus": status,
        "ChannelToAddress": resource["to"],
        "To": resource["to"],
        "MessageSid": resource["sid"],
        "AccountSid": resource["account_sid"],
        "From": resource["from"],
        "ApiVersion": "2010-04-01",
    }
    if resource["error_code"] and status in ("failed", "undelivered"):
        form |= {"ErrorCode": str(resource["error_code"]), "ErrorMessage": resource["error_message"]}
    return form


def statuses(resource: dict[str, Any]) -> list[str]:
    """The statuses that an outbound message went through, in order."""
    if resource["status"] in ("failed", "undelivered"):
        return ["queued", "sent", resource["status"]]
    steps = ["queued", "sent", "delivered", "read"]
    return steps[: steps.index(resource["status"]) + 1]
