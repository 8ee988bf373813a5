"""What got a 200 is there exactly once, whatever happened to Postgres, to the order and to the number of tries; and
once Twilio's record is loaded, the KPIs are those of a calm day."""

from __future__ import annotations

import os
import random
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from demo.twilio import TwilioStandIn
from sources import twilio
from tests.dbt import deliveries
from tests.dbt.deliveries import ACCOUNT, PUBLIC_URL, SECRET, TOKEN, Delivery
from tests.support.database import TEST_HASH_KEY
from tests.support.senders import Delivery as Request
from warehouse import connection, embedded
from warehouse.settings import Settings
from webhook.app import create_app

# About ten events a customer, most of them a delivery or two.
CUSTOMERS = 520 if os.environ.get("KABAR_SOAK") == "1" else 52
KILLS = 3
START = datetime(2026, 3, 24, 9, tzinfo=UTC)
LOADED_UNTIL = START + timedelta(days=60)
AS_OF = START + timedelta(days=30)
EVENTS = deliveries.happened(CUSTOMERS, START)
SECRETS = {
    "KABAR_PUBLIC_URL": PUBLIC_URL,
    "KABAR_EVENTS_SECRET": SECRET,
    "TWILIO_ACCOUNT_SID": ACCOUNT,
    "TWILIO_AUTH_TOKEN": TOKEN,
}


@pytest.fixture
def twilio_url() -> Iterator[str]:
    with TwilioStandIn(ACCOUNT, TOKEN) as stand_in:
        stand_in.put(deliveries.records(EVENTS))
        yield stand_in.url


@pytest.fixture
def own_server(monkeypatch: pytest.MonkeyPatch, twilio_url: str) -> Iterator[Settings]:
    """An embedded Postgres that nobody else uses, so that it can be killed."""
    folder = tempfile.mkdtemp(prefix="kabar-chaos-")
    Path(folder).chmod(0o711)
    for name, value in (SECRETS | {"KABAR_STATE_DIR": folder, "KABAR_HASH_KEY": TEST_HASH_KEY}).items():
        monkeypatch.setenv(name, value)
    settings = Settings(_env_file=None, TWILIO_API_BASE=twilio_url)
    connection.url("owner", settings)
    yield settings
    embedded.stop(settings)
    shutil.rmtree(folder, ignore_errors=True)


def kill_and_start(settings: Settings) -> None:
    pid = int((embedded.data_dir(settings) / "postmaster.pid").read_text().split("\n")[0])
    os.kill(pid, signal.SIGKILL)
    time.sleep(1)
    embedded.start(settings)


def send_in_a_storm(requests: list[Request], live: Any, settings: Settings) -> int:
    """Each request one to three times, shuffled, 16 at once, while Postgres is killed; whatever got no 200 is sent
    again. Returns how many tries were refused."""
    chance = random.Random(20261122)
    tries = [request for request in requests for _ in range(chance.randint(1, 3))]
    chance.shuffle(tries)
    answered = threading.Semaphore(0)
    refused: list[int] = []

    def send_until_taken(request: Request) -> None:
        deadline = time.monotonic() + 120
        while True:
            status, answer = live.send(request)
            if status == 200:
                answered.release()
                return
            assert status == 503, answer
            refused.append(status)
            assert time.monotonic() < deadline, "Postgres is back, and the webhook still says 503"
            time.sleep(0.2)

    with ThreadPoolExecutor(16) as pool:
        sending = [pool.submit(send_until_taken, one) for one in tries]
        for _ in range(KILLS):
            for _ in range(len(tries) // (KILLS + 1)):
                assert answered.acquire(timeout=150), "nothing gets through any more"
            kill_and_start(settings)
        for one in sending:
            one.result()
    return len(refused)


def landed(settings: Settings) -> dict[str, list[Any]]:
    """What lies in raw: the keys of each table, and how many conflicts there are."""
    keys = {
        "twilio_messages": "message_sid",
        "twilio_statuses": "(message_sid, status)::text",
        "chatbot_events": "event_id",
        "conflicts": "id",
    }
    with connection.connect("owner", settings) as opened, opened.cursor() as cursor:
        found = {}
        for table, key in keys.items():
            cursor.execute(f"select {key} from raw.{table} order by 1")
            found[table] = [row[0] for row in cursor]
        return found


def load_and_build(settings: Settings, told: list[Delivery]) -> dict[str, list[str]]:
    deliveries.open_model(settings)
    for delivery in told:
        deliveries.tell(delivery, settings)
    twilio.load(START, LOADED_UNTIL, settings)
    return deliveries.built(settings, AS_OF)


@pytest.mark.soak
def test_a_storm_loses_nothing_doubles_nothing_and_changes_no_kpi(
    own_server: Settings, settings: Settings, twilio_url: str, serve: Any
) -> None:
    calm = settings.model_copy(update={"twilio_api_base": twilio_url})
    made = deliveries.deliveries(sorted(EVENTS, key=lambda event: event.at))
    requests = [Request(*request) for request in map(deliveries.request_of, made) if request]
    told = [delivery for delivery in made if deliveries.request_of(delivery) is None]

    client = create_app(calm).test_client()
    for request in requests:
        assert client.post(request.path, data=request.body, headers=request.headers).status_code == 200
    expected_rows = landed(calm)
    assert not expected_rows["conflicts"]
    assert len(expected_rows["twilio_messages"]) + len(expected_rows["chatbot_events"]) > CUSTOMERS
    expected = load_and_build(calm, told)
    assert all(expected.values())

    with serve({"KABAR_DATABASE_URL": "", "KABAR_STATE_DIR": str(own_server.state_dir)}) as live:
        refused = send_in_a_storm(requests, live, own_server)
    assert refused, "no delivery met a dead database: nothing was tested"
    assert landed(own_server) == expected_rows
    assert load_and_build(own_server, told) == expected
