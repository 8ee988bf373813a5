"""What a conversation's job reads, it reads through indexes, however much has landed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import bot
from warehouse import shared_sql
from warehouse.connection import connect, transaction
from warehouse.settings import Settings

SQL = Path(bot.__file__).parent / "conversation" / "sql"
STATEMENTS: dict[str, Mapping[str, Any]] = {
    "burst.sql": {},
    "earlier.sql": {"before": "2026-11-01 00:00+00", "limit": 100},
    "current_episode.sql": {"as_of": "infinity", "since": "-infinity"},
}
HISTORY = """
    insert into raw.twilio_messages (
        message_sid, store_id, channel, direction, customer_key, record, sent_at
    )
    select
        'SM' || number, 'default', 'whatsapp', case number % 2 when 0 then 'inbound' else 'outbound' end,
        'customer-' || number % 1000, '{"status": "delivered"}', timestamptz '2026-10-01' + number * interval '1 minute'
    from generate_series(1, 20000) as number
"""


@pytest.fixture(scope="module")
def grown(module_settings: Settings) -> Settings:
    with transaction("owner", module_settings) as connection, connection.cursor() as cursor:
        cursor.execute(HISTORY)
        cursor.execute("analyze raw.twilio_messages, app.conversations")
    return module_settings


@pytest.mark.parametrize("name", STATEMENTS)
def test_no_statement_reads_the_messages_of_other_customers(grown: Settings, name: str) -> None:
    with connect("bot", grown) as connection, connection.cursor() as cursor:
        cursor.execute("select conversation_id from app.conversations where customer_key = 'customer-7'")
        (conversation,) = cursor.fetchone() or (None,)
        statement = "explain " + shared_sql.render(SQL / name)
        cursor.execute(statement, {"conversation_id": conversation, **STATEMENTS[name]})
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "on twilio_messages" in plan
    assert "Seq Scan on twilio_messages" not in plan
