"""E-mails to the recipients when one of the alert cards has a row.

Ours is the alert whose number is in its card's description (`objects.mail_of`). All others belong to other people.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from dashboards.metabase import cards
from dashboards.metabase.client import Row
from dashboards.metabase.mail_owners import Owners
from dashboards.metabase.objects import Changes, matches, remember_mail
from dashboards.metabase.questions import Target, key

# In Metabase's report time zone, after the morning's build.
CRON = "0 0 8 * * ? *"
_PATH = "/api/notification"
_EMAIL = "channel/email"
_ADDRESS = "notification-recipient/raw-value"
_HANDLER = ("id", "channel_type", "channel_id", "template_id", "active")
_RECIPIENT = ("id", "type", "user_id", "permissions_group_id", "details")


def ensure(
    changes: Changes, recipients: Sequence[str], target: Target, numbers: dict[str, int], owners: Owners
) -> None:
    """Create or update our alert of each alert card, or stop it if there are no recipients. Other people's are not
    touched."""
    for card in cards.alerts():
        number = numbers[key(card)]
        row: Row | None = changes.metabase.get(f"/api/card/{number}") if number > 0 else None
        _ensure_alert(changes, card.title.to(target.language), number, row, recipients, owners)


def _ensure_alert(
    changes: Changes, title: str, number: int, card: Row | None, recipients: Sequence[str], owners: Owners
) -> None:
    listed = changes.metabase.listed(_PATH, card_id=number, include_inactive="true") if card else []
    alike = [row for row in listed if _is_same(row, _body(number, recipients))]
    known = owners.ours(changes, "card", card, listed, alike, f"finish making the alert {title}") if card else None
    body = _body(number, recipients, known)
    if known is None and not recipients:
        return
    if known is None:
        made = changes.write(f"make the alert {title}", "POST", _PATH, body)
        if card:
            remember_mail(changes, "card", card, made["id"])
    elif not _is_same(known, body) and (body["active"] or known["active"]):
        verb = "fix" if body["active"] else "stop"
        changes.write(f"{verb} the alert {title}", "PUT", f"{_PATH}/{known['id']}", body)


def _body(card: int, recipients: Sequence[str], known: Row | None = None) -> Row:
    """The alert as it should be. Channels and people with an account that somebody added to it stay."""
    handlers = (known or {}).get("handlers") or []
    addresses: list[Row] = [{"type": _ADDRESS, "details": {"value": address}} for address in recipients]
    people = [
        _given(recipient, _RECIPIENT)
        for handler in handlers
        if handler["channel_type"] == _EMAIL
        for recipient in handler.get("recipients") or []
        if recipient["type"] != _ADDRESS
    ]
    others = [
        {**_given(each, _HANDLER), "recipients": [_given(one, _RECIPIENT) for one in each.get("recipients") or []]}
        for each in handlers
        if each["channel_type"] != _EMAIL
    ]
    mailed = [{"channel_type": _EMAIL, "recipients": [*addresses, *people]}] if addresses or people else []
    return {
        "payload_type": "notification/card",
        "payload": {"card_id": card, "send_condition": "has_result", "send_once": False},
        "subscriptions": [{"type": "notification-subscription/cron", "cron_schedule": CRON}],
        "handlers": [*mailed, *others],
        "active": bool(mailed or others),
    }


def _is_same(row: Row, body: Row) -> bool:
    return matches(_comparable(row), _comparable(body))


def _comparable(alert: Row) -> Row:
    """An alert whose handlers and recipients are in one order and without their numbers: Metabase returns them in any
    order, and replaces them."""
    handlers = [
        {
            "channel_type": handler["channel_type"],
            "channel_id": handler.get("channel_id"),
            "recipients": sorted((_person(each) for each in handler.get("recipients") or []), key=json.dumps),
        }
        for handler in alert.get("handlers") or []
    ]
    return {**alert, "handlers": sorted(handlers, key=json.dumps)}


def _person(recipient: Row) -> list[object]:
    address = str((recipient.get("details") or {}).get("value", "")).lower()
    return [recipient["type"], recipient.get("user_id"), recipient.get("permissions_group_id"), address]


def _given(row: Row, names: Sequence[str]) -> Row:
    """The keys that Metabase accepts back; null is refused for some of them."""
    return {name: row[name] for name in names if row.get(name) is not None}
