"""The dialogues by which the bot is judged: that they can be played, and that replies are judged by what they say."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from benchmarks.dialogues import report, script
from benchmarks.dialogues.judging import Judgement, judge
from benchmarks.dialogues.player import Answer, in_trial
from benchmarks.dialogues.report import RIGHT, Played, failures, share
from benchmarks.dialogues.script import Dialogue, Kind, Malformed, Turn, dialogues, shops
from benchmarks.dialogues.shop import read, woocommerce_shop
from benchmarks.dialogues.stage import NotMade, add_shop, models_in_use, shops_ready
from bot import tools
from demo.woocommerce import Shop
from tests.support import encoders, speech_acts
from tests.support.airflow import put_constant_model_in_use
from warehouse.settings import Settings, SettingsMissing

PRICE = Turn(("brp ongkir ke medan?",), "answer", "unnecessary", (("42.000",), ("Medan",)), ("gratis",))
ASKING = Turn(("ongkirnya?",), "ask_back", "unnecessary")
STOP = Turn(("stop promo",), "silent_or_short", "unnecessary", opts_out=True)


@pytest.fixture(scope="module")
def played() -> list[Dialogue]:
    return [dialogue for shop in shops() for dialogue in dialogues(shop)]


def test_the_set_is_large_and_half_in_each_language(played: list[Dialogue]) -> None:
    turns = Counter({"id": 0, "en": 0})
    for dialogue in played:
        turns[dialogue.language] += len(dialogue.turns)
    assert len(played) >= 150
    assert turns.total() >= 600
    assert abs(turns["id"] - turns["en"]) <= 0.1 * turns.total()
    assert all(sum(dialogue.shop == shop for dialogue in played) >= 50 for shop in shops())


def test_no_dialogue_is_there_twice_and_every_kind_is_in_every_language(played: list[Dialogue]) -> None:
    assert [name for name, times in Counter((each.shop, each.id) for each in played).items() if times > 1] == []
    assert [text for text, times in Counter(each.turns for each in played).items() if times > 1] == []
    both = {(kind, language) for kind in get_args(Kind) for language in ("id", "en")}
    assert both - {(each.kind, each.language) for each in played} == set()


def test_two_shops_are_held_out() -> None:
    assert [read(shop).held_out for shop in shops()].count(True) == 2


@pytest.mark.parametrize("name", shops())
def test_a_shop_has_what_is_asked_about(name: str) -> None:
    file = read(name)
    shop = woocommerce_shop(file)
    products = shop.products.values()
    assert 12 <= len(products) <= 20
    assert any(each["catalog_visibility"] == "hidden" for each in products)
    assert any(each["on_sale"] for each in products)
    assert any(each["stock_status"] == "outofstock" for each in shop.variations.values())
    assert {"pending", "processing", "refunded", "completed"} <= {each["status"] for each in shop.orders.values()}
    numbers = {customer["phone"] for customer in file.content["customers"].values()}
    assert {dialogue.phone for dialogue in dialogues(name)} - {None} <= numbers


def test_a_malformed_dialogue_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script, "FOLDER", tmp_path)
    (tmp_path / "odd").mkdir()
    file = tmp_path / "odd" / "dialogues.yml"
    for turn in ("expect: answer", "expect: shrug", "expect: handover, person: maybe"):
        file.write_text(f"- {{id: x1, language: en, kind: price, turns: [{{texts: [hi], {turn}}}]}}")
        with pytest.raises(Malformed, match="odd: x1, turn 1"):
            dialogues("odd")


@pytest.mark.parametrize(
    "reply", ["Ongkir ke Medan Rp42.000 ya kak", "MEDAN: 42rb", "Rp 42 000 ke medan", "42,000 Medan"]
)
def test_a_right_reply_is_right_in_any_wording(reply: str) -> None:
    assert judge(PRICE, Answer((reply,))).faults == ()


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (Answer(("Ongkir ke Medan Rp142.000",)), "lacks the answer"),
        (Answer(("Ongkir Rp42.000",)), "lacks the answer"),
        (Answer(()), "lacks the answer"),
        (Answer(("Ke Medan Rp42.000, sekarang gratis",)), "says something wrong"),
        (Answer(("Medan 42.000, saya teruskan ke tim",), handover="no_answer"), "handed over"),
        (Answer(("Ongkir ke Medan Rp42.000",), opted_out=True), "opted out"),
    ],
)
def test_a_wrong_reply_is_wrong(answer: Answer, fault: str) -> None:
    assert judge(PRICE, answer).faults == (fault,)


def test_a_size_must_be_a_word_of_its_own() -> None:
    turn = Turn(("ukuran?",), "answer", "unnecessary", (("L",),))
    assert judge(turn, Answer(("Ukuran: L",))).is_right
    assert not judge(turn, Answer(("Ukuran lain habis",))).is_right


def test_what_needs_no_answer_may_be_left_unanswered_but_not_be_answered_at_length() -> None:
    turn = Turn(("makasih",), "silent_or_short", "unnecessary")
    assert judge(turn, Answer(())).is_right
    assert judge(turn, Answer(("Sama-sama kak!",))).is_right
    assert judge(turn, Answer(("x" * 161,))).faults == ("too long",)
    assert judge(turn, Answer(("Saya teruskan ya",), handover="no_answer")).is_unnecessary_handover


def test_a_person_may_be_needed_or_allowed() -> None:
    needed = Turn(("barangnya pecah!",), "handover", "needed")
    assert judge(needed, Answer(("Maaf kak",), handover="damaged_or_wrong")).is_right
    assert judge(needed, Answer(("Cara retur: …",))).is_missed_handover
    allowed = Turn(("bisa batal?",), "answer", "allowed", (("belum dikirim",),))
    assert judge(allowed, Answer(("Saya teruskan",), handover="asked")).is_right
    assert judge(allowed, Answer(("Bisa selama belum dikirim",))).is_right
    assert not judge(allowed, Answer(("Tidak tahu",))).is_right


def test_asking_back_is_as_right_as_giving_all_that_it_depends_on() -> None:
    turn = Turn(("ongkirnya?",), "ask_back", "unnecessary", (("15.000",), ("24.000",)))
    assert judge(turn, Answer(("Ke kota mana, kak?",))).is_right
    assert judge(turn, Answer(("Jakarta 15.000, Surabaya 24.000",))).is_right
    assert judge(turn, Answer(("Jakarta 15.000",))).faults == ("does not ask",)


@pytest.mark.parametrize(
    "reply",
    [
        "Ke kota mana, kak?",
        "Ke kota mana kak? 🙏",
        "We have it in S and L.\nWhich size would you like?",
        "Which product do you mean? Just send me its name.",
        "Maksudnya produk yang mana, kak? Sebutkan saja namanya ya.",
        "Ke kota mana? Terima kasih kak!",
        "“Yang mana?”",
        "What do you need help with? Let me know.",
        "Ukuran berapa kak? Ada lagi yang bisa dibantu?",
    ],
)
def test_a_question_to_the_customer_asks_back(reply: str) -> None:
    assert judge(ASKING, Answer((reply,))).is_right


@pytest.mark.parametrize(
    "reply",
    [
        "Berapa lama pengirimannya? Dua sampai tiga hari.",
        "Do you ship abroad?\nNo, within Indonesia only.",
        "Detail: https://toko.example/produk?id=7",
        "Lihat https://toko.example/?s=pot dan pilih sendiri.",
        "Halo kak! Ini asisten Daun Teduh. Ada yang bisa dibantu?",
        "Hello! I'm the assistant of Daun Teduh. How can I help?",
        "Is there anything else?",
        "Ongkir dihitung dari berat. Apa ada lagi yang bisa kami bantu, kak?",
    ],
)
def test_an_offer_of_help_a_link_or_an_answered_question_does_not_ask_back(reply: str) -> None:
    assert judge(ASKING, Answer((reply,))).faults == ("does not ask",)


def test_a_wish_for_no_more_messages_must_be_met_and_lasts() -> None:
    assert judge(STOP, Answer(("Baik kak",), opted_out=True)).is_right
    assert judge(STOP, Answer(("Baik kak",))).faults == ("not opted out",)
    later = Turn(("makasih",), "silent_or_short", "unnecessary", was_out=True)
    assert judge(later, Answer((), opted_out=True)).is_right


def a_dialogue(name: str, *rights: bool) -> Played:
    turn = Turn(("halo",), "silent_or_short", "unnecessary")
    made = tuple(judge(turn, Answer(("Halo!",) if right else ("x" * 200,))) for right in rights)
    return Played(Dialogue(name, "plants", "id", "greeting", None, (turn,) * len(rights)), made)


def test_a_share_has_the_interval_of_resampled_dialogues() -> None:
    good, bad = a_dialogue("good", True, True), a_dialogue("bad", False, False)
    assert share([good] * 10, RIGHT) == (20, 20, 1.0, 1.0)
    mixed = share([good] * 10 + [bad] * 10, RIGHT)
    assert mixed.value == 0.5
    # Turns drawn one by one would give about 0.35 to 0.65.
    assert mixed.low <= 0.3
    assert mixed.high >= 0.7
    assert share([good], report.FIGURES[2]).shown() == "–"


def test_failures_show_what_was_said_and_why_it_is_wrong() -> None:
    judgement: Judgement = judge(PRICE, Answer(("Ke Medan bisa",)))
    (text,) = failures([Played(Dialogue("p1", "plants", "id", "price", None, (PRICE,)), (judgement,))])
    assert "plants p1.1 (price, id): lacks the answer" in text
    assert "> brp ongkir ke medan?" in text
    assert "< Ke Medan bisa" in text
    assert "lacks: 42.000" in text


def test_a_shop_is_synced_and_its_dialogues_are_played(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KABAR_ALLOW_PRIVATE_ADDRESSES", "true")
    file = read("plants")
    add_shop(Settings(_env_file=None), file)  # type: ignore[call-arg]
    made = tools.make(settings)
    try:
        player = in_trial(made, "plants", file.content["customers"]["rani"]["phone"])
        order = player(["cek pesanan 4107 kak"])
        assert "4107" in order.replies[0]
        assert player(["mau ngomong sama orang aja"]).handover is not None
        assert "Daun Teduh" in player(["jam buka toko"]).replies[0]
        assert player(["stop promo"]).opted_out
        assert player(["makasih"]).opted_out
    finally:
        made.connections.close()


@pytest.fixture
def with_models(server_settings: Settings, settings: Settings) -> Settings:
    speech_acts.put_in_use(server_settings, settings)
    put_constant_model_in_use(settings)
    return settings


def test_a_missing_model_is_named_with_the_command_that_makes_it(server_settings: Settings, settings: Settings) -> None:
    put_constant_model_in_use(settings)
    with pytest.raises(NotMade, match=r"no encoder .* `python -m ml.encoder`"):
        models_in_use(settings, with_language_model=False)
    encoders.put_in_use(server_settings, settings)
    with pytest.raises(NotMade, match=r"speech acts .* `python -m ml.encoder --if-missing`"):
        models_in_use(settings, with_language_model=False)


def test_a_hosted_model_is_used_only_if_it_is_asked_for(
    with_models: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(SettingsMissing, match="OPENAI_API_KEY"):
        models_in_use(with_models, with_language_model=True)
    hosted = with_models.model_copy(update={"openai_base_url": "http://127.0.0.1:9/v1", "openai_model": "large"})
    assert models_in_use(hosted, with_language_model=True).language_model["openai_model"] == "large"
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("KABAR_NLI_MODEL", str(tmp_path))
    for name in ("KABAR_STATE_DIR", "KABAR_DATABASE_URL", "KABAR_ALLOW_PRIVATE_ADDRESSES"):
        monkeypatch.setenv(name, "")  # so that it is put back afterwards
    models = models_in_use(hosted, with_language_model=False)
    with shops_ready([], models) as staged:
        assert (staged.openai_base_url, staged.nli_model) == (None, None)
        made = tools.make(staged)
        made.connections.close()
    assert made.language_model is None
    assert made.speech_acts is not None
    assert made.predictor is not None


def test_the_stand_in_has_the_orders_as_written() -> None:
    shop: Shop = woocommerce_shop(read("plants"))
    assert shop.orders[4112]["status"] == "pending"
    assert shop.orders[4112]["date_paid_gmt"] is None
    assert [refund["amount"] for refund in shop.refunds.values()] == ["110000.000000"]
    tracking = shop.orders[4101]["meta_data"][0]["value"]
    assert tracking == [{"tracking_provider": "jne", "tracking_number": "014560021198"}]
