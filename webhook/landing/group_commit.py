"""Group commit: requests queue their rows and wait; one thread per process writes all queued rows in one transaction. A
request is answered only after its rows are durable."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Sequence

import psycopg2
import psycopg2.extensions
import structlog

from webhook import metrics
from webhook.landing.rows import Row, write

_log = structlog.get_logger()

MOST_WAITING = 1000  # deliveries; further ones are refused, and their senders retry
MOST_ROWS = 2000  # per transaction
LINGER = 0.008  # seconds, about one commit; only used while requests arrive together
LONGEST_WAIT = 10.0  # seconds; Twilio gives up after 15
# Shorter than LONGEST_WAIT, so that requests see the database's own timeout first.
_OPTIONS = "-c statement_timeout=8s -c lock_timeout=8s -c synchronous_commit=on"

_STUCK = (psycopg2.errors.QueryCanceled, psycopg2.errors.LockNotAvailable)
_REFUSALS = (psycopg2.DataError, psycopg2.IntegrityError, psycopg2.errors.ProgramLimitExceeded)


class Unavailable(Exception):
    """The rows could not be stored now; the same delivery may succeed later."""


class Refused(Exception):
    """The database rejects these rows, and a retry would not help."""


class _Delivery:
    """The rows of one request, and the outcome."""

    __slots__ = ("abandoned", "done", "error", "rows")

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self.error: Exception | None = None
        self.abandoned = False
        self.done = threading.Lock()
        self.done.acquire()

    def answer(self, error: Exception | None = None) -> None:
        self.error = error
        self.done.release()


class GroupCommit:
    """Writes the web app's rows into `raw`. Safe to create before a fork: thread and connection start on first use."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._waiting: deque[_Delivery] = deque()
        self._changed = threading.Condition()
        self._crowd = 1  # requests in the last commit and queued behind it
        self._writer: threading.Thread | None = None
        self._connection: psycopg2.extensions.connection | None = None

    def land(self, rows: Sequence[Row]) -> None:
        """Store all rows or none. Existing rows stay unchanged.

        Raises Unavailable (the database is down, stuck or overloaded) and Refused (it rejects these rows).
        """
        delivery = _Delivery(rows)
        with self._changed:
            if len(self._waiting) >= MOST_WAITING:
                raise Unavailable
            self._waiting.append(delivery)
            if self._writer is None or not self._writer.is_alive():
                self._writer = threading.Thread(target=self._run, name="group-commit", daemon=True)
                self._writer.start()
            if len(self._waiting) in (1, self._crowd):
                self._changed.notify()
        if not delivery.done.acquire(timeout=LONGEST_WAIT):
            delivery.abandoned = True
            raise Unavailable
        if delivery.error:
            raise delivery.error

    def _run(self) -> None:
        while True:
            deliveries = self._take()
            try:
                self._write(deliveries)
            except Exception as error:
                _log.error("group_commit_fault", kind=type(error).__name__)
                self._disconnect()
                for delivery in deliveries:
                    if delivery.done.locked():
                        delivery.answer(Unavailable())

    def _take(self) -> list[_Delivery]:
        """The queued deliveries. Waits for the first, then briefly for as many as came together last time, since one
        commit for all is faster than two for half each. A lone request never waits."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._waiting) > 0)
            self._changed.wait_for(lambda: len(self._waiting) >= self._crowd, LINGER)
            taken: list[_Delivery] = []
            rows = 0
            while self._waiting and rows < MOST_ROWS:
                delivery = self._waiting.popleft()
                if not delivery.abandoned:
                    taken.append(delivery)
                    rows += len(delivery.rows)
            return taken

    def _write(self, deliveries: list[_Delivery]) -> None:
        """Write all deliveries together; if some row is rejected, each on its own, so that the others still succeed."""
        error = self._attempt(deliveries)
        self._crowd = len(deliveries) + len(self._waiting)
        if isinstance(error, Refused) and len(deliveries) > 1:
            for delivery in deliveries:
                delivery.answer(self._attempt([delivery]))
            return
        for delivery in deliveries:
            delivery.answer(error)

    def _attempt(self, deliveries: list[_Delivery]) -> Exception | None:
        """One transaction, retried after a lost connection or a deadlock. Inserts are idempotent."""
        rows = [row for delivery in deliveries for row in delivery.rows]
        if not rows:
            return None
        for is_last in (False, True):
            try:
                self._transact(rows)
                return None
            except (*_REFUSALS, ValueError) as error:
                _log.warning("rows_refused", kind=type(error).__name__)
                return Refused()
            except psycopg2.Error as error:
                self._disconnect()
                if is_last or isinstance(error, _STUCK):
                    _log.warning("database_away", kind=type(error).__name__, code=error.pgcode)
                    break
        return Unavailable()

    def _transact(self, rows: Sequence[Row]) -> None:
        started = time.perf_counter()
        connection = self._connected()
        counts = write(connection, rows)
        metrics.committed(len(rows), time.perf_counter() - started, counts)

    def _connected(self) -> psycopg2.extensions.connection:
        if self._connection is None:
            self._connection = psycopg2.connect(
                self._url,
                application_name="kabar-webhook",
                connect_timeout=3,
                tcp_user_timeout=8000,
                options=_OPTIONS,
            )
            self._connection.autocommit = True
        return self._connection

    def _disconnect(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None
