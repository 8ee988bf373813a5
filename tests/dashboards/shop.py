"""Two made-up shops with two months of conversations, landed and built, for whoever tests what shows them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache

from tests.conftest import make_database
from tests.dbt import landing
from tests.dbt.history import Event, History, Shop
from warehouse import transform
from warehouse.connection import transaction
from warehouse.settings import Settings

AS_OF = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
DAYS = 70
LABELS = tuple((issue, urgency) for issue in ("delivery", "order", "payment", "other") for urgency in ("low", "high"))


@cache
def built(server_settings: Settings) -> Settings:
    """The settings of a database with the shops `default` (busy, three channels, in Jakarta) and `kedua` (quiet, in New
    York), whose marts are built. One for all tests of a process, which leave it as they found it."""
    settings = Settings(_env_file=None, **make_database(server_settings))  # type: ignore[arg-type]
    histories = [
        History(Shop("default", "Asia/Jakarta"), tuple(_events("default", DAYS * 9, ("whatsapp", "web", "instagram")))),
        History(Shop("kedua", "America/New_York"), tuple(_events("kedua", 40, ("whatsapp",)))),
    ]
    landing.open_shops(settings, histories)
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute("update app.stores set name = 'Toko Melati' where store_id = 'default'")
    landing.land(settings, histories)
    transform.build(AS_OF, settings)
    return settings


def _events(store: str, conversations: int, channels: tuple[str, ...]) -> Iterator[Event]:
    chance = random.Random(store)
    for number in range(conversations):
        start = AS_OF - timedelta(days=DAYS) * chance.random() ** 0.8
        yield from _conversation(
            chance, f"{store}-{number:05}", start, chance.choices(channels, (6, 3, 1)[: len(channels)])[0]
        )


def _conversation(chance: random.Random, name: str, start: datetime, channel: str) -> Iterator[Event]:
    """A few questions, each mostly answered by the bot at once or by a person later, then perhaps a rating."""
    customer = f"customer-{chance.randrange(400)}"
    at, part = start, 0

    def event(kind: str, **fields: object) -> Event:
        nonlocal part
        part += 1
        return Event(f"{name}-{part:02}", kind, at, channel, given_id=customer, **fields)  # type: ignore[arg-type]

    for _ in range(chance.randint(1, 4)):
        label = (*chance.choice(LABELS), chance.choice(("id", "id", "en"))) if chance.random() < 0.9 else None
        yield event("message", author="customer", label=label)
        if chance.random() < 0.1:
            return
        if chance.random() < 0.2:
            yield event("handover")
            at += timedelta(seconds=chance.lognormvariate(7, 1.3))
            yield event("message", author="agent")
        else:
            at += timedelta(seconds=chance.lognormvariate(2, 0.8))
            yield event("message", author="bot", answered=chance.random() < 0.9)
        at += timedelta(minutes=chance.expovariate(1 / 6))
    if chance.random() < 0.5:
        yield event("rating_requested")
        if chance.random() < 0.5:
            at += timedelta(minutes=2)
            yield event("rating", rating=chance.choices((1, 2, 3, 4, 5), (1, 1, 2, 5, 7))[0])
        yield event("closed")
