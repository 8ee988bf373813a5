"""Kabar's web app over HTTP, and a shop with the plugin."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.web import serving
from tests.woocommerce_plugin.shop import Shop
from warehouse.settings import Settings
from webhook.app import create_app


@pytest.fixture
def wordpress(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


@pytest.fixture
def kabar(settings: Settings) -> Iterator[str]:
    """The address of the web app."""
    with serving(create_app(settings)) as served:
        yield served
