"""Shops to chat with, over the real way from the webhook to Twilio's stand-in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from demo.twilio import TwilioStandIn
from tests.support.chat import ACCOUNT, Chat, chat
from tests.support.encoders import put_in_use
from tests.support.senders import Senders
from warehouse.settings import Settings

PAGES = ["pembayaran.md", "pengembalian.md", "pengiriman.md", "english.md"]


@pytest.fixture(scope="module")
def twilio() -> Iterator[TwilioStandIn]:
    with TwilioStandIn(ACCOUNT, Senders.token) as stand_in:
        yield stand_in


@pytest.fixture(scope="module")
def chat_settings(module_settings: Settings, twilio: TwilioStandIn) -> Iterator[Settings]:
    """A database of the file's, what the senders sign with, and where replies go."""
    sending = {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_API_BASE": twilio.url, "KABAR_ALLOW_PRIVATE_ADDRESSES": "true"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (Senders.environment | sending).items():
            patch.setenv(name, value)
        yield Settings(_env_file=None)


@pytest.fixture(scope="module")
def full_shop(server_settings: Settings, chat_settings: Settings, twilio: TwilioStandIn) -> Iterator[Chat]:
    """A shop with pages, found by words and by meaning, and without a language model."""
    put_in_use(server_settings, chat_settings)
    with chat(chat_settings, twilio, PAGES) as found:
        yield found


@pytest.fixture(scope="module")
def plain_shop(chat_settings: Settings, twilio: TwilioStandIn) -> Iterator[Chat]:
    """A shop with two pages that are found by their words alone."""
    with chat(chat_settings, twilio, ["pengembalian.md", "english.md"]) as found:
        yield found
