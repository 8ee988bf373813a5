"""The dashboard where there is nothing to show yet, or nobody who answers."""

from __future__ import annotations

import socket

import pytest

from tests.support import dashboard_visitors
from warehouse.settings import Settings
from webhook.app import create_app


@pytest.mark.parametrize(("language", "words"), [("en", "No figures yet"), ("id", "Belum ada angka")])
def test_before_the_first_build_the_page_says_so(module_settings: Settings, language: str, words: str) -> None:
    client = dashboard_visitors.signed_in(dashboard_visitors.web(module_settings))
    response = client.get(f"/dashboards/conversations?lang={language}")
    assert response.status_code == 200
    assert words in response.text


def test_without_the_database_the_page_is_a_503_to_be_tried_again(module_settings: Settings) -> None:
    session = dashboard_visitors.signed_in(dashboard_visitors.web(module_settings)).get_cookie("kabar_session")
    assert session
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        nowhere = f"postgresql://owner@127.0.0.1:{unused.getsockname()[1]}/kabar"
        away = dashboard_visitors.app(module_settings.model_copy(update={"database_url": nowhere})).test_client()
        away.set_cookie("kabar_session", session.value)
        response = away.get("/dashboards/conversations?lang=en")
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert "Figures are not available" in response.text
    assert "postgresql" not in response.text


def test_without_a_key_for_sessions_the_page_says_which_setting_is_missing(module_settings: Settings) -> None:
    response = create_app(module_settings).test_client().get("/dashboards")
    assert response.status_code == 503
    assert "KABAR_SESSION_KEY" in response.text
