"""`python -m benchmarks.woocommerce`: a shop's first sync, beside the naive way, at the speed of a real shop.

The stand-in shop answers as slowly as a real one was measured to (a full page of 100 orders 1.9 s, one cut to some
fields 0.5 s, on two cores). The naive way asks for one page after the other with all fields; every page costs the same,
so some of them tell for all. Ours is the command that a person types, in a process of its own, orders being what takes
its time; then the same command again, when there is nothing new.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
import requests
from psycopg2.extras import Json, execute_values

from sources import woocommerce
from warehouse import connection, embedded
from warehouse.settings import ROOT, Settings

PAGE = 100
STORE = "bench"
NAIVE_TABLE = "create table if not exists naive_orders (id bigint primary key, body jsonb not null)"
NAIVE_INSERT = "insert into naive_orders (id, body) values %s on conflict (id) do update set body = excluded.body"


@dataclass(frozen=True)
class Run:
    """One `sync`: its seconds on the clock and of processor time, and what the shop noted: how many requests, and the
    seconds in which at least one of them was being answered."""

    seconds: float
    own_seconds: float
    requests: int
    shop_seconds: float


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.woocommerce", description=__doc__)
    parser.add_argument("--orders", type=int, default=100_000)
    parser.add_argument("--naive-pages", type=int, default=20, help="how many pages the naive way is measured on")
    parser.add_argument("--speed", type=float, default=1.0, help="1 is as slow as a real shop, 0 as fast as it can")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kabar-bench-") as folder:
        Path(folder).chmod(0o711)
        os.environ.update(KABAR_STATE_DIR=folder, KABAR_DATABASE_URL="")
        settings = Settings(_env_file=None)
        connection.url("loader", settings)
        try:
            _report(given.orders, *_measure(settings, given.orders, given.naive_pages, given.speed))
        finally:
            embedded.stop(settings)


def _measure(settings: Settings, orders: int, naive_pages: int, speed: float) -> tuple[float, Run, Run, int]:
    """Seconds of the naive way for all orders, the first sync and the second, and the most memory, in bytes, that the
    first one had."""
    with _shop(orders, speed) as shop:
        naive = _naive(shop, settings, naive_pages) * orders / PAGE
        access = [f"--{name}={shop.access[name]}" for name in ("url", "key", "secret")]
        _command("add", STORE, *access)
        first, memory = _first_sync(shop)
        second = _second_sync(shop, settings)
    return naive, first, second, memory


class _Shop:
    """The stand-in in a process of its own, so that its work is not counted as ours."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        assert process.stdout
        self.access: dict[str, str] = json.loads(process.stdout.readline())

    def noted(self) -> dict[str, Any]:
        """What the shop was asked since this was last called."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        noted: dict[str, Any] = json.loads(self._process.stdout.readline())
        return noted


@contextmanager
def _shop(orders: int, speed: float) -> Iterator[_Shop]:
    command = [sys.executable, "-m", "demo.woocommerce", "--orders", str(orders), "--speed", str(speed), "--basic"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield _Shop(process)
        finally:
            process.terminate()


def _naive(shop: _Shop, settings: Settings, pages: int) -> float:
    """Seconds a page of the loop that one would write first."""
    auth = (shop.access["key"], shop.access["secret"])
    opened = psycopg2.connect(connection.url("owner", settings))
    started = time.perf_counter()
    with opened, opened.cursor() as cursor:
        cursor.execute(NAIVE_TABLE)
        for page in range(1, pages + 1):
            parameters: dict[str, str | int] = {"page": page, "per_page": PAGE, "status": "any"}
            answer = requests.get(f"{shop.access['url']}/wp-json/wc/v3/orders", parameters, auth=auth, timeout=60)
            execute_values(cursor, NAIVE_INSERT, [(order["id"], Json(order)) for order in answer.json()])
            opened.commit()
    seconds = time.perf_counter() - started
    opened.close()
    shop.noted()
    return seconds / pages


def _first_sync(shop: _Shop) -> tuple[Run, int]:
    """The command, in a process of its own, and the most memory that it had, in bytes."""
    shop.noted()
    started = time.perf_counter()
    usage = _command("sync", "--store", STORE)
    seconds = time.perf_counter() - started
    noted = shop.noted()
    run = Run(seconds, usage.ru_utime + usage.ru_stime, noted["requests"], noted["busy_seconds"])
    return run, usage.ru_maxrss * 1024


def _second_sync(shop: _Shop, settings: Settings) -> Run:
    """What Airflow does every ten minutes, in this process, whose start is not its cost."""
    started, own = time.perf_counter(), time.process_time()
    woocommerce.sync(STORE, settings)
    seconds, own = time.perf_counter() - started, time.process_time() - own
    noted = shop.noted()
    return Run(seconds, own, noted["requests"], noted["busy_seconds"])


def _command(*arguments: str) -> resource.struct_rusage:
    """Run the command to its end; returns what it used."""
    command = [sys.executable, "-m", "sources.woocommerce", *arguments]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"sources.woocommerce {arguments[0]} failed")
    return usage


def _report(orders: int, naive: float, first: Run, second: Run, memory: int) -> None:
    share = 100 * first.shop_seconds / first.seconds
    print(f"a shop of {orders:,} orders       seconds   requests    ours is")
    print(f"naive, page by page      {naive:>10,.0f}{orders // PAGE:>11,}{naive / first.seconds:>10.1f}×")
    print(f"first sync               {first.seconds:>10,.0f}{first.requests:>11,}{1:>10.1f}×")
    print(f"second, nothing new      {second.seconds:>10.1f}{second.requests:>11,}")
    print(
        f"first sync: {share:.0f} % of its time the shop was answering; {first.own_seconds:.0f} s of our own processor"
        f" time, at most {memory / 2**30:.2f} GB of memory. Second: {second.own_seconds:.1f} s."
    )


if __name__ == "__main__":
    main()
