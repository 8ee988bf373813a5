"""The shop's name, tone and instructions for the bot, in versions."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from psycopg2.extensions import cursor as Cursor  # noqa: N812

from warehouse.connection import read_sql

_SQL = Path(__file__).parent / "sql"

DEFAULT_TONE = (
    "Ramah, singkat dan sopan, sapa pelanggan dengan 'kak'. / Friendly, short and polite.\n"
    "Satu sampai tiga kalimat, tanpa emoji berlebihan. / One to three sentences, no more emoji than needed."
)
DEFAULT_INSTRUCTIONS = (
    "Bantu pelanggan toko ini dengan hal-hal tentang toko, barang, pesanan dan pengiriman.\n"
    "Help this shop's customers with the shop, its products, orders and delivery."
)


class Instructions(NamedTuple):
    """`version` is 0 for the defaults."""

    shop_name: str
    tone: str
    instructions: str
    version: int = 0


def current(cursor: Cursor, store_id: str) -> Instructions:
    """The shop's newest version, else the defaults with the shop's name."""
    cursor.execute(read_sql(_SQL / "instructions.sql"), {"store_id": store_id})
    row = cursor.fetchone()
    if row is None or row[0] is None:
        name = row[4] if row and row[4] else store_id
        return Instructions(str(name), DEFAULT_TONE, DEFAULT_INSTRUCTIONS)
    version, shop_name, tone, instructions, _ = row
    return Instructions(shop_name, tone, instructions, version)
