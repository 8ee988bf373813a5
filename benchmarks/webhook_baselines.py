"""What Kabar's landing is held against: the same row verified in the same way, committed by each request on its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime

import psycopg2
import psycopg2.extensions
from flask import Flask, Response, abort, request
from psycopg2.pool import ThreadedConnectionPool
from twilio.request_validator import RequestValidator

from benchmarks.webhook_load import PATH
from warehouse import connection, identity, twilio_shape
from warehouse.settings import get_settings

EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
Connections = Callable[[], AbstractContextManager[psycopg2.extensions.connection]]
INSERT = """
insert into raw.twilio_messages (
    message_sid, account_sid, store_id, channel, direction, customer_key, body, payload, payload_hash, received_at
) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict (message_sid) do nothing
"""


def create_noop() -> Flask:
    """Reads nothing, stores nothing."""
    app = Flask(__name__)

    @app.post(PATH)
    def messages() -> Response:
        return Response(EMPTY, mimetype="text/xml")

    return app


def create_pooled() -> Flask:
    """One insert and one commit a request, on a connection of a pool that is never exhausted."""
    settings = get_settings()
    pool = ThreadedConnectionPool(settings.web_threads, settings.web_threads, connection.url("webhook", settings))

    @contextmanager
    def pooled() -> Iterator[psycopg2.extensions.connection]:
        taken = pool.getconn()
        try:
            yield taken
        finally:
            pool.putconn(taken)

    return _storing(pooled)


def create_connecting() -> Flask:
    """One connection, one insert and one commit a request."""
    url = connection.url("webhook", get_settings())

    @contextmanager
    def fresh() -> Iterator[psycopg2.extensions.connection]:
        opened = psycopg2.connect(url)
        try:
            yield opened
        finally:
            opened.close()

    return _storing(fresh)


def _storing(connections: Connections) -> Flask:
    settings = get_settings()
    assert settings.twilio_auth_token
    validator = RequestValidator(settings.twilio_auth_token.get_secret_value())
    url = f"{settings.public_url}{PATH}"
    key = identity.hash_key(settings)
    app = Flask(__name__)

    @app.post(PATH)
    def messages() -> Response:
        if not validator.validate(url, request.form, request.headers.get("X-Twilio-Signature", "")):
            abort(403)
        payload = request.form.to_dict()
        message = twilio_shape.from_form(payload, settings.default_store, key, settings.default_region)
        row = (
            message.message_sid, message.account_sid, message.store_id, message.channel, message.direction,
            message.customer_key, message.body, json.dumps(payload), twilio_shape.payload_hash(payload),
            datetime.now(UTC),
        )  # fmt: skip
        with connections() as opened:
            with opened.cursor() as cursor:
                cursor.execute(INSERT, row)
            opened.commit()
        return Response(EMPTY, mimetype="text/xml")

    return app
