"""Who has to look at something is told so, once an incident, by every way that is set up."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from psycopg2.extras import Json
from pydantic import SecretStr
from structlog.testing import capture_logs

from expectations import incidents
from pipeline import transform
from tests.support import empty_marts
from tests.support.database import Step
from tests.support.receivers import Endpoint, MailServer, receivers
from warehouse.connection import transaction
from warehouse.settings import Settings

WHY = "Every row belongs to a shop"


@pytest.fixture(scope="module")
def database_steps() -> Sequence[Step]:
    return (empty_marts.build,)


@pytest.fixture(scope="module")
def built(module_settings: Settings) -> Settings:
    transform.build(settings=module_settings)
    return module_settings


@pytest.fixture
def reached(built: Settings) -> Iterator[tuple[Settings, MailServer, Endpoint]]:
    """Settings with both ways set up, what takes them, and nothing that is wrong."""
    execute(built, "truncate quality.validations, quality.reconciliations, quality.incidents, app.stores")
    with receivers() as (mail, endpoint):
        ways = {
            "smtp_host": "127.0.0.1",
            "smtp_port": mail.port,
            "alert_recipients": "data@shop.example, boss@shop.example",
            "alert_sender": "kabar@shop.example",
            "alert_webhook_url": SecretStr(endpoint.url),
            "public_url": "https://kabar.example/",
        }
        yield built.model_copy(update=ways), mail, endpoint


def execute(settings: Settings, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def validated(settings: Settings, verdict: str) -> None:
    execute(
        settings,
        "insert into quality.validations (run_id, suite, verdict, reasons) values (%s, 'twilio_messages', %s, %s)",
        str(uuid.uuid4()),
        verdict,
        Json([{"why": WHY, "severity": "critical"}] if verdict == "fail" else []),
    )


def test_a_failed_validation_is_told_once_by_each_way_and_again_after_it_was_over(
    reached: tuple[Settings, MailServer, Endpoint],
) -> None:
    settings, mail, endpoint = reached
    assert incidents.watch(settings) == (0, 0, 0)

    validated(settings, "fail")
    with capture_logs() as lines:
        assert incidents.watch(settings) == (1, 3, 0)
    assert [(line["kind"], line["subject"], line["reasons"]) for line in lines if line["event"] == "incident"] == [
        ("quality", "twilio_messages", [WHY])
    ]
    assert [(sent["Subject"], sent["From"], sent["To"]) for sent in mail.mails] == [
        ("Kabar: 1 problem needs attention", "kabar@shop.example", "data@shop.example, boss@shop.example")
    ]
    assert WHY in mail.mails[0].get_content()
    assert "https://kabar.example/dashboards/data_health" in mail.mails[0].get_content()
    assert [post["incidents"][0]["subject"] for post in endpoint.posts] == ["twilio_messages"]
    assert WHY in endpoint.posts[0]["text"]

    validated(settings, "fail")
    assert incidents.watch(settings) == (1, 0, 0)
    validated(settings, "pass")
    assert incidents.watch(settings) == (0, 0, 1)
    validated(settings, "fail")
    assert incidents.watch(settings) == (1, 3, 0)
    assert len(mail.mails) == len(endpoint.posts) == 2


def test_what_one_way_did_not_take_is_tried_again_by_that_way_alone(
    reached: tuple[Settings, MailServer, Endpoint],
) -> None:
    settings, mail, endpoint = reached
    mail.refuses, endpoint.status = True, 500
    validated(settings, "fail")
    with capture_logs() as lines:
        assert incidents.watch(settings) == (1, 1, 0)
    told = {line["notifier"]: line["error"] for line in lines if line["event"] == "notification_failed"}
    assert told == {"mail": "SMTPRecipientsRefused", "webhook": "answered 500"}
    assert "a-secret-path" not in str(lines)
    assert "shop.example" not in str(lines)

    mail.refuses = False
    assert incidents.watch(settings).notified == 1
    assert len(mail.mails) == 1
    endpoint.status = 204
    assert incidents.watch(settings).notified == 1
    assert incidents.watch(settings).notified == 0
    assert len(mail.mails) == 1


def test_a_shop_that_was_not_asked_for_long_is_told_and_all_marts_are_one_incident(
    reached: tuple[Settings, MailServer, Endpoint],
) -> None:
    settings, mail, _ = reached
    execute(settings, "insert into app.stores (store_id, connected_at) values ('toko', now())")
    execute(
        settings,
        "insert into app.sync_positions (source, store_id, position, updated_at)"
        " values ('woocommerce_orders', 'toko', now(), now() - interval '4 hours')",
    )
    execute(settings, "update intermediate.builds set finished_at = finished_at - interval '7 hours'")
    try:
        indonesian = settings.model_copy(update={"alert_language": "id"})
        assert incidents.watch(indonesian).seen == 2
        said = mail.mails[0].get_content()
        assert "Sinkronisasi toko, toko toko: tidak ada data baru sejak" in said
        assert "Seharusnya setiap 30 mnt" in said
        assert said.count("KPI terakhir dihitung") == 1
    finally:
        execute(settings, "update intermediate.builds set finished_at = finished_at + interval '7 hours'")
    execute(settings, "update app.sync_positions set updated_at = now()")
    assert incidents.watch(settings) == (0, 0, 2)


def test_a_reconciliation_that_fails_is_the_shops(reached: tuple[Settings, MailServer, Endpoint]) -> None:
    settings, mail, _ = reached
    execute(
        settings,
        "insert into quality.reconciliations (run_id, store_id, subject, period, verdict, ours, theirs, reason)"
        " values (gen_random_uuid(), 'toko', 'orders', 'all', 'fail', '{}', '{}', 'the shop lists 3, Kabar has 2')",
    )
    incidents.watch(settings)
    said = "Shop toko: Kabar's data differs from the shop's. the shop lists 3, Kabar has 2"
    assert said in mail.mails[0].get_content()


def test_a_dag_that_misses_its_deadline_run_after_run_is_one_incident(
    reached: tuple[Settings, MailServer, Endpoint],
) -> None:
    settings, mail, endpoint = reached
    for run in ("scheduled__1", "scheduled__2"):
        incidents.deadline_missed("kpi_build", run, 45, timedelta(hours=2), settings)
        assert incidents.watch(settings).closed == 0
    assert len(mail.mails) == len(endpoint.posts) == 1
    assert "kpi_build: run scheduled__1 did not finish within 45 minutes" in mail.mails[0].get_content()

    execute(settings, "update quality.incidents set lasts_until = now() - interval '1 second'")
    assert incidents.watch(settings).closed == 1
    incidents.deadline_missed("kpi_build", "scheduled__9", 45, timedelta(hours=2), settings)
    assert len(mail.mails) == 2


def test_where_nothing_was_built_yet_verdicts_are_told_all_the_same(settings: Settings) -> None:
    validated(settings, "fail")
    assert incidents.watch(settings) == (1, 1, 0)
