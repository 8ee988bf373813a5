"""Seconds of an incremental KPI build after 500 new messages, with a short and a long history of the same year, and
with the short one beside a shop's orders: after one new message, and after one order changed.

`python -m benchmarks.kpi_build [--small]` makes a database for each history in the server that the settings name,
builds it whole, then lands news and builds again, in turns, so that all meet the same machine. The databases are
dropped at the end.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql

from pipeline import transform
from warehouse import connection, migrate
from warehouse.settings import COMPONENT_ROLES, Settings, get_settings

SQL = Path(__file__).parent / "sql"
AS_OF = datetime(2026, 1, 1, tzinfo=UTC)
EPISODES, MESSAGES = 4, 8  # of each customer, of each episode
ROUNDS = 3
# Seconds. A message is to be in the KPIs after 45; finding it, scoring and validation take about 15 of them.
GOAL_LONG, GOAL_SHOP = 30, 8


@contextmanager
def fresh_database(settings: Settings, name: str) -> Iterator[Settings]:
    """The settings of a migrated, empty database of this name, dropped at the end."""
    owner = connection.url("owner", settings)
    _administer(owner, sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
    _administer(owner, sql.SQL("create database {}").format(sql.Identifier(name)))
    url = urlunsplit(urlsplit(owner)._replace(path=f"/{name}"))
    passwords = {f"{role}_password": connection.role_password(role, settings) for role in COMPONENT_ROLES}
    own = Settings.model_validate(settings.model_dump() | {"database_url": url} | passwords)
    migrate.migrate(url, lambda role: connection.role_password(role, settings))
    try:
        yield own
    finally:
        _administer(owner, sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def _administer(owner_url: str, statement: sql.Composed) -> None:
    administrator = psycopg2.connect(owner_url)
    administrator.autocommit = True
    with administrator.cursor() as cursor:
        cursor.execute(statement)
    administrator.close()


def land_history(settings: Settings, messages: int) -> None:
    size = {"customers": messages // (EPISODES * MESSAGES), "episodes": EPISODES, "messages": MESSAGES}
    with connection.transaction("owner", settings) as landing, landing.cursor() as cursor:
        cursor.execute(connection.read_sql(SQL / "kpi_history.sql"), size)
    with connection.connect("owner", settings) as landing, landing.cursor() as cursor:
        landing.autocommit = True
        cursor.execute("vacuum (analyze)")


def seconds_after_news(settings: Settings, number: int, customers: int = 50, messages: int = 10) -> float:
    """Seconds of the build that follows new messages, so many of each customer."""
    as_of = AS_OF + timedelta(hours=number)
    values = {"round": number, "as_of": as_of, "customers": customers, "messages": messages}
    with connection.transaction("owner", settings) as landing, landing.cursor() as cursor:
        cursor.execute(connection.read_sql(SQL / "kpi_news.sql"), values)
    return seconds_of_build(settings, as_of)


def seconds_of_build(settings: Settings, as_of: datetime) -> float:
    started = time.perf_counter()
    transform.build(as_of, settings)
    return time.perf_counter() - started


def land_shop(settings: Settings, orders: int) -> None:
    with connection.transaction("owner", settings) as landing, landing.cursor() as cursor:
        cursor.execute(connection.read_sql(SQL / "dashboards_shop.sql"), {"orders": orders})


def seconds_after_order(settings: Settings, number: int) -> float:
    """Seconds of the build that follows the change of one order."""
    with connection.transaction("owner", settings) as landing, landing.cursor() as cursor:
        cursor.execute(connection.read_sql(SQL / "kpi_order.sql"))
    return seconds_of_build(settings, AS_OF + timedelta(hours=number))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="histories of 1,000 and 20,000 messages, 2,000 orders")
    small, large, orders = (1_000, 20_000, 2_000) if parser.parse_args().small else (10_000, 1_000_000, 100_000)
    settings = get_settings()
    with (
        fresh_database(settings, "kabar_bench_short") as short,
        fresh_database(settings, "kabar_bench_long") as long,
        fresh_database(settings, "kabar_bench_shop") as shop,
    ):
        named = {f"{small:,} messages": short, f"{large:,} messages": long, f"{orders:,} orders": shop}
        for own, messages in ((short, small), (long, large), (shop, small)):
            land_history(own, messages)
        land_shop(shop, orders)
        for name, own in named.items():
            print(f"{name:>18}: first build {seconds_of_build(own, AS_OF):7.1f} s", flush=True)
        rounds = range(1, ROUNDS + 1)
        news = [[seconds_after_news(own, number) for own in (short, long)] for number in rounds]
        # The first of a shop's builds takes up what fell due since the last one.
        one = [seconds_after_news(shop, number, customers=1, messages=1) for number in range(ROUNDS + 1)][1:]
        changes = [seconds_after_order(shop, ROUNDS + number) for number in rounds]
    after_short, after_long = (statistics.median(taken) for taken in zip(*news, strict=True))
    after_one = statistics.median(one)
    print(f"median of {ROUNDS} builds:")
    print(f"{small:>11,} messages: 500 new messages {after_short:7.2f} s")
    print(f"{large:>11,} messages: 500 new messages {after_long:7.2f} s; goal: at most {GOAL_LONG}")
    print(f"{orders:>13,} orders: one new message {after_one:7.2f} s; goal: at most {GOAL_SHOP}")
    print(f"{orders:>13,} orders: one changed order {statistics.median(changes):6.2f} s")
    return 0 if after_long <= GOAL_LONG and after_one <= GOAL_SHOP else 1


if __name__ == "__main__":
    sys.exit(main())
