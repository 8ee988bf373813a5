"""A shop whose customers talk about a few things, and one space of topics for all tests."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ml.encoder.store import Encoder
from ml.topics import space, store
from tests.support.cache import made_by_ml
from tests.support.encoders import made_encoder, put_in_use
from warehouse.connection import transaction
from warehouse.settings import Settings


class Said(NamedTuple):
    """What a customer writes."""

    id: str
    text: str
    at: datetime
    customer: str = "someone"


PARKING = [
    "parkir motor di mana",
    "is there parking near your place",
    "parkir mobilnya bayar",
    "where can I park my car",
    "tempat parkir bus ada",
    "is the parking free",
    "susah cari parkir di situ",
    "parking spot for a bus",
]
OAT_MILK = [
    "ada susu oat",
    "do you have oat milk",
    "ganti susu almond bisa",
    "can I swap to almond milk",
    "susu kedelai nambah berapa",
    "how much extra is soy milk",
    "minumannya pakai susu apa",
    "which milk is in it",
]
WARRANTY = [
    "garansi mesinnya berapa tahun",
    "how long is the warranty",
    "cara klaim garansi",
    "I want to claim the warranty",
    "kartu garansi saya hilang",
    "I lost the warranty card",
    "masih garansi tidak",
    "is it still under warranty",
]


def messages(texts: Iterable[str], name: str, at: Iterable[datetime]) -> list[Said]:
    """One message a time, with the texts in turn and a little different each."""
    draw = random.Random(name)
    kinds = list(texts)
    firsts, lasts = ["", "kak ", "halo "], ["", " ya", "?", " please", " thanks"]
    return [
        Said(
            f"{name} {number}",
            f"{draw.choice(firsts)}{kinds[number % len(kinds)]}{draw.choice(lasts)}",
            time,
            f"{name} {number % 40}",
        )
        for number, time in enumerate(at)
    ]


def land(settings: Settings, said: Iterable[Said], store_id: str = "default") -> None:
    with transaction("owner", settings) as landing, landing.cursor() as cursor:
        for each in said:
            cursor.execute(
                "insert into raw.chatbot_events (event_id, type, occurred_at, channel, store_id, customer_key, id_key,"
                " author, text, payload, payload_hash)"
                " values (%s, 'message', %s, 'web', %s, %s, %s, 'customer', %s, '{}', 'hash')",
                (each.id, each.at, store_id, each.customer, each.customer, each.text),
            )


def put_space_in_use(server_settings: Settings, settings: Settings) -> None:
    """Have a test's database use the encoder and its space of topics."""

    def make(folder: Path) -> None:
        encoder = Encoder(made_encoder(server_settings), "any", threads=1)
        np.save(folder / "projection.npy", space.learn(encoder))

    version = put_in_use(server_settings, settings)
    projection = np.load(made_by_ml("topic-space", space.recipe(), make) / "projection.npy")
    store.save_space(projection, version, settings)
