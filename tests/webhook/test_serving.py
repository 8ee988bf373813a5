"""The app under real servers: health, metrics, and every header and body over the wire."""

from __future__ import annotations

import json

import pytest

from warehouse import embedded
from warehouse.settings import Settings


@pytest.fixture
def live(web_settings, serve):
    with serve({"KABAR_MAX_BODY_BYTES": "16384"}) as server:
        yield server


def chunked(path: str, headers: dict[str, str], body: bytes) -> bytes:
    fields = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n{fields}\r\n"
    return head.encode() + b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


def test_the_default_server_lands_counts_and_logs_ids_alone(live, senders, query):
    first, second = senders.message(MessageSid="SM1", Body="canary one"), senders.message(MessageSid="SM1", Body="two")
    events = senders.events([senders.event(event_id="e1", text="canary two"), senders.event(event_id="e2")])
    assert [live.send(delivery)[0] for delivery in (first, first, second, events)] == [200] * 4
    assert live.get("/health/live")[0] == live.get("/health/ready")[0] == 200

    counted = live.get("/metrics")[1].decode()
    assert 'kabar_webhook_requests_total{code="200",endpoint="twilio.messages"} 3.0' in counted
    for outcome, count in (("landed", 3), ("repeated", 1), ("conflict", 1)):
        assert f'kabar_webhook_rows_total{{outcome="{outcome}"}} {count}.0' in counted
    assert "kabar_webhook_commit_seconds_count" in counted

    log = live.log.read_text()
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    logged = [line["ids"] for line in lines if line["event"] == "request"]
    assert logged == ["SM1", "SM1", "SM1", ["e1", "e2"]]
    assert "canary" not in log
    assert "6281" not in log


def test_sizes_are_bounded_with_and_without_a_length(live, senders):
    fits = senders.message(Body="x" * 15000)
    assert live.send(fits)[0] == 200
    assert live.raw(chunked(fits.path, fits.headers, fits.body)).startswith(b"HTTP/1.1 200")
    large = senders.message(Body="x" * 16384)
    assert live.send(large)[0] == 413
    assert live.raw(chunked(large.path, large.headers, large.body)).startswith(b"HTTP/1.1 413")


def test_gunicorn_serves_it_too(web_settings, serve, senders, query):
    command = (".venv/bin/gunicorn", "--workers", "2", "--threads", "8", "--bind", "127.0.0.1:{port}")
    with serve({}, (*command, "webhook.app:create_app()")) as live:
        delivery = senders.message()
        assert live.send(delivery)[0] == 200
        assert live.raw(chunked(delivery.path, delivery.headers, delivery.body)).startswith(b"HTTP/1.1 200")
        assert live.get("/health/ready")[0] == 200
        assert b"kabar_webhook_requests_total" in live.get("/metrics")[1]
    assert query("select count(*) from raw.twilio_messages") == [(1,)]


def test_a_database_that_was_not_migrated_is_live_and_not_ready(web_settings, server_settings, serve, monkeypatch):
    server = embedded.start(server_settings)
    embedded.create_database(server_settings, server, "unmigrated", "owner")
    monkeypatch.setenv("KABAR_DATABASE_URL", embedded.owner_url(server_settings, server, "unmigrated"))
    assert Settings(_env_file=None).database_url
    with serve({}) as live:
        status, body = live.get("/health/ready")
    assert (status, json.loads(body)["error"]) == (503, "not_migrated")
