"""Notifications: alerts on a card's result. A notification, its payload, subscriptions, handlers and recipients are
rows with ids of their own."""

from __future__ import annotations

from demo.metabase.answers import Request, route
from demo.metabase.cards import readable
from demo.metabase.checks import (
    ANY,
    FLAG,
    MAP,
    MAPS,
    POSITIVE,
    STRING,
    TEXT,
    Kind,
    check,
    check_each,
    maybe,
    one_of,
)
from demo.metabase.refusals import NO_RIGHTS, NOT_FOUND, Refused, Row
from demo.metabase.state import State

_CHANNEL = Kind("should be a channel", lambda value: isinstance(value, str) and value.startswith("channel/"))
_RECIPIENTS = one_of(*(f"notification-recipient/{each}" for each in ("user", "group", "raw-value")))
_PAYLOAD = {
    "id": POSITIVE,
    "send_condition": one_of("has_result", "goal_above", "goal_below"),
    "send_once": FLAG,
}
_CRON = {"type": one_of("notification-subscription/cron"), "cron_schedule": TEXT}
_SUBSCRIPTION = {
    "id": POSITIVE,
    "notification_id": POSITIVE,
    "ui_display_type": maybe(STRING),
    "event_name": maybe(STRING),
}
_HANDLER = {
    "id": POSITIVE,
    "notification_id": POSITIVE,
    "channel_id": maybe(POSITIVE),
    "template_id": maybe(POSITIVE),
    "active": maybe(FLAG),
    "recipients": MAPS,
}
_RECIPIENT = {
    "id": POSITIVE,
    "notification_handler_id": POSITIVE,
    "user_id": maybe(POSITIVE),
    "permissions_group_id": maybe(POSITIVE),
    "details": maybe(MAP),
}


@route("GET", "/api/notification")
def notifications(state: State, request: Request) -> list[Row]:
    card = request.asked("card_id")
    everything = request.asked("include_inactive") == "true"
    return [
        row
        for row in state.all("notification")
        if (row["active"] or everything) and (not card or row["payload"]["card_id"] == int(card)) and _may(request, row)
    ]


@route("POST", "/api/notification")
def make(state: State, request: Request) -> Row:
    body = _checked(state, request)
    assert request.user
    row = state.add("notification", creator_id=request.user["id"], active=body.get("active") is not False)
    _fill(state, row, body, known=set())
    return row


@route("GET", "/api/notification/:id")
def notification(state: State, request: Request) -> Row:
    row = state.get("notification", request.id)
    if not _may(request, row):
        raise Refused(403, NO_RIGHTS)
    return row


@route("PUT", "/api/notification/:id")
def change(state: State, request: Request) -> Row:
    row = notification(state, request)
    body = _checked(state, request)
    if body["payload_type"] != row["payload_type"]:
        raise Refused(400, "Update payload_type is not allowed.")
    state.change(row, body, ("active",))
    parts = [*row["subscriptions"], *row["handlers"], *(each for one in row["handlers"] for each in one["recipients"])]
    _fill(state, row, body, known={part["id"] for part in parts})
    return row


def _may(request: Request, row: Row) -> bool:
    return request.user is not None and (request.user["is_superuser"] or row["creator_id"] == request.user["id"])


def _checked(state: State, request: Request) -> Row:
    """The body of a notification without undeclared keys at any depth."""
    kind = {"payload_type": one_of("notification/card", "notification/dashboard", "notification/system-event")}
    body = check(request.body, {**kind, "payload": MAP}, {"subscriptions": MAPS, "handlers": MAPS, "active": FLAG})
    body["payload"] = check(body["payload"], {"card_id": POSITIVE}, _PAYLOAD, within="payload")
    if body["payload"]["card_id"] not in state.kinds.get("card", {}):
        raise Refused(404, NOT_FOUND)
    readable(state, request.user, body["payload"]["card_id"])
    body["subscriptions"] = check_each(body.get("subscriptions") or [], _CRON, _SUBSCRIPTION, "subscriptions")
    body["handlers"] = check_each(body.get("handlers") or [], {"channel_type": _CHANNEL}, _HANDLER, "handlers")
    for handler in body["handlers"]:
        recipients = check_each(handler.get("recipients") or [], {"type": _RECIPIENTS}, _RECIPIENT, "recipients")
        handler["recipients"] = recipients
        for recipient in recipients:
            if recipient["type"].endswith("/raw-value"):
                check(recipient, {"details": MAP}, dict.fromkeys(recipient, ANY), within="recipients")
                check(recipient["details"], {"value": ANY}, {"channel_id": maybe(STRING)}, closed=True)
    return body


def _fill(state: State, row: Row, body: Row, known: set[int]) -> None:
    """Store the parts of a notification. Those with a `known` id keep it, the others are new."""
    row |= {
        "payload_type": body["payload_type"],
        "subscriptions": [_part(state, row, each, known) for each in body["subscriptions"]],
        "handlers": [
            {
                "active": True,
                **_part(state, row, each, known),
                "recipients": [_part(state, row, person, known) for person in each["recipients"]],
            }
            for each in body["handlers"]
        ],
    }
    number = row["payload"]["id"] if "payload" in row else state.add("notification_part")["id"]
    row["payload"] = {"send_condition": "has_result", "send_once": False, **body["payload"], "id": number}


def _part(state: State, row: Row, given: Row, known: set[int]) -> Row:
    number = given["id"] if given.get("id") in known else state.add("notification_part")["id"]
    return {**given, "id": number, "notification_id": row["id"]}
