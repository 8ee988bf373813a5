"""A listing is read whole though the shop is written to between any two of its answers."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from demo.woocommerce import Clock, Shop, ShopSettings, WooCommerceStandIn
from sources.woocommerce.client import ShopClient
from sources.woocommerce.listings import listed

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
ORDERS = 1150
PARAMS = {"status": "any", "_fields": ["id"], "dates_are_gmt": True, "modified_before": NOW + timedelta(seconds=1)}


class BusyStandIn(WooCommerceStandIn):
    """Something leaves the listing before each answer: an order is edited, trashed or deleted; `touched` are those."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.touched: set[int] = set()
        self.chance = random.Random(7)
        self.is_busy = True
        self.hidden: list[int] = []

    def answer(self, *arguments: Any, **options: Any) -> Any:
        with self.shop.lock:
            number = self.chance.choice(sorted(set(self.shop.orders) - self.touched))
            if self.is_busy and self.chance.random() < 0.7:
                self.touched.add(number)
                acts: list[Callable[[int], None]] = [self.shop.trash, self.shop.delete_order, self._edit]
                self.chance.choice(acts)(number)
            if self.hidden and len(self.requests) > 3:
                self.shop.set_status(self.hidden.pop(), "on-hold", bumps=False)
        return super().answer(*arguments, **options)

    def _edit(self, number: int) -> None:
        self.shop.edit_order(number, payment_method_title="another")


@pytest.fixture
def stand_in() -> Iterator[BusyStandIn]:
    shop = Shop(settings=ShopSettings(timezone="Asia/Jakarta", currency="IDR"), clock=Clock(NOW))
    for number in range(ORDERS):
        shop.create_order(at=NOW - timedelta(hours=number))
    shop.clock.pass_time(60)
    with BusyStandIn(shop) as stand_in:
        yield stand_in


@pytest.fixture
def client(stand_in: BusyStandIn) -> Iterator[ShopClient]:
    with ShopClient(stand_in.url, stand_in.key, stand_in.secret) as client:
        yield client


@pytest.mark.parametrize("seed", range(5))
def test_what_stays_in_a_listing_is_read_whatever_leaves_it(
    stand_in: BusyStandIn, client: ShopClient, seed: int
) -> None:
    stand_in.chance.seed(seed)
    read = {each["id"] for batch in listed(client, "/wc/v3/orders", PARAMS) for each, _ in batch.objects}
    assert len(stand_in.touched) > 5
    assert set(stand_in.shop.orders) - stand_in.touched - read == set()


def test_one_page_after_another_would_lose_some(stand_in: BusyStandIn, client: ShopClient) -> None:
    read: set[int] = set()
    for page in range(1, 14):
        answer = client.listing("/wc/v3/orders", **PARAMS, orderby="id", order="asc", per_page=100, page=page)
        read |= {each["id"] for each in answer.value}
    assert set(stand_in.shop.orders) - stand_in.touched - read


def test_what_enters_a_listing_has_it_read_again(stand_in: BusyStandIn, client: ShopClient) -> None:
    stand_in.is_busy = False
    for number in sorted(stand_in.shop.orders)[:50:10]:
        stand_in.shop.set_status(number, "packing", bumps=False)
        stand_in.hidden.append(number)
    read = {each["id"] for batch in listed(client, "/wc/v3/orders", PARAMS) for each, _ in batch.objects}
    assert read == set(stand_in.shop.orders)


def test_a_listing_that_stands_still_is_asked_for_once(stand_in: BusyStandIn, client: ShopClient) -> None:
    stand_in.is_busy = False
    batches = list(listed(client, "/wc/v3/orders", PARAMS))
    assert [batch.is_last for batch in batches] == [False] * (len(batches) - 1) + [True]
    assert sum(len(batch.objects) for batch in batches) == ORDERS
    assert len(stand_in.requests) == 12
