"""The web app: a client inside the process, a server of its own process, and people who sign in to the inbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support import senders as sending
from tests.support import web
from tests.support.chats import Chats
from tests.support.people import PASSWORD, Person, inbox_settings
from tests.support.senders import Delivery, LiveServer, Senders
from warehouse import connection
from warehouse.settings import Settings
from webhook.accounts import users
from webhook.app import create_app


@pytest.fixture(scope="session")
def senders() -> Senders:
    return Senders()


@pytest.fixture
def web_settings(settings: Settings, senders: Senders, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in senders.environment.items():
        monkeypatch.setenv(name, value)
    return Settings(_env_file=None)


@pytest.fixture
def client(web_settings: Settings) -> FlaskClient:
    return create_app(web_settings).test_client()


@pytest.fixture
def post(client: FlaskClient) -> Callable[[Delivery], TestResponse]:
    return lambda delivery: client.post(delivery.path, data=delivery.body, headers=delivery.headers)


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """`with serve(environment) as live:` runs `python -m webhook`, or another command, on a free port."""

    @contextmanager
    def running(environment: dict[str, str], command: tuple[str, ...] = ()) -> Iterator[LiveServer]:
        with sending.serving(environment, tmp_path_factory.mktemp("server"), command) as live:
            yield live

    return running


@pytest.fixture(scope="module")
def app(module_settings: Settings) -> Flask:
    """The web app over the file's database."""
    return create_app(inbox_settings(module_settings))


@pytest.fixture(scope="module")
def people(app: Flask, module_settings: Settings) -> Callable[..., Person]:
    """`people("agent")` is somebody of that role, signed in; `people("agent", "Budi")` another one."""
    made: dict[tuple[str, str], Person] = {}

    def person(role: str = "agent", name: str = "Sari") -> Person:
        if (role, name) not in made:
            email = f"{name}.{role}@shop.example".lower()
            with connection.transaction("inbox", module_settings) as opened, opened.cursor() as cursor:
                users.add(cursor, email, name, role, PASSWORD)
            made[role, name] = Person(app, email)
            assert made[role, name].sign_in().status_code == 303
        return made[role, name]

    return person


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    """Where the web app serves on this machine, as long as the file's tests run."""
    with web.serving(app) as served:
        yield served


@pytest.fixture(scope="module")
def chats(module_settings: Settings) -> Chats:
    """Conversations in the file's database, none at first."""
    return Chats(module_settings)


@pytest.fixture(scope="module")
def ask(module_settings: Settings) -> Iterator[Callable[..., list[tuple[Any, ...]]]]:
    """`ask(statement, *values)` asks the file's database as its owner."""
    opened = psycopg2.connect(connection.url("owner", module_settings), options="-c search_path=public,queue")
    opened.autocommit = True

    def answers(statement: str, *values: object) -> list[tuple[Any, ...]]:
        with opened.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    yield answers
    opened.close()
