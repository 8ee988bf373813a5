"""Shops on other addresses, behind servers that drop headers, and behind caches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from demo.woocommerce import Clock, Shop, ShopSettings, WooCommerceStandIn
from demo.woocommerce.caches import Cache
from sources import woocommerce
from sources.woocommerce.client import ShopClient
from sources.woocommerce.responses import ShopRefused
from tests.sources.woocommerce.test_shops import deliver
from tests.support.https import certificate
from tests.support.synced_shops import differences, rows
from warehouse.settings import Settings

pytestmark = pytest.mark.usefixtures("short_waits")

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
Started = Callable[..., WooCommerceStandIn]


@pytest.fixture
def started() -> Iterator[Started]:
    """Starts a small shop, with options of the stand-in."""
    with ExitStack() as stack:

        def start(**options: Any) -> WooCommerceStandIn:
            shop = Shop(settings=ShopSettings(timezone="Asia/Jakarta", currency="IDR"), clock=Clock(NOW))
            for number in range(5):
                shop.create_order(at=NOW - timedelta(days=number))
            return stack.enter_context(WooCommerceStandIn(shop, **options))

        yield start


@pytest.fixture
def secure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    files = certificate(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", files[0])
    return files


def connect(settings: Settings, stand_in: WooCommerceStandIn, url: str | None = None) -> None:
    woocommerce.add("toko", url or stand_in.url, stand_in.key, stand_in.secret, settings)


@pytest.mark.parametrize("prefix", ["/index.php/wp-json", "/api", "/toko/wp-json", "/rest/v1"])
@pytest.mark.parametrize("is_root_given", [False, True])
def test_the_api_is_found_under_any_prefix(
    settings: Settings, started: Started, prefix: str, is_root_given: bool
) -> None:
    stand_in = started(prefix=prefix, announces_prefix=not is_root_given)
    connect(settings, stand_in, stand_in.url + (f"{prefix}/" if is_root_given else ""))

    woocommerce.sync("toko", settings)

    assert differences(settings, "toko", stand_in.shop) == []
    assert woocommerce.check("toko", settings)[-1] == "The shop's currency is IDR."


def test_the_key_goes_to_no_address_of_another_host(started: Started) -> None:
    elsewhere = started()
    stand_in = started(prefix="/api", announces_prefix=False)
    link = f'<{elsewhere.url}/wp-json/>; rel="https://api.w.org/"'
    stand_in._home = lambda: type(stand_in._routes.answer("GET", "/", [], None, False))(b"", headers={"Link": link})  # type: ignore[method-assign]

    with ShopClient(stand_in.url, stand_in.key, stand_in.secret) as client, pytest.raises(ShopRefused):
        client.listing("/wc/v3/orders", per_page=1)

    assert elsewhere.requests == []


def test_plain_permalinks_are_explained(settings: Settings, started: Started) -> None:
    stand_in = started(prefix="/?rest_route=")
    with pytest.raises(ShopRefused, match="permalinks"):
        connect(settings, stand_in)


@pytest.mark.parametrize("drops", [False, True])
def test_over_https_the_shop_is_read_whether_or_not_the_header_arrives(
    settings: Settings, started: Started, secure: tuple[str, str], drops: bool
) -> None:
    stand_in = started(certificate=secure, drops_authorization=drops)
    connect(settings, stand_in)

    woocommerce.sync("toko", settings)

    assert differences(settings, "toko", stand_in.shop) == []
    assert all("consumer_secret" not in each.params for each in stand_in.requests), "a signature is enough"
    with ShopClient(stand_in.url, stand_in.key, stand_in.secret) as client:
        refused = len([each for each in stand_in.requests if each.status == 401])
        client.listing("/wc/v3/orders", per_page=1)
        client.listing("/wc/v3/orders", per_page=1)
        assert len([each for each in stand_in.requests if each.status == 401]) - refused == int(drops), "tried once"


def test_where_signatures_fail_too_the_key_is_in_the_address(
    settings: Settings, started: Started, secure: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As behind a proxy that changes the host, which the signature contains."""
    stand_in = started(certificate=secure, drops_authorization=True)
    monkeypatch.setattr("demo.woocommerce.oauth._quoted", lambda text: f"{text} of another host")
    connect(settings, stand_in)

    woocommerce.sync("toko", settings)

    assert differences(settings, "toko", stand_in.shop) == []


def test_wrong_keys_over_https_are_explained(settings: Settings, started: Started, secure: tuple[str, str]) -> None:
    stand_in = started(certificate=secure)
    with pytest.raises(ShopRefused, match="does not accept the key") as refused:
        woocommerce.add("toko", stand_in.url, stand_in.key, "cs_of_another", settings)
    assert "cs_of_another" not in str(refused.value)


@pytest.mark.parametrize("is_secure", [False, True])
def test_a_cache_that_keeps_answers_by_their_address_hides_no_change(
    settings: Settings, started: Started, secure: tuple[str, str], is_secure: bool
) -> None:
    stand_in = started(certificate=secure if is_secure else None, cache=Cache(is_on=True))
    connect(settings, stand_in)
    woocommerce.sync("toko", settings)
    number = max(stand_in.shop.orders)
    for status in ("on-hold", "cancelled"):
        stand_in.shop.clock.pass_time(600)
        stand_in.shop.set_status(number, status)
        deliver(settings, "order", number)
        woocommerce.sync("toko", settings)
        status_here = rows(settings, "select status from raw.woocommerce_orders where id = %s", number)
        assert status_here == [(status,)]


def test_an_older_answer_of_a_cache_never_wins_over_a_newer(settings: Settings, started: Started) -> None:
    stand_in = started(cache=Cache(ignores=("oauth_", "_")))
    connect(settings, stand_in)
    woocommerce.sync("toko", settings)
    number = max(stand_in.shop.orders)
    stand_in.shop.clock.pass_time(600)
    stand_in.shop.set_status(number, "on-hold")
    stand_in.cache.is_on = True
    deliver(settings, "order", number)
    woocommerce.sync("toko", settings)
    stand_in.cache.is_on = False
    stand_in.shop.clock.pass_time(600)
    stand_in.shop.set_status(number, "cancelled")
    woocommerce.sync("toko", settings)
    stand_in.cache.is_on = True
    for _ in range(2):
        stand_in.shop.clock.pass_time(600)
        deliver(settings, "order", number)
        woocommerce.sync("toko", settings)

    assert rows(settings, "select status from raw.woocommerce_orders where id = %s", number) == [("cancelled",)]
