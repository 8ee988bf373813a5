"""A customer's threads under a number and under an id, which turn out to be one person's."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest

from tests.support.chats import Chats, key
from tests.support.people import Person

People = Callable[..., Person]


@pytest.fixture
def customer(chats: Chats) -> tuple[str, str]:
    """One who wrote under an id an hour ago, and writes under a number now."""
    name = uuid.uuid4().hex[:8]
    earlier, later = f"id-{name}", f"number-{name}"
    chats.says("Halo, pesanan saya mana?", earlier, ago=60)
    chats.says("Kak?", later)
    return earlier, later


def link(chats: Chats, customer: tuple[str, str], is_verified: bool = True) -> None:
    """As landing does when number and id come in one message."""
    earlier, later = customer
    chats.ask(
        "insert into app.person_links (store_id, phone_key, id_key, is_verified) values ('default', %s, %s, %s)",
        key(later), key(earlier), is_verified,
    )  # fmt: skip


def pages(chats: Chats, person: Person, customer: tuple[str, str]) -> list[str]:
    return [person.get(f"/inbox/conversations/{chats.conversation(each)}").text for each in customer]


def test_each_thread_leads_to_the_other_and_replies_are_written_in_the_newest(
    chats: Chats, people: People, customer: tuple[str, str]
) -> None:
    link(chats, customer)
    agent = people()
    earlier, later = (chats.conversation(each) for each in customer)
    old, new = pages(chats, agent, customer)
    assert f'href="/inbox/conversations/{later}">Percakapan pelanggan ini yang lebih baru' in old
    assert f'href="/inbox/conversations/{earlier}">Percakapan pelanggan ini yang lebih lama' in new
    assert ('id="text"' in old, 'id="text"' in new) == (False, True)

    def reply(thread: int) -> int:
        form = {"text": "Sebentar ya kak", "token": str(uuid.uuid4())}
        return agent.post(f"/inbox/conversations/{thread}/reply", form).status_code

    assert (reply(earlier), reply(later)) == (409, 303)
    assert chats.ask("select conversation_id from app.replies where conversation_id in (%s, %s)", earlier, later) == [
        (later,)
    ]


def test_the_card_lists_both_threads(chats: Chats, people: People, customer: tuple[str, str]) -> None:
    link(chats, customer)
    earlier, later = (chats.conversation(each) for each in customer)
    assert f"/inbox/conversations/{later}" in people().get(f"/inbox/conversations/{earlier}/card").text
    assert f"/inbox/conversations/{earlier}" in people().get(f"/inbox/conversations/{later}/card").text


def test_once_the_customer_writes_under_the_id_again_replies_are_written_there(
    chats: Chats, people: People, customer: tuple[str, str]
) -> None:
    link(chats, customer)
    chats.ask(
        "update app.conversations set last_inbound_at = now() + interval '1 s' where customer_key = %s",
        key(customer[0]),
    )
    old, new = pages(chats, people(), customer)
    assert ('id="text"' in old, 'id="text"' in new) == (True, False)


@pytest.mark.parametrize("is_claimed", [False, True])
def test_a_number_that_a_visitor_only_claims_links_nothing(
    chats: Chats, people: People, customer: tuple[str, str], is_claimed: bool
) -> None:
    if is_claimed:
        link(chats, customer, is_verified=False)
    for page in pages(chats, people(), customer):
        assert "Percakapan pelanggan ini" not in page
        assert 'id="text"' in page
