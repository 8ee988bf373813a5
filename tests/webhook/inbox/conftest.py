"""People who sign in to the inbox: over HTTP inside the process, and with a real browser."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from tests.webhook.inbox.browser import ARGUMENTS, CHROMIUM
from warehouse import connection
from warehouse.settings import Settings
from webhook.accounts import users
from webhook.app import create_app

PASSWORD = "a long password for tests"
SESSION = {"KABAR_SESSION_KEY": "a session key for tests only"}


class Person:
    """Somebody at a browser: keeps the session, and sends forms with the token of the page that was seen last."""

    def __init__(self, app: Flask, email: str) -> None:
        self.client: FlaskClient = app.test_client()
        self.email = email
        self._token = ""

    def get(self, path: str, **options: Any) -> TestResponse:
        return self._seen(self.client.get(path, **options))

    def post(self, path: str, form: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        return self._seen(self.client.post(path, data={"csrf_token": self._token, **(form or {})}, **options))

    def sign_in(self, password: str = PASSWORD) -> TestResponse:
        self.get("/inbox/sign-in")
        answer = self.post("/inbox/sign-in", {"email": self.email, "password": password})
        if answer.status_code == 303:
            self.get("/inbox")
        return answer

    def _seen(self, answer: TestResponse) -> TestResponse:
        if answer.mimetype == "text/html" and (found := re.search(r'name="csrf_token" value="([^"]+)"', answer.text)):
            self._token = found[1]
        return answer


def inbox_settings(settings: Settings) -> Settings:
    """The settings of a web app whose inbox can be used."""
    return settings.model_copy(update={"session_key": Settings(_env_file=None, **SESSION).session_key})


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
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium, one a file."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()
