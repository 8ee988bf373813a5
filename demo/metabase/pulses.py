"""Pulses: subscriptions that send a dashboard by e-mail."""

from __future__ import annotations

from typing import Any

from demo.metabase import parameters
from demo.metabase.answers import Request, route
from demo.metabase.cards import readable
from demo.metabase.checks import (
    EMAIL,
    FLAG,
    FROM_ZERO,
    MAP,
    MAPS,
    POSITIVE,
    SOME_MAPS,
    STRING,
    TEXT,
    check,
    check_each,
    list_of,
    maybe,
    one_of,
)
from demo.metabase.refusals import NOT_FOUND, Refused, Row
from demo.metabase.state import State

_OPTIONAL = {
    "skip_if_empty": maybe(FLAG),
    "collection_id": maybe(POSITIVE),
    "collection_position": maybe(POSITIVE),
    "parameters": maybe(MAPS),
}
_CARD = {"include_csv": FLAG, "include_xls": FLAG, "format_rows": FLAG, "dashboard_card_id": maybe(POSITIVE)}
_CHANNEL = {
    "id": maybe(POSITIVE),
    "enabled": maybe(FLAG),
    "channel_id": maybe(POSITIVE),
    "details": maybe(MAP),
    "recipients": MAPS,
    "schedule_type": maybe(one_of("hourly", "daily", "weekly", "monthly")),
    "schedule_day": maybe(one_of("sun", "mon", "tue", "wed", "thu", "fri", "sat")),
    "schedule_hour": maybe(FROM_ZERO),
    "schedule_frame": maybe(one_of("first", "mid", "last")),
}
_DETAILS = {
    "attachment_only": maybe(FLAG),
    "include_pdf": maybe(FLAG),
    "channel": maybe(STRING),
    "channels": maybe(STRING),
    "channel_id": maybe(STRING),
    "emails": maybe(list_of(EMAIL)),
}


@route("GET", "/api/pulse")
def pulses(state: State, request: Request) -> list[Row]:
    archived = request.asked("archived") == "true"
    dashboard = request.asked("dashboard_id")
    return [
        pulse
        for pulse in state.where("pulse", archived=archived)
        if (not dashboard or pulse["dashboard_id"] == int(dashboard)) and _may(request, pulse)
    ]


@route("POST", "/api/pulse")
def make(state: State, request: Request) -> Row:
    required = {"name": TEXT, "cards": SOME_MAPS, "channels": SOME_MAPS}
    body = check(request.body, required, {**_OPTIONAL, "dashboard_id": maybe(POSITIVE)})
    if body.get("dashboard_id"):
        state.require(request.user, state.get("dashboard", body["dashboard_id"])["collection_id"], "read")
    assert request.user
    return state.add(
        "pulse", archived=False, creator_id=request.user["id"], name=body["name"],
        dashboard_id=body.get("dashboard_id"),
        cards=_cards(state, request, body), channels=_channels(state, body), collection_id=body.get("collection_id"),
        parameters=parameters.checked(state, body.get("parameters")), skip_if_empty=bool(body.get("skip_if_empty")),
    )  # fmt: skip


@route("GET", "/api/pulse/:id")
def pulse(state: State, request: Request) -> Row:
    return state.get("pulse", request.id)


@route("PUT", "/api/pulse/:id")
def change(state: State, request: Request) -> Row:
    row = state.get("pulse", request.id)
    changeable = {"name": maybe(TEXT), "cards": maybe(SOME_MAPS), "channels": maybe(SOME_MAPS), "archived": maybe(FLAG)}
    given = check(request.body, optional={**_OPTIONAL, **changeable})
    body = {name: value for name, value in given.items() if value is not None or name == "collection_id"}
    if "cards" in body:
        body["cards"] = _cards(state, request, body)
    if "channels" in body:
        body["channels"] = _channels(state, body)
    if "parameters" in body:
        body["parameters"] = parameters.checked(state, body["parameters"])
    # These two are false unless they are given.
    body |= {name: bool(body.get(name)) for name in ("skip_if_empty", "archived")}
    state.change(row, body, tuple(body))
    return row


@route("DELETE", "/api/pulse/:id/subscription")
def unsubscribe(state: State, request: Request) -> None:
    """The caller wants no more mail. A channel without recipients is deleted, a pulse without channels archived."""
    row = state.get("pulse", request.id)
    assert request.user
    kept = []
    for channel in row["channels"]:
        others = [each for each in channel["recipients"] if each.get("id") != request.user["id"]]
        if len(others) < len(channel["recipients"]) and not others:
            continue
        kept.append({**channel, "recipients": others})
    if kept == row["channels"]:
        raise Refused(404, NOT_FOUND)
    row |= {"channels": kept, "archived": row["archived"] or not kept}


def follow(state: State, dashboard: Row, cards: list[int]) -> None:
    """Update the subscriptions of a changed dashboard: they get its name and cards, and are archived with it."""
    for pulse in list(state.where("pulse", dashboard_id=dashboard["id"])):
        if dashboard["archived"]:
            pulse["archived"] = True
            continue
        kept = [card for card in pulse["cards"] if card["id"] in cards]
        known = {card["id"] for card in kept}
        new = [
            {"id": card, "include_csv": False, "include_xls": False}
            for card in dict.fromkeys(cards)
            if card not in known
        ]
        pulse |= {"name": dashboard["name"], "collection_id": dashboard["collection_id"], "cards": kept + new}


def _cards(state: State, request: Request, body: Row) -> Any:
    for card in body["cards"]:
        check(card, {"id": POSITIVE}, _CARD, within="cards")
        readable(state, request.user, card["id"])
    return check_each(body["cards"], {"id": POSITIVE}, _CARD, "cards")


def _channels(state: State, body: Row) -> list[Row]:
    """The channels of a body without undeclared keys, with Metabase's defaults. Recipients that are people with an
    account come first, as Metabase reads them."""
    defaults: Row = {"schedule_day": None, "schedule_hour": None, "schedule_frame": None, "enabled": True}
    channels = []
    for given in check_each(body["channels"], {"channel_type": one_of("email", "slack", "http")}, _CHANNEL, "channels"):
        details = check(given.get("details") or {}, optional=_DETAILS, within="details")
        recipient = {"id": maybe(POSITIVE), "email": maybe(EMAIL)}
        found = check_each(given.get("recipients") or [], {}, recipient, "recipients")
        people = [state.get("user", each["id"]) for each in found if each.get("id")]
        known = [{"id": user["id"], "email": user["email"]} for user in people]
        others = [{"email": each["email"]} for each in found if not each.get("id")]
        channels.append({**defaults, **given, "details": details, "recipients": known + others})
    return channels


def _may(request: Request, pulse: Row) -> bool:
    return request.user is not None and (request.user["is_superuser"] or pulse["creator_id"] == request.user["id"])
