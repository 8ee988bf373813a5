"""The HTTP server that the stand-ins share: on loopback, for as long as a `with` block lasts."""

from __future__ import annotations

import socket
import ssl
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Self

NO_HEADERS: Mapping[str, str] = {}


class Handler(BaseHTTPRequestHandler, ABC):
    """Answers the requests of one connection with `respond`. `stand_in` is the object that they are for."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet per answer; the second of two would wait until the first is acknowledged
    stand_in: Any

    def do_GET(self) -> None:
        self.respond()

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 (the names that http.server calls)

    @abstractmethod
    def respond(self) -> None:
        """Answer the request."""

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def write(
        self, status: int, media_type: str, body: bytes, headers: Mapping[str, str] = NO_HEADERS, cut: int | None = None
    ) -> None:
        """Send an answer. With `cut`, close the connection after that many bytes of the body."""
        self.send_response(status)
        for name, value in {"Content-Type": media_type, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if cut is not None:
            self.close_connection = True
        with suppress(ConnectionError):  # the caller may have stopped waiting
            self.wfile.write(body[:cut])

    def log_message(self, format: str, *arguments: Any) -> None:
        """Log nothing: tests look at the requests that the stand-in has recorded."""


class HttpStandIn:
    """Base of the stand-ins: `with StandIn() as stand_in: stand_in.url`. `port` is a free one, unless set before."""

    handler: ClassVar[type[Handler]]
    port = 0
    # Files with a certificate and its key, to answer over https.
    certificate: tuple[str, str] | None = None
    _server: _Server | None = None

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", self.port), type("OwnHandler", (self.handler,), {"stand_in": self}))
        if self.certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*self.certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()
        self._server.hang_up()

    @property
    def url(self) -> str:
        assert self._server is not None
        scheme = "https" if self.certificate else "http"
        return f"{scheme}://127.0.0.1:{self._server.server_address[1]}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._connections: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """Close connections that callers keep open, so that a stand-in that has ended answers nobody."""
        for connection in list(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Report errors other than closed connections, which tests cause on purpose."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)
