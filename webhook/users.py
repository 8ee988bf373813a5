"""`python -m webhook.users`: add, list and close accounts from the command line."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Sequence
from datetime import UTC

import psycopg2

from warehouse import connection, formats
from warehouse.i18n import terminal_gettext as _
from warehouse.i18n import terminal_language
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
                state = role if is_open else _("closed")
                at = formats.moment(last, UTC, terminal_language()) if last else None
                signed_in = _("Last signed in {at}", at=at) if at else _("Never signed in")
                print(f"{email}  {name}  {state}  {signed_in}")
            return 0
        if chosen.command == "close":
            users.close(cursor, chosen.email)
            print(_("The account {email} is closed and signed out everywhere.", email=chosen.email))
            return 0
        password, is_generated = _new_password()
        if chosen.command == "add":
            users.add(cursor, chosen.email, chosen.name, chosen.role, password)
        else:
            users.set_password(cursor, chosen.email, password)
    print(_("{email} can sign in.", email=chosen.email))
    if is_generated:
        print(_("Password, shown only once: {password}", password=password))
    return 0


def _new_password() -> tuple[str, bool]:
    """The typed password, or without a terminal or an answer a generated one; and whether it was generated."""
    if sys.stdin.isatty() and (typed := getpass.getpass(_("Password (leave empty to generate one): "))):
        if getpass.getpass(_("Repeat the password: ")) != typed:
            raise users.AccountFault(_("the two passwords differ"))
        return typed, False
    return passwords.generated(), True


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m webhook.users", description=_("Accounts that can sign in to Kabar.")
    )
    commands = parser.add_subparsers(dest="command", required=True)
    adding = commands.add_parser("add", help=_("create an account, or reopen a closed one"))
    adding.add_argument("email")
    adding.add_argument("--name", required=True)
    adding.add_argument("--role", choices=users.ROLES, required=True)
    commands.add_parser("password", help=_("set a new password and end all sessions")).add_argument("email")
    commands.add_parser("list", help=_("list all accounts"))
    commands.add_parser("close", help=_("close an account and end all sessions")).add_argument("email")
    return parser


if __name__ == "__main__":
    sys.exit(main())
