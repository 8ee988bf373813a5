"""Caching. The free edition has one policy for everything; of a paid one, only clearing is implemented."""

from __future__ import annotations

from demo.metabase.answers import Answer, Request, paid, route
from demo.metabase.checks import FROM_ZERO, MAP, POSITIVE, check, one_of
from demo.metabase.refusals import Refused, Row
from demo.metabase.state import State


@route("GET", "/api/cache")
def policies(state: State, request: Request) -> Row:
    state.require_administrator(request.user)
    if request.query.get("model", ["root"]) != ["root"]:
        raise paid("Granular Caching")
    return {"data": state.all("cache")}


@route("PUT", "/api/cache")
def keep(state: State, request: Request) -> Row:
    state.require_administrator(request.user)
    models = one_of("root", "database", "dashboard", "question")
    body = check(request.body, {"model": models, "model_id": FROM_ZERO, "strategy": MAP})
    strategy = body["strategy"]
    check(strategy, {"type": one_of("nocache", "ttl")}, within="strategy")
    if strategy["type"] == "ttl":
        required = {"type": one_of("ttl"), "multiplier": POSITIVE, "min_duration_ms": FROM_ZERO}
        check(strategy, required, closed=True, within="strategy")
    if body["model"] != "root":
        raise paid("Granular Caching")
    if body["model_id"] != 0:
        raise Refused(404, "Root configuration is only valid with model_id = 0")
    for policy in state.all("cache"):
        state.remove("cache", policy["id"])
    return {"id": state.add("cache", **body)["id"]}


@route("POST", "/api/cache/invalidate")
def clear(state: State, request: Request) -> Answer:
    if not state.is_paid:
        raise paid("Granular Caching")
    state.require_administrator(request.user)
    numbers = [int(number) for number in request.query.get("database", [])]
    for number in numbers:
        state.get("database", number)
    with_overrides = request.query.get("include") == ["overrides"]
    count = sum(1 for card in state.all("card") if card["query"]["database"] in numbers)
    if with_overrides and not count:
        return Answer({"count": -1, "message": "Could not find any questions for the criteria you specified."}, 404)
    state.cleared = [f"database {number}" for number in numbers] + request.query.get("include", [])
    return Answer({"count": count, "message": f"Cleared {count} cached results."})
