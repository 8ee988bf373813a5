"""The demo's stand-in for Twilio beside `make up`: the bot and agents answer what is written on its page."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from honcho.environ import parse_procfile

from bot.deciding import rules
from dags.supervise import stand_in
from dags.supervise.up import _welcome
from demo import phone
from demo.senders import ACCOUNT_SID
from demo.shapes import SHOP
from demo.stage import leave_account, make_stage
from tests.support.people import PASSWORD, SESSION
from warehouse.connection import transaction
from warehouse.settings import ROOT, Settings
from webhook.accounts import users

NUMBER = "+6281299990001"
PATIENCE = 240  # seconds; only a failure waits so long


@dataclass
class Up:
    """What `make up` runs for chats: the web app, the worker and the stand-in."""

    environment: dict[str, str]
    settings: Settings

    @property
    def phone(self) -> str:
        return self.environment["TWILIO_API_BASE"]

    @property
    def web(self) -> str:
        return self.environment["KABAR_PUBLIC_URL"]

    def write(self, text: str, number: str = NUMBER) -> requests.Response:
        return requests.post(self.phone, data={"number": number, "text": text}, allow_redirects=False, timeout=60)

    def shows(self, number: str = NUMBER, language: str = "en", page: str = "/messages") -> str:
        headers = {"Accept-Language": language}
        return requests.get(f"{self.phone}{page}", params={"number": number}, headers=headers, timeout=60).text


@pytest.fixture(scope="module")
def up_settings(module_settings: Settings) -> Iterator[Settings]:
    """A deployment in which `make demo` has run, with a state folder of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KABAR_STATE_DIR", str(Path(os.environ["KABAR_STATE_DIR"]) / "phone"))
        patch.setenv("KABAR_WEB_PORT", str(free_port()))
        for name, value in SESSION.items():
            patch.setenv(name, value)
        settings = Settings(_env_file=None)
        leave_account(make_stage(settings, "http://127.0.0.1:9"))
        yield settings


@pytest.fixture(scope="module")
def up(up_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    environment = {**os.environ, **stand_in.variables(up_settings), "OMP_NUM_THREADS": "1"}
    environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), environment["PATH"]])
    procfile = parse_procfile((ROOT / "Procfile").read_text()).processes
    with transaction("owner", up_settings) as connection, connection.cursor() as cursor:
        cursor.execute("insert into app.store_options (store_id, pause_seconds) values ('default', 0)")
        cursor.execute("insert into app.business_hours select 'default', day, '00:00', '00:00'"
                       " from generate_series(1, 7) as day")  # fmt: skip
        rules.seed(cursor, "default")
    folder = tmp_path_factory.mktemp("logs")
    with ExitStack() as processes:
        for name, command in {**procfile, "phone": stand_in.COMMAND}.items():
            if name in ("webhook", "bot", "phone"):
                processes.enter_context(running(command, environment, folder / name))
        made = Up(environment, up_settings)
        until(lambda: answers(f"{made.web}/health/ready") and answers(made.phone), folder)
        yield made


@contextmanager
def running(command: str, environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        process = subprocess.Popen(["/bin/sh", "-c", command], env=environment, cwd=ROOT, stdout=output, stderr=output)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=5).ok
    except requests.RequestException:
        return False


def until(happened: Callable[[], Any], folder: Path | None = None) -> None:
    end = time.monotonic() + PATIENCE
    while not happened():
        logs = "".join(path.read_text()[-2000:] for path in folder.iterdir()) if folder else ""
        assert time.monotonic() < end, logs
        time.sleep(0.2)


def test_a_message_is_answered_by_the_bot_and_then_by_an_agent(up: Up) -> None:
    assert "No messages yet" in up.shows()
    written = up.write("jam buka?")
    assert (written.status_code, written.headers["Location"]) == (303, "/?number=%2B6281299990001")
    until(lambda: "Jam layanan" in up.shows())
    until(lambda: "delivered" in up.shows())
    assert ", diterima" in up.shows(language="id")

    agent = Agent(up)
    agent.act("take-over")
    agent.act("reply", text="Halo kak, saya Sari <3", token="0" * 32)
    until(lambda: "Halo kak, saya Sari &lt;3" in up.shows())
    up.write("makasih")
    until(lambda: "makasih" in agent.page())
    assert "Jam layanan" not in up.shows("+6281299990002"), "others see nothing of it"


def test_after_a_restart_the_customer_can_still_be_answered(up: Up) -> None:
    until(lambda: up.write("jam buka?", "+6281299990003").status_code == 303)
    until(lambda: "Jam layanan" in up.shows("+6281299990003"))
    settings = Settings(_env_file=None, **up.environment)  # type: ignore[arg-type]
    again = phone.make(settings)
    again.port = 0
    with again:
        question, answer = again.messages("+6281299990003")
        assert (question["body"], answer["direction"]) == ("jam buka?", "outbound-api")
        sid = again.take("whatsapp:+6281299990003", "Masih di sini, kak.", SHOP)
        assert next(each for each in again.sent if each["sid"] == sid)["status"] == "delivered"


def test_the_page_names_what_is_wrong_and_writes_nothing(up: Up) -> None:
    for number, text in (("08123", "halo"), ("", "halo"), ("+6281299990004", "  "), ("<b>", "halo")):
        answer = up.write(text, number)
        assert (answer.status_code, "Enter a phone number such as" in answer.text) == (400, True)
        assert "<b>" not in answer.text
    assert "No messages yet" in up.shows("+6281299990004")


@pytest.mark.parametrize(
    ("language", "title", "empty", "fault"),
    [
        ("id-ID,id;q=0.9,en;q=0.5", "Tulis sebagai pelanggan", "Belum ada pesan", "Isi nomor telepon"),
        ("en-GB,en;q=0.9", "Write as a customer", "No messages yet", "Enter a phone number"),
        ("fr", "Write as a customer", "No messages yet", "Enter a phone number"),
    ],
)
def test_its_page_is_in_the_browsers_language(up: Up, language: str, title: str, empty: str, fault: str) -> None:
    page = up.shows("+6281299990006", language, "/")
    assert f"<h1>{title}</h1>" in page
    assert empty in page
    headers = {"Accept-Language": language}
    assert fault in requests.post(up.phone, data={"number": "08", "text": "halo"}, headers=headers, timeout=60).text


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Host": "evil.example"}])
def test_pages_of_other_sites_can_neither_write_nor_read(up: Up, headers: dict[str, str]) -> None:
    form = {"number": "+6281299990005", "text": "halo"}
    assert requests.post(up.phone, data=form, headers=headers, timeout=60).status_code == 403
    assert requests.get(up.phone, headers=headers, timeout=60).status_code == 403
    assert "No messages yet" in up.shows("+6281299990005")
    assert requests.get(up.phone, timeout=60).headers["X-Frame-Options"] == "DENY"


def test_its_address_is_in_what_up_prints(up_settings: Settings) -> None:
    assert "http://127.0.0.1:9999" in _welcome(up_settings, "http://127.0.0.1:9999")
    assert "customer" not in _welcome(up_settings, None)


@pytest.mark.parametrize(
    "configured", [{"twilio_account_sid": "AC1"}, {"twilio_auth_token": "t"}, {"twilio_api_base": "http://x"}]
)
def test_it_does_not_run_beside_an_account_of_ones_own(up_settings: Settings, configured: dict[str, str]) -> None:
    assert stand_in.variables(up_settings)["TWILIO_ACCOUNT_SID"] == ACCOUNT_SID
    assert stand_in.variables(up_settings.model_copy(update=configured)) == {}


def test_without_the_demo_it_does_not_run(up_settings: Settings) -> None:
    assert up_settings.state_dir is not None
    elsewhere = up_settings.state_dir.with_name("never-demonstrated")
    assert stand_in.variables(up_settings.model_copy(update={"state_dir": elsewhere})) == {}


def test_the_account_is_left_for_its_owner_only(up_settings: Settings) -> None:
    assert up_settings.state_dir is not None
    left = up_settings.state_dir / "demo" / "twilio.json"
    assert left.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "changed", [{"twilio_account_sid": "AC1"}, {"twilio_api_base": "https://api.twilio.com"}, {"twilio_api_base": None}]
)
def test_it_refuses_an_account_that_is_not_the_demos(up_settings: Settings, changed: dict[str, Any]) -> None:
    own = {"twilio_account_sid": ACCOUNT_SID, "twilio_api_base": "http://127.0.0.1:9999"}
    with pytest.raises(phone.NotTheDemos):
        phone.make(up_settings.model_copy(update=own | changed))


class Agent:
    """An agent at the inbox, over HTTP."""

    def __init__(self, up: Up) -> None:
        self._http, self._inbox = requests.Session(), f"{up.web}/inbox"
        with transaction("inbox", up.settings) as opened, opened.cursor() as cursor:
            users.add(cursor, "sari@shop.example", "Sari", "agent", PASSWORD)
        with transaction("owner", up.settings) as opened, opened.cursor() as cursor:
            address = f"whatsapp:{NUMBER}"
            cursor.execute("select conversation_id from app.conversations where address = %s", (address,))
            [(self._id,)] = cursor.fetchall()
        self._token = ""
        self._seen(self._http.get(f"{self._inbox}/sign-in", timeout=60))
        self._post(f"{self._inbox}/sign-in", email="sari@shop.example", password=PASSWORD)

    def page(self) -> str:
        return self._seen(self._http.get(f"{self._inbox}/conversations/{self._id}", timeout=60)).text

    def act(self, action: str, **form: str) -> None:
        self.page()
        self._post(f"{self._inbox}/conversations/{self._id}/{action}", **form)

    def _post(self, address: str, **form: str) -> None:
        answer = self._seen(self._http.post(address, data={"csrf_token": self._token, **form}, timeout=60))
        assert answer.ok, answer.text

    def _seen(self, answer: requests.Response) -> requests.Response:
        if found := re.search(r'name="csrf_token" value="([^"]+)"', answer.text):
            self._token = found[1]
        return answer
