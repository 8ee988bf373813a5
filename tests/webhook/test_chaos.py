"""What got a 200 is there exactly once, whatever happened to Postgres, to the order and to the number of tries."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from warehouse import connection, embedded
from warehouse.settings import Settings

COUNT = 5_000 if os.environ.get("KABAR_SOAK") == "1" else 500
KILLS = 3


@pytest.fixture
def own_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """An embedded Postgres that nobody else uses, so that it can be killed."""
    folder = tempfile.mkdtemp(prefix="kabar-chaos-")
    Path(folder).chmod(0o711)
    monkeypatch.setenv("KABAR_STATE_DIR", folder)
    settings = Settings(_env_file=None)
    connection.url("owner", settings)
    yield settings
    embedded.stop(settings)
    shutil.rmtree(folder, ignore_errors=True)


def kill_and_start(settings: Settings) -> None:
    """Kill Postgres with -9 and start it again; what the dead one left takes a moment to go."""
    pid = int((embedded.data_dir(settings) / "postmaster.pid").read_text().split("\n")[0])
    os.kill(pid, signal.SIGKILL)
    time.sleep(1)
    for _ in range(30):
        try:
            embedded.start(settings)
            return
        except (RuntimeError, psycopg2.OperationalError):
            time.sleep(0.5)
    raise AssertionError("Postgres did not start again")


def deliveries(senders: Any) -> list[tuple[str, list[str], Any]]:
    """Each with the table that it lands in and the keys that it brings there."""
    made: list[tuple[str, list[str], Any]] = []
    for number in range(COUNT):
        sid = f"SM{number:032d}"
        if number % 10 < 6:
            made.append(("twilio_messages", [sid], senders.message(MessageSid=sid, Body=f"pesan {number}")))
        elif number % 10 < 8:
            made.append(("twilio_statuses", [sid], senders.status(sid, "delivered")))
        else:
            keys = [f"{sid}-{part}" for part in range(number % 5 + 1)]
            made.append(("chatbot_events", keys, senders.events([senders.event(event_id=key) for key in keys])))
    return made


@pytest.mark.soak
def test_every_delivery_that_got_a_200_is_there_exactly_once(own_server, senders, serve):
    made = deliveries(senders)
    chance = random.Random(20261122)
    tries = [number for number in range(COUNT) for _ in range(chance.randint(1, 3))]
    chance.shuffle(tries)
    answered = threading.Semaphore(0)
    refused: list[int] = []

    def send_until_taken(live: Any, number: int) -> None:
        deadline = time.monotonic() + 120
        while True:
            status, answer = live.send(made[number][2])
            if status == 200:
                answered.release()
                return
            assert status == 503, answer
            refused.append(number)
            assert time.monotonic() < deadline, "Postgres is back, and the webhook still says 503"
            time.sleep(0.2)

    with serve(senders.environment) as live, ThreadPoolExecutor(16) as pool:
        sending = [pool.submit(send_until_taken, live, number) for number in tries]
        for _ in range(KILLS):
            for _ in range(len(tries) // (KILLS + 1)):
                answered.acquire()
            kill_and_start(own_server)
        for one in sending:
            one.result()

    assert refused, "no delivery met a dead database: nothing was tested"
    with connection.connect("owner", own_server) as opened, opened.cursor() as cursor:
        for table, key in (
            ("twilio_messages", "message_sid"),
            ("twilio_statuses", "message_sid"),
            ("chatbot_events", "event_id"),
        ):
            cursor.execute(f"select {key}, payload from raw.{table} order by 1")
            landed = cursor.fetchall()
            expected = sorted(key for where, keys, _ in made if where == table for key in keys)
            assert [row[0] for row in landed] == expected
            assert all(key in json.dumps(payload) for key, payload in landed)
        cursor.execute("select count(*) from raw.conflicts")
        assert cursor.fetchone() == (0,)
