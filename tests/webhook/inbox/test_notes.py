"""Notes, tags and snoozing: what a team keeps about a conversation, and what of it nobody else sees."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import psycopg2.errors
import pytest
from werkzeug.test import TestResponse

from tests.support.chats import Chats
from tests.support.people import Person
from warehouse.connection import transaction
from warehouse.settings import Settings
from webhook.inbox.conversations.notes import mentioned

LATER = (datetime.now(UTC) + timedelta(hours=2)).isoformat(timespec="seconds")


@pytest.fixture
def agent(people: Callable[..., Person], chats: Chats) -> Person:
    found = english(people("agent", "Sari"))
    chats.ask("update app.users set name = 'Sari Dewi' where email = %s", found.email)
    return found


@pytest.fixture
def colleague(people: Callable[..., Person]) -> Person:
    return english(people("agent", "Budi"))


@pytest.fixture
def thread(chats: Chats, request: pytest.FixtureRequest) -> int:
    chats.says("Halo, kapan dikirim?", request.node.name, "Rina")
    return chats.conversation(request.node.name)


def english(person: Person) -> Person:
    person.post("/inbox/language", {"language": "en", "next": "/inbox"})
    return person


def act(person: Person, thread: int, action: str, **form: str) -> TestResponse:
    person.get(f"/inbox/conversations/{thread}")
    return person.post(f"/inbox/conversations/{thread}/{action}", {"token": str(uuid.uuid4()), **form})


def listed(person: Person, filters: str) -> list[int]:
    return [int(number) for number in re.findall(r'id="row-(\d+)"', person.get(f"/inbox?{filters}").text)]


def mentions(person: Person) -> int:
    found = re.search(r"Mentions(?: <b[^>]*>(\d+)</b>)?</a>", person.get("/inbox").text)
    assert found
    return int(found[1] or 0)


def test_a_note_is_seen_by_the_team_and_sent_to_nobody(
    chats: Chats, agent: Person, people: Callable[..., Person], thread: int
) -> None:
    before = chats.ask("select count(*) from app.replies"), chats.ask("select count(*) from app.messages")
    token = str(uuid.uuid4())
    for _ in range(2):
        assert act(agent, thread, "note", text="Pelanggan <lama>, hati-hati.", token=token).status_code == 303
    page = english(people("viewer")).get(f"/inbox/conversations/{thread}").text
    assert page.count("Pelanggan &lt;lama&gt;, hati-hati.") == 1
    assert "Internal note by Sari Dewi" in page
    assert before == (chats.ask("select count(*) from app.replies"), chats.ask("select count(*) from app.messages"))
    assert chats.ask("select state from app.conversations where conversation_id = %s", thread) == [("bot",)]
    assert act(agent, thread, "note", text=" ").status_code == 400
    assert act(people("viewer"), thread, "note", text="Halo").status_code == 403


@pytest.mark.parametrize("role", ["bot", "dbt", "scorer", "reader", "webhook"])
def test_only_the_inbox_reads_notes(module_settings: Settings, role: str) -> None:
    with transaction(role, module_settings) as connection, connection.cursor() as cursor:  # type: ignore[arg-type]
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute("select text from app.notes")
        connection.rollback()


def test_a_mention_is_marked_until_it_is_seen(agent: Person, colleague: Person, thread: int) -> None:
    assert mentions(colleague) == 0
    act(agent, thread, "note", text="@budi tolong cek, bukan @budiman. Mail: a@budi.example")
    assert mentions(colleague) == 1
    assert mentions(agent) == 0
    assert listed(colleague, "state=mentions") == [thread]
    assert listed(agent, "state=mentions") == []
    colleague.get(f"/inbox/conversations/{thread}")
    assert mentions(colleague) == 0
    assert listed(colleague, "state=mentions") == [thread]
    act(colleague, thread, "note", text="Siap @Sari Dewi!")
    assert mentions(agent) == 1


def test_tags_are_chosen_from_those_in_use_and_narrow_the_list(
    chats: Chats, agent: Person, people: Callable[..., Person], thread: int
) -> None:
    act(agent, thread, "tag", tag="  Grosir   besar ")
    assert listed(agent, "tag=Grosir+besar") == [thread]
    chats.says("halo", "other")
    other = chats.conversation("other")
    act(agent, other, "tag", tag="grosir BESAR")
    assert sorted(listed(agent, "tag=Grosir+besar")) == sorted([thread, other])
    assert '<option value="Grosir besar">' in agent.get("/inbox").text
    act(agent, thread, "untag", tag="Grosir besar")
    assert listed(agent, "tag=Grosir+besar") == [other]
    assert act(agent, thread, "tag", tag="x" * 41).status_code == 400
    assert act(people("viewer"), thread, "tag", tag="x").status_code == 403


def test_a_colleague_whose_name_begins_another_one_is_not_mentioned_with_it() -> None:
    people = [SimpleNamespace(user_id=1, name="Ana"), SimpleNamespace(user_id=2, name="Ana Maria")]
    assert mentioned("@Ana Maria, tolong dicek", people) == [2]
    assert mentioned("@ana dan @ANA MARIA", people) == [1, 2]
    assert mentioned("ana@maria.example", people) == []


def test_a_snoozed_conversation_waits_again_at_its_time(chats: Chats, agent: Person, thread: int) -> None:
    assert thread in listed(agent, "state=waiting")
    assert act(agent, thread, "snooze", until=LATER).status_code == 303
    assert thread not in listed(agent, "state=waiting")
    assert listed(agent, "state=snoozed") == [thread]
    assert "Snoozed until" in agent.get(f"/inbox/conversations/{thread}").text
    chats.ask(
        "update app.conversations set snoozed_until = now() - interval '1 minute' where conversation_id = %s", thread
    )
    assert thread in listed(agent, "state=waiting")
    assert listed(agent, "state=snoozed") == []


def test_a_snoozed_conversation_waits_again_also_if_a_message_to_the_customer_had_failed(
    chats: Chats, agent: Person, thread: int
) -> None:
    name = "test_a_snoozed_conversation_waits_again_also_if_a_message_to_the_customer_had_failed"
    chats.answers("Sebentar, kak.", name, "undelivered")
    chats.answers("Besok, kak.", name)
    act(agent, thread, "snooze", until=LATER)
    chats.ask(
        "update app.conversations set snoozed_until = now() - interval '1 minute' where conversation_id = %s", thread
    )
    assert thread in listed(agent, "state=waiting")
    act(agent, thread, "snooze", until="")
    assert thread not in listed(agent, "state=waiting")


def test_a_snooze_until_tomorrow_ends_in_the_shops_morning_also_in_an_offset_without_a_name(
    chats: Chats, agent: Person, thread: int
) -> None:
    chats.ask("insert into app.stores (store_id, timezone) values ('default', '<-0330>+03:30')")
    assert '<option value="snooze_tomorrow">' in agent.get(f"/inbox/conversations/{thread}").text
    assert act(agent, thread, "snooze", until="snooze_tomorrow").status_code == 303
    chats.ask("delete from app.stores")
    [(morning,)] = chats.ask(
        "select to_char(snoozed_until at time zone '<-0330>+03:30', 'HH24:MI') from app.conversations"
        " where conversation_id = %s",
        thread,
    )
    assert morning == "09:00"
    act(agent, thread, "snooze", until="")


def test_an_answered_conversation_that_was_snoozed_waits_when_the_time_has_come(
    chats: Chats, agent: Person, thread: int
) -> None:
    act(agent, thread, "take-over")
    chats.answers("Besok, kak.", "test_an_answered_conversation_that_was_snoozed_waits_when_the_time_has_come")
    assert thread not in listed(agent, "state=waiting")
    act(agent, thread, "snooze", until=LATER)
    chats.ask(
        "update app.conversations set snoozed_until = now() - interval '1 minute' where conversation_id = %s", thread
    )
    assert thread in listed(agent, "state=waiting")
    act(agent, thread, "snooze", until="")
    assert thread not in listed(agent, "state=waiting")


def test_a_message_of_the_customer_or_a_reply_ends_the_snooze(chats: Chats, agent: Person, thread: int) -> None:
    act(agent, thread, "snooze", until=LATER)
    chats.says("Halo?", "test_a_message_of_the_customer_or_a_reply_ends_the_snooze")
    assert thread in listed(agent, "state=waiting")
    act(agent, thread, "snooze", until=LATER)
    assert thread not in listed(agent, "state=waiting")
    act(agent, thread, "reply", text="Besok, kak.")
    assert listed(agent, "state=snoozed") == []


@pytest.mark.parametrize("until", ["tomorrow", "2020-01-01T00:00:00+00:00", "2999-01-01T00:00:00+00:00", "2030-01-01"])
def test_an_odd_time_is_refused(agent: Person, thread: int, until: str) -> None:
    assert act(agent, thread, "snooze", until=until).status_code == 400


def test_a_snooze_of_a_colleagues_conversation_is_refused(agent: Person, colleague: Person, thread: int) -> None:
    act(agent, thread, "take-over")
    assert act(colleague, thread, "snooze", until=LATER).status_code == 409
