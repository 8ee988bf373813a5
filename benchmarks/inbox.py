"""How long the inbox's pages take on the server, with a million messages of 100,000 customers landed.

`python -m benchmarks.inbox [--small]` makes a database of its own in the server that the settings name, lands the
messages through the same triggers as real ones, asks each page many times as somebody who signed in, and prints the
median and the 95th percentile. It also says what the index for searching costs when messages land. The database is
dropped at the end.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from flask.testing import FlaskClient
from pydantic import SecretStr

from benchmarks.kpi_build import fresh_database
from warehouse import connection
from warehouse.settings import Settings, get_settings
from webhook.accounts import users
from webhook.app import create_app

SQL = Path(__file__).parent / "sql"
A_BATCH = 20_000  # customers that land in one transaction
MESSAGES = 10  # of each customer
ROUNDS = 40
GOAL = 100.0  # milliseconds
PASSWORD = "only of this benchmark"  # noqa: S105
SEARCHES = (
    "jeruk",
    "kopi gayo",
    "kak",
    "pesanan sampai",
    "Siti",
    "nomor 77123",
    "+62811000077123",
    "0811000077",
    "#77123",
)


def land(settings: Settings, customers: int) -> None:
    """Messages, labels, orders and states of so many customers."""
    for first in range(0, customers, A_BATCH):
        with connection.transaction("owner", settings) as opened, opened.cursor() as cursor:
            values = {"first": first, "last": min(first + A_BATCH, customers) - 1, "messages": MESSAGES}
            cursor.execute(connection.read_sql(SQL / "inbox_history.sql"), values)
        print(f"{min(first + A_BATCH, customers) * MESSAGES:>9,} messages landed", flush=True)
    with connection.connect("owner", settings) as opened, opened.cursor() as cursor:
        opened.autocommit = True
        cursor.execute("vacuum (analyze)")


def signed_in(settings: Settings) -> FlaskClient:
    with connection.transaction("inbox", settings) as opened, opened.cursor() as cursor:
        users.add(cursor, "bench@shop.example", "Bench", "agent", PASSWORD)
    client = create_app(settings).test_client()
    form = {"email": "bench@shop.example", "password": PASSWORD, "csrf_token": _token(client, "/inbox/sign-in")}
    answer = client.post("/inbox/sign-in", data=form)
    assert answer.status_code == 303, answer.status_code
    return client


def search_address(client: FlaskClient, text: str) -> str:
    """The address that a search leads to."""
    form = {"text": text, "csrf_token": _token(client, "/inbox")}
    return client.post("/inbox/search", data=form).headers["Location"]


def measured(client: FlaskClient, address: Callable[[], str]) -> tuple[float, float]:
    """Median and 95th percentile of a page's milliseconds, without the first time."""
    client.get(address())
    taken = []
    for _ in range(ROUNDS):
        path = address()
        started = time.perf_counter()
        answer = client.get(path)
        taken.append((time.perf_counter() - started) * 1000)
        assert answer.status_code == 200, (path, answer.status_code)
    return statistics.median(taken), statistics.quantiles(taken, n=20)[-1]


def longest_thread(settings: Settings) -> int:
    """The conversation of the customer who wrote a thousand times as much."""
    with connection.connect("owner", settings) as opened, opened.cursor() as cursor:
        cursor.execute(connection.read_sql(SQL / "inbox_longest.sql"))
        row = cursor.fetchone()
    assert row
    return int(row[0])


def pages(client: FlaskClient, customers: int, longest: int) -> dict[str, Callable[[], str]]:
    """What is asked, by what it is called."""
    older = re.findall(r'href="([^"]+before=[^"]+)" rel="next"', client.get("/inbox").text)[0].replace("&amp;", "&")
    fixed = {
        "list": "/inbox",
        "list, next page": older,
        **{f"list, {name}": f"/inbox?{name}" for name in (
            "state=waiting", "state=agent", "state=bot", "state=closed", "issue=refund", "urgency=high",
            "language=en", "agent=me", "agent=nobody", "issue=refund&urgency=high&language=en&state=closed",
            "state=unanswered", "state=unhappy", "state=snoozed", "state=mentions", "channel=whatsapp", "channel=web",
            "since=2026-01-01&until=2026-01-02", "topic=1", "tag=vip",
        )},
        **{f"search, {text}": search_address(client, text) for text in SEARCHES},
    }  # fmt: skip
    asked: dict[str, Callable[[], str]] = {name: (lambda path=path: path) for name, path in fixed.items()}  # type: ignore[misc]
    asked["thread with list and card"] = lambda: f"/inbox/conversations/{random.randint(1, customers)}"
    asked["thread of 10,000 messages"] = lambda: f"/inbox/conversations/{longest}"
    asked["thread alone"] = lambda: f"/inbox/conversations/{random.randint(1, customers)}/thread"
    asked["card alone"] = lambda: f"/inbox/conversations/{random.randint(1, customers)}/card"
    return asked


def landing_cost(settings: Settings) -> tuple[float, float]:
    """Microseconds that a message takes to land, with the indexes for searching and without them; in turns."""
    taken: dict[bool, list[float]] = {True: [], False: []}
    for number in range(6):
        with_index = number % 2 == 0
        with connection.connect("owner", settings) as opened, opened.cursor() as cursor:
            if not with_index:
                cursor.execute("drop index raw.twilio_messages_words, raw.twilio_messages_newest")
            started = time.perf_counter()
            for batch in range(200):
                values = {"batch": number * 1000 + batch, "messages": 20}
                cursor.execute(connection.read_sql(SQL / "inbox_news.sql"), values)
            taken[with_index].append((time.perf_counter() - started) / (200 * 20) * 1e6)
            opened.rollback()
    return statistics.median(taken[True]), statistics.median(taken[False])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="20,000 messages of 2,000 customers")
    customers = 2_000 if parser.parse_args().small else 100_000
    with fresh_database(get_settings(), "kabar_bench_inbox") as own:
        key = SecretStr("only of this benchmark")
        settings = own.model_copy(update={"session_key": key, "hash_key": key})
        land(settings, customers)
        client = signed_in(settings)
        worst = 0.0
        for name, address in pages(client, customers, longest_thread(settings)).items():
            median, high = measured(client, address)
            worst = max(worst, high)
            print(f"{name:<60} p50 {median:6.1f} ms  p95 {high:6.1f} ms", flush=True)
        with_index, without = landing_cost(settings)
    print(f"a message lands in {with_index:.0f} µs, without the indexes for searching in {without:.0f} µs")
    print(f"the slowest page takes {worst:.0f} ms (p95); goal: under {GOAL:.0f}")
    return 0 if worst < GOAL else 1


def _token(client: FlaskClient, path: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found
    return found[1]


if __name__ == "__main__":
    sys.exit(main())
