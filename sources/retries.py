"""Retries of requests to other systems."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import psycopg2.errors
import requests
import structlog
import tenacity

FIRST_WAIT = 0.25
MAX_WAIT = 30.0
MAX_RETRY_AFTER = 120.0

log = structlog.get_logger()
_listeners: list[Callable[[str, float], None]] = []


class TransientError(Exception):
    """A failure that may pass; `seconds` is how long the other system asked to wait."""

    def __init__(self, reason: str, seconds: float | None = None) -> None:
        super().__init__(reason)
        self.seconds = seconds


class Busy(TransientError):
    """The other system did nothing, and may do it later."""


CONNECTION_FAILURES = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError,
                       requests.exceptions.ContentDecodingError)  # fmt: skip


def retrying(
    system: str,
    attempts: int | Callable[[BaseException], int],
    retried: tuple[type[BaseException], ...] = (TransientError, *CONNECTION_FAILURES),
    before_wait: Callable[[BaseException, float], None] = lambda error, seconds: None,
) -> tenacity.Retrying:
    """Calls a function up to `attempts` times while it raises one of `retried`, then raises the last error. The number
    may depend on the error. `before_wait` is called with the error and the seconds until the next attempt."""

    def log_retry(state: tenacity.RetryCallState) -> None:
        error, seconds = _error(state), state.next_action.sleep if state.next_action else 0.0
        before_wait(error, seconds)
        for report in _listeners:
            report(describe(error), seconds)
        kind, reason = type(error).__name__, describe(error)
        log.warning(
            f"{system}_try_again", attempt=state.attempt_number, error=kind, reason=reason, seconds=round(seconds, 1)
        )

    return tenacity.Retrying(
        stop=lambda state: state.attempt_number >= (attempts(_error(state)) if callable(attempts) else attempts),
        wait=_wait,
        retry=tenacity.retry_if_exception_type(retried),
        before_sleep=log_retry,
        reraise=True,
    )


retry_conflicts = tenacity.retry(
    # Other processes may hold the same locks or take them in another order.
    retry=tenacity.retry_if_exception_type((psycopg2.errors.DeadlockDetected, psycopg2.errors.SerializationFailure)),
    stop=tenacity.stop_after_attempt(5),
    wait=tenacity.wait_random(0, 1),
    reraise=True,
)


@contextmanager
def waits_reported(report: Callable[[str, float], None]) -> Iterator[None]:
    """Call `report` with the reason and the seconds before each wait, in all threads. For commands in a terminal."""
    _listeners.append(report)
    try:
        yield
    finally:
        _listeners.remove(report)


def wait_for_other_system(attempt: int) -> None:
    """Wait before the next request to a system that does not answer, longer each time."""
    time.sleep(random.uniform(0.5, 1) * min(MAX_WAIT, FIRST_WAIT * 2 ** (attempt + 3)))


def transient_error(status: int, retry_after_header: str | None) -> TransientError | None:
    """The error for an HTTP status that may pass; None for any other status."""
    if status not in (408, 429) and status < 500:
        return None
    kind = Busy if status in (429, 503) else TransientError
    return kind(f"HTTP {status}", retry_after(retry_after_header))


def retry_after(header: str | None) -> float | None:
    """The seconds in a Retry-After header, which gives seconds or a date; None if it gives neither."""
    if not header:
        return None
    try:
        seconds = float(header)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(header).astimezone(UTC) - datetime.now(UTC)).total_seconds()
        except ValueError:
            return None
    return min(max(seconds, 0.0), MAX_RETRY_AFTER) if seconds == seconds else None


def describe(error: BaseException) -> str:
    """What went wrong, without the URL: it may contain a key."""
    if isinstance(error, TransientError):
        return str(error)
    if isinstance(error, requests.exceptions.SSLError):
        return "no secure connection (is the certificate expired, or another site's, or does only http answer there?)"
    if isinstance(error, requests.ConnectionError):
        return "it cannot be reached, or the connection breaks off (is the address right, is it up?)"
    if isinstance(error, requests.Timeout):
        return "it does not answer in time"
    return type(error).__name__


def _wait(state: tenacity.RetryCallState) -> float:
    error = _error(state)
    if isinstance(error, TransientError) and error.seconds is not None:
        return error.seconds
    return tenacity.wait_random_exponential(multiplier=FIRST_WAIT, max=MAX_WAIT)(state)


def _error(state: tenacity.RetryCallState) -> BaseException:
    error = state.outcome.exception() if state.outcome else None
    assert error is not None, "there is only a wait after an error"
    return error
