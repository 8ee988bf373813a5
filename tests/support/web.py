"""The web app over HTTP, in the test's process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import make_server

from webhook.inbox.conversations import live


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serves the app on a free port and gives its URL. Nothing of it runs on afterwards, when its database is gone."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        live.stop(app)
