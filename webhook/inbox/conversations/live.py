"""Live updates: one LISTEN connection per process, and a stream of server-sent events per page.

A stream holds a server thread, so streams get at most half of the threads. Further pages get an immediate response and
poll every few seconds with the same script. An event's id is the time when this machine received it, so a page that
reconnects, to any process, gets what it missed.
"""

from __future__ import annotations

import select
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator
from typing import cast

import psycopg2
import structlog
from flask import Flask, Response, current_app, request

from warehouse import connection
from warehouse.settings import Settings
from webhook.accounts.access import requires
from webhook.inbox import blueprint
from webhook.services import services

LONGEST_STREAM = 60.0  # seconds; then the page reconnects, which frees the threads of closed pages
BEAT = 10.0  # seconds between keep-alives, which reveal closed pages
POLL_MILLISECONDS = 3000
REMEMBERED = 2000  # changes
OVERLAP = 2_000  # milliseconds sent again, as processes receive a change at slightly different times
ANY = "*"  # instead of an id: any conversation may have changed
_EXTENSION = "kabar-inbox-live"

_log = structlog.get_logger()


class Changes:
    """Receives ids of changed conversations. Connects for the first page, and again after a lost connection."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._heard: deque[tuple[int, str]] = deque(maxlen=REMEMBERED)
        self._changed = threading.Condition()
        self._listener: threading.Thread | None = None
        self._is_stopped = False
        self._bell, self._hears_bell = socket.socketpair()  # wakes the listener to stop it
        self._complete_since = _now()
        self.streams = threading.BoundedSemaphore(max(1, settings.web_threads // 2))

    def start(self) -> None:
        """Start listening, if not started yet."""
        with self._changed:
            if self._listener is None:
                self._listener = threading.Thread(target=self._listen_always, name="inbox-changes", daemon=True)
                self._listener.start()

    def stop(self) -> None:
        """Stop listening and end the streams."""
        with self._changed:
            self._is_stopped = True
            self._changed.notify_all()
        self._bell.close()
        if self._listener:
            self._listener.join()
        self._hears_bell.close()

    @property
    def is_stopped(self) -> bool:
        return self._is_stopped

    def after(self, when: int) -> list[tuple[int, str]] | None:
        """The changes after a time (milliseconds), oldest first; None if some may be missing here."""
        with self._changed:
            forgotten = self._heard[0][0] if len(self._heard) == REMEMBERED else 0
            if when < max(self._complete_since, forgotten):
                return None
            return [change for change in self._heard if change[0] > when]

    def wait(self, when: int, seconds: float) -> list[tuple[int, str]] | None:
        """Like `after`, but waits up to `seconds` for a change."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._is_stopped or (bool(self._heard) and self._heard[-1][0] > when), seconds
            )
        return self.after(when)

    def _listen_always(self) -> None:
        while not self._is_stopped:
            try:
                self._listen()
            except psycopg2.Error as error:
                _log.warning("inbox_changes_lost", kind=type(error).__name__)
                select.select([self._hears_bell], [], [], 1)

    def _listen(self) -> None:
        url = connection.url("inbox", self._settings)
        opened = psycopg2.connect(url, application_name="kabar-inbox-changes", connect_timeout=3)
        try:
            opened.autocommit = True
            with opened.cursor() as cursor:
                cursor.execute("listen inbox")
            self._lose()
            while not self._is_stopped:
                select.select([opened, self._hears_bell], [], [], 30)
                opened.poll()
                self._note([notice.payload for notice in opened.notifies])
                opened.notifies.clear()
        finally:
            opened.close()

    def _lose(self) -> None:
        """Earlier changes may have been missed."""
        with self._changed:
            self._heard.clear()
            self._complete_since = _now()
            self._heard.append((self._complete_since + 1, ANY))
            self._changed.notify_all()

    def _note(self, conversations: list[str]) -> None:
        with self._changed:
            # Later than all earlier changes, so that up-to-date pages do not miss it.
            at = max(_now(), self._heard[-1][0] + 1 if self._heard else 0)
            self._heard.extend((at, conversation) for conversation in dict.fromkeys(conversations))
            self._changed.notify_all()


@blueprint.get("/live")
@requires("viewer")
def show_changes() -> Response:
    """Streams the ids of changed conversations; `*` means any."""
    changes = _changes()
    changes.start()
    seen = _last_seen()
    if not changes.streams.acquire(blocking=False):
        return _stream(iter([_told(changes.after(seen), seen, POLL_MILLISECONDS)[0]]))
    response = _stream(_streamed(changes, seen))
    response.call_on_close(changes.streams.release)
    return response


def _streamed(changes: Changes, seen: int) -> Iterator[str]:
    text, seen = _told(changes.after(seen), seen, 1000)
    yield text
    end = time.monotonic() + LONGEST_STREAM
    while not changes.is_stopped and (left := end - time.monotonic()) > 0:
        text, seen = _told(changes.wait(seen, min(BEAT, left)), seen)
        yield text


def _told(heard: list[tuple[int, str]] | None, seen: int, retry: int | None = None) -> tuple[str, int]:
    """The changes as server-sent events, and the time of the last one."""
    lines = [f"retry: {retry}\n"] if retry else []
    if heard is None:
        seen = _now()
        lines.append(f"id: {seen}\nevent: change\ndata: {ANY}\n\n")
    elif heard:
        seen = heard[-1][0]
        lines += [f"id: {seen}\nevent: change\ndata: {name}\n\n" for name in dict.fromkeys(name for _, name in heard)]
    else:
        lines.append(": still here\n\n" if not retry else f"id: {seen}\nevent: hello\ndata: {ANY}\n\n")
    return "".join(lines), seen


@blueprint.app_template_global()
def made_at() -> int:
    """When a page was made: it asks for the changes since then, as some may come before it listens."""
    return _now()


def _last_seen() -> int:
    """The time of the last event that the page received, at first that of the page."""
    given = request.headers.get("Last-Event-ID") or request.args.get("since", "")
    return int(given) - OVERLAP if given.isascii() and given.isdigit() and len(given) < 16 else _now()


def _stream(events: Iterator[str]) -> Response:
    response = Response(events, mimetype="text/event-stream")
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _changes() -> Changes:
    """The changes of the current app."""
    known = current_app.extensions
    if _EXTENSION not in known:
        known[_EXTENSION] = Changes(services().settings)
    return cast(Changes, known[_EXTENSION])


def stop(app: Flask) -> None:
    """Stop the app's listener, if any. Only needed where the process outlives the app, as in tests."""
    if changes := app.extensions.get(_EXTENSION):
        changes.stop()


def _now() -> int:
    return time.time_ns() // 1_000_000
