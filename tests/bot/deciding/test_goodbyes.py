"""How customers end a chat after an answered question: with hardly an agent called for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import yaml

from bot.trial import Trial
from demo.twilio import TwilioStandIn
from tests.support import speech_acts
from tests.support.chat import STORE, Chat, chat
from warehouse.settings import ROOT, Settings

QUESTIONS = {
    "id": "barang yang belum dipakai bisa dikembalikan dalam berapa hari?",
    "en": "can I return unopened goods?",
}


@pytest.fixture(scope="module")
def shop(server_settings: Settings, chat_settings: Settings, twilio: TwilioStandIn) -> Iterator[Chat]:
    """A shop with pages whose bot predicts speech acts."""
    speech_acts.put_in_use(server_settings, chat_settings)
    with chat(chat_settings, twilio, ["pengembalian.md", "english.md"]) as found:
        yield found


def test_of_everyday_goodbyes_hardly_any_calls_an_agent(shop: Chat) -> None:
    called = []
    said = yaml.safe_load((ROOT / "tests" / "data" / "goodbyes.yml").read_text())
    assert len(said) == 68
    for each in said:
        trial = Trial(shop.services.tools, STORE)
        assert trial.say([QUESTIONS[each["language"]]]).decision.handover is None
        if trial.say([each["text"]]).decision.handover:
            called.append(each["text"])
    assert len(called) <= 3, called
