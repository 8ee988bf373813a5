"""Settings of the whole Metabase, and its SMTP server. Values from the environment cannot be changed here and are not
shown."""

from __future__ import annotations

import smtplib
import ssl
from typing import Any

from demo.metabase.answers import Request, route
from demo.metabase.checks import refusal
from demo.metabase.refusals import Refused, Row
from demo.metabase.state import State

MAIL = (
    "email-smtp-host", "email-smtp-port", "email-smtp-security", "email-smtp-username", "email-smtp-password",
    "email-from-address", "email-from-name", "email-reply-to",
)  # fmt: skip
DEFAULTS: Row = {
    "site-name": "Metabase",
    "site-locale": "en",
    "report-timezone": None,
    "anon-tracking-enabled": True,
    **dict.fromkeys(MAIL),
    "email-smtp-security": "none",
    "email-from-address": "notifications@metabase.com",
}
CONFIGURED = "email-configured?"
_SECRET = "email-smtp-password"  # noqa: S105 (a setting's name)
_PATIENCE = 5


@route("GET", "/api/setting")
def settings(state: State, request: Request) -> list[Row]:
    state.require_administrator(request.user)
    return [
        {
            "key": name,
            "value": None if name in state.environment else _shown(state, name),
            "is_env_setting": name in state.environment,
            "env_name": "MB_" + name.upper().replace("-", "_"),
            "description": "",
            "default": DEFAULTS[name],
        }
        for name in sorted(DEFAULTS)
    ]


@route("GET", "/api/setting/:key")
def setting(state: State, request: Request) -> Any:
    state.require_administrator(request.user)
    name = request.ids["key"]
    if name == CONFIGURED:
        return bool(value_of(state, "email-smtp-host"))
    _require_known(name)
    return None if name in state.environment else _shown(state, name)


@route("PUT", "/api/setting/:key")
def change(state: State, request: Request) -> None:
    state.require_administrator(request.user)
    name = request.ids["key"]
    _require_known(name)
    if name in state.environment:
        raise Refused(400, {"message": f"You cannot set {name}: it is set by the environment."})
    state.settings[name] = request.body.get("value")


@route("PUT", "/api/email")
def set_up_mail(state: State, request: Request) -> Row:
    """Keep the settings of an SMTP server that can be reached and signed in to."""
    state.require_administrator(request.user)
    given = {name: request.body[name] for name in MAIL if name in request.body}
    given |= {name: value for name, value in state.environment.items() if name in MAIL}
    if given.get(_SECRET) and given[_SECRET] == _shown(state, _SECRET):
        given[_SECRET] = state.settings[_SECRET]
    _try(given)
    state.settings |= {name: value for name, value in given.items() if name not in state.environment}
    return {**given, "with-corrections": {}}


def value_of(state: State, name: str) -> Any:
    return state.environment.get(name, state.settings.get(name, DEFAULTS[name]))


def _require_known(name: str) -> None:
    if name not in DEFAULTS:
        raise Refused(404, {"message": f"Unknown setting: :{name}"})


def _shown(state: State, name: str) -> Any:
    """A setting's value, None if it is the default; of a secret the end."""
    value = state.settings.get(name)
    if value is None or value == DEFAULTS[name]:
        return None
    return f"**********{value[-2:]}" if name == _SECRET else value


def _try(given: Row) -> None:
    host, port = given.get("email-smtp-host"), int(given.get("email-smtp-port") or 587)
    security = given.get("email-smtp-security")
    connect: type[smtplib.SMTP] = smtplib.SMTP_SSL if security == "ssl" else smtplib.SMTP
    try:
        with connect(str(host), port, timeout=_PATIENCE) as server:
            if security in ("tls", "starttls"):
                server.starttls(context=ssl.create_default_context())
            if given.get("email-smtp-username"):
                server.login(given["email-smtp-username"], given.get(_SECRET) or "")
    except smtplib.SMTPAuthenticationError:
        says = "Wrong username or password"
        raise refusal({"email-smtp-username": says, "email-smtp-password": says}) from None
    except (smtplib.SMTPException, OSError):
        says = "Wrong host or port"
        raise refusal({"email-smtp-host": says, "email-smtp-port": says}) from None
