"""Kabar's web app over HTTP, and a shop with the plugin."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo import woocommerce
from demo.woocommerce import WooCommerceStandIn
from demo.woocommerce.oauth import Gate
from tests.support.web import serving
from tests.woocommerce_plugin.shop import Shop
from warehouse.settings import Settings
from webhook.app import create_app


@pytest.fixture
def wordpress(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


@pytest.fixture
def open_shop(monkeypatch: pytest.MonkeyPatch) -> Iterator[WooCommerceStandIn]:
    """The API of a shop that accepts any key, since the plugin makes its own."""
    monkeypatch.setattr(Gate, "admit", lambda gate, *_: gate.keys[0])
    with WooCommerceStandIn(woocommerce.Shop()) as stand_in:
        yield stand_in


@pytest.fixture
def kabar(settings: Settings) -> Iterator[str]:
    """The address of the web app."""
    with serving(create_app(settings)) as served:
        yield served
