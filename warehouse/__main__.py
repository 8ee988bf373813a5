"""`python -m warehouse start | stop | migrate | url | psql | dbt-env | remove`."""

from __future__ import annotations

import argparse
import getpass
import os
import shlex
import shutil
import sys

from warehouse import connection, dbt_profile, embedded, migrate
from warehouse.settings import ROLES, Settings, SettingsMissing, get_settings
from warehouse.state import state_dir


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m warehouse", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("start", help="start the embedded Postgres and migrate it")
    commands.add_parser("stop", help="stop the embedded Postgres")
    commands.add_parser("migrate", help="bring the database to the newest revision")
    url = commands.add_parser("url", help="print the owner's URL, starting the server if need be")
    url.add_argument("--role", choices=ROLES, default="owner", help="another role's URL")
    commands.add_parser("remove", help="stop the embedded Postgres and delete all its state")
    commands.add_parser("psql", help="open psql, as the owner; it is given what follows")
    environment = commands.add_parser("dbt-env", help="print the variables that dbt needs, for the shell's `eval`")
    environment.add_argument("--user", default=getpass.getuser(), help="whose schemas the target dev writes to")
    arguments, further = parser.parse_known_args()
    if further and arguments.command != "psql":
        parser.error(f"unrecognised: {' '.join(further)}")
    try:
        return _run(arguments, further, get_settings())
    except (SettingsMissing, PermissionError) as error:
        print(f"warehouse: {error}", file=sys.stderr)
        return 2


def _run(arguments: argparse.Namespace, further: list[str], settings: Settings) -> int:
    if arguments.command == "url":
        print(connection.url(arguments.role, settings))
    elif arguments.command == "psql":
        _psql(further, settings)
    elif arguments.command == "dbt-env":
        variables = dbt_profile.variables(settings) | dbt_profile.make_dev_schemas(arguments.user, settings)
        print("\n".join(f"export {name}={shlex.quote(value)}" for name, value in variables.items()))
    elif arguments.command == "migrate":
        migrate.migrate(connection.url("owner", settings), lambda role: connection.role_password(role, settings))
        print("the database is at the newest revision")
    elif not settings.is_embedded:
        print("KABAR_DATABASE_URL names a server of its own; there is no embedded one", file=sys.stderr)
        return 2
    else:
        _serve(arguments.command, settings)
    return 0


def _serve(command: str, settings: Settings) -> None:
    """Start, stop or remove the embedded Postgres."""
    if command == "start":
        connection.url("owner", settings)
        print(f"the embedded Postgres runs, its state is in {state_dir(settings)}")
    elif command == "stop":
        print("stopped" if embedded.stop(settings) else "no embedded Postgres was running")
    elif command == "remove":
        print("removed" if embedded.remove(settings) else "there is no embedded state")


def _psql(arguments: list[str], settings: Settings) -> None:
    url = connection.url("owner", settings)
    program = str(embedded.binaries_dir(settings) / "psql") if settings.is_embedded else shutil.which("psql")
    if program is None:
        raise SettingsMissing("psql is not installed")
    os.execvp(program, [program, url, *arguments])


if __name__ == "__main__":
    sys.exit(main())
