"""One embedded server for a test run, and for each test that asks a migrated database of its own in it."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import hypothesis
import psycopg2
import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.support import opinions, two_shops
from tests.support.browser import ARGUMENTS, CHROMIUM
from tests.support.database import RUN_STATE, Step, copied, migrated, settings_of, start_server
from warehouse import connection, embedded
from warehouse.settings import Settings, get_settings, variable_names

TESTS = Path(__file__).parent
LONGEST = (
    "dags/test_dag_runs.py",
    "warehouse/test_transform.py",
    "ml/classifier/test_retrain.py",
    "dbt/test_store_kpis.py",
    "webhook/test_chaos.py",
    "dbt/test_landing_order.py",
    "webhook/dashboards/test_pages_browser.py",
    "dbt/test_store_builds.py",
    "dbt/test_kpis_equal_oracle.py",
    "ml/satisfaction/test_predictions.py",
    "webhook/test_slow_senders.py",
    "dbt/test_now.py",
    "dashboards/test_added_kpi.py",
    "bot/test_worker.py",
    "dbt/test_develop_here.py",
    "docker/test_running.py",
    "expectations/test_validation.py",
    "warehouse/test_code_version.py",
)
"""The files that take longest, longest first. `pytest --durations=0` tells."""


def pytest_configure(config: pytest.Config) -> None:
    """The first process of a run makes the state folder; the workers find it in their environment."""
    # On a busy machine an example may take long; what has a time limit says so itself.
    hypothesis.settings.register_profile("busy", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
    hypothesis.settings.load_profile("busy")
    for name in variable_names():
        os.environ.pop(name, None)
    if RUN_STATE not in os.environ:
        folder = tempfile.mkdtemp(prefix="kabar-tests-")
        Path(folder).chmod(0o711)
        os.environ[RUN_STATE] = folder
        config.add_cleanup(lambda: _remove(folder))
    os.environ["KABAR_STATE_DIR"] = os.environ[RUN_STATE]
    os.environ["PYTHONHASHSEED"] = "0"
    os.environ["DBT_LOG_LEVEL_FILE"] = "none"  # a sixth of a build


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One process more than cores, since many tests wait: for Postgres, for timeouts, for programs that they start."""
    return len(os.sched_getaffinity(0)) + 1


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """A file's tests run in one process, so that what a file builds for its tests is built once; the longest files
    start first, so that no process is left with one of them at the end. A wrapper, since the plugin that runs the
    processes reads the groups before any plain hook of ours."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_file(item)))
    assert all((TESTS / name).exists() for name in LONGEST)
    items.sort(key=lambda item: LONGEST.index(_file(item)) if _file(item) in LONGEST else len(LONGEST))
    return (yield)


def pytest_collection_finish() -> None:
    """What is loaded by now stays until the end; the garbage collector would look through it again and again."""
    gc.collect()
    gc.freeze()


def _file(item: pytest.Item) -> str:
    return item.path.relative_to(TESTS).as_posix()


def _remove(folder: str) -> None:
    embedded.stop(Settings(_env_file=None, KABAR_STATE_DIR=folder))  # type: ignore[call-arg]
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def server_settings() -> Settings:
    """The settings of the run's embedded server, in which the migrated template lies that databases are copied from."""
    return start_server()


@pytest.fixture(scope="module")
def database_steps() -> Sequence[Step]:
    """What fills the databases of `settings` and `module_settings` after the migrations; folders and files have their
    own."""
    return ()


@pytest.fixture
def settings(
    server_settings: Settings, database_steps: Sequence[Step], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    """A database of the test's own: as settings, and in the environment for programs that the test starts."""
    with _database(server_settings, database_steps) as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        get_settings.cache_clear()
        yield Settings(_env_file=None)  # type: ignore[call-arg]
        get_settings.cache_clear()


@pytest.fixture(scope="module")
def module_settings(server_settings: Settings, database_steps: Sequence[Step]) -> Iterator[Settings]:
    """Like `settings`, one for a whole test file whose tests only read what a first step of theirs has written."""
    with _database(server_settings, database_steps) as environment, pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        get_settings.cache_clear()
        yield Settings(_env_file=None)  # type: ignore[call-arg]
    get_settings.cache_clear()


def _database(server_settings: Settings, steps: Sequence[Step]) -> AbstractContextManager[dict[str, str]]:
    return copied(server_settings, *steps) if steps else migrated(server_settings)


@pytest.fixture(scope="module")
def built(server_settings: Settings) -> Iterator[Settings]:
    """A file's copy of a database with two shops, two months of conversations, customers' opinions, and their marts."""
    with copied(server_settings, *two_shops.STEPS, opinions.add) as environment:
        yield settings_of(environment)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium. One a file, since Playwright's event loop would be in the way of other files' own."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def query(settings: Settings) -> Iterator[Callable[..., list[tuple[Any, ...]]]]:
    """Asks the database as its owner."""
    opened = psycopg2.connect(connection.url("owner", settings))
    opened.autocommit = True

    def ask(statement: str, *values: object) -> list[tuple[Any, ...]]:
        with opened.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    yield ask
    opened.close()
