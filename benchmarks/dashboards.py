"""How long the built-in dashboards take on the server, with a million messages and a shop of 100,000 orders.

`python -m benchmarks.dashboards [--small]` makes a database of its own in the server that the settings name, lands a
year of both, builds the KPIs, lands some messages of today, and asks for each dashboard many times as somebody who
signed in: the last 30 days, a year, and the fragment that open pages ask for. It prints the median and the 95th
percentile. The database is dropped at the end.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from datetime import UTC, datetime

from flask.testing import FlaskClient
from pydantic import SecretStr

from benchmarks.inbox import signed_in
from benchmarks.kpi_build import AS_OF, SQL, fresh_database, land_history, seconds_of_build
from dashboards import definition
from warehouse import connection
from warehouse.settings import Settings, get_settings

ROUNDS = 20
GOAL = 300.0  # milliseconds
YEAR = "?from=2025-01-02&to=2026-01-01"


def land(settings: Settings, messages: int, orders: int) -> None:
    """A year of conversations and orders, built, and 500 messages of the last hour."""
    land_history(settings, messages)
    with connection.transaction("owner", settings) as opened, opened.cursor() as cursor:
        cursor.execute(connection.read_sql(SQL / "dashboards_shop.sql"), {"orders": orders})
    print(f"{messages:>9,} messages and {orders:,} orders landed", flush=True)
    print(f"KPIs built in {seconds_of_build(settings, AS_OF):.0f} s", flush=True)
    with connection.transaction("owner", settings) as opened, opened.cursor() as cursor:
        cursor.execute(
            connection.read_sql(SQL / "kpi_news.sql"),
            {"round": 0, "as_of": datetime.now(UTC), "customers": 50, "messages": 10},
        )
    with connection.connect("owner", settings) as opened, opened.cursor() as cursor:
        opened.autocommit = True
        cursor.execute("vacuum (analyze)")


def measured(client: FlaskClient, address: str) -> tuple[float, float]:
    """Median and 95th percentile of a page's milliseconds, without the first time."""
    client.get(address, follow_redirects=True)
    taken = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        answer = client.get(address, follow_redirects=True)
        taken.append((time.perf_counter() - started) * 1000)
        assert answer.status_code == 200, (address, answer.status_code)
    return statistics.median(taken), statistics.quantiles(taken, n=20)[-1]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="20,000 messages and 2,000 orders")
    messages, orders = (20_000, 2_000) if parser.parse_args().small else (1_000_000, 100_000)
    with fresh_database(get_settings(), "kabar_bench_dashboards") as own:
        key = SecretStr("only of this benchmark")
        settings = own.model_copy(update={"session_key": key, "hash_key": key})
        land(settings, messages, orders)
        client = signed_in(settings)
        names = [dashboard.name for dashboard in definition.load_all()]
        pages = [f"/dashboards/{name}" for name in names] + ["/dashboards/now?store=default"]
        worst = 0.0
        for path in pages:
            median, high = measured(client, path)
            worst = max(worst, high)
            print(f"{path:<45} p50 {median:6.1f} ms  p95 {high:6.1f} ms", flush=True)
        for name in names:
            median, high = measured(client, f"/dashboards/{name}{YEAR}")
            print(f"{name + ', a whole year':<45} p50 {median:6.1f} ms  p95 {high:6.1f} ms", flush=True)
    print(f"the slowest page of 30 days takes {worst:.0f} ms (p95); goal: under {GOAL:.0f}")
    return 0 if worst < GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
