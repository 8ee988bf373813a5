"""Runs dbt in this process, as the role `dbt`: `python -m warehouse.transform <any dbt arguments>`."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg2.extensions
import structlog

from warehouse import connection
from warehouse.settings import ROOT, Settings, get_settings
from warehouse.shared_sql import FOLDER as SHARED_SQL
from warehouse.state import make_state_dir

PROJECT = ROOT / "dbt"
_LOCK = 7_202_611_221  # any number, the same for all who build: two builds would take each other's tables away
_USUAL_FAILURES = ("error", "fail", "runtime error", "partial success")

log = structlog.get_logger()


class BuildFailed(RuntimeError):
    """dbt did not succeed; `nodes` are the names of the models and tests that failed, if it got that far."""

    def __init__(self, nodes: Sequence[str], reason: str) -> None:
        self.nodes = tuple(nodes)
        super().__init__(reason)


def build(as_of: datetime | None = None, settings: Settings | None = None, full_refresh: bool = False) -> None:
    """Bring the marts up to date as of a time with a zone (default: now). Raises BuildFailed.

    Only what changed since the last build is computed again, unless dbt's models themselves changed; `full_refresh`
    makes every table anew in any case. The models of shops' sales are left out while no shop is connected.
    """
    settings = settings or get_settings()
    as_of = as_of or datetime.now(UTC)
    if as_of.tzinfo is None:
        raise ValueError("as_of has no time zone")
    with connection.connect("dbt", settings) as held:
        _lock(held)
        arguments = ["build", "--exclude-resource-type", "unit_test", "--quiet", "--no-write-json"]
        if full_refresh or _code_of_last_build(held) != code_version():
            arguments.append("--full-refresh")
            without_stores = False
        else:
            without_stores = not _knows_a_shop(held)
        if without_stores:
            arguments += ["--exclude", "tag:store"]
        run(arguments, settings, as_of, without_stores)
    log.info("marts built", as_of=as_of.isoformat(), full_refresh="--full-refresh" in arguments)


def run(
    arguments: Sequence[str],
    settings: Settings | None = None,
    as_of: datetime | None = None,
    without_stores: bool = False,
) -> None:
    """Run a dbt command with Kabar's connection and variables. Raises BuildFailed.

    `without_stores`: that the arguments leave out what is tagged `store` does not make the build an incomplete one.
    """
    # dbt takes seconds to import, and most of those who import this module never build.
    from dbt.cli.main import dbtRunner

    settings = settings or get_settings()
    with _environment(settings) as folder:
        own = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--target-path", str(folder / "target")]
        own += ["--log-path", str(folder / "logs")]
        variables = ["--vars", json.dumps(_variables(settings))]
        # dbt parses everything again when a variable changed, and as_of always does: so it parses without, and is
        # given the result.
        parsed = dbtRunner().invoke(["parse", "--quiet", *variables, *own])
        if not parsed.success:
            raise BuildFailed((), f"dbt could not read its project: {parsed.exception}")
        if as_of:
            of_run = {"as_of": as_of.isoformat(), "without_stores": without_stores}
            variables = ["--vars", json.dumps(_variables(settings) | of_run)]
        if "--vars" in arguments:
            variables = []
        outcome = dbtRunner(manifest=parsed.result).invoke([*arguments, *variables, *own])  # type: ignore[arg-type]
    if not outcome.success:
        raise _failure(outcome.result, outcome.exception)


def code_version() -> str:
    """A fingerprint of the models and macros: tables that others built are made anew."""
    digest = hashlib.sha256((PROJECT / "dbt_project.yml").read_bytes())
    for folder in (PROJECT / "models", PROJECT / "macros", SHARED_SQL):
        for path in sorted(folder.rglob("*.sql")):
            digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _variables(settings: Settings) -> dict[str, str]:
    return {
        "default_store": settings.default_store,
        "default_timezone": settings.default_timezone,
        "code_version": code_version(),
    }


def _lock(held: psycopg2.extensions.connection) -> None:
    held.autocommit = True
    with held.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", (_LOCK,))


def _code_of_last_build(held: psycopg2.extensions.connection) -> str | None:
    with held.cursor() as cursor:
        cursor.execute("select to_regclass('intermediate.builds') is not null")
        if cursor.fetchone() != (True,):
            return None
        cursor.execute(connection.read_sql(Path(__file__).parent / "sql" / "code_of_last_build.sql"))
        row = cursor.fetchone()
    return row[0] if row else None


def _knows_a_shop(held: psycopg2.extensions.connection) -> bool:
    """Whether a shop is connected, or one is in the tables that was."""
    with held.cursor() as cursor:
        cursor.execute(connection.read_sql(Path(__file__).parent / "sql" / "knows_a_shop.sql"))
        return cursor.fetchone() == (True,)


@contextmanager
def _environment(settings: Settings) -> Iterator[Path]:
    """Point dbt's profile to the database, for the time of a run; yields the folder for what dbt writes."""
    target = psycopg2.extensions.parse_dsn(connection.url("dbt", settings))
    variables = {
        "KABAR_DBT_HOST": target.get("host", "localhost"),
        "KABAR_DBT_PORT": target.get("port", "5432"),
        "KABAR_DBT_USER": target["user"],
        "KABAR_DBT_NAME": target.get("dbname", target["user"]),
        "KABAR_DBT_SSLMODE": target.get("sslmode", "prefer"),
        # dbt keeps variables of this prefix out of its logs
        "DBT_ENV_SECRET_KABAR_PASSWORD": target.get("password", ""),
    }
    before = {name: os.environ.get(name) for name in variables}
    folder = make_state_dir(settings) / "dbt" / target.get("dbname", target["user"])
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.update(variables)
    try:
        yield folder
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _failure(result: Any, exception: BaseException | None) -> BuildFailed:
    results = getattr(result, "results", None) or []
    failed = [item for item in results if str(item.status) in _USUAL_FAILURES]
    for item in failed:
        log.error("dbt node failed", node=item.node.name, message=item.message)
    names = [item.node.name for item in failed]
    return BuildFailed(names, f"dbt failed at {', '.join(names)}" if names else f"dbt failed: {exception}")


def main() -> int:
    try:
        run(sys.argv[1:] or ["build"])
    except BuildFailed as error:
        print(f"transform: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
