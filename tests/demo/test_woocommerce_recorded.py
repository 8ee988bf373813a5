"""Over the recorded shop the stand-in answers what the real one answered: listings, objects, every row of Analytics."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from typing import Any

import pytest

from demo.woocommerce import WooCommerceStandIn, recorded_shop
from tests.support.shop_client import RECORDED, Caller

ANALYTICS = RECORDED / "analytics"
CALLS = {call["file"]: call for call in json.loads((ANALYTICS / "calls.json").read_text())["calls"]}
STATS = sorted(name for name, call in CALLS.items() if call["path"].endswith("/stats"))


@pytest.fixture(scope="module")
def caller() -> Iterator[Caller]:
    with WooCommerceStandIn(recorded_shop(RECORDED)) as stand_in:
        yield Caller(stand_in)


def lines(name: str) -> list[dict[str, Any]]:
    with gzip.open(RECORDED / name, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def pages(caller: Caller, call: dict[str, Any]) -> Iterator[Any]:
    for page in range(1, call["pages"] + 1):
        answer = caller.get(call["path"], **call["params"] | {"page": page})
        assert answer.headers["X-WP-Total"] == call["x_wp_total"]
        assert answer.headers["X-WP-TotalPages"] == str(call["pages"])
        yield answer.json()


def differences(theirs: dict[str, Any], ours: dict[str, Any], but: set[str]) -> dict[str, Any]:
    """What differs by half a cent or more, but for these fields."""
    return {
        name: (value, ours.get(name))
        for name, value in theirs.items()
        if name not in but
        and (abs(value - ours[name]) >= 0.005 if isinstance(value, int | float) else value != ours.get(name))
    }


@pytest.mark.parametrize("name", STATS)
def test_every_interval_of_the_reports_is_as_recorded(caller: Caller, name: str) -> None:
    recorded = json.loads(gzip.decompress((ANALYTICS / name).read_bytes()))
    answers = list(pages(caller, CALLS[name]))
    intervals = [interval for answer in answers for interval in answer["intervals"]]
    assert len(intervals) == len(recorded["intervals"]) == CALLS[name]["intervals"]
    not_kept = {"segments", "coupons_count"}  # nobody knows how Analytics counts coupons
    assert not differences(recorded["totals"], answers[0]["totals"], not_kept | {"products"})
    for theirs, ours in zip(recorded["intervals"], intervals, strict=True):
        assert not differences(theirs, ours, {"subtotals"})
        assert not differences(theirs["subtotals"], ours["subtotals"], not_kept), theirs["interval"]


def test_every_row_of_the_order_report_is_as_recorded(caller: Caller) -> None:
    rows = [row for page in pages(caller, CALLS["orders.jsonl.gz"]) for row in page]
    recorded = lines("analytics/orders.jsonl.gz")
    assert len(rows) == len(recorded) == 1456
    for theirs, ours in zip(recorded, rows, strict=True):
        assert not differences(theirs, ours, {"customer_id", "total_formatted", "_links"}), theirs["order_id"]


def test_the_order_report_groups_orders_by_the_same_customers(caller: Caller) -> None:
    rows = [row for page in pages(caller, CALLS["orders.jsonl.gz"]) for row in page]
    theirs = {row["order_id"]: row["customer_id"] for row in lines("analytics/orders.jsonl.gz")}
    pairs = {(theirs[row["order_id"]], row["customer_id"]) for row in rows}
    assert len(pairs) == len({pair[0] for pair in pairs}) == len({pair[1] for pair in pairs})


def test_the_customers_report_counts_and_sums_the_same_people(caller: Caller) -> None:
    # The record repeats rows and lacks others: it was asked for by a time that many share.
    recorded = {row["user_id"]: row for row in lines("analytics/customers.jsonl.gz") if row["user_id"]}
    ours = {row["user_id"]: row for row in caller.all("/wc-analytics/reports/customers", orderby="total_spend")}
    assert len(recorded) > 200
    for number, theirs in recorded.items():
        for name in ("orders_count", "total_spend", "avg_order_value", "username", "email"):
            assert ours[number][name] == (pytest.approx(theirs[name]) if name != "username" else theirs[name])


@pytest.mark.parametrize("status", ["any", "trash", "checkout-draft", "pending", "processing", "on-hold", "completed"])
def test_listings_count_what_was_counted(caller: Caller, status: str) -> None:
    counted = json.loads((RECORDED / "settings.json").read_text())["order_listing"][status]
    answer = caller.get("/wc/v3/orders", status=status, per_page=1)
    assert answer.headers["X-WP-Total"] == counted["x_wp_total"]
    assert len({each["id"] for each in caller.all("/wc/v3/orders", status=status, _fields="id")}) == counted["listed"]


def test_orders_are_as_recorded_exact_and_by_default_rounded(caller: Caller) -> None:
    for name, params in (("orders_dp6.jsonl.gz", {"dp": 6}), ("orders.jsonl.gz", {})):
        recorded = {each["id"]: each for each in lines(name)}
        shown = caller.all("/wc/v3/orders", **params) + caller.all("/wc/v3/orders", status="trash", **params)
        assert {each["id"]: each for each in shown} == recorded


def test_refunds_are_as_recorded_globally_and_by_order(caller: Caller) -> None:
    shown = caller.all("/wc/v3/refunds")
    assert {each["id"]: each for each in shown} == {each["id"]: each for each in lines("refunds_global.jsonl.gz")}
    for each in lines("refunds.jsonl.gz")[:20]:
        assert each["refund"] in caller.get(f"/wc/v3/orders/{each['order_id']}/refunds").json()


def test_hidden_orders_are_in_no_listing_and_answer_by_id(caller: Caller) -> None:
    hidden = lines("orders_unlisted.jsonl.gz")
    listed = {each["id"] for each in caller.all("/wc/v3/orders", _fields="id")}
    assert len(hidden) == 41
    assert not listed & {each["id"] for each in hidden}
    for each in hidden[:5]:
        assert caller.get(f"/wc/v3/orders/{each['id']}").json() == each
    refused = caller.get("/wc/v3/orders", status="preparando")
    recorded = json.loads((RECORDED / "settings.json").read_text())["order_listing"]["preparando"]
    assert f"{refused.status_code} {refused.text}".startswith(recorded)


def test_people_goods_and_settings_are_as_recorded(caller: Caller) -> None:
    for name in ("products", "coupons"):
        recorded = {each["id"]: each for each in lines(f"{name}.jsonl.gz")}
        assert {each["id"]: each for each in caller.all(f"/wc/v3/{name}")} == recorded
    everyone = {each["id"]: each for each in lines("customers.jsonl.gz")}
    assert {each["id"]: each for each in caller.all("/wc/v3/customers", role="all")} == everyone
    assert len(caller.all("/wc/v3/customers")) == 299
    variations = lines("variations.jsonl.gz")
    shown = {each["id"]: each for each in caller.all(f"/wc/v3/products/{variations[0]['product_id']}/variations")}
    assert shown[variations[0]["variation"]["id"]] == variations[0]["variation"]
    general = {each["id"]: each["value"] for each in caller.get("/wc/v3/settings/general").json()}
    assert general["woocommerce_currency"] == "COP"
    assert caller.get("/").json()["timezone_string"] == "America/Bogota"
    assert caller.get("/wc/v3/system_status", _fields="environment").json()["environment"]["version"] == "10.5.2"
