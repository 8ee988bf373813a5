"""One embedded server for a test run, and databases in it: fresh ones, and copies of those that a first step filled."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from itertools import count
from pathlib import Path

import psycopg2
import psycopg2.errors
import tenacity

from tests.support.restoring import Contents, contents, restore
from warehouse import connection, embedded
from warehouse.settings import COMPONENT_ROLES, Settings
from warehouse.state import generated_secret, locked

TEST_HASH_KEY = "a key for tests only"
TEST_ENCRYPTION_KEY = "another key for tests only"
RUN_STATE = "KABAR_TEST_RUN_STATE"
TEMPLATE = "migrated"
NOT_KEPT = ("fsync", "full_page_writes", "synchronous_commit")
Step = Callable[[Settings], None]
_names_in_use: set[str] = set()
_restored: list[tuple[dict[str, str], Contents]] = []


def run_state() -> Path:
    """The state folder of the run, which all its processes share."""
    return Path(os.environ[RUN_STATE])


def start_server() -> Settings:
    """The settings of the run's embedded server, which has the migrated template that databases are copied from."""
    settings = Settings(_env_file=None, KABAR_STATE_DIR=run_state())  # type: ignore[call-arg]
    with locked(run_state(), "template"):
        _hasten(settings)
        connection.url("owner", settings)
        _make_template(settings)
    return settings


def _hasten(settings: Settings) -> None:
    """What tests write need not outlive a power cut, nor their passwords a thief: a connection costs a tenth."""
    for name in NOT_KEPT:
        administer(settings, f"alter system set {name} = off")
    administer(settings, "select pg_reload_conf()")
    # The owner makes the passwords of the other roles, too.
    administer(settings, f"alter role {embedded.OWNER} set scram_iterations = 1")
    administer(settings, f"alter role {embedded.OWNER} password '{generated_secret(settings, 'owner_password')}'")


@tenacity.retry(
    # Postgres copies no database that somebody is connected to, as the other processes of the run are at their start.
    retry=tenacity.retry_if_exception_type(psycopg2.errors.ObjectInUse),
    stop=tenacity.stop_after_delay(120),
    wait=tenacity.wait_fixed(0.5),
    reraise=True,
)
def _make_template(settings: Settings) -> None:
    with suppress(psycopg2.errors.DuplicateDatabase):
        administer(settings, f"create database {TEMPLATE} template {embedded.DATABASE} owner {embedded.OWNER}")
        administer(settings, f"alter database {TEMPLATE} allow_connections false")


def make_database(server_settings: Settings, template: str = TEMPLATE) -> dict[str, str]:
    """A fresh copy of the migrated database or of another, as the environment variables that point Kabar to it."""
    server = embedded.start(server_settings)
    name = _free_name()
    # Copying the files costs two thirds of writing the copy through the log.
    how = f"template {template} owner {embedded.OWNER} strategy file_copy"
    administer(server_settings, f'create database "{name}" {how}')
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
    administer(server_settings, f'drop database "{name}" with (force)')
    _names_in_use.discard(name)


@contextmanager
def migrated(server_settings: Settings) -> Iterator[dict[str, str]]:
    """A migrated database, as the environment variables that point Kabar to it. The next user in this process gets it
    with its rows restored, unless its schema was changed."""
    if _restored:
        environment, before = _restored.pop()
    else:
        environment = make_database(server_settings)
        before = contents(environment["KABAR_DATABASE_URL"])
    yield environment
    if restore(environment["KABAR_DATABASE_URL"], before):
        _restored.append((environment, before))
    else:
        drop_database(server_settings, environment)


@contextmanager
def copied(server_settings: Settings, *steps: Step) -> Iterator[dict[str, str]]:
    """A copy of the database that the steps fill, one after another; each is taken once a run, by whoever asks first.
    As the environment variables that point Kabar to it."""
    environment = make_database(server_settings, _template_after(server_settings, steps))
    yield environment
    drop_database(server_settings, environment)


def settings_of(environment: dict[str, str]) -> Settings:
    """The settings with these environment variables."""
    return Settings(_env_file=None, **environment)  # type: ignore[arg-type]


def _template_after(server_settings: Settings, steps: Sequence[Step]) -> str:
    """The name of the database that the steps filled. Nobody is connected to it, so that it can be copied."""
    if not steps:
        return TEMPLATE
    *earlier, step = steps
    template = f"after_{step.__module__}_{step.__name__}".replace(".", "_")
    with locked(run_state(), template):
        if not administer(server_settings, f"select from pg_database where datname = '{template}'"):
            environment = make_database(server_settings, _template_after(server_settings, earlier))
            step(settings_of(environment))
            name = environment["KABAR_DATABASE_URL"].rpartition("/")[2]
            administer(server_settings, f'alter database "{name}" allow_connections false')
            those_in_it = f"select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '{name}'"
            administer(server_settings, those_in_it)
            administer(server_settings, f'alter database "{name}" rename to {template}')
            _names_in_use.discard(name)
    return template


def administer(server_settings: Settings, statement: str) -> int:
    """Run a statement as the owner. Returns how many rows it touched or found."""
    url = embedded.owner_url(server_settings, embedded.start(server_settings), "postgres")
    with closing(psycopg2.connect(url)) as admin:
        admin.autocommit = True
        with admin.cursor() as cursor:
            cursor.execute(statement)
            return cursor.rowcount
