"""Pulses: subscriptions that send a dashboard by e-mail."""

from __future__ import annotations

from demo.metabase.answers import Request, route
from demo.metabase.cards import readable
from demo.metabase.checks import FLAG, MAPS, POSITIVE, SOME_MAPS, TEXT, check, one_of
from demo.metabase.refusals import Row
from demo.metabase.state import State

_SCHEDULES = one_of("hourly", "daily", "weekly", "monthly")


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
    body = request.body
    optional = {"skip_if_empty": FLAG, "collection_id": POSITIVE, "dashboard_id": POSITIVE, "parameters": MAPS}
    check(body, {"name": TEXT, "cards": SOME_MAPS, "channels": SOME_MAPS}, optional)
    _check_parts(state, request)
    if body.get("dashboard_id"):
        state.require(request.user, state.get("dashboard", body["dashboard_id"])["collection_id"], "read")
    assert request.user
    return state.add(
        "pulse", archived=False, creator_id=request.user["id"], name=body["name"], cards=body["cards"],
        channels=_channels(body), skip_if_empty=bool(body.get("skip_if_empty")), dashboard_id=body.get("dashboard_id"),
        parameters=body.get("parameters") or [], collection_id=body.get("collection_id"),
    )  # fmt: skip


@route("GET", "/api/pulse/:id")
def pulse(state: State, request: Request) -> Row:
    return state.get("pulse", request.id)


@route("PUT", "/api/pulse/:id")
def change(state: State, request: Request) -> Row:
    row, body = state.get("pulse", request.id), request.body
    check(
        body, optional={"name": TEXT, "cards": SOME_MAPS, "channels": SOME_MAPS, "archived": FLAG, "parameters": MAPS}
    )
    _check_parts(state, request)
    state.change(row, body, ("name", "cards", "skip_if_empty", "archived", "parameters", "collection_id"))
    if body.get("channels"):
        row["channels"] = _channels(body)
    return row


def follow(state: State, dashboard: Row, cards: list[int]) -> None:
    """Update the subscriptions of a changed dashboard: they get its name and cards, and are removed with it."""
    for pulse in list(state.where("pulse", dashboard_id=dashboard["id"])):
        if dashboard["archived"]:
            state.remove("pulse", pulse["id"])
            continue
        kept = [card for card in pulse["cards"] if card["id"] in cards]
        known = {card["id"] for card in kept}
        new = [
            {"id": card, "include_csv": False, "include_xls": False}
            for card in dict.fromkeys(cards)
            if card not in known
        ]
        pulse |= {"name": dashboard["name"], "collection_id": dashboard["collection_id"], "cards": kept + new}


def _channels(body: Row) -> list[Row]:
    """The channels of a body with Metabase's defaults."""
    defaults: Row = {"schedule_day": None, "schedule_frame": None, "enabled": True, "details": {}}
    return [{**defaults, **channel} for channel in body["channels"]]


def _check_parts(state: State, request: Request) -> None:
    for card in request.body.get("cards") or []:
        check(card, {"id": POSITIVE, "include_csv": FLAG, "include_xls": FLAG}, within="cards")
        readable(state, request.user, card["id"])
    for channel in request.body.get("channels") or []:
        kinds = {"channel_type": one_of("email", "slack"), "schedule_type": _SCHEDULES}
        check(channel, kinds, {"recipients": MAPS}, within="channels")


def _may(request: Request, pulse: Row) -> bool:
    return request.user is not None and (request.user["is_superuser"] or pulse["creator_id"] == request.user["id"])
