"""Shops to chat with, over the real way from the webhook to Twilio's stand-in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.bot.chat import Chat, chat
from tests.encoders import put_in_use
from tests.webhook.conftest import Senders
from warehouse.settings import Settings

PAGES = ["pembayaran.md", "pengembalian.md", "pengiriman.md", "english.md"]


@pytest.fixture(scope="module")
def chat_settings(module_settings: Settings) -> Iterator[Settings]:
    """A database of the file's, and what the senders sign with."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in Senders.environment.items():
            patch.setenv(name, value)
        yield Settings(_env_file=None)


@pytest.fixture(scope="module")
def shop(server_settings: Settings, chat_settings: Settings) -> Iterator[Chat]:
    """A shop with pages, found by words and by meaning, and without a language model."""
    put_in_use(server_settings, chat_settings)
    with chat(chat_settings, PAGES) as found:
        yield found


@pytest.fixture(scope="module")
def plain_shop(chat_settings: Settings) -> Iterator[Chat]:
    """A shop with two pages that are found by their words alone."""
    with chat(chat_settings, ["pengembalian.md", "english.md"]) as found:
        yield found
