"""Alerts as they were before 0.54."""

from __future__ import annotations

from demo.metabase.answers import Request, route
from demo.metabase.cards import readable
from demo.metabase.checks import FLAG, MAP, POSITIVE, SOME_MAPS, check, one_of
from demo.metabase.notifications import SINCE
from demo.metabase.pulses import channels, check_channel
from demo.metabase.refusals import Row
from demo.metabase.state import State

_CONDITION = one_of("rows", "goal")


@route("GET", "/api/alert", before=SINCE)
def alerts(state: State, request: Request) -> list[Row]:
    return list(state.where("alert", archived=request.asked("archived") == "true"))


@route("POST", "/api/alert", before=SINCE)
def make(state: State, request: Request) -> Row:
    body = request.body
    required = {"alert_condition": _CONDITION, "card": MAP, "channels": SOME_MAPS, "alert_first_only": FLAG}
    check(body, required, {"alert_above_goal": FLAG})
    _check_parts(state, request)
    assert request.user
    return state.add(
        "alert", archived=False, creator_id=request.user["id"], alert_condition=body["alert_condition"],
        alert_first_only=body["alert_first_only"], alert_above_goal=body.get("alert_above_goal"),
        card=body["card"], channels=channels(body),
    )  # fmt: skip


@route("PUT", "/api/alert/:id", before=SINCE)
def change(state: State, request: Request) -> Row:
    row, body = state.get("alert", request.id), request.body
    optional = {"alert_condition": _CONDITION, "card": MAP, "channels": SOME_MAPS, "alert_first_only": FLAG}
    check(body, optional={**optional, "archived": FLAG})
    _check_parts(state, request)
    state.change(row, body, ("alert_condition", "card", "alert_first_only", "archived"))
    if body.get("channels"):
        row["channels"] = channels(body)
    return row


def _check_parts(state: State, request: Request) -> None:
    if card := request.body.get("card"):
        check(card, {"id": POSITIVE, "include_csv": FLAG, "include_xls": FLAG}, within="card")
        readable(state, request.user, card["id"])
    for channel in request.body.get("channels") or []:
        check_channel(channel)
