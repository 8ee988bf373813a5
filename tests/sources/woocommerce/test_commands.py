"""What a person runs: subscribe, invite, sync, reconcile; and what they print and log."""

from __future__ import annotations

import argparse
import hashlib
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from demo.woocommerce import Clock, Shop, ShopSettings, WooCommerceStandIn
from sources import woocommerce
from sources.woocommerce import __main__ as commands
from tests.support.synced_shops import rows
from warehouse.settings import ROOT, Settings, SettingsMissing


@pytest.fixture
def stand_in(settings: Settings) -> Iterator[WooCommerceStandIn]:
    clock = Clock(datetime(2026, 11, 22, 3, 0, tzinfo=UTC))
    shop = Shop(settings=ShopSettings(timezone="Asia/Jakarta", currency="IDR"), clock=clock)
    for _ in range(4):
        shop.create_order()
    with WooCommerceStandIn(shop) as stand_in:
        woocommerce.add("toko", stand_in.url, stand_in.key, stand_in.secret, settings)
        yield stand_in


def begun(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "sources.woocommerce", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_command_that_waits_for_a_shop_says_so_at_once_and_can_be_stopped(
    settings: Settings, stand_in: WooCommerceStandIn
) -> None:
    stand_in.faults.kinds, stand_in.faults.probability, stand_in.faults.retry_after = ("throttled",), 1.0, 600
    given = ["--url", stand_in.url, "--key", stand_in.key, "--secret", stand_in.secret]
    with begun("add", "toko", *given) as process:
        assert process.stderr
        said = ""
        while "Ctrl+C to stop" not in said and (line := process.stderr.readline()):
            said += line
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
        code = process.wait(timeout=60)
    assert "Next try in 120 s" in said
    assert stand_in.secret not in said + rest
    assert (code, "Stopped." in rest) == (130, True)


def test_an_invitation_says_kabars_address_and_that_chats_belong_to_another_shop(
    settings: Settings, stand_in: WooCommerceStandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = settings.model_copy(update={"public_url": "https://kabar.example"})
    for store in ("toko", settings.default_store):
        assert commands._invite(argparse.Namespace(store=store), settings) == 0
        said = capsys.readouterr()
        assert len(said.out.split()) == 1, "the code alone, for scripts"
        assert "https://kabar.example" in said.err
        assert ("no conversations" in said.err) == (store != settings.default_store)


def test_webhooks_are_made_once_and_mended(settings: Settings, stand_in: WooCommerceStandIn) -> None:
    with pytest.raises(SettingsMissing, match="KABAR_PUBLIC_URL"):
        woocommerce.subscribe("toko", settings)
    public = settings.model_copy(update={"public_url": "https://kabar.example/"})
    made = woocommerce.subscribe("toko", public)
    hooks = stand_in.shop.webhooks
    assert made == {"made": len(hooks), "mended": 0, "left": 0, "removed": 0}
    assert {each["delivery_url"] for each in hooks.values()} == {"https://kabar.example/webhooks/woocommerce/toko"}
    assert {"order.created", "order.updated", "order.deleted", "order.restored"} < {e["topic"] for e in hooks.values()}
    first, second = sorted(hooks)[:2]
    hooks[first] = {**hooks[first], "status": "disabled"}
    others = {**hooks[second], "id": 9999, "delivery_url": "https://elsewhere.example", "status": "paused"}
    hooks[9999] = dict(others)
    assert woocommerce.subscribe("toko", public) == {"made": 0, "mended": 1, "left": made["made"] - 1, "removed": 0}
    assert hooks[first]["status"] == "active"
    assert hooks[9999] == others, "others' webhooks are left alone"


def test_webhooks_of_an_earlier_address_are_removed(settings: Settings, stand_in: WooCommerceStandIn) -> None:
    hooks = stand_in.shop.webhooks
    woocommerce.subscribe("toko", settings.model_copy(update={"public_url": "https://old.example/kabar"}))
    first = min(hooks)
    of_old = set(hooks)
    others = [
        {"name": "Their order.created", "delivery_url": hooks[first]["delivery_url"]},
        {"name": "Kabar order.created", "delivery_url": "https://old.example/kabar/webhooks/woocommerce/toko-2"},
        {"name": "Kabar order.created", "delivery_url": "https://old.example/kabar/webhooks/woocommerce/toko?a=b"},
        {"name": "Kabar order.created", "delivery_url": "https://elsewhere.example/hooks"},
    ]
    kept = {number: {**hooks[first], "id": number, **each} for number, each in enumerate(others, start=9000)}
    hooks.update({number: dict(each) for number, each in kept.items()})

    done = woocommerce.subscribe("toko", settings.model_copy(update={"public_url": "https://new.example"}))

    assert done == {"made": len(of_old), "mended": 0, "left": 0, "removed": len(of_old)}
    assert not of_old & set(hooks)
    assert {number: hooks[number] for number in kept} == kept, "others' webhooks are left alone"
    assert {each["delivery_url"] for number, each in hooks.items() if number not in kept} == {
        "https://new.example/webhooks/woocommerce/toko"
    }
    again = woocommerce.subscribe("toko", settings.model_copy(update={"public_url": "https://new.example"}))
    assert again == {"made": 0, "mended": 0, "left": len(of_old), "removed": 0}


def test_an_invitation_is_kept_as_a_hash_only(settings: Settings) -> None:
    code = woocommerce.invite("toko", settings)
    kept = rows(settings, "select code_hash, store_id, used_at, expires_at > now() from app.store_invitations")
    assert kept == [(hashlib.sha256(code.encode()).hexdigest(), "toko", None, True)]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sources.woocommerce", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_commands_print_json_and_plain_words(settings: Settings, stand_in: WooCommerceStandIn) -> None:
    synced = run("sync")
    assert synced.returncode == 0, synced.stderr
    printed = json.loads(synced.stdout)
    assert printed["store"] == "toko"
    assert printed["orders"]["inserted"] == 4
    assert json.loads(run("reconcile", "--store", "toko").stdout)["verdict"] == "pass"
    refused = run("sync", "--store", "none")
    assert refused.returncode == 2
    assert "no shop is connected under the name none" in refused.stderr


def test_logs_hold_neither_keys_nor_people(settings: Settings, stand_in: WooCommerceStandIn) -> None:
    number = min(stand_in.shop.orders)
    billing = {"first_name": "Ratnasari", "email": "ratna@example.test", "phone": "081234567890"}
    stand_in.shop.edit_order(number, billing=billing, total="many")
    stand_in.faults.fail("error_500", "html_200")
    told = "".join(each.stdout + each.stderr for each in (run("sync"), run("reconcile")))
    assert "woocommerce_set_aside" in told
    for secret in (stand_in.key, stand_in.secret, "Ratnasari", "ratna@", "81234567890"):
        assert secret not in told
