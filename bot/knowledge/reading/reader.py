"""Reads a file in a sandboxed child process with a time limit."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.knowledge.reading.blocks import Unreadable
from bot.knowledge.reading.passages import Text
from warehouse.settings import ROOT

MAX_SECONDS = 300.0

_ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "PYTHONUTF8": "1"}


@dataclass(frozen=True)
class Reading:
    """`warnings`: reasons from `reasons` with their numbers."""

    media_type: str
    pages: int | None
    warnings: list[dict[str, Any]]
    passages: list[Text]


def read(
    content: bytes, progress: Callable[[float], None] = lambda share: None, seconds: float = MAX_SECONDS
) -> Reading:
    """Read a file. `progress` is called with the share that is done. Raises Unreadable, `too_slow` after `seconds`."""
    command = [sys.executable, "-m", "bot.knowledge.reading.child"]
    # Not the worker's environment, which contains passwords.
    environment = _ENVIRONMENT | {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as child:
        expired = threading.Event()
        watch = threading.Timer(seconds, _end, (child, expired))
        watch.start()
        try:
            answer = _answer(child, content, progress)
        finally:
            watch.cancel()
            child.kill()
    if answer is None:
        raise Unreadable("too_slow" if expired.is_set() or child.returncode == -signal.SIGXCPU else "damaged")
    if reason := answer.pop("reason", None):
        raise Unreadable(reason, **answer)
    return Reading(**answer | {"passages": [Text(**text) for text in answer["passages"]]})


def _end(child: subprocess.Popen[bytes], expired: threading.Event) -> None:
    expired.set()
    child.kill()


def _answer(child: subprocess.Popen[bytes], content: bytes, progress: Callable[[float], None]) -> dict[str, Any] | None:
    """The child's result; None if it died before."""
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        child.stdin.write(content)
        child.stdin.close()
    except BrokenPipeError:
        return None
    for line in child.stdout:
        try:
            message: dict[str, Any] = json.loads(line)
        except ValueError:
            return None
        if "progress" not in message:
            return message
        progress(float(message["progress"]))
    return None
