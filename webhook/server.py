"""Serves the Flask app with granian. Bodies are read on the event loop, and a thread is used only once a body is
complete or late, so a sender that never finishes holds a connection but no thread.

This uses granian's RSGI interface. Its WSGI interface reads bodies in the app's threads, without a deadline and without
a way to cancel.
"""

from __future__ import annotations

import asyncio
import sys
from collections import deque
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import structlog
from flask import Flask

from warehouse.settings import get_settings
from webhook.app import create_app
from webhook.request_bodies import BodyReader, Input

_log = structlog.get_logger()

_ENVIRON = {
    "GATEWAY_INTERFACE": "CGI/1.1",
    "SCRIPT_NAME": "",
    "SERVER_SOFTWARE": "granian",
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,
    "wsgi.multiprocess": True,
    "wsgi.multithread": True,
    "wsgi.run_once": False,
    "wsgi.version": (1, 0),
}
END_SECONDS = 0.05  # how long a request may stay open after its response
_BODILESS = ("GET", "HEAD", "OPTIONS")


class Server:
    """Serves a Flask app with a pool of threads."""

    def __init__(self, app: Flask, threads: int, trusted_proxies: int) -> None:
        self._app = app
        self._threads = ThreadPoolExecutor(threads, "web")
        self._bodies = BodyReader(app, self._threads, trusted_proxies)
        self._answered: deque[asyncio.Future[None]] = deque()

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Called once by granian before the first request."""
        self._end_answered(loop)

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Handle one request. granian drops the response if this returns before it was sent."""
        loop = asyncio.get_running_loop()
        environ = _environ(scope)
        if scope.method not in _BODILESS:
            environ["wsgi.input"] = await self._bodies.read(environ, protocol)
        answered: asyncio.Future[None] = loop.create_future()
        self._threads.submit(self._answer, environ, protocol, loop, answered)
        await answered

    def _answer(
        self, environ: dict[str, Any], protocol: Any, loop: asyncio.AbstractEventLoop, answered: asyncio.Future[None]
    ) -> None:
        try:
            self._respond(environ, protocol, loop)
        except Exception as error:  # the app handles its own errors; this one is outside it
            _log.error("fault", kind=type(error).__name__)
            protocol.response_empty(500, [])
        finally:
            self._answered.append(answered)

    def _end_answered(self, loop: asyncio.AbstractEventLoop) -> None:
        """Finish requests whose responses were sent, in batches: waking the loop for each one costs a fifth of the
        throughput."""
        while self._answered:
            self._answered.popleft().set_result(None)
        loop.call_later(END_SECONDS, self._end_answered, loop)

    def _respond(self, environ: dict[str, Any], protocol: Any, loop: asyncio.AbstractEventLoop) -> None:
        started: list[tuple[int, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], _: Any = None) -> None:
            started.append((int(status[:3]), headers))

        chunks = self._app.wsgi_app(environ, cast(Any, start_response))
        try:
            status, headers = started[0]
            if any(name == "Content-Length" for name, _ in headers):
                protocol.response_bytes(status, headers, b"".join(chunks))
            else:
                _stream(protocol.response_stream(status, headers), chunks, loop)
        finally:
            if close := getattr(chunks, "close", None):
                close()


def _stream(transport: Any, chunks: Iterable[bytes], loop: asyncio.AbstractEventLoop) -> None:
    """Send chunks as they come, until the end or until the client disconnects."""

    async def send(chunk: bytes) -> None:
        await transport.send_bytes(chunk)

    for chunk in chunks:
        try:
            asyncio.run_coroutine_threadsafe(send(chunk), loop).result()
        except RuntimeError:  # granian's error for a closed connection
            return


def _environ(scope: Any) -> dict[str, Any]:
    """The WSGI environment of a request, with an empty body."""
    server_name, _, server_port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        **_ENVIRON,
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": scope.path.encode().decode("latin1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "SERVER_NAME": server_name,
        "SERVER_PORT": server_port,
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": Input(),
    }
    for name, value in scope.headers.items():
        if "_" in name:  # WSGI could not tell it from the header with a hyphen, such as X-Forwarded-For
            continue
        key = name.upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = "HTTP_" + key
        if key in environ:
            value = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{value}"
        environ[key] = value
    return environ


def create_server() -> Server:
    """Called by each process. Raises SettingsMissing."""
    settings = get_settings()
    return Server(create_app(settings), settings.web_threads, settings.trusted_proxies)
