"""`python -m webhook.users`: add, list and close accounts from the command line."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Sequence

import psycopg2

from warehouse import connection
from warehouse.settings import Settings, SettingsMissing, get_settings
from webhook.accounts import passwords, users


def main(arguments: Sequence[str] | None = None) -> int:
    """The command: 0 when it did what was asked, 1 when that cannot be, 2 when a setting is missing."""
    chosen = _parser().parse_args(arguments)
    try:
        return _run(chosen, get_settings())
    except users.AccountFault as fault:
        print(f"webhook.users: {fault}", file=sys.stderr)
        return 1
    except (SettingsMissing, PermissionError, psycopg2.OperationalError) as error:
        print(f"webhook.users: {error}", file=sys.stderr)
        return 2


def _run(chosen: argparse.Namespace, settings: Settings) -> int:
    with connection.transaction("inbox", settings) as opened, opened.cursor() as cursor:
        if chosen.command == "list":
            for email, name, role, is_open, last in users.everybody(cursor):
                state = role if is_open else "closed"
                print(f"{email}  {name}  {state}  {f'last signed in {last:%Y-%m-%d %H:%M} UTC' if last else 'never'}")
            return 0
        if chosen.command == "close":
            users.close(cursor, chosen.email)
            print(f"{chosen.email} is closed; its sessions are over")
            return 0
        password, is_generated = _new_password()
        if chosen.command == "add":
            users.add(cursor, chosen.email, chosen.name, chosen.role, password)
        else:
            users.set_password(cursor, chosen.email, password)
    print(f"{chosen.email} can sign in" + (f" with this password, shown only now: {password}" if is_generated else ""))
    return 0


def _new_password() -> tuple[str, bool]:
    """The typed password, or without a terminal or an answer a generated one; and whether it was generated."""
    if sys.stdin.isatty() and (typed := getpass.getpass("Password (empty: one is made up): ")):
        if getpass.getpass("Again: ") != typed:
            raise users.AccountFault("the two passwords differ")
        return typed, False
    return passwords.generated(), True


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m webhook.users", description="Who may sign in to the inbox.")
    commands = parser.add_subparsers(dest="command", required=True)
    adding = commands.add_parser("add", help="make an account, or open a closed one again")
    adding.add_argument("email")
    adding.add_argument("--name", required=True)
    adding.add_argument("--role", choices=users.ROLES, required=True)
    commands.add_parser("password", help="a new password; ends all sessions").add_argument("email")
    commands.add_parser("list", help="all accounts")
    commands.add_parser("close", help="close an account; ends all sessions").add_argument("email")
    return parser


if __name__ == "__main__":
    sys.exit(main())
