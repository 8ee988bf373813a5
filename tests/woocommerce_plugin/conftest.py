"""Kabar's web app over HTTP, and a shop with the plugin."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from werkzeug.serving import make_server

from tests.woocommerce_plugin.shop import Shop
from warehouse import connection
from warehouse.settings import Settings
from webhook.app import create_app


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


@pytest.fixture
def kabar_settings(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("KABAR_ENCRYPTION_KEY", "an encryption key for tests only")
    return Settings(_env_file=None)  # type: ignore[call-arg]


@pytest.fixture
def kabar(kabar_settings: Settings) -> Iterator[str]:
    """The address of the web app."""
    server = make_server("127.0.0.1", 0, create_app(kabar_settings), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def query(settings: Settings) -> Iterator[Callable[..., list[tuple[Any, ...]]]]:
    """Asks the database as its owner."""
    with closing(psycopg2.connect(connection.url("owner", settings))) as opened:
        opened.autocommit = True

        def ask(statement: str, *values: object) -> list[tuple[Any, ...]]:
            with opened.cursor() as cursor:
                cursor.execute(statement, values)
                return cursor.fetchall() if cursor.description else []

        yield ask
