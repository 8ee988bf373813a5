"""`python -m warehouse start | stop | migrate | url | psql | dbt-env | remove`."""

from __future__ import annotations

import argparse
import getpass
import os
import shlex
import shutil
import sys

from warehouse import connection, dbt_profile, embedded, migrate
from warehouse.i18n import terminal_gettext as _
from warehouse.settings import ROLES, Settings, SettingsMissing, get_settings
from warehouse.state import state_dir


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m warehouse", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("start", help=_("start the embedded Postgres and migrate it"))
    commands.add_parser("stop", help=_("stop the embedded Postgres"))
    commands.add_parser("migrate", help=_("migrate the database to the newest revision"))
    url = commands.add_parser("url", help=_("print the database URL, starting the server if necessary"))
    url.add_argument("--role", choices=ROLES, default="owner", help=_("the role that connects"))
    commands.add_parser("remove", help=_("stop the embedded Postgres and delete all its data"))
    commands.add_parser("psql", help=_("open psql as the owner; further arguments are passed on"))
    environment = commands.add_parser("dbt-env", help=_("print the variables that dbt needs, for eval in a shell"))
    environment.add_argument(
        "--user", default=getpass.getuser(), help=_("the user whose schemas the target dev writes to")
    )
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
        print(_("The database is at the newest revision."))
    elif not settings.is_embedded:
        print(_("KABAR_DATABASE_URL is set, so the embedded Postgres is not used."), file=sys.stderr)
        return 2
    else:
        _serve(arguments.command, settings)
    return 0


def _serve(command: str, settings: Settings) -> None:
    """Start, stop or remove the embedded Postgres."""
    if command == "start":
        connection.url("owner", settings)
        print(_("The embedded Postgres is running. Its data is in {folder}.", folder=state_dir(settings)))
    elif command == "stop":
        print(_("Stopped.") if embedded.stop(settings) else _("The embedded Postgres was not running."))
    elif command == "remove":
        print(_("Deleted.") if embedded.remove(settings) else _("There is no data of an embedded Postgres."))


def _psql(arguments: list[str], settings: Settings) -> None:
    url = connection.url("owner", settings)
    program = str(embedded.binaries_dir(settings) / "psql") if settings.is_embedded else shutil.which("psql")
    if program is None:
        raise SettingsMissing("psql is not installed")
    os.execvp(program, [program, url, *arguments])


if __name__ == "__main__":
    sys.exit(main())
