"""Access control: sessions, roles and protection against forged requests (CSRF)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, TypeVar

from flask import Blueprint, Flask, abort, current_app, redirect, request, session, url_for
from flask.sessions import SecureCookieSessionInterface
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response as BaseResponse

from warehouse.i18n import Language
from warehouse.settings import Settings, SettingsMissing
from warehouse.state import generated_secret
from webhook import security_headers
from webhook.inbox import database
from webhook.services import services

Role = Literal["viewer", "agent", "admin"]
RANKS: dict[str, int] = {"viewer": 1, "agent": 2, "admin": 3}
View = TypeVar("View", bound=Callable[..., Any])

_SQL = Path(__file__).parent / "sql"
_LARGEST_ID = 2**63 - 1
OWN_NAMES = ("localhost", "127.0.0.1", "[::1]")

_logins = LoginManager()
_logins.session_protection = None  # phones change their address; the cookie is signed and hidden from scripts
_forgeries = CSRFProtect()


@dataclass(frozen=True)
class User(UserMixin):  # type: ignore[misc]
    """A signed-in user."""

    user_id: int
    email: str
    name: str
    role: Role
    language: Language
    session_version: int

    def get_id(self) -> str:
        """The content of the session. The version changes with the password, which ends older sessions."""
        return f"{self.user_id}:{self.session_version}"

    def may(self, role: str) -> bool:
        """Whether the user has this role or one above it."""
        return RANKS[self.role] >= RANKS[role]


class _Sessions(SecureCookieSessionInterface):
    """Cookies that browsers send over https only, except to this machine itself."""

    def get_cookie_secure(self, app: Flask) -> bool:
        public = services().settings.public_url or ""
        return request.is_secure or (public.startswith("https:") and request.host.rpartition(":")[0] not in OWN_NAMES)


def requires(role: Role) -> Callable[[View], View]:
    """Mark a view as open to this role and higher ones. Views without a mark are closed to everybody."""

    def mark(view: View) -> View:
        view.required_role = role  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Mark a view as open to everybody."""
    view.required_role = None  # type: ignore[attr-defined]
    return view


def body_up_to(largest: int) -> Callable[[View], View]:
    """Mark a view as accepting bodies of this many bytes, more than the deployment's usual limit."""

    def mark(view: View) -> View:
        view.largest_body = largest  # type: ignore[attr-defined]
        return view

    return mark


def register(app: Flask, settings: Settings) -> None:
    """Set up sessions. Without a key to sign them the app still starts, and pages say which setting is missing."""
    app.secret_key = _session_key(settings)
    app.session_interface = _Sessions()
    app.config.update(
        SESSION_COOKIE_NAME="kabar_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_hours),
        WTF_CSRF_CHECK_DEFAULT=False,  # senders sign their requests; `_admit` checks the forms of pages
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
        WTF_CSRF_SSL_STRICT=False,  # the token is enough; browsers may omit the Referer
    )
    _logins.init_app(app, add_context_processor=False)
    _forgeries.init_app(app)


def sign_in(user: User) -> None:
    """Start a session of the user; the browser's earlier one ends."""
    session.clear()
    session.permanent = True
    session["began"] = int(time.time())
    login_user(user)


def sign_out() -> None:
    """End the browser's session."""
    logout_user()
    session.clear()


def _load(session_id: str) -> User | None:
    """The user of a session, or None if it has ended: by age, a new password or a closed account."""
    hours = services().settings.session_hours
    if time.time() - session.get("began", 0) > hours * 3600:
        return None
    user_id, _, version = session_id.partition(":")
    values = {"user_id": int(user_id), "session_version": int(version)}
    with database.transaction() as connection:
        row = database.row(connection, _SQL / "user.sql", values)
    return User(*row) if row else None


_logins.user_loader(_load)


def guard(blueprint: Blueprint) -> None:
    """Serve the blueprint's views only to the roles they are marked for, with security headers."""
    blueprint.before_request(_admit)
    security_headers.register(blueprint)


def _admit() -> BaseResponse | None:
    """Check the role, then the address, then the CSRF token."""
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
    """Refuse NUL characters and numbers beyond bigint here, so that no view has to."""
    named = (request.view_args or {}).values()
    if any("\0" in value for value in [*request.args.values(), *named] if isinstance(value, str)):
        abort(400)
    if any(value > _LARGEST_ID for value in named if isinstance(value, int)):
        abort(404)


def start_page() -> str:
    """The address that the user starts at: the inbox for those who answer customers, the dashboards for viewers, and
    the sign-in form for everybody else."""
    if not current_user.is_authenticated:
        return url_for("accounts.show_sign_in")
    return url_for("inbox.list_conversations" if current_user.may("agent") else "dashboards.show")


def to_sign_in() -> BaseResponse:
    """Redirect pages to the sign-in form; answer scripts with 401."""
    if (
        request.method != "GET"
        or request.headers.get("X-Fragment")
        or request.accept_mimetypes.best == "text/event-stream"
    ):
        abort(401)
    return redirect(url_for("accounts.show_sign_in", next=request.full_path.rstrip("?")), 303)


def _session_key(settings: Settings) -> str | None:
    if settings.session_key:
        return settings.session_key.get_secret_value()
    return generated_secret(settings, "session_key") if settings.is_embedded else None
