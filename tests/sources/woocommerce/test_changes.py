"""Whatever happens in a shop while it is synced, and whatever its answers look like: when the dust has settled, one
reconciliation leaves raw equal to the shop, object for object."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from typing import Any

import pytest

from demo.woocommerce import Faults, WooCommerceStandIn
from sources import woocommerce
from sources.woocommerce.responses import ShopRefused
from tests.sources.woocommerce.changes import Life, small_shop
from tests.support.synced_shops import differences, rows
from warehouse.settings import ROOT, Settings

pytestmark = pytest.mark.usefixtures("short_waits")

IS_SOAK = os.environ.get("KABAR_SOAK") == "1"
RUNS = 100 if IS_SOAK else 5
KILLS = 20 if IS_SOAK else 2


class LivingStandIn(WooCommerceStandIn):
    """A stand-in in which things happen before and after each answer."""

    life: Life | None = None

    def answer(self, *arguments: Any, **options: Any) -> Any:
        if self.life:
            self.life.step()
        answer = super().answer(*arguments, **options)
        if self.life:
            self.life.step()
        return answer


def living(seed: int, probability: float) -> LivingStandIn:
    shop = small_shop(seed)
    faults = Faults(probability=probability, seed=seed, retry_after=0, slow_seconds=0.02, silent_seconds=0.1)
    stand_in = LivingStandIn(shop, faults=faults)
    stand_in.life = Life(shop, seed)
    return stand_in


def settle(stand_in: LivingStandIn) -> None:
    assert stand_in.life is not None
    stand_in.life.is_on = False
    stand_in.faults.probability = 0
    stand_in.shop.clock.pass_time(60)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(RUNS))
def test_a_shop_that_changes_while_it_is_synced_matches_afterwards(module_settings: Settings, seed: int) -> None:
    store_id = f"toko{seed}"
    with living(seed, probability=0.1) as stand_in:
        woocommerce.add(store_id, stand_in.url, stand_in.key, stand_in.secret, module_settings, checked=False)
        for _ in range(3):
            # A shop that is refused for good today is asked again in ten minutes.
            with suppress(ShopRefused):
                woocommerce.sync(store_id, module_settings)
        settle(stand_in)

        reconciled = woocommerce.reconcile(store_id, module_settings)

        assert differences(module_settings, store_id, stand_in.shop) == []
        told = [each for each in reconciled.findings if each.verdict != "pass"]
        assert reconciled.verdict == "pass", told
        waiting = "select id, reason from raw.rejected where starts_with(id, %s) and resolved_at is null"
        assert [each for each in rows(module_settings, waiting, f"{store_id}:") if "unreadable" not in each[0]] == []


@pytest.mark.soak
def test_killed_at_any_moment_nothing_is_lost_or_doubled(module_settings: Settings) -> None:
    with living(1000, probability=0.0) as stand_in:
        woocommerce.add("tutup", stand_in.url, stand_in.key, stand_in.secret, module_settings, checked=False)
        assert stand_in.life is not None
        dice = stand_in.life.chance
        killed = 0
        while killed < KILLS:
            process = subprocess.Popen(
                [sys.executable, "-m", "sources.woocommerce", "sync", "--store", "tutup"], cwd=ROOT,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            asked, more = len(stand_in.requests), dice.randint(1, 35)
            while len(stand_in.requests) < asked + more and process.poll() is None:
                time.sleep(0.002)
            time.sleep(dice.random() * 0.02)
            killed += process.poll() is None
            process.send_signal(signal.SIGKILL)
            process.wait()
        settle(stand_in)

        woocommerce.reconcile("tutup", module_settings)

        assert differences(module_settings, "tutup", stand_in.shop) == []
