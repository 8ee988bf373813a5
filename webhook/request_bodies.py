"""Reads request bodies on the event loop, with a deadline, a size limit and a limit on unfinished bodies."""

from __future__ import annotations

import asyncio
import io
import tempfile
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import IO, Any, NoReturn

import psycopg2
from flask import Flask
from flask_login import current_user
from werkzeug.exceptions import HTTPException, RequestTimeout
from werkzeug.middleware.proxy_fix import ProxyFix

BODY_SECONDS = 10.0  # for the whole body; Twilio and WooCommerce send it at once
UPLOAD_SECONDS = 300.0  # for uploads of signed-in users: several MB from a slow phone
# Unfinished bodies per address and process. Beyond that the oldest gets 408, unless it has only just begun: behind a
# proxy that is not trusted, all senders share one address, and many may come at once.
MOST_UNFINISHED = 16
STALLED_SECONDS = 1.0
_MOST_IN_MEMORY = 1024**2  # bytes; larger bodies go to a temporary file

Input = io.BytesIO


class _Late(io.RawIOBase):
    """The body of a request whose sender was too slow; reading it leads to a 408."""

    def readable(self) -> bool:
        return True

    def readinto(self, _: Any) -> NoReturn:
        raise RequestTimeout


class BodyReader:
    """Reads request bodies. `threads` run database queries."""

    def __init__(self, app: Flask, threads: Executor, trusted_proxies: int) -> None:
        self._app = app
        self._threads = threads
        self._trusted_proxies = trusted_proxies
        self._unfinished: dict[str, dict[asyncio.Timeout, float]] = {}

    async def read(self, environ: dict[str, Any], protocol: Any) -> IO[bytes]:
        """The body, for `wsgi.input`. A body announced as too large is not read; the app refuses it by its length. A
        body without a length is read until it is known to be too large. A body that breaks off becomes empty."""
        largest, seconds, sender = await self._allowed(environ)
        announced = _length(environ)
        if announced is not None and (announced > largest or announced == 0):
            return Input()
        try:
            async with asyncio.timeout(seconds) as timeout:
                with self._counted(sender, timeout):
                    if announced is not None and announced <= _MOST_IN_MEMORY:
                        return Input(await protocol())
                    return await _collected(protocol, largest)
        except TimeoutError:
            return io.BufferedReader(_Late())
        except RuntimeError:  # granian's error for a broken or malformed body
            return Input()

    async def _allowed(self, environ: dict[str, Any]) -> tuple[int, float, str]:
        """Limits in bytes and seconds, and the sender they count for. Signed-in users get more in views marked with
        `body_up_to`."""
        usual: int = self._app.config["MAX_CONTENT_LENGTH"]
        largest = self._largest(environ)
        if largest is not None:
            loop = asyncio.get_running_loop()
            if user := await loop.run_in_executor(self._threads, self._user, dict(environ)):
                return largest, UPLOAD_SECONDS, f"user {user}"
        return usual, BODY_SECONDS, self._address(environ)

    def _largest(self, environ: dict[str, Any]) -> int | None:
        if not environ["PATH_INFO"].startswith("/inbox/"):  # skip the look-up for senders
            return None
        try:
            endpoint, _ = self._app.url_map.bind("").match(environ["PATH_INFO"], environ["REQUEST_METHOD"])
        except HTTPException:
            return None
        return getattr(self._app.view_functions[endpoint], "largest_body", None)

    def _user(self, environ: dict[str, Any]) -> str | None:
        """The id of the signed-in user. Queries the database, so it runs in a thread."""
        with self._app.request_context(environ):
            try:
                return current_user.get_id() if self._app.secret_key else None
            except psycopg2.Error:
                return None

    def _address(self, environ: dict[str, Any]) -> str:
        """The client's address, as reported by trusted proxies."""
        seen = {name: environ[name] for name in ("REMOTE_ADDR", "HTTP_X_FORWARDED_FOR") if name in environ}
        if self._trusted_proxies:
            ProxyFix(_no_app, x_for=self._trusted_proxies, x_proto=0, x_host=0)(seen, _no_app)
        return str(seen["REMOTE_ADDR"])

    @contextmanager
    def _counted(self, sender: str, timeout: asyncio.Timeout) -> Iterator[None]:
        """Count a body as unfinished, and cancel the sender's oldest one if there are too many."""
        now = asyncio.get_running_loop().time()
        unfinished = self._unfinished.setdefault(sender, {})
        if len(unfinished) >= MOST_UNFINISHED:
            oldest = next(iter(unfinished))
            if now - unfinished[oldest] > STALLED_SECONDS:
                del unfinished[oldest]
                oldest.reschedule(now)
        unfinished[timeout] = now
        try:
            yield
        finally:
            unfinished.pop(timeout, None)
            if not unfinished:
                self._unfinished.pop(sender, None)


def _no_app(*_: Any) -> Any:
    """Stands in for the app, as only ProxyFix's effect on the address is needed."""


def _length(environ: dict[str, Any]) -> int | None:
    """The announced length, which granian has validated; None for a chunked body."""
    announced = environ.get("CONTENT_LENGTH", "")
    if announced.isdecimal():
        return int(announced)
    return 0 if environ["SERVER_PROTOCOL"] == "HTTP/1.1" and "HTTP_TRANSFER_ENCODING" not in environ else None


async def _collected(protocol: Any, largest: int) -> IO[bytes]:
    """A body of unknown length, read up to the chunk that makes it too large."""
    body = tempfile.SpooledTemporaryFile(_MOST_IN_MEMORY)  # noqa: SIM115 - the app reads it later
    read = 0
    async for chunk in protocol:
        body.write(chunk)
        read += len(chunk)
        if read > largest:
            break
    body.seek(0)
    return body
