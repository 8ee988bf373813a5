"""`make up`, whole: a signed message becomes a KPI without anyone asking, and Ctrl-C leaves nothing running."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg2
import pytest
import requests

from demo.signing import sign_twilio
from tests.support.airflow import put_constant_model_in_use
from warehouse.connection import connect, url
from warehouse.settings import ROOT, Settings, variable_names

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(not os.environ.get("KABAR_SOAK"), reason="starts all of Airflow, for minutes: KABAR_SOAK=1"),
]

TOKEN = "a token for tests"
FROM_LANDING_TO_KPI = 120  # seconds, what `make up` promises
VOLUME = """
    select coalesce(sum(numerator), 0) from marts.kpi_daily where metric = 'message_volume' and dimension = 'all'
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A deployment of its own with an embedded server; what it leaves running is stopped."""
    state = Path(os.environ["KABAR_STATE_DIR"]) / "up"
    web_port = free_port()
    own = {
        "KABAR_STATE_DIR": str(state),
        "KABAR_WEB_PORT": str(web_port),
        "KABAR_AIRFLOW_PORT": str(free_port()),
        "KABAR_PUBLIC_URL": f"http://127.0.0.1:{web_port}",
        "TWILIO_AUTH_TOKEN": TOKEN,
    }
    inherited = {name: value for name, value in os.environ.items() if name not in {*variable_names(), "AIRFLOW_HOME"}}
    yield {**inherited, **own}
    subprocess.run([sys.executable, "-m", "dags.supervise.down"], cwd=ROOT, env={**inherited, **own}, check=True)


def seconds_until(happened: Callable[[], bool], patience: float, up: subprocess.Popen[bytes], log: Path) -> float:
    start = time.monotonic()
    while not happened():
        assert up.poll() is None, log.read_text()[-4000:]
        assert time.monotonic() - start < patience, log.read_text()[-4000:]
        time.sleep(0.5)
    return time.monotonic() - start


def answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=5).ok
    except requests.RequestException:
        return False


def airflow_is_healthy(address: str) -> bool:
    try:
        health = requests.get(f"{address}/api/v2/monitor/health", timeout=5).json()
    except (requests.RequestException, ValueError):
        return False
    return all(part["status"] == "healthy" for part in health.values())


def runs(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE and process.name() != "postgres"
    return False


def send_signed_message(public_url: str) -> None:
    form = {
        "MessageSid": f"SM{'1' * 32}",
        "From": "whatsapp:+6281234567890",
        "To": "whatsapp:+14155238886",
        "Body": "halo",
    }
    address = f"{public_url}/webhooks/twilio/messages"
    response = requests.post(address, data=form, headers=sign_twilio(address, form, TOKEN), timeout=10)
    assert response.status_code == 200, response.text


def test_a_signed_message_becomes_a_kpi_and_an_interrupt_leaves_nothing_running(
    surroundings: dict[str, str], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    settings = Settings(_env_file=None, KABAR_STATE_DIR=surroundings["KABAR_STATE_DIR"])  # type: ignore[call-arg]
    url("owner", settings)
    put_constant_model_in_use(settings)
    log = tmp_path / "up.log"

    def volume() -> int:
        try:
            with connect("reader", settings) as connection, connection.cursor() as cursor:
                cursor.execute(VOLUME)
                row = cursor.fetchone()
        except psycopg2.errors.UndefinedTable:
            return 0
        return int(row[0]) if row else 0

    with log.open("wb") as output:
        up = subprocess.Popen(
            [sys.executable, "-m", "dags.supervise.up"], cwd=ROOT, env=surroundings, stdout=output, stderr=output
        )
    try:
        airflow = f"http://127.0.0.1:{surroundings['KABAR_AIRFLOW_PORT']}"
        ready = f"{surroundings['KABAR_PUBLIC_URL']}/health/ready"
        started = seconds_until(lambda: answers(ready) and airflow_is_healthy(airflow), 300, up, log)
        send_signed_message(surroundings["KABAR_PUBLIC_URL"])
        landed = seconds_until(lambda: volume() == 1, FROM_LANDING_TO_KPI, up, log)
        processes = psutil.Process(up.pid).children(recursive=True)
        start = time.monotonic()
        up.send_signal(signal.SIGINT)
        assert up.wait(60) == 0, log.read_text()[-4000:]
        stopped = time.monotonic() - start
    finally:
        up.terminate()
        up.wait(60)
    assert [process for process in processes if runs(process)] == []
    assert len(processes) > 10
    print(f"up after {started:.0f} s, from landing to KPI {landed:.0f} s, stopped after {stopped:.0f} s")
    record_property("landing_to_kpi_seconds", round(landed))
