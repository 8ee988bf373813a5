"""What the demo gives the bot and the inbox: knowledge that is read, an admin who can sign in, customers who write."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from demo import inbox, live
from warehouse import connection, identity
from warehouse.settings import Settings
from webhook.accounts import passwords


@pytest.fixture(scope="module")
def passages(module_settings: Settings) -> int:
    return inbox.set_up(module_settings, lambda _: None)


def one(settings: Settings, statement: str) -> Any:
    with connection.connect("owner", settings) as opened, opened.cursor() as cursor:
        cursor.execute(statement)
        (found,) = cursor.fetchone() or (None,)
    return found


def test_the_shops_pages_are_read_once(module_settings: Settings, passages: int) -> None:
    assert passages > 15
    assert one(module_settings, "select count(*) from app.knowledge_documents where state != 'read'") == 0
    before = one(module_settings, "select max(read_at) from app.knowledge_documents where origin = 'upload'")
    assert inbox.set_up(module_settings, lambda _: None) == passages
    assert one(module_settings, "select max(read_at) from app.knowledge_documents where origin = 'upload'") == before
    assert one(module_settings, "select count(*) from app.rules") > 10


def test_the_admin_has_the_password_that_the_demo_prints(
    module_settings: Settings, server_settings: Settings, passages: int
) -> None:
    password = inbox.admin_password(module_settings, server_settings)
    assert inbox.admin_password(module_settings, server_settings) == password
    stored = one(module_settings, f"select password_hash from app.users where email = '{inbox.ADMIN}'")
    assert passwords.is_right(stored, password)


def test_those_who_write_have_not_just_written_and_nobody_talks_to_them(module_settings: Settings) -> None:
    now = datetime(2026, 11, 22, 9, tzinfo=UTC)
    held = live.talks(module_settings, now)
    # Nobody has ordered in this shop, so those who ask for their order and their parcel are missing.
    assert len(held) == 5
    assert len({talk.customer for talk in held}) == 5
    assert live.talks(module_settings, now) == held
    first = held[0].customer
    _begin_talk_with_a_person(module_settings, first.phone or "")
    assert first not in [talk.customer for talk in live.talks(module_settings, now)]


def _begin_talk_with_a_person(settings: Settings, phone: str) -> None:
    key = identity.phone_key(phone, identity.hash_key(settings))
    with connection.transaction("owner", settings) as opened, opened.cursor() as cursor:
        cursor.execute("insert into app.customers (store_id, customer_key) values ('default', %s)", (key,))
        cursor.execute(
            "insert into app.conversations (store_id, channel, customer_key, state, last_message_at)"
            " values ('default', 'whatsapp', %s, 'waiting', now() - interval '9 days')",
            (key,),
        )


def test_forgetting_what_the_story_asked_leaves_other_work(module_settings: Settings) -> None:
    with connection.transaction("owner", module_settings) as opened, opened.cursor() as cursor:
        for task in ("answer", "read_document"):
            cursor.execute("select queue.enqueue(%s, 'a thing', '{}'::jsonb)", (task,))
        cursor.execute(connection.read_sql(live.SQL / "forget_answers.sql"))
        cursor.execute("select task_name from queue.procrastinate_jobs")
        assert cursor.fetchall() == [("read_document",)]
