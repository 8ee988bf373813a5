"""Runs dbt in this process, as the role `dbt`: `python -m pipeline.transform <any dbt arguments>`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

import psycopg2.extensions
import structlog

from pipeline.code_version import code_version
from warehouse import connection, dbt_profile
from warehouse.settings import ROOT, Settings, get_settings
from warehouse.shared_sql import FOLDER as SHARED_SQL

Age = Literal["fresh", "late", "stale", "never"]

PROJECT = ROOT / "dbt"
_SQL = Path(__file__).parent / "sql"
_LOCK = 7_202_611_221  # any number, the same for all who build: two builds would take each other's tables away
_AGES: dict[str, Age] = {"pass": "fresh", "warn": "late", "error": "stale"}
_USUAL_FAILURES = ("error", "fail", "runtime error", "partial success")

log = structlog.get_logger()


class SourceAge(NamedTuple):
    """How old the newest of a source was when dbt looked, in seconds; `name` is `schema.table`."""

    name: str
    newest_at: datetime | None
    age_seconds: float | None
    status: Age


class BuildFailed(RuntimeError):
    """dbt did not succeed; `nodes` are the names of the models and tests that failed, if it got that far."""

    def __init__(self, nodes: Sequence[str], reason: str) -> None:
        self.nodes = tuple(nodes)
        super().__init__(reason)


def build(as_of: datetime | None = None, settings: Settings | None = None, full_refresh: bool = False) -> None:
    """Bring the marts up to date as of a time with a zone (default: now). Raises BuildFailed.

    Only customers of whom something changed since the last build are looked at again, unless dbt's models themselves
    changed; `full_refresh` makes every table anew in any case. Views stay after a build that succeeded. The models of
    shops are left out while no shop is connected, and those of their sales while nothing that these read has changed.
    """
    settings = settings or get_settings()
    as_of = as_of or datetime.now(UTC)
    if as_of.tzinfo is None:
        raise ValueError("as_of has no time zone")
    with connection.connect("dbt", settings) as held:
        _lock(held)
        sales_state = _value(
            held, "sales_state.sql", settings.model_dump(include={"default_store", "default_timezone"})
        )
        is_same_code, is_latest = _last_builds(held)
        is_whole = full_refresh or not is_same_code
        views_stay = is_latest and not is_whole
        left_out = "" if is_whole else _left_out(held, as_of, sales_state)
        arguments = ["build", "--exclude-resource-type", "unit_test", "--quiet", "--no-write-json"]
        if is_whole:
            arguments.append("--full-refresh")
        elif views_stay:
            arguments += ["--selector", f"changed_without_{left_out}" if left_out else "changed"]
        elif left_out:
            arguments += ["--exclude", f"tag:{left_out}"]
        of_build = {
            "as_of": as_of.isoformat(),
            "left_out": left_out,
            "views_stay": views_stay,
            "sales_state": sales_state,
        }
        run(arguments, settings, of_build)
    log.info("marts built", as_of=of_build["as_of"], full_refresh=is_whole, left_out=left_out or None)


def run(
    arguments: Sequence[str],
    settings: Settings | None = None,
    of_build: Mapping[str, str | bool] | None = None,
    describe: Callable[[Any], None] | None = None,
) -> Path:
    """Run a dbt command with Kabar's connection and variables; returns the folder that it wrote to. Raises BuildFailed.

    `of_build`: variables of one build alone. Its `left_out` (a tag) and `views_stay` say what the arguments exclude, so
    that the build counts as a complete one.
    `describe` may add to the descriptions in dbt's manifest before the command runs.
    """
    outcome, target = _invoked(arguments, settings or get_settings(), of_build, describe)
    if not outcome.success:
        raise _failure(outcome.result, outcome.exception)
    return target


def source_freshness(settings: Settings | None = None) -> list[SourceAge]:
    """What `dbt source freshness` says of each source that has an expected age. Raises BuildFailed if it could not."""
    # What is stale is a finding here, where dbt would log an error.
    outcome, _ = _invoked(["source", "freshness", "--quiet", "--log-level", "none"], settings or get_settings())
    results = getattr(outcome.result, "results", None) or []
    # Hooks have results, too.
    sources = [result for result in results if result.node.resource_type == "source"]
    if not sources or any(str(result.status) == "runtime error" for result in sources):
        raise _failure(outcome.result, outcome.exception)
    return [_source_age(result) for result in sources]


def _source_age(result: Any) -> SourceAge:
    name = f"{result.node.source_name}.{result.node.name}"
    # What dbt says of an empty table.
    if result.max_loaded_at.year == 1:
        return SourceAge(name, None, None, "never")
    return SourceAge(name, result.max_loaded_at, result.age, _AGES[str(result.status)])


def _invoked(
    arguments: Sequence[str],
    settings: Settings,
    of_build: Mapping[str, str | bool] | None = None,
    describe: Callable[[Any], None] | None = None,
) -> tuple[Any, Path]:
    """What dbt's runner says of a command, and the folder that it wrote to."""
    # dbt takes seconds to import, and most of those who import this module never build.
    from dbt.cli.main import dbtRunner

    with _environment(settings) as folder:
        own = ["--target", "warehouse", "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
        own += ["--target-path", str(folder / "target"), "--log-path", str(folder / "logs")]
        variables = ["--vars", json.dumps({"code_version": code_version(PROJECT)})]
        # dbt parses everything again when a variable changed, and as_of always does: so it parses without those of
        # the build, and is given a copy of the result, since commands write into it.
        manifest = _parsed((*variables, *own), _project_files()).deepcopy()
        if describe:
            describe(manifest)
        if of_build:
            variables = ["--vars", json.dumps({"code_version": code_version(PROJECT), **of_build})]
        if "--vars" in arguments:
            variables = []
        outcome = dbtRunner(manifest=manifest).invoke([*arguments, *variables, *own])
    return outcome, folder / "target"


@lru_cache(maxsize=4)
def _parsed(arguments: tuple[str, ...], files: frozenset[tuple[Path, int, int]]) -> Any:
    """dbt's manifest, kept for the next command of this process: to parse takes as long as a fifth of a small build.

    `files` is part of the key alone: what is edited is parsed again. Raises BuildFailed.
    """
    from dbt.cli.main import dbtRunner

    parsed = dbtRunner().invoke(["parse", "--quiet", "--no-write-json", *arguments])
    if not parsed.success:
        raise BuildFailed((), f"dbt could not read its project: {parsed.exception}")
    # dbt's copy of a manifest fails at what selectors.yml holds; commands read that file themselves.
    manifest: Any = parsed.result
    manifest.selectors.clear()
    return manifest


def _project_files() -> frozenset[tuple[Path, int, int]]:
    """The project's files with their sizes and times."""
    paths = (path for folder in (PROJECT, SHARED_SQL) for path in folder.rglob("*.*"))
    return frozenset((path, (found := path.stat()).st_size, found.st_mtime_ns) for path in paths)


def document(describe: Callable[[Any], None], settings: Settings | None = None) -> tuple[bytes, dict[str, Any]]:
    """dbt's documents as one page of HTML, and its manifest. Waits for a build that runs. Raises BuildFailed."""
    settings = settings or get_settings()
    with connection.connect("dbt", settings) as held:
        _lock(held)
        target = run(["docs", "generate", "--static", "--quiet"], settings, describe=describe)
        page = (target / "static_index.html").read_text().replace(f"{target}/", "")
        return page.encode(), json.loads((target / "manifest.json").read_text())


def _lock(held: psycopg2.extensions.connection) -> None:
    held.autocommit = True
    with held.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", (_LOCK,))


def _last_builds(held: psycopg2.extensions.connection) -> tuple[bool, bool]:
    """Whether the tables were made by this code, and whether the latest build succeeded."""
    with held.cursor() as cursor:
        cursor.execute("select to_regclass('intermediate.builds') is not null")
        if cursor.fetchone() != (True,):
            return False, False
        cursor.execute(connection.read_sql(_SQL / "last_builds.sql"), {"code_version": code_version(PROJECT)})
        is_same_code, is_latest = cursor.fetchone() or (False, False)
    return is_same_code, is_latest


def _left_out(held: psycopg2.extensions.connection, as_of: datetime, sales_state: str) -> str:
    """The tag of the models that would say again what they say; empty if none."""
    if not _value(held, "knows_a_shop.sql"):
        return "store"
    stand = _value(held, "sales_stand.sql", {"as_of": as_of, "sales_state": sales_state})
    return "sales" if stand else ""


def _value(held: psycopg2.extensions.connection, query: str, values: Mapping[str, Any] | None = None) -> Any:
    """The first column of the query's first row; None without a row."""
    with held.cursor() as cursor:
        cursor.execute(connection.read_sql(_SQL / query), values)
        row = cursor.fetchone()
    return row[0] if row else None


@contextmanager
def _environment(settings: Settings) -> Iterator[Path]:
    """Point dbt's profile to the database, for the time of a run; yields the folder for what dbt writes."""
    variables = dbt_profile.variables(settings)
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield dbt_profile.folder(settings, variables["KABAR_DBT_NAME"])
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
