"""The app factory: `gunicorn 'webhook.app:create_app()'`, `python -m webhook`, or any other WSGI server."""

from __future__ import annotations

import sys
import time

import structlog
from flask import Flask, Response, g, request
from werkzeug.middleware.proxy_fix import ProxyFix

from warehouse import logs
from warehouse.settings import Settings, get_settings
from webhook import addresses, errors, health, i18n, metrics, services
from webhook.accounts import access
from webhook.accounts import routes as accounts
from webhook.dashboards import routes as dashboards
from webhook.inbox import routes as inbox
from webhook.senders import chatbot, twilio
from webhook.senders.woocommerce import deliveries, registration
from webhook.surveys import routes as surveys

_log = structlog.get_logger()
# Seconds between forced thread switches, four times Python's default. A delivery needs the interpreter for less than a
# millisecond; interrupting it costs a fifth of the throughput, measured with 16 connections. With a longer interval,
# rendering a page would delay deliveries.
SWITCH_INTERVAL = 0.02
_QUIET = ("health.live", "health.ready", "metrics.metrics", "dashboards.show_now")


def create_app(settings: Settings | None = None) -> Flask:
    """The app of a deployment (default: the environment's). Raises SettingsMissing."""
    settings = settings or get_settings()
    logs.configure()
    sys.setswitchinterval(SWITCH_INTERVAL)
    app = Flask(__name__, static_folder=None)
    # Flask silently cuts a chunked body off at this length; the extra byte shows that it was too long.
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes + 1
    # Only the client's address is taken from the proxy. Signatures and sessions use the public URL.
    app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
        app.wsgi_app, x_for=settings.trusted_proxies, x_proto=0, x_host=0
    )
    services.register(app, settings)
    i18n.register(app)
    errors.register(app)
    access.register(app, settings)
    for module in (twilio, chatbot, deliveries, registration, dashboards, accounts, inbox, surveys, health, metrics):
        app.register_blueprint(module.blueprint)
    addresses.register(app)
    app.before_request(_start)
    app.after_request(_record)
    return app


def _start() -> None:
    g.started = time.perf_counter()


def _record(response: Response) -> Response:
    """Log and count the request. Unknown paths are not logged, as they may hold personal data."""
    endpoint = request.endpoint or "unknown"
    metrics.REQUESTS.labels(endpoint, response.status_code).inc()
    if endpoint not in _QUIET or response.status_code >= 400:
        _log.info(
            "request",
            endpoint=endpoint,
            status=response.status_code,
            outcome=g.get("outcome", "ok"),
            ids=g.get("ids"),
            milliseconds=round((time.perf_counter() - g.started) * 1000, 1),
        )
    return response
