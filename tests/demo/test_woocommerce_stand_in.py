"""The stand-in is as strict as the real shop was measured to be: who may ask, what listings show, and how they move."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import requests
from oauthlib.oauth1 import SIGNATURE_HMAC_SHA1, SIGNATURE_PLAINTEXT

from demo.woocommerce import Clock, Draft, Line, Shop, ShopSettings, WooCommerceStandIn
from tests.support.shop_client import Caller, signed

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
ORDERS = "/wc/v3/orders"


@pytest.fixture
def shop() -> Shop:
    """Twelve orders, a second after the other, in a zone seven hours ahead."""
    shop = Shop(settings=ShopSettings(timezone="Asia/Jakarta", currency="IDR"), clock=Clock(NOON))
    shop.create_customer("ani@mail.example", billing={"email": "ani@work.example"})
    shop.create_customer("boss@mail.example", role="administrator")
    for number in range(12):
        draft = Draft(
            [Line(1, "Kopi", 2, Decimal("33.333"))],
            customer_id=number % 2,
            billing={"email": f"guest{number}@mail.example"},
            shipping=Decimal("4.1322"),
        )
        shop.create_order(draft)
        shop.clock.pass_time(1)
    return shop


@pytest.fixture
def caller(shop: Shop) -> Iterator[Caller]:
    with WooCommerceStandIn(shop) as stand_in:
        yield Caller(stand_in)


def error_for(answer: requests.Response) -> tuple[int, str]:
    body = answer.json()
    assert body["data"]["status"] == answer.status_code
    return answer.status_code, body["code"]


# Who may ask


def test_over_http_only_a_signature_is_believed(caller: Caller) -> None:
    url = f"{caller.shop.url}/wp-json{ORDERS}"
    stranger = requests.get(url, timeout=5)
    basic = requests.get(url, auth=(caller.shop.key, caller.shop.secret), timeout=5)
    assert error_for(stranger) == error_for(basic) == (401, "woocommerce_rest_cannot_view")
    assert stranger.json()["message"] == "Sorry, you cannot list resources."
    assert caller.get(ORDERS).status_code == 200
    assert caller.ask("GET", ORDERS, {"status": "any"}, signature_method=SIGNATURE_HMAC_SHA1).status_code == 200
    assert requests.get(f"{caller.shop.url}/wp-json/", timeout=5).json()["timezone_string"] == "Asia/Jakarta"


def test_behind_https_basic_is_taken_and_a_wrong_secret_named(shop: Shop) -> None:
    with WooCommerceStandIn(shop, trusts_basic=True) as stand_in:
        url = f"{stand_in.url}/wp-json{ORDERS}"
        assert requests.get(url, auth=(stand_in.key, stand_in.secret), timeout=5).status_code == 200
        wrong = requests.get(url, auth=(stand_in.key, "cs_wrong"), timeout=5)
        assert wrong.json()["message"] == "Consumer secret is invalid."
        assert requests.get(url, auth=("ck_wrong", "cs_wrong"), timeout=5).status_code == 401


def test_a_signature_is_checked_to_the_letter(caller: Caller) -> None:
    url, key, secret = f"{caller.shop.url}/wp-json{ORDERS}", caller.shop.key, caller.shop.secret

    def message(target: str) -> str:
        answer = requests.get(target, timeout=5)
        assert error_for(answer) == (401, "woocommerce_rest_authentication_error")
        return str(answer.json()["message"])

    mismatch = "Invalid signature - provided signature does not match."
    assert message(signed(url, "GET", key, "cs_wrong")) == mismatch
    assert message(signed(url, "GET", "ck_wrong", secret)) == "Consumer key is invalid."
    assert message(signed(url, "GET", key, secret) + "&page=2") == mismatch
    assert message(signed(url, "POST", key, secret)) == mismatch
    assert message(signed(url, "GET", key, secret).replace("/orders", "/orders/")) == mismatch
    assert message(signed(url, "GET", key, secret, timestamp=str(int(time.time()) - 1000))) == "Invalid timestamp."
    assert "method" in message(signed(url, "GET", key, secret, signature_method=SIGNATURE_PLAINTEXT))
    once = signed(url, "GET", key, secret)
    assert requests.get(once, timeout=5).status_code == 200
    assert message(once) == "Invalid nonce - nonce has already been used."
    missing = requests.get(f"{url}?oauth_consumer_key={key}", timeout=5)
    assert error_for(missing) == (401, "woocommerce_rest_authentication_missing_parameter")


def test_signatures_cover_odd_characters_and_lists(caller: Caller) -> None:
    assert caller.get(ORDERS, _fields="id, total", search="ä b+c&d=e~%").status_code == 200
    assert caller.ids(ORDERS, **{"include[0]": 1, "include[1]": 3}) == [3, 1]
    assert caller.ids(ORDERS, include="1,3") == [3, 1]


def test_a_key_that_may_only_read_writes_nothing(caller: Caller) -> None:
    key = caller.shop.read_only_key
    assert caller.ask("GET", ORDERS, {}, key=key).status_code == 200
    refused = caller.ask("POST", "/wc/v3/webhooks", {}, json={"topic": "order.created"}, key=key)
    assert error_for(refused) == (401, "woocommerce_rest_authentication_error")
    assert refused.json()["message"] == "The API key provided does not have write permissions."


# What listings show


@pytest.mark.parametrize(("params", "name"), [({"per_page": 101}, "per_page"), ({"per_page": 0}, "per_page"),
                                              ({"page": 0}, "page"), ({"page": "two"}, "page"),
                                              ({"status": "lost"}, "status"), ({"orderby": "total"}, "orderby"),
                                              ({"modified_after": "2026-03-10"}, "modified_after"),
                                              ({"dates_are_gmt": "maybe"}, "dates_are_gmt")])  # fmt: skip
def test_a_parameter_out_of_range_is_a_400(caller: Caller, params: dict[str, str], name: str) -> None:
    answer = caller.get(ORDERS, **params)
    assert error_for(answer) == (400, "rest_invalid_param")
    assert answer.json()["message"] == f"Invalid parameter(s): {name}"
    assert name in answer.json()["data"]["params"]


def test_unknown_parameters_are_ignored(caller: Caller) -> None:
    assert len(caller.ids(ORDERS, colour="green", updated_after="2030-01-01T00:00:00", per_page=100)) == 12


def test_a_listing_pages_by_offset_and_its_end_is_an_empty_page(caller: Caller) -> None:
    first = caller.get(ORDERS, per_page=5, orderby="id", order="asc")
    assert [each["id"] for each in first.json()] == [1, 2, 3, 4, 5]
    assert (first.headers["X-WP-Total"], first.headers["X-WP-TotalPages"]) == ("12", "3")
    assert caller.ids(ORDERS, per_page=5, page=3, orderby="id", order="asc") == [11, 12]
    past = caller.get(ORDERS, per_page=5, page=4)
    assert (past.status_code, past.json()) == (200, [])
    assert len(caller.ids(ORDERS)) == 10
    assert caller.ids(ORDERS, offset=10, order="asc") == [11, 12]
    assert caller.ids(ORDERS, include="1,2,3", exclude="2") == [3, 1]


@pytest.mark.parametrize("bound", ["modified_after", "modified_before", "after", "before"])
def test_the_bounds_of_times_are_left_out(caller: Caller, bound: str) -> None:
    ids = caller.ids(ORDERS, **{bound: "2026-03-10T12:00:05", "dates_are_gmt": "true", "per_page": 100})
    assert sorted(ids) == (list(range(7, 13)) if "after" in bound else list(range(1, 6)))


def test_times_are_the_shops_own_unless_told_and_a_zone_shifts_them(caller: Caller) -> None:
    def after(text: str, **params: str) -> int:
        return len(caller.ids(ORDERS, modified_after=text, per_page=100, **params))

    assert after("2026-03-10T19:00:05") == 6
    assert after("2026-03-10T12:00:05") == 12
    assert after("2026-03-10T12:00:05Z") == 6
    assert after("2026-03-10T12:00:05", dates_are_gmt="true") == 6
    assert after("2026-03-10T12:00:05Z", dates_are_gmt="true") == 0
    assert after("2026-03-10T05:00:05Z", dates_are_gmt="true") == 6


def test_listings_come_in_the_order_asked_for(caller: Caller, shop: Shop) -> None:
    shop.edit_order(3)
    assert caller.ids(ORDERS, per_page=3) == [12, 11, 10]
    assert caller.ids(ORDERS, per_page=3, orderby="modified") == [3, 12, 11]
    assert caller.ids(ORDERS, per_page=3, orderby="modified", order="asc") == [1, 2, 4]
    assert caller.ids(ORDERS, orderby="include", include="5,2,9") == [5, 2, 9]


def test_pages_drift_while_the_shop_is_written_to(caller: Caller, shop: Shop) -> None:
    by_change = {"orderby": "modified", "order": "asc", "per_page": 6}
    first = caller.ids(ORDERS, **by_change)
    shop.edit_order(2)
    assert 7 not in first + caller.ids(ORDERS, page=2, **by_change)
    newest = caller.ids(ORDERS, per_page=6)
    shop.create_order()
    assert set(newest) & set(caller.ids(ORDERS, per_page=6, page=2))


def test_ties_may_come_in_another_order_each_time(caller: Caller, shop: Shop) -> None:
    for number in range(1, 13):
        shop.edit_order(number)
    shop.settings.unstable_ties = True
    orders = {tuple(caller.ids(ORDERS, orderby="modified", per_page=100)) for _ in range(5)}
    assert len(orders) > 1
    assert {frozenset(each) for each in orders} == {frozenset(range(1, 13))}


def test_trash_and_unregistered_statuses_are_hidden_but_answer_by_id(caller: Caller, shop: Shop) -> None:
    shop.register_status("packed")
    shop.set_status(5, "packed")
    shop.trash(6)
    assert caller.ids(ORDERS, status="packed") == [5]
    shop.unregister_status("packed")
    assert not {5, 6} & set(caller.ids(ORDERS, per_page=100))
    assert caller.ids(ORDERS, status="trash") == [6]
    assert caller.get(f"{ORDERS}/5").json()["status"] == "packed"
    assert caller.get(f"{ORDERS}/6").json()["status"] == "trash"
    assert error_for(caller.get(ORDERS, status="packed")) == (400, "rest_invalid_param")


@pytest.mark.parametrize(("path", "code"), [("orders/999", "woocommerce_rest_shop_order_invalid_id"),
                                            ("orders/1/refunds/999", "woocommerce_rest_shop_order_refund_invalid_id"),
                                            ("products/999", "woocommerce_rest_product_invalid_id"),
                                            ("products/1/variations/999",
                                             "woocommerce_rest_product_variation_invalid_id"),
                                            ("products/categories/999", "woocommerce_rest_term_invalid"),
                                            ("customers/999", "wc_user_invalid_id"),
                                            ("coupons/999", "woocommerce_rest_shop_coupon_invalid_id"),
                                            ("webhooks/999", "woocommerce_rest_shop_webhook_invalid_id"),
                                            ("nothing", "rest_no_route")])  # fmt: skip
def test_what_is_not_there_is_a_404(caller: Caller, path: str, code: str) -> None:
    assert error_for(caller.get(f"/wc/v3/{path}")) == (404, code)


def test_a_refund_under_another_order_is_a_500_that_means_404(caller: Caller, shop: Shop) -> None:
    refund = shop.create_refund(1)
    for order, code in ((2, "woocommerce_rest_invalid_order_refund_id"), (999, "woocommerce_rest_invalid_order_id")):
        answer = caller.get(f"{ORDERS}/{order}/refunds/{refund}")
        assert (answer.status_code, answer.json()["code"], answer.json()["data"]) == (500, code, 404)


def test_lists_below_what_is_not_there_are_empty(caller: Caller) -> None:
    for path in ("orders/999/refunds", "products/999/variations"):
        answer = caller.get(f"/wc/v3/{path}")
        assert (answer.status_code, answer.json(), answer.headers["X-WP-Total"]) == (200, [], "0")


def test_customers_are_the_registered_ones_of_a_role_whenever_they_changed(caller: Caller) -> None:
    assert caller.ids("/wc/v3/customers") == [1]
    assert sorted(caller.ids("/wc/v3/customers", role="all")) == [1, 2]
    assert caller.ids("/wc/v3/customers", modified_after="2030-01-01T00:00:00") == [1]
    assert error_for(caller.get("/wc/v3/customers", role="king")) == (400, "rest_invalid_param")


def test_fields_are_cut_within_objects_but_not_within_lists(caller: Caller) -> None:
    (order,) = caller.get(ORDERS, include="1", _fields="id,billing.email,billing.phone,line_items.id,total").json()
    assert order == {
        "id": 1,
        "billing": {"email": "guest0@mail.example", "phone": ""},
        "line_items": [],
        "total": "70.80",
    }
    (order,) = caller.get(ORDERS, include="1", _fields="line_items").json()
    assert order["line_items"][0]["quantity"] == 2


def test_money_is_rounded_unless_six_decimals_are_asked_for(caller: Caller) -> None:
    assert caller.get(f"{ORDERS}/1").json()["shipping_total"] == "4.13"
    assert caller.get(f"{ORDERS}/1", dp=6).json()["shipping_total"] == "4.132200"
    assert caller.get(ORDERS, include="1", dp=0).json()[0]["total"] == "71"


# Analytics


def test_reports_refuse_large_pages_and_without_a_range_show_the_last_days(caller: Caller, shop: Shop) -> None:
    for name in ("revenue/stats", "orders/stats", "orders", "customers"):
        refused = caller.get(f"/wc-analytics/reports/{name}", per_page=101, interval="day")
        assert error_for(refused) == (400, "rest_invalid_param")
    old = Draft([Line(1, "Kopi", 1, Decimal(10))], paid_at=NOON - timedelta(days=30))
    shop.create_order(old, at=NOON - timedelta(days=30))
    recent = shop.create_order(Draft([Line(1, "Kopi", 1, Decimal(10))], paid_at=NOON))
    rows = caller.get("/wc-analytics/reports/orders", per_page=100).json()
    assert [row["order_id"] for row in rows] == [recent]
    asked = {"after": "2026-01-01T00:00:00", "before": "2026-03-10T23:59:59", "interval": "month", "order": "asc"}
    answer = caller.get("/wc-analytics/reports/revenue/stats", **asked)
    assert [each["subtotals"]["orders_count"] for each in answer.json()["intervals"]] == [0, 1, 1]
    assert answer.headers["X-WP-Total"] == "3"


def test_days_and_ranges_are_the_shops_own(caller: Caller, shop: Shop) -> None:
    late = datetime(2026, 3, 10, 18, tzinfo=UTC)  # an hour past midnight there
    shop.create_order(Draft([Line(1, "Kopi", 1, Decimal(10))], paid_at=late), at=late)
    asked = {"after": "2026-03-10T00:00:00", "before": "2026-03-11T23:59:59", "interval": "day", "order": "asc"}
    intervals = caller.get("/wc-analytics/reports/revenue/stats", **asked, date_type="date_created").json()["intervals"]
    assert [(each["interval"], each["subtotals"]["orders_count"]) for each in intervals] == [
        ("2026-03-10", 12),
        ("2026-03-11", 1),
    ]
    assert intervals[0]["date_start_gmt"] == "2026-03-09 17:00:00"
