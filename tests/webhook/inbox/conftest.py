"""People who sign in to the inbox: over HTTP inside the process, and with a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright

from tests.support.browser import ARGUMENTS, CHROMIUM
from tests.support.people import PASSWORD, Person, inbox_settings
from tests.support.web import serving
from warehouse import connection
from warehouse.settings import Settings
from webhook.accounts import users
from webhook.app import create_app


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
    with serving(app) as served:
        yield served


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium, one a file."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()
