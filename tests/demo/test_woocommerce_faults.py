"""The stand-in fails as hosts, proxies and plugins do, and can be slow in the same proportions as the real shop."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from subprocess import PIPE

import pytest
import requests

from demo.woocommerce import KINDS, Clock, Draft, Faults, Line, Shop, Speed, WooCommerceStandIn
from tests.support.shop_client import Caller
from warehouse.settings import ROOT

ORDERS = "/wc/v3/orders"


@pytest.fixture
def shop() -> Shop:
    shop = Shop(clock=Clock(datetime(2026, 3, 10, tzinfo=UTC)))
    for _ in range(5):
        shop.create_order(Draft([Line(7, "Kopi", 2, Decimal("10.5"))], customer_id=3))
    return shop


@pytest.fixture
def caller(shop: Shop) -> Iterator[Caller]:
    with WooCommerceStandIn(shop, faults=Faults(silent_seconds=0.1)) as stand_in:
        yield Caller(stand_in)


def test_a_busy_shop_says_when_to_come_back_and_minds_who_comes_sooner(caller: Caller) -> None:
    caller.shop.faults.minds_haste = True
    caller.shop.faults.fail("throttled")
    answers = [caller.get(ORDERS), caller.get(ORDERS)]
    assert [(each.status_code, each.headers["Retry-After"]) for each in answers] == [(429, "1"), (429, "1")]
    time.sleep(1)
    assert caller.get(ORDERS).status_code == 200


def test_errors_come_as_json_and_as_pages(caller: Caller) -> None:
    caller.shop.faults.fail("error_500", "bad_gateway", "html_200")
    answers = [caller.get(ORDERS) for _ in range(3)]
    assert [each.status_code for each in answers] == [500, 502, 200]
    assert answers[0].json()["code"] == "internal_server_error"
    assert all(each.text.startswith("<!DOCTYPE html>") for each in answers[1:])
    assert caller.get(ORDERS).json()


@pytest.mark.parametrize("kind", ["reset", "cut", "silent"])
def test_connections_break(caller: Caller, kind: str) -> None:
    caller.shop.faults.fail(kind)
    with pytest.raises(requests.RequestException):
        caller.get(ORDERS)
    assert caller.get(ORDERS).status_code == 200


def test_json_ends_early_or_has_warnings_in_front(caller: Caller) -> None:
    whole = caller.get(ORDERS).text
    caller.shop.faults.fail("truncated", "warnings")
    truncated, warned = caller.get(ORDERS), caller.get(ORDERS)
    assert whole.startswith(truncated.text)
    with pytest.raises(ValueError):
        truncated.json()
    assert warned.text.startswith("<br />\n<b>Warning</b>")
    assert warned.text.endswith(whole)


def test_a_redirect_stays_on_the_host_and_wants_a_new_signature(caller: Caller) -> None:
    caller.shop.faults.fail("redirect")
    moved = caller.get(ORDERS)
    assert moved.status_code == 301
    assert moved.headers["Location"].startswith(f"{caller.shop.url}/index.php/wp-json{ORDERS}?oauth_")
    assert requests.get(moved.headers["Location"], timeout=5).status_code == 401
    assert Caller(caller.shop, "/index.php/wp-json").get(ORDERS).status_code == 200
    assert caller.get(f"{ORDERS}/").status_code == 200


def test_shapes_change_but_not_what_they_say(caller: Caller) -> None:
    (plain,) = caller.get(ORDERS, include=1).json()
    caller.shop.faults.fail("nulls", "retyped", "missing_keys")
    nulls, retyped, missing = (caller.get(ORDERS, include=1).json()[0] for _ in range(3))
    assert nulls["billing"]["phone"] is None
    assert nulls["total"] == plain["total"]
    assert (retyped["id"], retyped["customer_id"], retyped["total"]) == ("1", "3", 21.0)
    assert retyped["line_items"][0]["quantity"] == "2"
    assert "date_paid" not in missing
    assert "phone" not in missing["billing"]
    assert missing["line_items"] == [
        {k: v for k, v in plain["line_items"][0].items() if v not in ("", None)} | {"image": {}}
    ]


def test_one_object_of_a_page_is_broken_and_the_others_whole(caller: Caller) -> None:
    whole = caller.get(ORDERS).json()
    caller.shop.faults.fail(*["bad_object"] * 20)
    for _ in range(20):
        page = caller.get(ORDERS).json()
        assert sum(shown != true for shown, true in zip(page, whole, strict=True)) == 1


def test_faults_come_by_a_seeded_dice_where_they_are_wanted(shop: Shop) -> None:
    drawn = []
    for _ in range(2):
        faults = Faults(probability=0.1, seed=7, only="/orders")
        drawn.append([faults.draw("/wp-json/wc/v3/orders") for _ in range(3000)])
        assert faults.draw("/wp-json/wc/v3/products") is None
    assert drawn[0] == drawn[1]
    counts = Counter(drawn[0])
    assert set(counts) == {None, *KINDS}
    assert 200 < 3000 - counts[None] < 400
    with pytest.raises(ValueError):
        faults.fail("tiredness")


def test_requests_are_kept_with_what_was_asked_and_how_long_it_took(caller: Caller) -> None:
    caller.shop.faults.fail(None, "slow")
    caller.get(ORDERS, page=1)
    caller.get(ORDERS, page=2)
    first, second = caller.shop.requests
    assert (first.path, first.params["page"], first.status, first.rows) == (f"/wp-json{ORDERS}", "1", 200, 5)
    assert (second.fault, second.rows) == ("slow", 0)
    assert second.ended - second.started >= caller.shop.faults.slow_seconds


def test_a_page_takes_as_long_as_measured_and_four_workers_halve_a_pull(shop: Shop) -> None:
    for _ in range(95):
        shop.create_order()
    with WooCommerceStandIn(shop, speed=Speed(0.05)) as stand_in:
        caller = Caller(stand_in)
        caller.get(ORDERS, per_page=100)
        caller.get(ORDERS, per_page=100, _fields="id")
        full, cut = (each.ended - each.started for each in stand_in.requests)
        assert full > 1.9 * 0.05
        assert cut < full / 2
        stand_in.requests.clear()
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda page: caller.get(ORDERS, per_page=100, page=1), range(8)))
        spans = [(each.started, each.ended) for each in stand_in.requests]
        assert max(end for _, end in spans) - min(start for start, _ in spans) > 8 / 2 * 1.9 * 0.05


def test_a_shop_that_has_gone_answers_nobody(shop: Shop) -> None:
    with WooCommerceStandIn(shop, trusts_basic=True) as stand_in, requests.Session() as session:
        session.auth = (stand_in.key, stand_in.secret)
        url = f"{stand_in.url}/wp-json{ORDERS}"
        assert session.get(url, timeout=5).status_code == 200
        assert session.post(url, data="{", timeout=5).json()["code"] == "rest_invalid_json"
        stand_in.__exit__()
        with pytest.raises(requests.ConnectionError):
            session.get(url, timeout=5)


def test_a_shop_runs_in_a_process_of_its_own() -> None:
    command = [sys.executable, "-m", "demo.woocommerce", "--orders", "30", "--basic"]
    with subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True, cwd=ROOT) as process:
        assert process.stdin
        assert process.stdout
        told = json.loads(process.stdout.readline())
        answer = requests.get(f"{told['url']}/wp-json{ORDERS}", auth=(told["key"], told["secret"]), timeout=5)
        assert answer.headers["X-WP-Total"] == "30"
        process.stdin.write("\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["requests"] == 1
        process.stdin.close()


def test_the_date_header_is_the_shops_clock(caller: Caller, shop: Shop) -> None:
    shop.clock.set(datetime(2026, 3, 11, 1, 2, 3, tzinfo=UTC))
    assert caller.get(ORDERS).headers["Date"] == "Wed, 11 Mar 2026 01:02:03 GMT"
    assert json.loads(caller.get("/").text)["timezone_string"] == "UTC"
