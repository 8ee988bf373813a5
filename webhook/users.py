"""`python -m webhook.users`: who may sign in to the inbox."""

from __future__ import annotations

import argparse
import getpass
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg2
import psycopg2.extensions

from warehouse import connection
from warehouse.connection import read_sql
from warehouse.settings import Settings, SettingsMissing, get_settings
from webhook import passwords

ROLES = ("admin", "agent", "viewer")
_SQL = Path(__file__).parent / "sql" / "inbox"
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class AccountFault(ValueError):
    """An account cannot be made or changed so; the message says why."""


def add(cursor: psycopg2.extensions.cursor, email: str, name: str, role: str, password: str) -> int:
    """Make an account, or open one again that was closed; returns its id. Raises AccountFault."""
    if not _EMAIL.fullmatch(email.strip()):
        raise AccountFault("that is no e-mail address")
    if not name.strip() or role not in ROLES:
        raise AccountFault(f"an account needs a name and one of the roles {', '.join(ROLES)}")
    values = {"email": _folded(email), "name": name.strip(), "role": role, "password_hash": _hashed(password)}
    if (user_id := _one(cursor, "add_user.sql", values)) is None:
        raise AccountFault("somebody with this e-mail address has an account")
    return int(user_id)


def set_password(cursor: psycopg2.extensions.cursor, email: str, password: str) -> int:
    """Give an account a new password, which ends its sessions; returns its id. Raises AccountFault."""
    return _changed(cursor, "set_password.sql", {"email": _folded(email), "password_hash": _hashed(password)})


def close(cursor: psycopg2.extensions.cursor, email: str) -> int:
    """Close an account, which ends its sessions and has its conversations wait for others; returns its id. Raises
    AccountFault."""
    user_id = _changed(cursor, "close_user.sql", {"email": _folded(email)})
    release(cursor, user_id)
    return user_id


def release(cursor: psycopg2.extensions.cursor, user_id: int) -> None:
    """Have the conversations of somebody who cannot write any more wait for another person."""
    cursor.execute(read_sql(_SQL / "release.sql"), {"user_id": user_id})


def everybody(cursor: psycopg2.extensions.cursor) -> list[tuple[Any, ...]]:
    """All accounts: e-mail, name, role, whether open, last time signed in (UTC)."""
    cursor.execute(read_sql(_SQL / "users.sql"))
    return cursor.fetchall()


def main(arguments: Sequence[str] | None = None) -> int:
    """The command: 0 when it did what was asked, 1 when that cannot be, 2 when a setting is missing."""
    chosen = _parser().parse_args(arguments)
    try:
        return _run(chosen, get_settings())
    except AccountFault as fault:
        print(f"webhook.users: {fault}", file=sys.stderr)
        return 1
    except (SettingsMissing, PermissionError, psycopg2.OperationalError) as error:
        print(f"webhook.users: {error}", file=sys.stderr)
        return 2


def _run(chosen: argparse.Namespace, settings: Settings) -> int:
    with connection.transaction("inbox", settings) as opened, opened.cursor() as cursor:
        if chosen.command == "list":
            for email, name, role, is_open, last in everybody(cursor):
                state = role if is_open else "closed"
                print(f"{email}  {name}  {state}  {f'last signed in {last:%Y-%m-%d %H:%M} UTC' if last else 'never'}")
            return 0
        if chosen.command == "close":
            close(cursor, chosen.email)
            print(f"{chosen.email} is closed; its sessions are over")
            return 0
        password, is_generated = _new_password()
        if chosen.command == "add":
            add(cursor, chosen.email, chosen.name, chosen.role, password)
        else:
            set_password(cursor, chosen.email, password)
    print(f"{chosen.email} can sign in" + (f" with this password, shown only now: {password}" if is_generated else ""))
    return 0


def _new_password() -> tuple[str, bool]:
    """The typed password, or without a terminal or an answer a generated one; and whether it was generated."""
    if sys.stdin.isatty() and (typed := getpass.getpass("Password (empty: one is made up): ")):
        if getpass.getpass("Again: ") != typed:
            raise AccountFault("the two passwords differ")
        return typed, False
    return passwords.generated(), True


def _hashed(password: str) -> str:
    try:
        return passwords.hashed(password)
    except ValueError as fault:
        raise AccountFault(str(fault)) from None


def _changed(cursor: psycopg2.extensions.cursor, statement: str, values: dict[str, str]) -> int:
    if (user_id := _one(cursor, statement, values)) is None:
        raise AccountFault("nobody with this e-mail address has an open account")
    return int(user_id)


def _one(cursor: psycopg2.extensions.cursor, statement: str, values: dict[str, str]) -> Any:
    cursor.execute(read_sql(_SQL / statement), values)
    row = cursor.fetchone()
    return row[0] if row else None


def _folded(email: str) -> str:
    return email.strip().lower()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m webhook.users", description="Who may sign in to the inbox.")
    commands = parser.add_subparsers(dest="command", required=True)
    adding = commands.add_parser("add", help="make an account, or open a closed one again")
    adding.add_argument("email")
    adding.add_argument("--name", required=True)
    adding.add_argument("--role", choices=ROLES, required=True)
    commands.add_parser("password", help="a new password; ends all sessions").add_argument("email")
    commands.add_parser("list", help="all accounts")
    commands.add_parser("close", help="close an account; ends all sessions").add_argument("email")
    return parser


if __name__ == "__main__":
    sys.exit(main())
