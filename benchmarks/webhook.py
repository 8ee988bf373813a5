"""`python -m benchmarks.webhook`: requests a second and p99 of the webhook, beside the simpler ways to land a message.

One machine runs everything: the embedded Postgres, the server (granian, two processes of eight threads) and the load
(16 connections). The contenders take turns in rounds, so that a busy moment of the machine meets all of them.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

import psycopg2

from benchmarks import webhook_load
from benchmarks.webhook_load import Load
from warehouse import connection, embedded
from warehouse.settings import Settings

PUBLIC_URL = "https://kabar.example"
TOKEN = "not a secret: it signs the benchmark's own messages"  # noqa: S105
CONTENDERS = {
    "kabar": ("rsgi", "webhook.server:create_server", 2000),
    "pooled insert": ("wsgi", "benchmarks.webhook_baselines:create_pooled", 1200),
    "connect per request": ("wsgi", "benchmarks.webhook_baselines:create_connecting", 320),
    "flask no-op": ("wsgi", "benchmarks.webhook_baselines:create_noop", 4000),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often each contender takes its turn")
    rounds: int = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="kabar-bench-") as folder:
        Path(folder).chmod(0o711)
        os.environ.update(
            KABAR_STATE_DIR=folder, KABAR_PUBLIC_URL=PUBLIC_URL, TWILIO_AUTH_TOKEN=TOKEN, KABAR_DATABASE_URL=""
        )
        settings = Settings(_env_file=None)
        connection.url("webhook", settings)
        try:
            _report(_measure(settings, rounds), _single_commits(settings))
        finally:
            embedded.stop(settings)


def _measure(settings: Settings, rounds: int) -> dict[str, list[Load]]:
    loads: dict[str, list[Load]] = {name: [] for name in CONTENDERS}
    with ExitStack() as stack:
        ports = {
            name: stack.enter_context(_server(interface, target)) for name, (interface, target, _) in CONTENDERS.items()
        }
        for number in range(rounds + 1):
            for name, (*_, count) in CONTENDERS.items():
                load = webhook_load.run(ports[name], webhook_load.requests(count, PUBLIC_URL, TOKEN))
                if number:  # the first round warms up
                    loads[name].append(load)
    return loads


@contextmanager
def _server(interface: str, target: str) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable, "-m", "granian", "--interface", interface, "--factory", "--workers", "2",
        *(["--blocking-threads", "8"] if interface == "wsgi" else []), "--port", str(port), target,
    ]  # fmt: skip
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            _wait_for(port)
            yield port
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)


def _wait_for(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                time.sleep(3)  # the port opens before the workers have loaded the app
                return
        time.sleep(0.1)
    raise RuntimeError("a server did not start")


def _single_commits(settings: Settings) -> float:
    """Commits a second of one client that inserts a row at a time and does nothing else: what the disk allows one."""
    opened = psycopg2.connect(connection.url("webhook", settings))
    opened.autocommit = True
    insert = "insert into raw.twilio_statuses (message_sid, payload_hash, status, payload) values (%s, '', '', '{}')"
    count = 1000
    with opened.cursor() as cursor:
        started = time.perf_counter()
        for number in range(count):
            cursor.execute(insert, (str(number),))
        seconds = time.perf_counter() - started
    opened.close()
    return count / seconds


def _report(loads: dict[str, list[Load]], single_commits: float) -> None:
    rates = {name: median(load.rate for load in runs) for name, runs in loads.items()}
    print(f"{'':22}{'requests/s':>11}{'(range)':>15}{'p50 ms':>9}{'p99 ms':>9}{'kabar is':>10}")
    for name, runs in loads.items():
        middle, high = (1000 * median(load.percentile(share) for load in runs) for share in (0.5, 0.99))
        spread = f"{min(load.rate for load in runs):,.0f}–{max(load.rate for load in runs):,.0f}"
        times = f"{rates['kabar'] / rates[name]:.2f}×"
        print(f"{name:22}{rates[name]:>11,.0f}{spread:>15}{middle:>9.1f}{high:>9.1f}{times:>10}")
    print(f"one client committing single rows: {single_commits:,.0f} commits/s")


if __name__ == "__main__":
    main()
