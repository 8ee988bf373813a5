"""Places, ads and quoted messages in a conversation."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest

from tests.support.chats import Chats
from tests.support.people import Person

PLACE = {"MessageType": "location", "Latitude": "-6.594600", "Longitude": "106.789000"}


def shown(people: Callable[..., Person], chats: Chats, customer: str, message_id: str) -> str:
    page = people("viewer").get(f"/inbox/conversations/{chats.conversation(customer)}").text
    return page[page.index(f'id="message-{message_id}"') :].split("</li>")[0]


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ({"Label": "Rumah", "Address": "Jl. Melati 5, Bogor"}, "Rumah, Jl. Melati 5, Bogor"),
        ({"Address": "Jl. <b>Melati</b> 5"}, "Jl. &lt;b&gt;Melati&lt;/b&gt; 5"),
        ({}, "-6.594600,106.789000"),
    ],
)
def test_a_place_is_shown_with_its_address_and_a_map(
    chats: Chats, people: Callable[..., Person], more: dict[str, str], name: str
) -> None:
    customer = uuid.uuid4().hex[:8]
    sent = chats.says("", customer, form=PLACE | more)
    entry = shown(people, chats, customer, sent)
    assert f"Lokasi: {name}" in entry
    assert "https://www.google.com/maps/search/?api=1&amp;query=-6.594600%2C106.789000" in entry
    assert "(tanpa teks)" not in entry
    in_list = people("viewer").get("/inbox/list").text
    row = in_list[in_list.index(f'id="row-{chats.conversation(customer)}"') :].split("</li>")[0]
    assert "(tanpa teks)" not in row


@pytest.mark.parametrize("form", [PLACE | {"Latitude": ""}, PLACE | {"Latitude": "nan"}, {"Latitude": "5"}])
def test_an_invalid_place_is_not_shown(chats: Chats, people: Callable[..., Person], form: dict[str, str]) -> None:
    customer = uuid.uuid4().hex[:8]
    assert "Lokasi" not in shown(people, chats, customer, chats.says("halo", customer, form=form))


@pytest.mark.parametrize(("link", "is_link"), [("https://fb.me/x?a=1&b=2", True), ("javascript:alert(1)", False)])
def test_the_ad_that_a_customer_came_from_is_shown(
    chats: Chats, people: Callable[..., Person], link: str, is_link: bool
) -> None:
    customer = uuid.uuid4().hex[:8]
    form = {"ReferralHeadline": "Kopi Gayo diskon 20%", "ReferralBody": "Hanya minggu ini", "ReferralSourceUrl": link}
    entry = shown(people, chats, customer, chats.says("masih ada kak?", customer, form=form))
    assert "Dari iklan" in entry
    assert "Kopi Gayo diskon 20%" in entry
    assert "Hanya minggu ini" in entry
    assert ("fb.me" in entry) == is_link
    assert "javascript" not in entry


def test_the_quoted_message_is_shown_above_the_answer(chats: Chats, people: Callable[..., Person]) -> None:
    customer = uuid.uuid4().hex[:8]
    chats.says("ada warna apa?", customer, ago=3)
    asked = chats.answers("Mau yang merah atau biru, Kak?", customer, ago=2)
    sent = chats.says("yang ini", customer, form={"OriginalRepliedMessageSid": asked})
    entry = shown(people, chats, customer, sent)
    assert f'href="#message-{asked}"' in entry
    assert "Mau yang merah atau biru, Kak?" in entry

    others = chats.says("rahasia orang lain", uuid.uuid4().hex[:8])
    sent = chats.says("dan ini", customer, form={"OriginalRepliedMessageSid": others})
    entry = shown(people, chats, customer, sent)
    assert "rahasia" not in entry
    assert "Balasan untuk pesan sebelumnya" in entry
