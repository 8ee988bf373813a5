"""People who sign in to the inbox over HTTP inside the process."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from warehouse.settings import Settings

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
