"""Reads a file in a sandboxed child process with a time limit."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.knowledge.reading.blocks import Unreadable
from bot.knowledge.reading.passages import Text
from warehouse.settings import ROOT

MAX_SECONDS = 300.0
# Without progress. A scanned page takes seconds, so a file that takes longer would not end.
STALLED_SECONDS = 90.0
# Replies to customers have priority over reading.
_NICENESS = 10

_ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "PYTHONUTF8": "1"}


@dataclass(frozen=True)
class Reading:
    """`warnings`: reasons from `reasons` with their numbers."""

    media_type: str
    pages: int | None
    warnings: list[dict[str, Any]]
    passages: list[Text]


def read(
    content: bytes,
    progress: Callable[[float], None] = lambda share: None,
    seconds: float = MAX_SECONDS,
    stalled_seconds: float = STALLED_SECONDS,
) -> Reading:
    """Read a file. `progress` is called with the share that is done. Raises Unreadable, `too_slow` after `seconds`, or
    after `stalled_seconds` without progress."""
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
        os.setpriority(os.PRIO_PROCESS, child.pid, _NICENESS)
        watch = _Watch(child, seconds, stalled_seconds)
        try:
            answer = _answer(child, content, watch.noted(progress))
        finally:
            watch.stop()
            child.kill()
    if answer is None:
        raise Unreadable("too_slow" if watch.is_expired or child.returncode == -signal.SIGXCPU else "damaged")
    if reason := answer.pop("reason", None):
        raise Unreadable(reason, **answer)
    return Reading(**answer | {"passages": [Text(**text) for text in answer["passages"]]})


class _Watch(threading.Thread):
    """Kills a child that takes too long, in all or since its last progress."""

    def __init__(self, child: subprocess.Popen[bytes], seconds: float, stalled_seconds: float) -> None:
        super().__init__(daemon=True)
        self.is_expired = False
        self._child = child
        self._stalled_seconds = stalled_seconds
        self._moved_at = time.monotonic()
        self._end = self._moved_at + seconds
        self._stopped = threading.Event()
        self.start()

    def run(self) -> None:
        while (left := self._deadline() - time.monotonic()) > 0:
            if self._stopped.wait(left):
                return
        self.is_expired = True
        self._child.kill()

    def noted(self, progress: Callable[[float], None]) -> Callable[[float], None]:
        """`progress`, which also starts the time of a stall anew."""

        def note(share: float) -> None:
            self._moved_at = time.monotonic()
            progress(share)

        return note

    def stop(self) -> None:
        self._stopped.set()
        self.join()

    def _deadline(self) -> float:
        return min(self._end, self._moved_at + self._stalled_seconds)


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
