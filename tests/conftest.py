"""One embedded server for a test run, and for each test that asks a migrated database of its own in it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from itertools import count
from pathlib import Path
from typing import Any

import psycopg2
import psycopg2.errors
import pytest
import tenacity

from warehouse import connection, embedded
from warehouse.settings import COMPONENT_ROLES, Settings, get_settings, variable_names
from warehouse.state import generated_secret, locked

TEST_HASH_KEY = "a key for tests only"
TEST_ENCRYPTION_KEY = "another key for tests only"
RUN_STATE = "KABAR_TEST_RUN_STATE"
TEMPLATE = "migrated"
NOT_KEPT = ("fsync", "full_page_writes", "synchronous_commit")
_names_in_use: set[str] = set()


def pytest_configure(config: pytest.Config) -> None:
    """The first process of a run makes the state folder; the workers find it in their environment."""
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


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """A file's tests run in one process, so that what a file builds for its tests is built once. A wrapper, since the
    plugin that runs the processes reads the groups before any plain hook of ours."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.path.name))
    return (yield)


def _remove(folder: str) -> None:
    embedded.stop(Settings(_env_file=None, KABAR_STATE_DIR=folder))  # type: ignore[call-arg]
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def server_settings() -> Settings:
    """The settings of the run's embedded server, in which the migrated template lies that databases are copied from."""
    settings = Settings(_env_file=None, KABAR_STATE_DIR=Path(os.environ[RUN_STATE]))  # type: ignore[call-arg]
    with locked(Path(os.environ[RUN_STATE]), "template"):
        _hasten(settings)
        connection.url("owner", settings)
        _make_template(settings)
    return settings


def _hasten(settings: Settings) -> None:
    """What tests write need not outlive a power cut, nor their passwords a thief: a connection costs a tenth."""
    for name in NOT_KEPT:
        _administer(settings, f"alter system set {name} = off")
    _administer(settings, "select pg_reload_conf()")
    # The owner makes the passwords of the other roles, too.
    _administer(settings, f"alter role {embedded.OWNER} set scram_iterations = 1")
    _administer(settings, f"alter role {embedded.OWNER} password '{generated_secret(settings, 'owner_password')}'")


@tenacity.retry(
    # Postgres copies no database that somebody is connected to, as the other processes of the run are at their start.
    retry=tenacity.retry_if_exception_type(psycopg2.errors.ObjectInUse),
    stop=tenacity.stop_after_delay(120),
    wait=tenacity.wait_fixed(0.5),
    reraise=True,
)
def _make_template(settings: Settings) -> None:
    with suppress(psycopg2.errors.DuplicateDatabase):
        _administer(settings, f"create database {TEMPLATE} template {embedded.DATABASE} owner {embedded.OWNER}")
        _administer(settings, f"alter database {TEMPLATE} allow_connections false")


def make_database(server_settings: Settings) -> dict[str, str]:
    """A fresh copy of the migrated database, as the environment variables that point Kabar to it."""
    server = embedded.start(server_settings)
    name = _free_name()
    _administer(server_settings, f'create database "{name}" template {TEMPLATE} owner {embedded.OWNER}')
    passwords = {
        f"KABAR_{role.upper()}_PASSWORD": generated_secret(server_settings, f"{role}_password")
        for role in COMPONENT_ROLES
    }
    url = embedded.owner_url(server_settings, server, name)
    keys = {"KABAR_HASH_KEY": TEST_HASH_KEY, "KABAR_ENCRYPTION_KEY": TEST_ENCRYPTION_KEY}
    return {"KABAR_DATABASE_URL": url, **keys, **passwords}


def _free_name() -> str:
    """A name that this process has used before, where one is free: dbt keeps what it read of its project by the
    database's name, and reads for seconds where it kept nothing."""
    process = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    name = next(name for number in count() if (name := f"test_{process}_{number}") not in _names_in_use)
    _names_in_use.add(name)
    return name


def drop_database(server_settings: Settings, environment: dict[str, str]) -> None:
    name = environment["KABAR_DATABASE_URL"].rpartition("/")[2]
    _administer(server_settings, f'drop database "{name}" with (force)')
    _names_in_use.discard(name)


def _administer(server_settings: Settings, statement: str) -> None:
    url = embedded.owner_url(server_settings, embedded.start(server_settings), "postgres")
    with closing(psycopg2.connect(url)) as admin:
        admin.autocommit = True
        with admin.cursor() as cursor:
            cursor.execute(statement)


@pytest.fixture
def settings(server_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """A migrated database of the test's own: as settings, and in the environment for programs that the test starts."""
    environment = make_database(server_settings)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    get_settings.cache_clear()
    yield Settings(_env_file=None)  # type: ignore[call-arg]
    get_settings.cache_clear()
    drop_database(server_settings, environment)


@pytest.fixture(scope="module")
def module_settings(server_settings: Settings) -> Iterator[Settings]:
    """Like `settings`, one for a whole test file whose tests only read what a first step of theirs has written."""
    environment = make_database(server_settings)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        get_settings.cache_clear()
        yield Settings(_env_file=None)  # type: ignore[call-arg]
    get_settings.cache_clear()
    drop_database(server_settings, environment)


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
