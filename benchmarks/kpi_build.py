"""Seconds of an incremental KPI build after 500 new messages, with a short and a long history of the same year.

`python -m benchmarks.kpi_build [--small]` makes a database for each history in the server that the settings name,
builds it whole, then lands news and builds again, in turns, so that both meet the same machine. The databases are
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

from warehouse import connection, migrate, transform
from warehouse.settings import COMPONENT_ROLES, Settings, get_settings

SQL = Path(__file__).parent / "sql"
AS_OF = datetime(2026, 1, 1, tzinfo=UTC)
EPISODES, MESSAGES = 4, 8  # of each customer, of each episode
ROUNDS = 3
GOAL = 2.0


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


def seconds_after_news(settings: Settings, number: int) -> float:
    """Seconds of the build that follows 500 new messages."""
    as_of = AS_OF + timedelta(hours=number)
    with connection.transaction("owner", settings) as landing, landing.cursor() as cursor:
        cursor.execute(connection.read_sql(SQL / "kpi_news.sql"), {"round": number, "as_of": as_of})
    return seconds_of_build(settings, as_of)


def seconds_of_build(settings: Settings, as_of: datetime) -> float:
    started = time.perf_counter()
    transform.build(as_of, settings)
    return time.perf_counter() - started


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="histories of 1,000 and 20,000 messages")
    sizes = (1_000, 20_000) if parser.parse_args().small else (10_000, 1_000_000)
    settings = get_settings()
    with (
        fresh_database(settings, "kabar_bench_short") as short,
        fresh_database(settings, "kabar_bench_long") as long,
    ):
        for own, size in zip((short, long), sizes, strict=True):
            land_history(own, size)
            print(f"{size:>9,} messages: first build {seconds_of_build(own, AS_OF):7.1f} s", flush=True)
        taken: dict[int, list[float]] = {size: [] for size in sizes}
        for number in range(1, ROUNDS + 1):
            for own, size in zip((short, long), sizes, strict=True):
                taken[size].append(seconds_after_news(own, number))
    middle = [statistics.median(taken[size]) for size in sizes]
    for size, seconds in zip(sizes, middle, strict=True):
        print(f"{size:>9,} messages: 500 new ones {seconds:7.2f} s  (median of {ROUNDS})")
    ratio = middle[1] / middle[0]
    print(f"the long history takes {ratio:.2f} times the short one's; goal: at most {GOAL:.0f}")
    return 0 if ratio <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
