"""What the made-up shop tells its customers in the live part of the demo: where their parcel is, what is sold out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.knowledge import documents
from demo import live
from demo.orders import selasar
from demo.shop import LENGTH, story
from demo.twilio import TwilioStandIn
from demo.woocommerce import WooCommerceStandIn
from sources import woocommerce
from tests.support.chat import ACCOUNT, STORE, Chat, chat
from tests.support.senders import Senders
from warehouse.settings import Settings

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def selasars(module_settings: Settings) -> Iterator[Chat]:
    with TwilioStandIn(ACCOUNT, Senders.token) as twilio, pytest.MonkeyPatch.context() as patch:
        sending = {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_API_BASE": twilio.url}
        for name, value in (Senders.environment | sending).items():
            patch.setenv(name, value)
        shop = selasar(story(NOW - LENGTH, NOW), NOW)
        with chat(Settings(_env_file=None), twilio) as opened, WooCommerceStandIn(shop) as stand_in:
            woocommerce.add(STORE, stand_in.url, stand_in.key, stand_in.secret, opened.settings)
            woocommerce.sync(STORE, opened.settings)
            documents.refresh(opened.settings)
            yield opened


def test_those_who_write_hear_of_their_parcel_and_of_what_is_sold_out(selasars: Chat) -> None:
    said = {
        talk.says: selasars.say(talk.customer.phone or "", *talk.says).said
        for talk in live.talks(selasars.settings, NOW)
    }
    assert "Nomor resi: TSL" in said[("mana resi saya kak?",)]
    assert "(JNE)" in said[("mana resi saya kak?",)]
    assert "Wajan besi 24cm" in said[("wajan besi 24cm masih ada kak?",)]
    assert "stok habis" in said[("wajan besi 24cm masih ada kak?",)]
