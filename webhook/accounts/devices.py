"""Browsers in which somebody signed in before. Their attempts are counted separately, so that strangers who guess
passwords cannot lock out the owner of the account."""

from __future__ import annotations

import secrets
from datetime import timedelta

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from webhook.accounts.attempts import key_of

_COOKIE = "kabar_device"
_KNOWN_FOR = timedelta(days=180)


def known(email: str) -> str | None:
    """The id of the browser, if the account's owner signed in with it within the last 180 days."""
    try:
        device, account = _signatures().loads(request.cookies.get(_COOKIE, ""), max_age=int(_KNOWN_FOR.total_seconds()))
    except (BadSignature, ValueError):
        return None
    return str(device) if account == _account(email) else None


def remember(response: Response, email: str) -> None:
    """Set the cookie by which `known` recognises the browser at the next attempt."""
    device = known(email) or secrets.token_urlsafe(16)
    response.set_cookie(
        _COOKIE,
        _signatures().dumps([device, _account(email)]),
        max_age=_KNOWN_FOR,
        path="/",
        secure=current_app.session_interface.get_cookie_secure(current_app),
        httponly=True,
        samesite="Lax",
    )


def _account(email: str) -> str:
    return key_of(f"device of {email}")


def _signatures() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="device")
