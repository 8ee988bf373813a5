"""The list of conversations: what stands in it and in which order, narrowed down and searched."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.support.chats import Chats
from tests.support.people import Person
from warehouse.identity import phone_key
from warehouse.settings import Settings

NUMBER = "+6281234567890"


@pytest.fixture(scope="module")
def chats(module_settings: Settings) -> Chats:
    chats = Chats(module_settings)
    for number in range(45):
        chats.says(f"Pesan biasa {number}", f"many{number:02}", ago=1000.5 + number)
        chats.answers("Baik, kak.", f"many{number:02}", ago=1000 + number)
    chats.says("Kopi jeruknya enak sekali", "juice", "Jus Jeruk", ago=31)
    chats.answers("Terima kasih, kak.", "juice", ago=30)
    chats.says("Halo", "wait1", "Menunggu Lama", ago=500)
    chats.says("Halo", "wait2", "Menunggu Sebentar", ago=2)
    chats.hands_over("wait1")
    chats.hands_over("wait2")
    chats.ask("update app.conversations set issue = 'refund', urgency = 'high', language = 'en' "
             "where conversation_id = %s", chats.conversation("juice"))  # fmt: skip
    return chats


def names(page: str) -> list[str]:
    return re.findall(r'<b class="name">([^<]+)</b>', page)


def found(person: Person, text: str) -> tuple[list[str], str]:
    """The names that a search finds, and its address."""
    person.get("/inbox")
    answer = person.post("/inbox/search", {"text": text})
    address = answer.headers["Location"]
    return names(person.get(address).text), address


def test_who_waits_stands_first_and_the_longest_of_them_above(chats: Chats, people: Callable[..., Person]) -> None:
    page = people("viewer").get("/inbox").text
    assert names(page)[:4] == ["Menunggu Lama", "Menunggu Sebentar", "Jus Jeruk", "Many00"]
    assert 'data-waiting="2"' in page


def test_pages_follow_each_other_without_a_gap(chats: Chats, people: Callable[..., Person]) -> None:
    person, address, seen = people("viewer"), "/inbox?state=bot", []
    while address:
        page = person.get(address).text
        seen += names(page)
        older = re.search(r'href="([^"]+)" rel="next"', page)
        address = older[1].replace("&amp;", "&") if older else ""
    assert len(seen) == 46
    assert seen == ["Jus Jeruk", *[f"Many{number:02}" for number in range(45)]]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [("issue=refund", ["Jus Jeruk"]), ("urgency=high&language=en", ["Jus Jeruk"]), ("language=id", []),
     ("state=waiting", ["Menunggu Lama", "Menunggu Sebentar"]), ("agent=me", []), ("state=closed", []),
     ("state=waiting&sort=newest", ["Menunggu Lama", "Menunggu Sebentar"]), ("channel=web", []),
     ("issue=refund&channel=whatsapp", ["Jus Jeruk"]), ("issue=refund&until=2020-01-01", []),
     ("issue=refund&since=2020-01-01", ["Jus Jeruk"]), ("issue=refund&state=unanswered", [])],
)  # fmt: skip
def test_the_address_narrows_the_list_down(
    chats: Chats, people: Callable[..., Person], filters: str, expected: list[str]
) -> None:
    assert sorted(names(people("viewer").get(f"/inbox?{filters}").text)) == sorted(expected)


@pytest.mark.parametrize(
    "filters",
    ["state=nonsense", "issue='", "agent=1;drop", "before=x", "before=1-x", "search=x", "sort=x", "since=x", "topic=x",
     "until=9999-12-31", "channel=%00"],
)  # fmt: skip
def test_a_damaged_address_is_a_400(people: Callable[..., Person], filters: str) -> None:
    assert people("viewer").get(f"/inbox?{filters}").status_code == 400


@pytest.mark.parametrize("text", ["jeruk", "JERUK enak", "kopi jer", "jus"])
def test_search_finds_words_of_messages_and_names(chats: Chats, people: Callable[..., Person], text: str) -> None:
    assert found(people("viewer"), text)[0] == ["Jus Jeruk"]


def test_search_finds_a_number_and_no_address_holds_what_was_searched(
    chats: Chats, people: Callable[..., Person], module_settings: Settings
) -> None:
    chats.says("Halo, nomor saya baru", "numbered", "Bu Nomor")
    assert module_settings.hash_key
    real = phone_key(NUMBER, module_settings.hash_key.get_secret_value().encode())
    chats.ask("update app.customers set opted_out_at = null")
    chats.ask(
        "with known as (insert into app.customers (store_id, customer_key, name) values ('default', %s, 'Bu Nomor')) "
        "select 1",
        real,
    )
    chats.ask("update app.conversations set customer_key = %s where conversation_id = %s",
             real, chats.conversation("numbered"))  # fmt: skip
    for written in ("0812-3456-7890", NUMBER, "62 812 3456 7890"[3:].join(["0", ""])):
        names_found, address = found(people("viewer"), written)
        assert names_found == ["Bu Nomor"], written
        assert "3456" not in address


@pytest.fixture(scope="module")
def buyer(chats: Chats) -> str:
    """A customer with an order and a phone number."""
    chats.says("Pesanan saya sampai mana ya?", "81277700261", "Pembeli Setia", ago=4)
    chats.buys("81277700261", "185000.00", 26117)
    return "Pembeli Setia"


@pytest.mark.parametrize("text", ["#26117", "26117", "# 26117"])
def test_search_finds_the_number_of_an_order(buyer: str, people: Callable[..., Person], text: str) -> None:
    assert found(people("viewer"), text)[0] == [buyer]
    assert found(people("viewer"), text[:-1])[0] == [], "another order"


@pytest.mark.parametrize("text", ["081277700", "+62 812-7770", "6281277", "0261", "700261", "0812 7770 0261"])
def test_search_finds_parts_of_a_phone_number_for_those_who_may_see_it(
    buyer: str, people: Callable[..., Person], text: str
) -> None:
    names_found, address = found(people("agent"), text)
    assert names_found == [buyer], text
    assert "7770" not in address
    assert found(people("viewer"), text)[0] == []


def test_a_found_conversation_opens_at_the_message_and_marks_the_words(
    chats: Chats, people: Callable[..., Person]
) -> None:
    for number in range(120):
        chats.says(f"Baris {number}", "long", "Panjang Sekali", ago=5000 - number)
    sought = chats.says("Apakah <b>Timun</b> segar?", "long", "Panjang Sekali", ago=5000)
    person = people("viewer")
    _, address = found(person, "timun")
    link = re.search(r'class="row[^"]*" href="([^"]+)"', person.get(address).text)
    assert link
    page = person.get(link[1].replace("&amp;", "&").partition("#")[0]).text
    assert link[1].endswith(f"#message-{sought}")
    assert "Apakah &lt;b&gt;<mark>Timun</mark>&lt;/b&gt; segar?" in page
    assert f'class="entry customer found" id="message-{sought}"' in page
    assert "Baris 14<" in page
    assert "Baris 15<" not in page
    assert page.count("Jump to newest") + page.count("pesan terbaru") == 1
    recent = chats.says("Ada semangka?", "long", "Panjang Sekali")
    page = person.get(f"/inbox/conversations/{chats.conversation('long')}?message={recent}").text
    assert "Baris 119<" in page
    assert f'found" id="message-{recent}"' in page


@pytest.mark.parametrize("text", ["tidakada", "& | ! :*", "'; drop table", "\x00", "%", "()"])
def test_a_search_for_nothing_finds_nothing(chats: Chats, people: Callable[..., Person], text: str) -> None:
    person = people("viewer")
    person.get("/inbox")
    answer = person.post("/inbox/search", {"text": text})
    assert person.get(answer.headers["Location"]).status_code == 200


def test_a_long_text_lands_although_words_of_it_are_indexed(chats: Chats, people: Callable[..., Person]) -> None:
    chats.says("kata " * 400_000, "longtext", "Panjang")
    assert people("viewer").get(f"/inbox/conversations/{chats.conversation('longtext')}").status_code == 200


def test_a_search_heeds_neither_case_nor_order_and_signs_are_no_wildcards(
    chats: Chats, people: Callable[..., Person]
) -> None:
    chats.says("Kode Diskon: KOPI_GAYO100%", "lettered", "Lettered Customer")
    for text in ("kopi_gayo", "DISKON kode", "gayo1 kopi"):
        assert found(people(), text)[0] == ["Lettered Customer"], text
    for text in ("kodediskon", "%%"):
        assert "Lettered Customer" not in found(people(), text)[0], text
