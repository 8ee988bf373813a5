"""The dashboard where there is nothing to show yet, or nobody who answers."""

from __future__ import annotations

import socket

import pytest

from warehouse.settings import Settings
from webhook.app import create_app


@pytest.mark.parametrize(("language", "words"), [("en", "No figures yet"), ("id", "Belum ada angka")])
def test_before_the_first_build_the_page_says_so(settings: Settings, language: str, words: str) -> None:
    response = create_app(settings).test_client().get(f"/dashboards/conversations?lang={language}")
    assert response.status_code == 200
    assert words in response.text


def test_without_the_database_the_page_is_a_503_to_be_tried_again(settings: Settings) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        nowhere = f"postgresql://owner@127.0.0.1:{unused.getsockname()[1]}/kabar"
        away = settings.model_copy(update={"database_url": nowhere})
        response = create_app(away).test_client().get("/dashboards/conversations?lang=en")
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert "cannot be read right now" in response.text
    assert "postgresql" not in response.text
