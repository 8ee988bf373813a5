"""Plays scripted conversations: who writes what, and what the bot must decide and say.

They go the real way: over HTTP into the webhook, by the queue to the worker, and out to Twilio's stand-in. All scripts
go on at once, a turn at a time, as customers do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.support import chat_orders as orders
from tests.support.chat import STORE, Chat, Outcome, new_phone
from warehouse.connection import transaction

EXPECTED = {"says", "step", "reason", "language", "handover", "reply", "never", "replies", "opted_out", "media", "then"}


@dataclass
class Customer:
    """A script that goes on, and what came of its turns so far."""

    script: dict[str, Any]
    phone: str = field(default_factory=new_phone)
    outcomes: list[Outcome] = field(default_factory=list)


def read(file: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return found


def play(shop: Chat, customers: list[Customer]) -> None:
    with transaction("owner", shop.settings) as connection, connection.cursor() as cursor:
        for customer in customers:
            for order in customer.script.get("orders", []):
                orders.land(cursor, shop.settings, STORE, customer.phone, order)
    for number in range(max(len(customer.script["turns"]) for customer in customers)):
        play_turn(shop, [customer for customer in customers if len(customer.script["turns"]) > number], number)


def play_turn(shop: Chat, customers: list[Customer], number: int) -> None:
    for customer in customers:
        say(shop, customer, customer.script["turns"][number])
        if number == 0 and "state" in customer.script:
            shop.put(customer.phone, customer.script["state"])
    shop.work()
    for customer in customers:
        customer.outcomes.append(shop.outcome(customer.phone))
        if customer.script["turns"][number].get("then") == "give back":
            shop.put(customer.phone, "bot")


def say(shop: Chat, customer: Customer, turn: dict[str, Any]) -> None:
    profile = {"ProfileName": customer.script.get("profile", "")}
    media = {}
    if media_type := turn.get("media"):
        address = f"https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/{customer.phone[1:]}/Media/ME1"
        media = {"NumMedia": "1", "MediaUrl0": address, "MediaContentType0": media_type}
    for text in turn["says"]:
        shop.post(customer.phone, text, **profile, **media)


def check(shop: Chat, customer: Customer) -> None:
    """All turns of a script that was played."""
    for turn, outcome in zip(customer.script["turns"], customer.outcomes, strict=True):
        assert set(turn) <= EXPECTED, "a turn expects what nobody checks"
        check_turn(turn, outcome)
    said = "\n".join(outcome.said for outcome in customer.outcomes if outcome.said)
    assert shop.received(customer.phone) == said, "Twilio took something else than was decided"


def check_turn(turn: dict[str, Any], outcome: Outcome) -> None:
    told = f"{turn['says']}: {outcome.step} {outcome.replies}"
    expected = {"name": turn.get("step"), "reason": turn.get("reason")}
    for key, value in expected.items():
        assert value in (None, outcome.step[key]), told
    assert turn.get("language") in (None, outcome.language), told
    assert outcome.state == {None: "bot", "agent": "agent"}.get(turn.get("handover"), "waiting"), told
    assert turn.get("handover") in (None, "agent", outcome.state_reason), told
    assert turn.get("opted_out") in (None, outcome.opted_out), told
    assert len(outcome.replies) == turn["replies"] if "replies" in turn else outcome.replies, told
    for text in turn.get("reply", []):
        assert text in outcome.said, told
    for text in turn.get("never", []):
        assert text not in outcome.said, told
    assert all(step["outcome"] != "failed" for step in outcome.steps), told
    assert "›" not in outcome.said, "a customer sees a passage's own heading, and not the path to it"
