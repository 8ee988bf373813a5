"""`python -m bot chat`, as a program and a person use it, over a shop whose orders were synced."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from bot.knowledge import documents, uploads
from demo.woocommerce import Clock, Draft, Line, Shop, ShopSettings, WooCommerceStandIn
from sources import woocommerce
from tests.support import assistant, speech_acts
from tests.support.chat import KNOWLEDGE, STORE, new_phone
from tests.support.openai_stand_in import OpenAIStandIn
from warehouse import connection
from warehouse.settings import ROOT, Settings

Query = Callable[..., list[tuple[Any, ...]]]

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


@pytest.fixture(scope="module", autouse=True)
def before_all_chats(order_number: int, module_settings: Settings) -> dict[str, str]:
    """What all tables hold before the first chat of this file."""
    return contents_of_tables(module_settings)


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


def started(*options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "bot", "chat", *options],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
        env=environment("en"),
        # A shell that runs the tests in the background has interrupts ignored, and children inherit that.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip


def asked(process: subprocess.Popen[str], text: str) -> dict[str, Any]:
    assert process.stdin
    assert process.stdout
    process.stdin.write(json.dumps({"texts": [text]}) + "\n")
    process.stdin.flush()
    answer: dict[str, Any] = json.loads(process.stdout.readline())
    return answer


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


def contents_of_tables(settings: Settings) -> dict[str, str]:
    """A hash of each table's rows with the transactions that wrote them, so that an update to the same values shows."""
    with connection.transaction("owner", settings) as opened, opened.cursor() as cursor:
        cursor.execute(
            "select format('%I.%I', schemaname, tablename) from pg_tables "
            "where schemaname not in ('pg_catalog', 'information_schema')"
        )
        hashes = {}
        for (table,) in cursor.fetchall():
            rows = f"select concat(held.xmin, held) as written from {table} as held"
            cursor.execute(f"select md5(string_agg(written, ' ' order by written)) from ({rows}) as held")
            hashes[table] = cursor.fetchone()[0]  # type: ignore[index]
    return hashes


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
    assert [each["handover"] for each in (third, fourth)] == [None, None]
    assert third["steps"][-1]["reason"] == "settled", "whoever gave it back dealt with what went wrong before"


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
    assert done.returncode == 1
    *broken, answered = map(json.loads, done.stdout.splitlines())
    assert [list(each) for each in broken] == [["error"]] * 8
    assert decided(answered) == ("rules", "answered", "greeting")


def test_each_line_is_answered_before_the_next_is_read(order_number: int) -> None:
    with started("--json") as process:
        for text in ("halo", "makasih"):
            assert asked(process, text)["replies"]
        process.communicate()
    assert process.returncode == 0


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


def test_a_courtesy_that_no_rule_covers_is_decided_as_by_the_worker(
    server_settings: Settings, settings: Settings
) -> None:
    speech_acts.put_in_use(server_settings, settings)
    [thanked] = told(("makasih kak infonya membantu sekali",))
    assert decided(thanked) == ("courtesy", "answered", "thanks")


def test_a_turn_that_fails_is_reported_without_its_texts_and_the_next_one_answered(
    settings: Settings, query: Query
) -> None:
    with started("--json") as process:
        asked(process, "halo")
        query("revoke insert on app.bot_decisions from bot")
        failed = asked(process, "rahasia saya")
        query("grant insert on app.bot_decisions to bot")
        assert asked(process, "mau bicara dengan admin")["replies"]
        _, complaints = process.communicate()
    assert failed == {"error": "the turn failed: InsufficientPrivilege"}
    assert process.returncode == 1
    assert "Traceback" not in complaints
    assert "rahasia" not in complaints


def test_a_person_is_told_that_a_turn_failed_and_goes_on(settings: Settings, query: Query) -> None:
    query("revoke insert on app.bot_decisions from bot")
    try:
        done = chat("rahasia saya", "halo", options=())
    finally:
        query("grant insert on app.bot_decisions to bot")
    assert done.stdout.count("The turn failed: InsufficientPrivilege") == 2
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_an_interrupt_ends_the_command_without_a_traceback(options: tuple[str, ...]) -> None:
    with started(*options) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write('{"texts": ["halo"]}\n')
        process.stdin.flush()
        assert process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, complaints = process.communicate()
    assert (process.returncode, complaints.strip()) == (130, "")


def test_nothing_is_left_behind(before_all_chats: dict[str, str], module_settings: Settings) -> None:
    told((NOWHERE,), ("pesanan saya mana?",), ("halo", "stop"), ("5",), phone=PHONE)
    assert contents_of_tables(module_settings) == before_all_chats


def test_with_a_language_model_it_is_asked_as_for_a_real_message(
    order_number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with OpenAIStandIn(answer=assistant.yes) as endpoint:
        for name, value in (endpoint.environment | {"KABAR_OPENAI_SECONDS": "12"}).items():
            monkeypatch.setenv(name, value)
        said = f"Pesanan {order_number} sedang diproses."
        endpoint.converse = assistant.says(
            "Pesanan [ORDER_1] sedang diproses.", after=[("own_orders", {"number": None})]
        )
        first, second = told(("barang yang saya beli gimana kabarnya?",), ("terus gimana?",), phone=PHONE)
    assert decided(first) == ("assistant", "answered", "worded")
    assert first["replies"] == [said]
    assert decided(second)[0] == "assistant"
    last = assistant.told_last(endpoint)
    assert [each["from"] for each in last["earlier"]] == ["customer", "bot"]
