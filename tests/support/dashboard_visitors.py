"""People who have signed in and look at the dashboards, inside the process and with a browser."""

from __future__ import annotations

import re
from contextlib import suppress

from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr
from werkzeug.test import TestResponse

from warehouse import connection
from warehouse.settings import Settings
from webhook.accounts import users
from webhook.app import create_app

PASSWORD = "a long password for tests"
VIEWER = "viewer@shop.example"
ADMIN = "admin@shop.example"


def web(settings: Settings) -> Flask:
    """The web app over a database, with the accounts of a viewer and an admin whose language is English."""
    with suppress(users.AccountFault), connection.transaction("inbox", settings) as opened, opened.cursor() as cursor:
        users.add(cursor, VIEWER, "Wati", "viewer", PASSWORD)
        users.add(cursor, ADMIN, "Dewi", "admin", PASSWORD)
        cursor.execute("update app.users set language = 'en' where email = any(%s)", ([VIEWER, ADMIN],))
    return app(settings)


def app(settings: Settings) -> Flask:
    """The web app, whose sessions are the same in all."""
    return create_app(settings.model_copy(update={"session_key": SecretStr("a session key for tests only")}))


def signed_in(web_app: Flask, email: str = VIEWER) -> FlaskClient:
    """A client that keeps the viewer's session, or the admin's."""
    client = web_app.test_client()
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/inbox/sign-in").text)
    assert found
    form = {"email": email, "password": PASSWORD, "csrf_token": found[1]}
    assert client.post("/inbox/sign-in", data=form).status_code == 303
    return client


def figure(response: TestResponse, card: str) -> str:
    """The value of a card with a number, as the page shows it."""
    found = re.search(rf'id="card-{card}".*?<p class="value">\s*<span[^>]*>([^<]*)</span>', response.text, re.DOTALL)
    assert found, f"no number {card} on the page"
    return found[1]
