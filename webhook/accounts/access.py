"""Who may see what: signed sessions, roles, forged requests, and what every answer of the inbox carries."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, TypeVar

from flask import Blueprint, Flask, Response, abort, current_app, redirect, request, session, url_for
from flask.sessions import SecureCookieSessionInterface
from flask_login import LoginManager, current_user, login_user, logout_user
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response as BaseResponse

from warehouse.connection import read_sql
from warehouse.i18n import Language
from warehouse.settings import Settings, SettingsMissing
from warehouse.state import generated_secret
from webhook.inbox import database
from webhook.security_headers import protect
from webhook.services import services

Role = Literal["viewer", "agent", "admin"]
RANKS: dict[str, int] = {"viewer": 1, "agent": 2, "admin": 3}
View = TypeVar("View", bound=Callable[..., Any])

_SQL = Path(__file__).parent / "sql"
_LARGEST_ID = 2**63 - 1
OWN_NAMES = ("localhost", "127.0.0.1", "[::1]")

_logins = LoginManager()
_logins.session_protection = None  # a phone's address changes; the cookie is signed and cannot be read by scripts
_forgeries = CSRFProtect()


@dataclass(frozen=True)
class User:
    """Somebody who signed in, as flask-login asks for it."""

    user_id: int
    email: str
    name: str
    role: Role
    language: Language
    session_version: int
    is_authenticated: bool = field(default=True, init=False)
    is_active: bool = field(default=True, init=False)
    is_anonymous: bool = field(default=False, init=False)

    def get_id(self) -> str:
        """What the session holds: another version, as after a new password, is nobody's."""
        return f"{self.user_id}:{self.session_version}"

    def may(self, role: str) -> bool:
        """Whether the user has this role or one above it."""
        return RANKS[self.role] >= RANKS[role]


class _Sessions(SecureCookieSessionInterface):
    """Cookies that a browser sends over https only, unless this machine itself is asked."""

    def get_cookie_secure(self, app: Flask) -> bool:
        public = services().settings.public_url or ""
        return request.is_secure or (public.startswith("https:") and request.host.rpartition(":")[0] not in OWN_NAMES)


def requires(role: Role) -> Callable[[View], View]:
    """Marks a view as one for this role and those above it. A view without a mark is shown to nobody."""

    def mark(view: View) -> View:
        view.required_role = role  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Marks a view as one for everybody."""
    view.required_role = None  # type: ignore[attr-defined]
    return view


def body_up_to(largest: int) -> Callable[[View], View]:
    """Marks a view as one that takes bodies of this many bytes, above what the deployment takes elsewhere."""

    def mark(view: View) -> View:
        view.largest_body = largest  # type: ignore[attr-defined]
        return view

    return mark


def register(app: Flask, settings: Settings) -> None:
    """Give `app` signed sessions. Without a key of its own to sign with it runs on, and the inbox says what is
    missing."""
    app.secret_key = _session_key(settings)
    app.session_interface = _Sessions()
    app.config.update(
        SESSION_COOKIE_NAME="kabar_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_hours),
        WTF_CSRF_CHECK_DEFAULT=False,  # senders sign what they send; the inbox checks its own forms below
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
        WTF_CSRF_SSL_STRICT=False,  # the token says it; a Referer may be left out
    )
    _logins.init_app(app, add_context_processor=False)
    _forgeries.init_app(app)


def sign_in(user: User) -> None:
    """Begin a session of this user's, and end the browser's earlier one."""
    session.clear()
    session.permanent = True
    session["began"] = int(time.time())
    login_user(user)


def sign_out() -> None:
    """End the browser's session."""
    logout_user()
    session.clear()


def _load(session_id: str) -> User | None:
    """The user of a session that has not ended: neither by its age nor by a new password or a closed account."""
    hours = services().settings.session_hours
    if time.time() - session.get("began", 0) > hours * 3600:
        return None
    user_id, _, version = session_id.partition(":")
    with database.transaction() as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(_SQL / "user.sql"), {"user_id": int(user_id), "session_version": int(version)})
        row = cursor.fetchone()
    return User(*row) if row else None


_logins.user_loader(_load)


def guard(blueprint: Blueprint) -> None:
    """Have the blueprint serve only marked views to those who may see them, with headers that keep them private."""
    blueprint.before_request(_admit)
    blueprint.after_request(_guard)


def _admit() -> BaseResponse | None:
    """Only marked views, only to those who may; then only what was sent from a page of ours."""
    if not current_app.secret_key:
        raise SettingsMissing("KABAR_SESSION_KEY is not set")
    view: Any = current_app.view_functions[request.endpoint or ""]
    role = None if request.endpoint == "inbox.static" else getattr(view, "required_role", "nobody")
    if role is not None:
        if not current_user.is_authenticated:
            return to_sign_in()
        if role not in RANKS or not current_user.may(role):
            abort(403)
    if largest := getattr(view, "largest_body", None):
        request.max_content_length = largest
    _refuse_odd_address()
    _forgeries.protect()
    return None


def _refuse_odd_address() -> None:
    """What Postgres takes in no text, and numbers that nothing can have: no view needs to think of them."""
    named = (request.view_args or {}).values()
    if any("\0" in value for value in [*request.args.values(), *named] if isinstance(value, str)):
        abort(400)
    if any(value > _LARGEST_ID for value in named if isinstance(value, int)):
        abort(404)


def to_sign_in() -> BaseResponse:
    """A page leads to the form and back again; what a script asked for only learns that it may not."""
    if (
        request.method != "GET"
        or request.headers.get("X-Fragment")
        or request.accept_mimetypes.best == "text/event-stream"
    ):
        abort(401)
    return redirect(url_for("accounts.show_sign_in", next=request.full_path.rstrip("?")), 303)


def _guard(response: Response) -> Response:
    return protect(response, is_file=request.endpoint == "inbox.static")


def _session_key(settings: Settings) -> str | None:
    if settings.session_key:
        return settings.session_key.get_secret_value()
    return generated_secret(settings, "session_key") if settings.is_embedded else None
