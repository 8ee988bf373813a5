"""The inbox of the demo shop: knowledge, rules, canned replies, and an admin who can sign in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bot.deciding import rules
from bot.knowledge import documents
from warehouse.connection import connect, read_sql, transaction
from warehouse.settings import Settings
from warehouse.state import generated_secret
from webhook.accounts import users
from webhook.accounts.users import AccountFault

SQL = Path(__file__).parent / "sql"
KNOWLEDGE = Path(__file__).parent / "knowledge"
ADMIN = "admin@selasar.example"


def set_up(settings: Settings, says: Callable[[str], None]) -> int:
    """Add rules, texts and knowledge, which is read like an upload. Returns the number of passages that the bot knows.
    What is there already stays as it is."""
    store = settings.default_store
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        rules.seed(cursor, store)
        cursor.execute(read_sql(SQL / "set_up_inbox.sql"), {"store": store})
        waiting = []
        for page in sorted(KNOWLEDGE.glob("*.md")):
            values = {"store": store, "name": page.name, "content": page.read_bytes()}
            cursor.execute(read_sql(SQL / "add_knowledge.sql"), values)
            waiting += [(page.name, document_id) for (document_id,) in cursor.fetchall()]
    for name, document_id in waiting:
        says(f"knowledge: {name}")
        documents.read_document(settings, document_id)
    says("knowledge: what the shop sells")
    documents.read_products(settings, store)
    with connect("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute(read_sql(SQL / "passages.sql"), {"store": store})
        (count,) = cursor.fetchone() or (0,)
    return int(count)


def admin_password(settings: Settings, plain: Settings) -> str:
    """The password of the demo's admin, the same for all runs with this state folder."""
    secret = generated_secret(plain, "demo_admin_password")
    password = "-".join(secret[start : start + 5] for start in range(0, 20, 5))
    with transaction("inbox", settings) as connection, connection.cursor() as cursor:
        try:
            users.add(cursor, ADMIN, "Rani", "admin", password)
        except AccountFault:
            users.set_password(cursor, ADMIN, password)
    return password
