"""`python -m bot chat`, as a program and a person use it, over a shop whose orders were synced."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.knowledge import documents, uploads
from demo.woocommerce import Clock, Draft, Line, Shop, ShopSettings, WooCommerceStandIn
from sources import woocommerce
from tests.support.chat import KNOWLEDGE, STORE, new_phone
from warehouse import connection
from warehouse.settings import ROOT, Settings

PHONE = new_phone()
NOW = datetime.now(UTC).replace(microsecond=0)
NOWHERE = "apakah ada kuda nil di bulan?"


@pytest.fixture(scope="module")
def order_number(module_settings: Settings) -> Iterator[int]:
    """The number of the order of a customer, in a shop with a page of knowledge and orders that were synced."""
    shop = Shop(settings=ShopSettings(timezone="Asia/Jakarta", currency="IDR", price_decimals=0), clock=Clock(NOW))
    bought = [Line(0, "Poci Plered", 1, Decimal(98000))]
    number = shop.create_order(Draft(bought, billing={"phone": PHONE, "country": "ID"}, paid_at=NOW))
    with WooCommerceStandIn(shop) as stand_in:
        woocommerce.add(STORE, stand_in.url, stand_in.key, stand_in.secret, module_settings)
        woocommerce.sync(STORE, module_settings)
        documents.refresh(module_settings)
        with connection.transaction("bot", module_settings) as opened, opened.cursor() as cursor:
            page = (KNOWLEDGE / "pengiriman.md").read_bytes()
            document_id = uploads.add(cursor, STORE, "pengiriman.md", page)
        documents.read_document(module_settings, document_id)
        yield number


@pytest.fixture(scope="module")
def counted(order_number: int, module_settings: Settings) -> dict[str, int]:
    """The rows of all tables before the first chat."""
    return rows_of_tables(module_settings)


def chat(*lines: str, options: tuple[str, ...] = ("--json",), language: str = "en") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", "chat", *options],
        input="".join(f"{line}\n" for line in lines),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment(language),
        check=False,
    )


def environment(language: str) -> dict[str, str]:
    return os.environ | {"LC_ALL": f"{language}.UTF-8"}


def told(*turns: tuple[str, ...], phone: str | None = None) -> list[dict[str, Any]]:
    """The answers to turns of one or more texts."""
    options = ("--json",) if phone is None else ("--json", "--phone", phone)
    done = chat(*(json.dumps({"texts": texts}) for texts in turns), options=options)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def decided(answer: dict[str, Any]) -> tuple[str, str, str]:
    """Step, outcome and reason of what decided."""
    step = next(each for each in answer["steps"] if each["outcome"] != "passed")
    return step["step"], step["outcome"], step["reason"]


def rows_of_tables(settings: Settings) -> dict[str, int]:
    with connection.transaction("owner", settings) as opened, opened.cursor() as cursor:
        cursor.execute(
            "select format('%I.%I', schemaname, tablename) from pg_tables "
            "where schemaname in ('raw', 'app', 'ml', 'queue')"
        )
        counts = {}
        for (table,) in cursor.fetchall():
            cursor.execute(f"select count(*) from {table}")
            counts[table] = cursor.fetchone()[0]  # type: ignore[index]
    return counts


def test_a_customer_is_told_their_own_order_and_others_nothing(order_number: int) -> None:
    [own] = told(("pesanan saya sampai mana?",), phone=PHONE)
    assert decided(own) == ("facts", "answered", "latest_orders")
    assert f"Pesanan {order_number}" in own["replies"][0]
    none, refused = told(("pesanan saya sampai mana?",), (f"status pesanan #{order_number}",))
    assert decided(none) == ("facts", "answered", "no_orders")
    assert decided(refused) == ("facts", "refused", "not_own")


def test_a_turn_sees_the_ones_before_it(order_number: int) -> None:
    first, second, third, fourth = told((NOWHERE,), (NOWHERE,), ("makasih",), ("makasih",))
    assert [each["handover"] for each in (first, second)] == ["no_answer", "two_fallbacks"]
    assert third["handover"] == "dissatisfied", "the episode so far is judged"
    assert (fourth["handover"], fourth["steps"][-1]["reason"]) == (None, "as_before")


def test_the_language_of_the_conversation_stays(order_number: int) -> None:
    _, after = told(("Hello, good morning!",), ("12345?",))
    assert "agent" in "".join(after["replies"])


def test_several_texts_are_one_decision(order_number: int) -> None:
    [answer] = told(("halo kak", "ongkos kirim dihitung dari apa"))
    assert [step["step"] for step in answer["steps"]].count("guard") == 1
    assert decided(answer)[0] == "knowledge"
    assert "Ongkos kirim" in answer["replies"][0]


def test_after_a_handover_the_bot_answers_again(order_number: int) -> None:
    handed_over, after = told(("mau bicara dengan admin",), ("makasih kak",))
    assert decided(handed_over)[:2] == ("handover", "handed_over")
    assert handed_over["handover"] == decided(handed_over)[2]
    assert decided(after) == ("rules", "answered", "thanks")
    assert after["replies"]


def test_stop_lasts_until_start(order_number: int) -> None:
    answers = told(("stop",), ("halo",), ("mulai",), ("halo",))
    assert [each["opted_out"] for each in answers] == [True, True, False, False]
    assert all(each["replies"] for each in answers)


def test_a_malformed_line_is_reported_and_the_next_one_answered(order_number: int) -> None:
    malformed = ["", "halo", "[]", '{"texts": []}', '{"texts": "halo"}', '{"texts": [1]}', '{"text": ["halo"]}']
    done = chat(*malformed, '{"texts": ["\\ud800"]}', json.dumps({"texts": ["halo\x00"]}))
    *broken, answered = map(json.loads, done.stdout.splitlines())
    assert [list(each) for each in broken] == [["error"]] * 8
    assert decided(answered) == ("rules", "answered", "greeting")


def test_each_line_is_answered_before_the_next_is_read(order_number: int) -> None:
    command = [sys.executable, "-m", "bot", "chat", "--json"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as running:
        assert running.stdin
        assert running.stdout
        for text in ("halo", "makasih"):
            running.stdin.write(json.dumps({"texts": [text]}) + "\n")
            running.stdin.flush()
            assert json.loads(running.stdout.readline())["replies"]
        running.stdin.close()
        assert running.wait() == 0


@pytest.mark.parametrize(
    ("language", "greeted", "left"),
    [("en", "Ctrl-D ends", "An agent would answer now"), ("id", "Ctrl-D untuk selesai", "Sekarang agen yang menjawab")],
)
def test_a_person_sees_replies_and_what_decided(order_number: int, language: str, greeted: str, left: str) -> None:
    done = chat("halo", "", "mau bicara dengan admin", options=(), language=language)
    assert done.returncode == 0, done.stderr
    assert greeted in done.stdout
    assert "rules: answered (greeting)" in done.stdout
    assert "handover: handed_over (human)" in done.stdout
    assert left in done.stdout


@pytest.mark.parametrize(
    ("options", "reason"),
    [(("--phone", "abc"), "abc is not a phone number"), (("--store", "elsewhere"), "there is no shop elsewhere")],
)
def test_a_wrong_option_ends_the_command_with_the_reason(
    order_number: int, options: tuple[str, ...], reason: str
) -> None:
    done = chat("halo", options=("--json", *options))
    assert (done.returncode, done.stdout) == (2, "")
    assert reason in done.stderr


def test_nothing_is_left_behind(counted: dict[str, int], module_settings: Settings) -> None:
    told((NOWHERE,), ("pesanan saya mana?",), ("halo", "stop"), ("5",), phone=PHONE)
    assert rows_of_tables(module_settings) == counted
