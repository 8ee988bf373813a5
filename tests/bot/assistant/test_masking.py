"""Personal data does not leave Kabar: a language model gets placeholders, and the customer the values."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from bot.assistant.masking import new_mask
from ml.masking.mask import UnknownPlaceholder
from tests.support import assistant
from tests.support import chat_orders as orders
from tests.support.assistant import quoting, reply, sources_in, told, with_model
from tests.support.chat import STORE, Chat, new_phone
from tests.support.openai_stand_in import OpenAIStandIn
from warehouse.connection import transaction

HIDDEN = [
    ("hp saya 0812 7771 0031", "hp saya [PHONE_1]"),
    ("+62 812-7771-0031 atau 6281277710031", "[PHONE_1] atau [PHONE_1]"),
    ("telp (022) 7234567 ya", "telp [PHONE_1] ya"),
    ("ratna.k@toko.example", "[EMAIL_1]"),
    ("kartu 4111 1111 1111 1111 exp 12/27", "kartu [CARD_1] exp 12/27"),
    ("rek BCA 1234567890 an Budi Santoso", "rek BCA [NUMBER_1] an [NAME_1]"),
    ("pesanan #７７１００３", "pesanan #[ORDER_1]"),
    ("pesanan #12 kak", "pesanan #[ORDER_1] kak"),
    ("pesanan nomor 45 mana?", "pesanan nomor [ORDER_1] mana?"),
    ("Pesanan 45 (28 Nov 2026): selesai.", "Pesanan [ORDER_1] (28 Nov 2026): selesai."),
    ("order no. 1204 sampai mana", "order no. [ORDER_1] sampai mana"),
    ("12\u200b04", "[ORDER_1]"),
    ("pesanan no 12-345 gimana", "pesanan no [ORDER_1] gimana"),
    ("cek resi JPVX55512349", "cek resi [ORDER_1]"),
    ("cek pesanan 771003, 771004 dan 771003", "cek pesanan [ORDER_1], [NUMBER_1] dan [ORDER_1]"),
    ("Kirim ke Jl. Melati No. 8 RT 03/RW 05, Kel. Sukajadi, Bandung 40162 ya", "Kirim ke [ADDRESS_1] ya"),
    ("alamatnya jl kenari raya no 12 bandung, besok sampai?", "alamatnya [ADDRESS_1] bandung, besok sampai?"),
    ("perum griya asri blok B2 no 5, cimahi", "[ADDRESS_1], cimahi"),
    ("gang mawar 3 no. 7", "[ADDRESS_1]"),
    ("I live at 221B Baker Street, London", "I live at [ADDRESS_1], London"),
    ("ship it to 12 Elm Road, Apt 4B please", "ship it to [ADDRESS_1] please"),
    ("atas nama ratna kusuma ya", "atas nama [NAME_1] ya"),
    ("an. Siti Aminah ya", "an. [NAME_1] ya"),
    ("Halo, saya Ratna dari Bandung", "Halo, saya [NAME_1] dari Bandung"),
    ("Hi, I'm Ratna Kusuma, where is it?", "Hi, I'm [NAME_1], where is it?"),
    ("My name is Ratna. ratna ordered", "My name is [NAME_1]. [NAME_1] ordered"),
]
KEPT = [
    "budget 150000 atau Rp2.150.000",
    "order 100 pcs, harga 175500",
    "order 2 kopi gayo",
    "tanggal 2026-11-30 atau 30/11/2026 jam 08.00-17.00",
    "ada ukuran 42 43 44?",
    "jalan keluar dari masalah ini apa?",
    "2 weeks on the road",
    "atas nama siapa ya kak?",
    "Saya Mau beli, saya COD saja, Saya Pesan kopi, I'm Waiting for it",
    "ongkir ke Bandung 1 kg berapa?",
    "grinder 150 watt, 12 tingkat",
]


@pytest.mark.parametrize(("text", "hidden"), HIDDEN)
def test_personal_data_becomes_placeholders_and_back(text: str, hidden: str) -> None:
    mask = new_mask("ID")
    masked = mask.hide(text)
    assert masked == hidden
    assert mask.hide(mask.restore(masked)) == masked


@pytest.mark.parametrize("text", KEPT)
def test_sums_sizes_dates_and_cities_are_kept(text: str) -> None:
    assert new_mask("ID").hide(text) == text


def test_a_profile_name_is_hidden_in_parts_unless_they_are_common_words() -> None:
    mask = new_mask("ID", "Siti Toko Kopi Aminah", {"kopi"})
    assert mask.hide("saya siti, toko kopi mana? salam, Siti Toko Kopi Aminah") == (
        "saya [NAME_2], toko kopi mana? salam, [NAME_1]"
    )


@pytest.mark.parametrize(
    ("name", "text", "hidden"),
    [
        ("Weiß", "saya weiß, Weiß", "saya [NAME_1], [NAME_1]"),
        ("İlker Öz", "ini İlker Öz", "ini [NAME_1]"),
        ("Siti", "ini SİTİ", "ini [NAME_1]"),
        ("Siti", "ini Sıtı", "ini Sıtı"),
    ],
)
def test_a_name_is_hidden_with_letters_that_have_other_capitals(name: str, text: str, hidden: str) -> None:
    assert new_mask("ID", name).hide(text) == hidden


@pytest.mark.parametrize("text", ["[ORDER_1]", "[order_1]", "(NAME_3)", "name_1 x", "[PHONE_1"])
def test_placeholders_that_stand_for_nothing_are_not_restored(text: str) -> None:
    with pytest.raises(UnknownPlaceholder):
        new_mask("ID").restore(text)


def test_a_placeholder_that_somebody_writes_is_none() -> None:
    mask = new_mask("ID", "Siti")
    assert mask.restore(mask.hide("halo [NAME_1] dan NAME_1")) == "halo NAME 1 dan NAME 1"


PERSONAL = {
    "name": "Ratna",
    "surname": "Kusumawardhani",
    "phone": "7771",
    "email": "ratna.k@",
    "street": "Melati",
    "card": "4111",
    "account": "1234567890",
    "order": "880017",
    "parcel": "JPVX555",
}


@pytest.fixture
def endpoint(plain_shop: Chat) -> Iterator[OpenAIStandIn]:
    with OpenAIStandIn(answer=assistant.yes) as found:
        with_model(plain_shop, found.environment | {"KABAR_OPENAI_SECONDS": "12"})
        yield found


@pytest.mark.parametrize("unknown", [frozenset(), frozenset({"tools", "tool_choice"})])
def test_a_whole_exchange_has_no_personal_data_and_its_reply_has_it_again(
    plain_shop: Chat, endpoint: OpenAIStandIn, unknown: frozenset[str]
) -> None:
    phone, profile = new_phone(), "Ratna Kusumawardhani"
    order = {"id": 880017 + len(unknown) * 100, "tracking": "JPVX55512349", "email": "ratna.k@toko.example"}
    number = str(order["id"])
    with transaction("owner", plain_shop.settings) as connection, connection.cursor() as cursor:
        orders.land(cursor, plain_shop.settings, STORE, phone, order)
    endpoint.unknown = unknown

    def converse(body: dict[str, Any]) -> Any:
        if "tools" in body and body["messages"][-1]["role"] != "tool":
            return [("own_orders", {"number": "[ORDER_1]"})]
        assert told(body)["customer"] == "[NAME_2]"
        stated = "Pesanan [ORDER_1] sedang diproses."
        shipped = quoting("Nomor resi: [PARCEL_1]", sources_in(body))
        # The last one is worded freely, so that it is judged too.
        return reply(
            {**quoting(stated, sources_in(body)), "text": "Halo kak [NAME_2], pesanan [ORDER_1] sedang diproses ya."},
            {**shipped, "text": "Kurirnya JNE, nomor resinya [PARCEL_1]."},
        )

    endpoint.converse = converse
    told_before = "hp 0812 7771 0031, email ratna.k@toko.example, kartu 4111 1111 1111 1111, rek 1234567890"
    plain_shop.say(phone, f"halo, {told_before}", ProfileName=profile)
    plain_shop.put(phone, "bot")
    asked = f"status pesanan {number} atas nama ratna kusumawardhani? kirim ke Jl. Melati No. 8 RT 03/RW 05"
    outcome = plain_shop.say(phone, asked, ProfileName=profile)
    assert outcome.replies[0][1] == (
        f"Halo kak Ratna, pesanan {number} sedang diproses ya. Kurirnya JNE, nomor resinya JPVX55512349."
    )
    sent = json.dumps(endpoint.requests, ensure_ascii=False).casefold()
    personal = {**PERSONAL, "order": number}
    assert [kind for kind, value in personal.items() if value.casefold() in sent] == []
    assert any("statement" in body["messages"][1]["content"] for body in endpoint.requests), "nothing was judged"


def test_what_a_page_says_is_public(plain_shop: Chat, endpoint: OpenAIStandIn) -> None:
    plain_shop.teach("contact.md", b"# Calling the shop\nCall the shop at 022 7234567 on weekdays.\n")
    plain_shop.work()
    said = "Call the shop at 022 7234567 on weekdays."
    endpoint.converse = assistant.says(said, after=[("search_pages", {"query": "calling the shop"})])
    assert plain_shop.say(new_phone(), "how about calling the shop on weekdays?").said == said
