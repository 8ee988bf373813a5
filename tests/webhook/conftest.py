"""A client inside the process, and a server of its own process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.senders import Delivery, LiveServer, Senders, serving
from warehouse.settings import Settings
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
        with serving(environment, tmp_path_factory.mktemp("server"), command) as live:
            yield live

    return running
