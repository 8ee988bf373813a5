"""A message over HTTP becomes one answer at Twilio, whatever happens to workers and in whatever order things land."""

from __future__ import annotations

import pytest

from benchmarks.bot_stage import ANSWER, Stage, answer_all, eventually, stage
from tests.conftest import drop_database, make_database


@pytest.fixture(scope="module")
def shop(server_settings, tmp_path_factory):
    database = make_database(server_settings)
    with stage(database, tmp_path_factory.mktemp("workers")) as made:
        answer_all(made)
        made.start_worker()
        yield made
    drop_database(server_settings, database)


def test_a_burst_gets_one_answer(shop: Stage):
    customer = "6281200000001"
    sids = [shop.say(customer, f"nomor {text}") for text in ("satu", "dua", "tiga")]
    eventually(lambda: shop.texts_to(customer), 20)
    assert shop.texts_to(customer) == [ANSWER]
    decided = shop.query(
        "select message_ids from app.bot_decisions where conversation_id = %s and step = 1",
        shop.conversation(customer),
    )
    assert decided == [(sids,)]
