"""Accounts: who may sign in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg2.extensions
from email_validator import EmailNotValidError, validate_email

from warehouse.connection import read_sql
from webhook.accounts import passwords

ROLES = ("admin", "agent", "viewer")
_SQL = Path(__file__).parent / "sql"


class AccountFault(ValueError):
    """An account cannot be added or changed; the message says why."""


def add(cursor: psycopg2.extensions.cursor, email: str, name: str, role: str, password: str) -> int:
    """Add an account or reopen a closed one; returns its id. Raises AccountFault."""
    try:
        validate_email(email.strip(), check_deliverability=False)
    except EmailNotValidError:
        raise AccountFault("this is not a valid e-mail address") from None
    if not name.strip() or role not in ROLES:
        raise AccountFault(f"an account needs a name and one of the roles {', '.join(ROLES)}")
    values = {"email": _folded(email), "name": name.strip(), "role": role, "password_hash": _hashed(password)}
    if (user_id := _one(cursor, "add_user.sql", values)) is None:
        raise AccountFault("somebody with this e-mail address has an account")
    return int(user_id)


def set_password(cursor: psycopg2.extensions.cursor, email: str, password: str) -> int:
    """Set a new password, which ends the account's sessions; returns its id. Raises AccountFault."""
    return _changed(cursor, "set_password.sql", {"email": _folded(email), "password_hash": _hashed(password)})


def close(cursor: psycopg2.extensions.cursor, email: str) -> int:
    """Close an account, end its sessions and release its conversations; returns its id. Raises AccountFault."""
    user_id = _changed(cursor, "close_user.sql", {"email": _folded(email)})
    release(cursor, user_id)
    return user_id


def release(cursor: psycopg2.extensions.cursor, user_id: int) -> None:
    """Let the conversations of a user who can no longer reply wait for other agents."""
    cursor.execute(read_sql(_SQL / "release.sql"), {"user_id": user_id})


def everybody(cursor: psycopg2.extensions.cursor) -> list[tuple[Any, ...]]:
    """All accounts: e-mail, name, role, whether open, last sign-in (UTC)."""
    cursor.execute(read_sql(_SQL / "users.sql"))
    return cursor.fetchall()


def _hashed(password: str) -> str:
    try:
        return passwords.hashed(password)
    except ValueError as fault:
        raise AccountFault(str(fault)) from None


def _changed(cursor: psycopg2.extensions.cursor, statement: str, values: dict[str, str]) -> int:
    if (user_id := _one(cursor, statement, values)) is None:
        raise AccountFault("there is no open account with this e-mail address")
    return int(user_id)


def _one(cursor: psycopg2.extensions.cursor, statement: str, values: dict[str, str]) -> Any:
    cursor.execute(read_sql(_SQL / statement), values)
    row = cursor.fetchone()
    return row[0] if row else None


def _folded(email: str) -> str:
    return email.strip().lower()
