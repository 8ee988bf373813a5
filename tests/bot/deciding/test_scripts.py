"""Scripted conversations, in `scripts/`: who writes what, and what the bot decides and says.

They go the real way: over HTTP into the webhook, by the queue to the worker, and out to Twilio's stand-in. All scripts
go on at once, a turn at a time, as customers do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support import chat_orders as orders
from tests.support.chat import STORE, Chat, Outcome, new_phone
from warehouse.connection import transaction

SCRIPTS = Path(__file__).parent / "scripts"
OPEN = ["rules", "facts", "knowledge", "people"]
EXPECTED = {"says", "step", "reason", "language", "handover", "reply", "never", "replies", "opted_out", "media", "then"}


@dataclass
class Customer:
    """A script that goes on, and what came of its turns so far."""

    script: dict[str, Any]
    phone: str = field(default_factory=new_phone)
    outcomes: list[Outcome] = field(default_factory=list)


def scripts(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((SCRIPTS / f"{name}.yml").read_text())
    return found


def names(name: str) -> list[str]:
    return [script["name"] for script in scripts(name)]


@pytest.fixture(scope="module")
def played(full_shop: Chat) -> dict[str, Customer]:
    """All scripts, played to their end: first those of the day, then those of the night."""
    by_day = [Customer(script) for name in OPEN for script in scripts(name)]
    play(full_shop, by_day)
    full_shop.open(always=False)
    by_night = [Customer(script) for script in scripts("closed")]
    play(full_shop, by_night)
    return {customer.script["name"]: customer for customer in by_day + by_night}


def play(full_shop: Chat, customers: list[Customer]) -> None:
    with transaction("owner", full_shop.settings) as connection, connection.cursor() as cursor:
        for customer in customers:
            for order in customer.script.get("orders", []):
                orders.land(cursor, full_shop.settings, STORE, customer.phone, order)
    for number in range(max(len(customer.script["turns"]) for customer in customers)):
        play_turn(full_shop, [customer for customer in customers if len(customer.script["turns"]) > number], number)


def play_turn(full_shop: Chat, customers: list[Customer], number: int) -> None:
    for customer in customers:
        say(full_shop, customer, customer.script["turns"][number])
        if number == 0 and "state" in customer.script:
            full_shop.put(customer.phone, customer.script["state"])
    full_shop.work()
    for customer in customers:
        customer.outcomes.append(full_shop.outcome(customer.phone))
        if customer.script["turns"][number].get("then") == "give back":
            full_shop.put(customer.phone, "bot")


def say(full_shop: Chat, customer: Customer, turn: dict[str, Any]) -> None:
    profile = {"ProfileName": customer.script.get("profile", "")}
    media = {}
    if media_type := turn.get("media"):
        address = f"https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/{customer.phone[1:]}/Media/ME1"
        media = {"NumMedia": "1", "MediaUrl0": address, "MediaContentType0": media_type}
    for text in turn["says"]:
        full_shop.post(customer.phone, text, **profile, **media)


@pytest.mark.parametrize("name", [name for file in [*OPEN, "closed"] for name in names(file)])
def test_script(full_shop: Chat, played: dict[str, Customer], name: str) -> None:
    customer = played[name]
    for turn, outcome in zip(customer.script["turns"], customer.outcomes, strict=True):
        assert set(turn) <= EXPECTED, "a turn expects what nobody checks"
        check(turn, outcome)
    said = "\n".join(outcome.said for outcome in customer.outcomes if outcome.said)
    assert full_shop.received(customer.phone) == said, "Twilio took something else than was decided"


def check(turn: dict[str, Any], outcome: Outcome) -> None:
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


def test_there_are_as_many_scripts_as_were_asked_for_in_both_languages(played: dict[str, Customer]) -> None:
    spoken = [{outcome.language for outcome in customer.outcomes} for customer in played.values()]
    assert len(played) >= 60
    assert sum("id" in languages for languages in spoken) >= 25
    assert sum("en" in languages for languages in spoken) >= 25
