"""Notifications: alerts on a card's result."""

from __future__ import annotations

from demo.metabase.answers import Request, route
from demo.metabase.cards import readable
from demo.metabase.checks import EMAIL, FLAG, MAP, MAPS, POSITIVE, TEXT, Kind, check, one_of
from demo.metabase.refusals import NO_RIGHTS, NOT_FOUND, Refused, Row
from demo.metabase.state import State

_CHANNEL = Kind("should be a channel", lambda value: isinstance(value, str) and value.startswith("channel/"))
_RECIPIENTS = ("notification-recipient/user", "notification-recipient/group", "notification-recipient/raw-value")


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
    _check(state, request)
    assert request.user
    row = state.add("notification", creator_id=request.user["id"], active=True)
    _fill(state, row, request.body)
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
    _check(state, request)
    if request.body["payload_type"] != row["payload_type"]:
        raise Refused(400, "Update payload_type is not allowed.")
    state.change(row, request.body, ("active",))
    _fill(state, row, request.body)
    return row


def _may(request: Request, row: Row) -> bool:
    return request.user is not None and (request.user["is_superuser"] or row["creator_id"] == request.user["id"])


def _check(state: State, request: Request) -> None:
    body = request.body
    kind = {"payload_type": one_of("notification/card", "notification/dashboard", "notification/system-event")}
    check(body, {**kind, "payload": MAP}, {"subscriptions": MAPS, "handlers": MAPS, "active": FLAG})
    conditions = one_of("has_result", "goal_above", "goal_below")
    check(body["payload"], {"card_id": POSITIVE}, {"send_condition": conditions, "send_once": FLAG}, within="payload")
    if body["payload"]["card_id"] not in state.kinds.get("card", {}):
        raise Refused(404, NOT_FOUND)
    readable(state, request.user, body["payload"]["card_id"])
    for each in body.get("subscriptions") or []:
        cron = one_of("notification-subscription/cron")
        check(each, {"type": cron, "cron_schedule": TEXT}, within="subscriptions")
    for each in body.get("handlers") or []:
        check(each, {"channel_type": _CHANNEL}, {"recipients": MAPS}, within="handlers")
        for recipient in each.get("recipients") or []:
            check(recipient, {"type": one_of(*_RECIPIENTS)}, within="recipients")
            if recipient["type"].endswith("/raw-value"):
                check(recipient, {"details": MAP}, within="recipients")
                check(recipient["details"], {"value": EMAIL}, closed=True, within="details")


def _fill(state: State, row: Row, body: Row) -> None:
    """Store the parts of a notification, each with its own id."""
    payload = {"send_condition": "has_result", "send_once": False, **body["payload"]}
    row |= {
        "payload_type": body["payload_type"],
        "payload": {**payload, "id": row["id"]},
        "subscriptions": [_part(state, row, each) for each in body.get("subscriptions") or []],
        "handlers": [
            {
                **_part(state, row, each),
                "recipients": [_part(state, row, person) for person in each.get("recipients") or []],
            }
            for each in body.get("handlers") or []
        ],
    }


def _part(state: State, row: Row, given: Row) -> Row:
    number = given.get("id") or state.add("notification_part")["id"]
    return {"active": True, **given, "id": number, "notification_id": row["id"]}
