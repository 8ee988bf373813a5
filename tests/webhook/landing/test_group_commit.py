"""The group commit: concurrent requests, a database that is away or stuck, rows that it refuses."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg2
import pytest

from warehouse import connection
from warehouse.settings import Settings
from webhook.app import create_app
from webhook.landing import rows
from webhook.landing.group_commit import GroupCommit, Refused, Unavailable


def status_row(number: int) -> rows.Row:
    return rows.row(rows.STATUSES, f"SM{number}", {"n": number}, "sent", None, None)


@pytest.fixture
def writer(settings: Settings) -> GroupCommit:
    return GroupCommit(connection.url("webhook", settings))


def together(count: int, work):
    """Run `work(number)` in `count` threads that begin at the same moment; returns what each gave or raised."""
    barrier = Barrier(count)

    def one(number: int):
        barrier.wait()
        try:
            return work(number)
        except (Refused, Unavailable) as error:
            return error

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_one_message_sixteen_times_at_the_same_moment_is_one_row(web_settings, senders, query):
    app = create_app(web_settings)
    delivery = senders.message()

    def send(_: int) -> int:
        return app.test_client().post(delivery.path, data=delivery.body, headers=delivery.headers).status_code

    assert together(16, send) == [200] * 16
    assert query("select count(*) from raw.twilio_messages") == [(1,)]
    assert query("select count(*) from raw.conflicts") == [(0,)]


def test_processes_that_insert_the_same_keys_in_other_orders_all_succeed(settings, query):
    writers = [GroupCommit(connection.url("webhook", settings)) for _ in range(4)]
    rows = [status_row(number) for number in range(400)]
    answers = together(4, lambda number: [writers[number].land(rows[:: (-1) ** number]) for _ in range(5)])
    assert answers == [[None] * 5] * 4
    assert query("select count(*) from raw.twilio_statuses") == [(400,)]


def test_a_row_that_the_database_refuses_harms_no_other(writer, query):
    bad = rows.Row(rows.STATUSES, "SMbad", "h", "{no json", ("sent", None, None))
    answers = together(12, lambda number: writer.land([bad if number == 5 else status_row(number)]))
    assert [type(answer) for answer in answers] == [type(None)] * 5 + [Refused] + [type(None)] * 6
    assert query("select count(*) from raw.twilio_statuses") == [(11,)]


def test_rows_of_all_tables_land_in_one_go(writer, query):
    message = ("AC1", "default", "sms", "inbound", "k", "halo", None, "2026-11-01T00:00:00Z")
    event = ("closed", "2026-11-01T00:00:00Z", "web", "default", "k", None, "k", None, None, None, None, None, None)
    click = ("batik", "k7x2m3qa", None, "2026-11-01T00:00:00Z")
    writer.land(
        [
            rows.row(rows.DELIVERIES, "d1", {"id": 1}, "batik", "order.created", "order", 1),
            rows.row(rows.CLICKS, "c1", {"a": 1}, *click),
            rows.row(rows.EVENTS, "e1", {"a": "100% %s"}, *event),
            status_row(1),
            rows.row(rows.MESSAGES, "SM1", {"a": 1}, *message),
        ]
    )
    assert query("select payload from raw.chatbot_events") == [({"a": "100% %s"},)]
    assert query("select message_sid from raw.twilio_messages") == [("SM1",)]
    assert query("select message_sid from raw.twilio_statuses") == [("SM1",)]
    assert query("select delivery_id, resource_id from raw.woocommerce_deliveries") == [("d1", 1)]
    assert query("select click_id, product_id from raw.woocommerce_clicks") == [("c1", None)]


def test_a_cut_connection_is_made_again_and_nobody_notices(writer, query):
    writer.land([status_row(1)])
    query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'kabar-webhook'")
    writer.land([status_row(2)])
    assert query("select count(*) from raw.twilio_statuses") == [(2,)]


def test_a_database_that_is_away_is_503_with_a_time_to_come_back(web_settings, senders, monkeypatch):
    monkeypatch.setenv("KABAR_DATABASE_URL", "postgresql://owner@127.0.0.1:1/kabar")
    client = create_app(Settings(_env_file=None)).test_client()
    for delivery in (senders.message(), senders.status("SM1", "sent"), senders.events(senders.event())):
        answer = client.post(delivery.path, data=delivery.body, headers=delivery.headers)
        assert (answer.status_code, answer.json["error"]) == (503, "database_away")
        assert int(answer.headers["Retry-After"]) > 0
    assert client.get("/health/ready").status_code == 503
    assert client.get("/health/live").status_code == 200


def test_a_locked_table_is_503_in_time_and_the_delivery_lands_later(post, senders, query, settings):
    delivery = senders.message()
    with psycopg2.connect(connection.url("owner", settings)) as blocking:
        blocking.cursor().execute("lock table raw.twilio_messages")
        assert post(delivery).status_code == 503
    assert post(delivery).status_code == 200
    assert query("select count(*) from raw.twilio_messages") == [(1,)]


def test_the_webhooks_role_reads_no_message_and_changes_none(settings):
    refused = (
        "select body from raw.twilio_messages", "select * from raw.chatbot_events", "select * from raw.conflicts",
        "update raw.twilio_messages set body = ''", "delete from raw.twilio_statuses", "select * from ml.models",
        "insert into app.stores (store_id) values ('x')", "select * from marts.kpi_daily",
    )  # fmt: skip
    with connection.connect("webhook", settings) as opened:
        opened.autocommit = True
        for statement in refused:
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                opened.cursor().execute(statement)
