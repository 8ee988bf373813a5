"""Facts of orders are told only where the sender's number is sure, in the shop's zone, currency and the customer's
language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.conversation.types import Conversation, Decision, Message
from bot.deciding.steps import decide
from bot.tools import Tools
from tests.support import chat_orders as orders
from warehouse.connection import transaction
from warehouse.identity import hash_key, phone_key
from warehouse.settings import Settings

PHONE = "+6281200000077"
Query = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def told(module_settings: Settings) -> Callable[..., Decision]:
    with transaction("owner", module_settings) as connection, connection.cursor() as cursor:
        cursor.execute(
            "insert into app.stores (store_id, name, timezone, currency) values ('s', 'S', 'Asia/Jayapura', 'IDR')"
        )
        order = {"id": 4711, "total": "1250000.00", "status": "processing", "days_ago": 0}
        orders.land(cursor, module_settings, "s", PHONE, order)
        orders.land(cursor, module_settings, "another", PHONE, {"id": 8888})
    tools = Tools(module_settings)

    def ask(text: str, channel: str = "whatsapp", store_id: str = "s") -> Decision:
        message = Message("twilio", "SM1", "customer", text, datetime.now(UTC))
        key = phone_key(PHONE, hash_key(module_settings))
        return decide(Conversation(1, store_id, channel, key, None, "bot", None, (message,)), tools)

    return ask


def deciding(decision: Decision) -> tuple[str, str, str]:
    step = next(step for step in decision.steps if step.outcome not in ("passed", "failed"))
    return step.name, step.outcome, step.reason


@pytest.mark.parametrize("channel", ["web", "messenger", "instagram", "anything"])
def test_a_number_that_is_only_said_opens_no_order(told: Callable[..., Decision], channel: str) -> None:
    for text in ("pesanan saya mana?", "#4711", "#9999", f"where is my order, phone {PHONE}"):
        decision = told(text, channel)
        assert deciding(decision) == ("facts", "refused", "not_verified"), text
        assert "4711" not in str(decision.replies)


def test_money_and_dates_are_written_as_the_customer_reads_them(told: Callable[..., Decision]) -> None:
    indonesian = str(told("cek pesanan saya dong").replies[0].body)
    english = str(told("what is the status of my order?").replies[0].body)
    assert "Rp1.250.000." in indonesian
    assert "Rp1,250,000." in english
    assert "\xa0" not in indonesian


def test_each_shop_tells_of_its_own_orders(told: Callable[..., Decision]) -> None:
    assert "8888" not in str(told("pesanan saya mana?").replies)
    assert "8888" in str(told("pesanan saya mana?", store_id="another").replies)


def test_the_number_itself_may_be_said_by_whom_it_belongs_to(told: Callable[..., Decision]) -> None:
    assert deciding(told("status pesanan saya, nomor hp 0812-0000-0077"))[:2] == ("facts", "answered")
    assert deciding(told("status pesanan saya, nomor hp 0812-0000-0078"))[:2] == ("facts", "refused")


def test_a_step_that_breaks_leaves_the_customer_with_a_person(
    told: Callable[..., Decision], module_settings: Settings
) -> None:
    with transaction("owner", module_settings) as connection, connection.cursor() as cursor:
        cursor.execute("revoke select on raw.woocommerce_refunds from bot")
    decision = told("pesanan saya mana?")
    assert ("facts", "failed", "InsufficientPrivilege") in [
        (each.name, each.outcome, each.reason) for each in decision.steps
    ]
    assert decision.handover == "no_answer"
