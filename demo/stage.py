"""The environment of the demo: its settings, its folder, and the processes that it starts and stops."""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import requests

from demo.delivery import Receiver
from demo.senders import ACCOUNT_SID
from demo.shop import LENGTH
from warehouse.settings import ROOT, Settings
from warehouse.state import generated_secret, make_state_dir

PUBLIC_URL = "https://kabar.selasar.example"
START_SECONDS = 60


class Failed(RuntimeError):
    """A step of the demo failed. The message says which, and where its log is."""


@dataclass(frozen=True)
class Stage:
    """`settings` are the deployment's with the demo's Twilio; `variables` are the same for the processes that the demo
    starts; `folder` has the logs, the picture, and the start of the story."""

    settings: Settings
    variables: dict[str, str]
    folder: Path
    receiver: Receiver

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, **self.variables}


def make_stage(plain: Settings, twilio_url: str) -> Stage:
    """The stage for a deployment's settings, with secrets that the demo generates for itself."""
    folder = make_state_dir(plain) / "demo"
    folder.mkdir(exist_ok=True)
    token = generated_secret(plain, "demo_twilio_token")[:32]
    secret = base64.b64encode(bytes.fromhex(generated_secret(plain, "demo_events_secret"))).decode()
    port = _free_port()
    variables = {
        "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "TWILIO_AUTH_TOKEN": token,
        "TWILIO_API_BASE": twilio_url,
        "KABAR_ALLOW_PRIVATE_ADDRESSES": "true",
        "KABAR_PUBLIC_URL": PUBLIC_URL,
        "KABAR_EVENTS_SECRET": f"whsec_{secret}",
        "KABAR_WEB_HOST": "127.0.0.1",
        "KABAR_WEB_PORT": str(port),
    }
    receiver = Receiver(f"http://127.0.0.1:{port}", PUBLIC_URL, token, variables["KABAR_EVENTS_SECRET"])
    return Stage(Settings(**variables), variables, folder, receiver)  # type: ignore[arg-type]


def leave_account(stage: Stage) -> None:
    """Leave the demo's account to `make up`, which then runs the stand-in too (dags/supervise/stand_in.py)."""
    path = stage.folder / "twilio.json"
    path.touch(mode=0o600)
    path.write_text(json.dumps({name: stage.variables[name] for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN")}))


def twilio_token(plain: Settings) -> str:
    return generated_secret(plain, "demo_twilio_token")[:32]


def began(folder: Path, now: datetime) -> datetime:
    """The start of the story: two months before the first run with this state folder."""
    path = folder / "story.json"
    if not path.exists():
        path.write_text(json.dumps({"began": (now - LENGTH).astimezone(UTC).isoformat()}))
    return datetime.fromisoformat(json.loads(path.read_text())["began"])


@contextmanager
def webhook(stage: Stage) -> Iterator[None]:
    """Run the real web app during a `with` block. Raises Failed."""
    with _background(stage, "webhook", ["webhook"]) as (process, log):
        _await(f"{stage.receiver.url}/health/ready", process, log)
        yield


@contextmanager
def bot(stage: Stage) -> Iterator[None]:
    """Run the bot's real worker during a `with` block. It may still be starting when the block begins."""
    with _background(stage, "bot", ["bot", "worker"]):
        yield


@contextmanager
def _background(stage: Stage, name: str, arguments: list[str]) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """Run `python -m …` with its own log during a `with` block, and terminate it at the end."""
    log = stage.folder / f"{name}.log"
    with open(log, "w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments], cwd=ROOT, env=stage.environment, stdout=output, stderr=output
        )
    try:
        yield process, log
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def run(stage: Stage, name: str, arguments: list[str], says: Callable[[str], None]) -> list[str]:
    """Run `python -m …` to its end and return its lines. `says` is called with each line. Raises Failed."""
    log = stage.folder / f"{name}.log"
    lines: list[str] = []
    with open(log, "w", buffering=1) as output, _program(stage, arguments) as process:
        assert process.stdout is not None
        for line in process.stdout:
            output.write(line)
            lines.append(line.rstrip())
            says(line.strip())
        status = process.wait()
    if status:
        last = "\n".join(lines[-8:])
        raise Failed(f"python -m {' '.join(arguments)} failed; its whole log is in {log}\n{last}")
    return lines


@contextmanager
def _program(stage: Stage, arguments: list[str]) -> Iterator[subprocess.Popen[str]]:
    """Run a process that does not outlive the `with` block."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", *arguments],
        cwd=ROOT, env=stage.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def _await(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            if requests.get(url, timeout=2).status_code == 200:
                return
        except requests.RequestException:
            pass
        time.sleep(0.1)
    raise Failed(f"the web app did not start; its log is in {log}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
