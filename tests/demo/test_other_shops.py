"""The demo stays away from a database that holds a real shop."""

from __future__ import annotations

import pytest

from demo.__main__ import _leave_shop, _require_no_other_shop
from demo.stage import Failed
from sources import woocommerce
from tests.support.synced_shops import one
from warehouse.settings import Settings


def test_the_demo_takes_no_real_shops_place(settings: Settings) -> None:
    def connect(url: str) -> None:
        woocommerce.add(settings.default_store, url, "ck_1", "cs_2", settings, checked=False)

    _require_no_other_shop(settings)
    connect("http://127.0.0.1:8081")  # the stand-in of a demo before this one
    _require_no_other_shop(settings)
    connect("https://batik.example")
    with pytest.raises(Failed, match="1 connected shops"):
        _require_no_other_shop(settings)


def test_no_sync_asks_for_the_shop_of_a_demo_that_is_over(settings: Settings) -> None:
    woocommerce.add(settings.default_store, "http://127.0.0.1:8081", "ck_1", "cs_2", settings, checked=False)
    assert woocommerce.stores(settings) == [settings.default_store]
    _leave_shop(settings)
    assert woocommerce.stores(settings) == []
    assert one(settings, "select count(*) from app.woocommerce_syncs") == 0, "no figures wait for it, so none are late"
    woocommerce.add(settings.default_store, "http://127.0.0.1:8082", "ck_1", "cs_2", settings, checked=False)
    assert one(settings, "select count(*) from app.woocommerce_syncs") == 1
    _leave_shop(settings)
    assert one(settings, "select count(*) from app.store_settings where connected_at is not null") == 1
