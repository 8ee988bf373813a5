"""Setup, sessions, API keys and users."""

from __future__ import annotations

import secrets
import uuid

from demo.metabase.answers import Request, route
from demo.metabase.checks import (
    ANY,
    EMAIL,
    MAP,
    MAPS,
    NUMBER,
    PASSWORD,
    POSITIVE,
    STRING,
    TEXT,
    check,
    check_each,
    maybe,
    refusal,
)
from demo.metabase.refusals import Refused, Row
from demo.metabase.settings import CONFIGURED, value_of
from demo.metabase.state import ADMINISTRATORS, ALL_USERS, NEWEST, State

_NAMES = {"first_name": maybe(TEXT), "last_name": maybe(TEXT)}
VERSION, BEFORE = "v0.63.19.1", "v0.62.18.2"  # of docker-compose.yml, and the one before
FIRST_USER_EXISTS = "The /api/setup route can only be used to create the first user, however a user currently exists."


def caller(state: State, session: str | None, key: str | None) -> Row | None:
    """The user whose session or API key this is."""
    number = state.sessions.get(session or "") or state.keys.get(key or "")
    return state.get("user", number) if number else None


@route("GET", "/api/health", public=True)
def health(state: State, request: Request) -> Row:
    return {"status": "ok"}


@route("GET", "/api/session/properties", public=True)
def properties(state: State, request: Request) -> Row:
    return {
        "version": {"tag": VERSION if state.version == NEWEST else BEFORE, "hash": "0000000", "date": "2026-01-06"},
        "setup-token": state.setup_token,
        "has-user-setup": state.setup_token is None,
        **{name: value_of(state, name) for name in ("site-name", "site-locale", "report-timezone")},
        CONFIGURED: bool(value_of(state, "email-smtp-host")),
    }


@route("POST", "/api/setup", public=True)
def set_up(state: State, request: Request) -> Row:
    body = check(request.body, {"token": TEXT, "user": MAP, "prefs": MAP}, {"database": ANY})
    user = check(body["user"], {"email": EMAIL, "password": PASSWORD}, _NAMES, within="user")
    prefs = check(body["prefs"], {"site_name": TEXT}, {"site_locale": maybe(STRING)}, within="prefs")
    if state.setup_token is None:
        raise Refused(403, FIRST_USER_EXISTS)
    if body["token"] != state.setup_token:
        raise refusal({"token": "Token does not match the setup token."})
    state.setup_token = None
    state.settings |= {"site-name": prefs["site_name"], "site-locale": prefs.get("site_locale") or "en"}
    # Whatever was asked for.
    state.settings["anon-tracking-enabled"] = True
    row = _add(state, user, is_superuser=True)
    return {"id": _session(state, row)}


@route("POST", "/api/session", public=True)
def sign_in(state: State, request: Request) -> Row:
    body = check(request.body, {"username": TEXT, "password": TEXT})
    for user in state.where("user", email=body["username"].lower()):
        if state.passwords.get(user["id"]) == body["password"]:
            return {"id": _session(state, user)}
    raise Refused(401, {"errors": {"password": "did not match stored password"}})


@route("GET", "/api/user/current")
def current(state: State, request: Request) -> Row | None:
    return request.user


@route("GET", "/api/user")
def users(state: State, request: Request) -> Row:
    state.require_administrator(request.user)
    people = [user for user in state.all("user") if not user.get("is_key")]
    return {"data": people, "total": len(people), "limit": None, "offset": None}


@route("POST", "/api/user")
def invite(state: State, request: Request) -> Row:
    state.require_administrator(request.user)
    # Metabase mails an invitation instead of taking a password.
    body = check(
        request.body, {"email": EMAIL}, {**_NAMES, "password": PASSWORD, "user_group_memberships": maybe(MAPS)}
    )
    if any(state.where("user", email=body["email"].lower())):
        raise refusal({"email": "Email address already in use."})
    user = _add(state, body, is_superuser=False)
    memberships = check_each(body.get("user_group_memberships") or [], {"id": NUMBER}, {}, "user_group_memberships")
    for member in memberships:
        if member["id"] != ALL_USERS:
            state.add("membership", user_id=user["id"], group_id=member["id"])
    return user


@route("GET", "/api/api-key")
def api_keys(state: State, request: Request) -> list[Row]:
    state.require_administrator(request.user)
    return state.all("api_key")


@route("POST", "/api/api-key")
def make_api_key(state: State, request: Request) -> Row:
    state.require_administrator(request.user)
    body = check(request.body, {"name": TEXT, "group_id": POSITIVE})
    group = state.get("group", body["group_id"])
    if any(state.where("api_key", name=body["name"])):
        raise refusal({"name": "An API key with this name already exists."})
    user = state.add(
        "user",
        email=f"api-key-user-{uuid.uuid4()}@api-key.invalid",
        first_name=body["name"],
        is_superuser=group["id"] == ADMINISTRATORS,
        is_key=True,
    )
    state.add("membership", user_id=user["id"], group_id=group["id"])
    row = state.add("api_key", name=body["name"], group=group, user_id=user["id"])
    return _with_secret(state, row)


@route("PUT", "/api/api-key/:id/regenerate")
def regenerate_api_key(state: State, request: Request) -> Row:
    state.require_administrator(request.user)
    return _with_secret(state, state.get("api_key", request.id))


def _with_secret(state: State, row: Row) -> Row:
    """The key with a new secret, which is returned only this once. The old secret becomes invalid."""
    for old in [secret for secret, number in state.keys.items() if number == row["user_id"]]:
        del state.keys[old]
    secret = f"mb_{secrets.token_urlsafe(32)}"
    state.keys[secret] = row["user_id"]
    row["masked_key"] = f"{secret[:7]}****"
    return {**row, "unmasked_key": secret}


def _add(state: State, given: Row, is_superuser: bool) -> Row:
    first, last = given.get("first_name"), given.get("last_name")
    user = state.add(
        "user",
        email=given["email"].lower(),
        first_name=first,
        last_name=last,
        common_name=" ".join(filter(None, (first, last))) or given["email"],
        is_superuser=is_superuser,
        is_active=True,
    )
    if given.get("password"):
        state.passwords[user["id"]] = given["password"]
    name = f"{user['common_name']}'s Personal Collection"
    state.add(
        "collection", name=name, description=None, location="/", personal_owner_id=user["id"], archived=False,
        is_personal=True,
    )  # fmt: skip
    return user


def _session(state: State, user: Row) -> str:
    session = str(uuid.uuid4())
    state.sessions[session] = user["id"]
    return session
