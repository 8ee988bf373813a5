"""Twilio's validation of messages: what it refuses immediately, and what it accepts and then fails."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from demo.shapes import REASONS, record
from demo.twilio_errors import Refused

Record = dict[str, Any]

LONGEST_BODY = 1600
MOST_MEDIA = 10
WINDOW = timedelta(hours=24)
# Channels on which a shop may only answer, or send approved templates.
_WITH_WINDOW = ("whatsapp", "messenger", "instagram")
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_ID = re.compile(r"[A-Z]{2}\.[0-9A-Za-z]+")
_PAGE_SCOPED_ID = re.compile(r"[0-9]+")


def taken(
    form: Mapping[str, list[str]], account_sid: str, senders: Collection[str], templates: Mapping[str, str]
) -> Record:
    """The message resource that a POST creates. Raises Refused."""
    fields = {name: values[0] for name, values in form.items()}
    to, sender = _address(fields, "To", 21604, 21211), _address(fields, "From", 21603, 21212)
    _check_sender(to, sender, senders)
    media = [url for url in form.get("MediaUrl", []) if url]
    body = _text(fields, media, templates)
    _check_urls(media, fields.get("StatusCallback"))
    sid = f"{'MM' if media else 'SM'}{uuid.uuid4().hex}"
    made = record(sid, account_sid, to, body, datetime.now(UTC), inbound=False, status="queued", shop=sender)
    return {**made, "num_media": str(len(media)), "date_sent": None, "date_updated": made["date_created"]}


def is_window_open(records: Iterable[Any], resource: Record) -> bool:
    """Whether the customer wrote within the last 24 hours, on channels that require it."""
    if resource["to"].partition(":")[0] not in _WITH_WINDOW:
        return True
    since = datetime.now(UTC) - WINDOW
    return any(
        datetime.strptime(each["date_created"], "%a, %d %b %Y %H:%M:%S %z") > since
        for each in records
        if isinstance(each, dict) and each.get("direction") == "inbound" and each.get("from") == resource["to"]
    )


def failed(resource: Record, code: int) -> Record:
    return {**resource, "status": "failed", "error_code": code, "error_message": REASONS.get(code)}


def _address(fields: Mapping[str, str], name: str, missing: int, invalid: int) -> str:
    address = fields.get(name, "")
    if not address:
        raise Refused(400, missing, f"A '{name}' phone number is required.")
    channel, _, rest = address.rpartition(":")
    form = {"": _NUMBER, "messenger": _PAGE_SCOPED_ID, "instagram": _PAGE_SCOPED_ID}.get(channel)
    if not (form.fullmatch(rest) if form else _NUMBER.fullmatch(rest) or _ID.fullmatch(rest)):
        raise Refused(400, invalid, f"Invalid '{name}' Phone Number: {address}")
    return address


def _check_sender(to: str, sender: str, senders: Collection[str]) -> None:
    channels = [address.rpartition(":")[0] for address in (to, sender)]
    if channels[0] != channels[1]:
        raise Refused(400, 21910, "Invalid From and To pair. From and To should be of the same channel")
    if sender not in senders:
        raise Refused(400, 63007, "Twilio could not find a Channel with the specified From address")
    if to == sender:
        raise Refused(400, 21266, "'To' and 'From' number cannot be the same")


def _text(fields: Mapping[str, str], media: list[str], templates: Mapping[str, str]) -> str:
    """The text that the customer receives. Raises Refused."""
    if content_sid := fields.get("ContentSid"):
        if content_sid not in templates:
            raise Refused(400, 21655, "The ContentSid is Invalid")
        return _filled(templates[content_sid], fields.get("ContentVariables"))
    body = fields.get("Body", "")
    if not body and not media:
        raise Refused(400, 21619, "A text message body or media urls must be specified.")
    if len(body.encode("utf-16-le")) // 2 > LONGEST_BODY:
        raise Refused(400, 21617, "The concatenated message body exceeds the 1600 character limit")
    return body


def _filled(template: str, variables: str | None) -> str:
    try:
        given = json.loads(variables or "{}")
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise Refused(400, 21656, "The ContentVariables Parameter is invalid")
    return re.sub(r"\{\{([^}]+)\}\}", lambda match: str(given.get(match[1], match[0])), template)


def _check_urls(media: list[str], callback: str | None) -> None:
    if len(media) > MOST_MEDIA:
        raise Refused(400, 21623, "Number of media files exceeds allowed limit")
    if any(urlsplit(url).scheme not in ("http", "https") for url in media):
        raise Refused(400, 21620, "Invalid media URL(s)")
    if callback and not urlsplit(callback).netloc:
        raise Refused(400, 21609, f"Invalid StatusCallback URL: {callback}")
