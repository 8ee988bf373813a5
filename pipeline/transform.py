"""Runs dbt in this process, as the role `dbt`: `python -m pipeline.transform <any dbt arguments>`."""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

import psycopg2.extensions
import structlog

from pipeline.code_version import code_version
from warehouse import connection, dbt_profile
from warehouse.settings import ROOT, Settings, get_settings
from warehouse.shared_sql import FOLDER as SHARED_SQL

Age = Literal["fresh", "late", "stale", "never"]
# Models with a DAG of their own, by dbt tag.
Part = Literal["reviews", "surveys", "topics"]
PARTS: tuple[Part, ...] = get_args(Part)

PROJECT = ROOT / "dbt"
_SQL = Path(__file__).parent / "sql"
_LOCK = 7_202_611_221  # an arbitrary number; concurrent builds would drop each other's tables
_AGES: dict[str, Age] = {"pass": "fresh", "warn": "late", "error": "stale"}
_USUAL_FAILURES = ("error", "fail", "runtime error", "partial success")

# Without dbt's logs, which cost a fifth of a small build: failures are reported by `_failure`.
_WITHOUT_LOGS = ("--quiet", "--no-write-json", "--log-level", "none", "--log-level-file", "none")
_BUILD = ("build", "--exclude-resource-type", "unit_test", *_WITHOUT_LOGS)

log = structlog.get_logger()


class SourceAge(NamedTuple):
    """The age of a source's newest row in seconds; `name` is `schema.table`."""

    name: str
    newest_at: datetime | None
    age_seconds: float | None
    status: Age


class BuildFailed(RuntimeError):
    """`nodes`: the models and tests that failed, if dbt got that far."""

    def __init__(self, nodes: Sequence[str], reason: str) -> None:
        self.nodes = tuple(nodes)
        super().__init__(reason)


def build(as_of: datetime | None = None, settings: Settings | None = None, full_refresh: bool = False) -> None:
    """Build the marts as of a time-zone-aware time (default: now). Raises BuildFailed.

    Only customers with changes since the last build are recomputed, unless the code changed; `full_refresh` rebuilds
    every table. Views are kept after a successful build. Shops' models are excluded while no shop is connected, and
    those of sales while their input is unchanged. Models with a DAG of their own (`build_part`) are built here only if
    all are."""
    settings = settings or get_settings()
    as_of = as_of or datetime.now(UTC)
    if as_of.tzinfo is None:
        raise ValueError("as_of has no time zone")
    with connection.connect("dbt", settings) as session:
        _lock(session)
        sales_state = _value(
            session, "sales_state.sql", settings.model_dump(include={"default_store", "default_timezone"})
        )
        is_same_code, is_latest = _last_builds(session)
        is_whole = full_refresh or not is_same_code
        views_stay = is_latest and not is_whole
        left_out = "" if is_whole else _left_out(session, as_of, sales_state)
        arguments = [*_BUILD]
        if is_whole:
            arguments.append("--full-refresh")
        elif views_stay:
            arguments += ["--selector", f"changed_without_{left_out}" if left_out else "changed"]
        else:
            arguments += ["--exclude", "tag:own_schedule", *([f"tag:{left_out}"] if left_out else [])]
        of_build = {
            "as_of": as_of.isoformat(),
            "left_out": left_out,
            "views_stay": views_stay,
            "parts_stay": not is_whole,
            "sales_state": sales_state,
        }
        run(arguments, settings, of_build)
    log.info("marts built", as_of=of_build["as_of"], full_refresh=is_whole, left_out=left_out or None)


def build_part(part: Part, settings: Settings | None = None) -> None:
    """Build the models of a part, as of now, from marts as the last build left them. Raises BuildFailed."""
    settings = settings or get_settings()
    with connection.connect("dbt", settings) as session:
        _lock(session)
        # Not tests that compare the part with marts that another build makes.
        run([*_BUILD, "--select", f"tag:{part}", "--indirect-selection", "cautious"], settings, {"part": part})
    log.info("part built", part=part)


def run(
    arguments: Sequence[str],
    settings: Settings | None = None,
    of_build: Mapping[str, str | bool] | None = None,
    describe: Callable[[Any], None] | None = None,
) -> Path:
    """Run a dbt command with Kabar's connection and variables; returns its target folder. Raises BuildFailed.

    `of_build`: variables of this build. `left_out` (a tag) and `views_stay` record what the arguments exclude, so that
    the build counts as complete. `describe` may change dbt's manifest before the command runs.
    """
    outcome, target = _invoked(arguments, settings or get_settings(), of_build, describe)
    if not outcome.success:
        raise _failure(outcome.result, outcome.exception)
    return target


def source_freshness(settings: Settings | None = None) -> list[SourceAge]:
    """The result of `dbt source freshness` for each source with an expected age. Raises BuildFailed."""
    # Without dbt's log, which reports stale sources as errors.
    outcome, _ = _invoked(["source", "freshness", "--quiet", "--log-level", "none"], settings or get_settings())
    results = getattr(outcome.result, "results", None) or []
    # Hooks have results too.
    sources = [result for result in results if result.node.resource_type == "source"]
    if not sources or any(str(result.status) == "runtime error" for result in sources):
        raise _failure(outcome.result, outcome.exception)
    return [_source_age(result) for result in sources]


def _source_age(result: Any) -> SourceAge:
    name = f"{result.node.source_name}.{result.node.name}"
    # dbt's result for an empty table.
    if result.max_loaded_at.year == 1:
        return SourceAge(name, None, None, "never")
    return SourceAge(name, result.max_loaded_at, result.age, _AGES[str(result.status)])


def _invoked(
    arguments: Sequence[str],
    settings: Settings,
    of_build: Mapping[str, str | bool] | None = None,
    describe: Callable[[Any], None] | None = None,
) -> tuple[Any, Path]:
    """The result of dbt's runner, and its target folder."""
    # Imported here since it takes seconds, and most importers of this module never build.
    from dbt.cli.main import dbtRunner

    with _environment(settings) as folder, _without_garbage_collection():
        own = ["--target", "warehouse", "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
        own += ["--target-path", str(folder / "target"), "--log-path", str(folder / "logs")]
        variables = ["--vars", json.dumps({"code_version": code_version(PROJECT)})]
        # A changed variable makes dbt parse everything again, so the manifest is parsed without the build's own.
        # Copied, since commands change it.
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
    """dbt's manifest, cached by arguments and files: parsing takes a fifth of a small build. Raises BuildFailed."""
    from dbt.cli.main import dbtRunner

    parsed = dbtRunner().invoke(["parse", "--quiet", "--no-write-json", *arguments])
    if not parsed.success:
        raise BuildFailed((), f"dbt could not read its project: {parsed.exception}")
    # A manifest with selectors cannot be copied; commands read selectors.yml themselves.
    manifest: Any = parsed.result
    manifest.selectors.clear()
    return manifest


def _project_files() -> frozenset[tuple[Path, int, int]]:
    """The project's files with their sizes and times."""
    paths = (path for folder in (PROJECT, SHARED_SQL) for path in folder.rglob("*.*"))
    return frozenset((path, (found := path.stat()).st_size, found.st_mtime_ns) for path in paths)


def document(describe: Callable[[Any], None], settings: Settings | None = None) -> tuple[bytes, dict[str, Any]]:
    """dbt's documentation as one page of HTML, and its manifest. Waits for a running build. Raises BuildFailed."""
    settings = settings or get_settings()
    with connection.connect("dbt", settings) as session:
        _lock(session)
        target = run(["docs", "generate", "--static", "--quiet"], settings, describe=describe)
        page = (target / "static_index.html").read_text().replace(f"{target}/", "")
        return page.encode(), json.loads((target / "manifest.json").read_text())


def _lock(session: psycopg2.extensions.connection) -> None:
    session.autocommit = True
    with session.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", (_LOCK,))


def _last_builds(session: psycopg2.extensions.connection) -> tuple[bool, bool]:
    """Whether this code made the tables, and whether the latest build succeeded."""
    with session.cursor() as cursor:
        cursor.execute("select to_regclass('intermediate.builds') is not null")
        if cursor.fetchone() != (True,):
            return False, False
        cursor.execute(connection.read_sql(_SQL / "last_builds.sql"), {"code_version": code_version(PROJECT)})
        is_same_code, is_latest = cursor.fetchone() or (False, False)
    return is_same_code, is_latest


def _left_out(session: psycopg2.extensions.connection, as_of: datetime, sales_state: str) -> str:
    """The tag of models whose result would not change; empty if there are none."""
    if not _value(session, "knows_a_shop.sql"):
        return "store"
    is_unchanged = _value(session, "sales_stand.sql", {"as_of": as_of, "sales_state": sales_state})
    return "sales" if is_unchanged else ""


def _value(session: psycopg2.extensions.connection, query: str, values: Mapping[str, Any] | None = None) -> Any:
    """The first column of the query's first row; None without a row."""
    with session.cursor() as cursor:
        cursor.execute(connection.read_sql(_SQL / query), values)
        row = cursor.fetchone()
    return row[0] if row else None


@contextmanager
def _environment(settings: Settings) -> Iterator[Path]:
    """Set the variables of dbt's profile during a run; yields the folder for its output."""
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


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Most of what dbt makes lives as long as its run, and looking for garbage in it costs a quarter of a build."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


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
