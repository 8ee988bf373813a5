"""Database connections, by role, to the embedded server or the configured one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg2
import psycopg2.extensions

from warehouse import embedded, migrate
from warehouse.settings import Role, Settings, SettingsMissing, get_settings
from warehouse.state import generated_secret


def url(role: Role, settings: Settings | None = None) -> str:
    """The `postgresql://` URL of a role. The embedded server is started and migrated first if needed."""
    settings = settings or get_settings()
    if settings.is_embedded:
        server = embedded.start(settings)
        _migrated(settings, embedded.owner_url(settings, server))
        return server.url(role, role_password(role, settings))
    return _with_user(settings, role)


def role_password(role: Role, settings: Settings) -> str:
    """A role's password, generated for the embedded server, else from the settings. Raises SettingsMissing."""
    if settings.is_embedded:
        return generated_secret(settings, f"{role}_password")
    if password := settings.password(role):
        return password
    raise SettingsMissing(f"KABAR_{role.upper()}_PASSWORD is not set")


@contextmanager
def connect(role: Role, settings: Settings | None = None) -> Iterator[psycopg2.extensions.connection]:
    """A connection that is closed at the end. The caller commits."""
    connection = psycopg2.connect(url(role, settings), application_name=f"kabar-{role}")
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def transaction(role: Role, settings: Settings | None = None) -> Iterator[psycopg2.extensions.connection]:
    """A connection with one transaction: committed at the end, rolled back on an error."""
    with connect(role, settings) as connection, connection:
        yield connection


@cache
def read_sql(path: Path) -> str:
    """The text of a `.sql` file, with psycopg2's `%(name)s` where values go."""
    return path.read_text()


@cache
def _migrated(settings: Settings, owner_url: str) -> None:
    if not migrate.is_current(owner_url):
        migrate.migrate(owner_url, lambda role: role_password(role, settings))


def _with_user(settings: Settings, role: Role) -> str:
    parts = urlsplit(str(settings.database_url))
    if role == "owner" and parts.username and (parts.password or not settings.password("owner")):
        return urlunsplit(parts)
    user = parts.username if role == "owner" and parts.username else role
    host = parts.netloc.rpartition("@")[2]
    credentials = f"{quote(user, safe='')}:{quote(role_password(role, settings), safe='')}"
    return urlunsplit(parts._replace(netloc=f"{credentials}@{host}"))
