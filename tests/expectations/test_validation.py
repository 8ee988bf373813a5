"""What a validation says of data that landed, from the tables that it reads to the verdict that it keeps."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from psycopg2 import sql
from psycopg2.errors import RaiseException

from expectations import great, validate
from expectations.data_docs import NAME
from expectations.set_aside import MOST_ROWS
from expectations.verdict import Verdict
from tests.support import landed
from warehouse.connection import connect, transaction
from warehouse.documents import entries, read
from warehouse.settings import Settings

LONG_AGO = sql.SQL("now() - interval '3 days'")
NOT_A_KEY = "+6281234567890"

CRITICAL = [
    ("twilio_messages", "store_id", landed.message, {"store_id": " "}),
    ("twilio_messages", "customer_key", landed.message, {"customer_key": NOT_A_KEY}),
    ("twilio_messages", "occurred_at", landed.message, {"sent_at": None, "received_at": None}),
    ("twilio_messages", "occurred_year", landed.message, {"sent_at": "1970-01-01T00:00:00Z"}),
    ("twilio_messages", "days_ahead", landed.message, {"sent_at": sql.SQL("now() + interval '25 hours'")}),
    ("twilio_statuses", "message_sid", landed.status, {"message_sid": ""}),
    ("twilio_statuses", "status", landed.status, {"status": ""}),
    ("chatbot_events", "store_id", landed.event, {"store_id": ""}),
    ("chatbot_events", "channel", landed.event, {"channel": ""}),
    ("chatbot_events", "id_key", landed.event, {"id_key": NOT_A_KEY, "phone_key": landed.KEY}),
    ("chatbot_events", "phone_key", landed.event, {"phone_key": NOT_A_KEY, "customer_key": NOT_A_KEY}),
    ("chatbot_events", "has_given_key", landed.event, {"phone_key": "f" * 32}),
    ("chatbot_events", "customer_key", landed.event, {"customer_key": NOT_A_KEY, "id_key": NOT_A_KEY}),
    ("chatbot_events", "occurred_year", landed.event, {"occurred_at": "0001-01-01T00:00:00Z"}),
    ("chatbot_events", "days_ahead", landed.event, {"occurred_at": sql.SQL("now() + interval '25 hours'")}),
    ("woocommerce_orders", "email_key", landed.order, {"email_key": "siti@toko.example"}),
    ("woocommerce_orders", "phone_key", landed.order, {"phone_key": NOT_A_KEY}),
    ("woocommerce_orders", "total", landed.order, {"amounts": {"total": "Rp 12.000"}}),
    ("woocommerce_orders", "total_tax", landed.order, {"amounts": {"total_tax": "satu"}}),
    ("woocommerce_refunds", "amount", landed.refund, {"amount": ""}),
    ("survey_answers", "store_id", landed.survey_answer, {"store_id": " "}),
    ("survey_answers", "item", landed.survey_answer, {"item": ""}),
    ("survey_answers", "dimension", landed.survey_answer, {"dimension": " "}),
    ("survey_answers", "days_ahead", landed.survey_answer, {"answered_at": sql.SQL("now() + interval '25 hours'")}),
]


def kept(settings: Settings) -> list[dict[str, Any]]:
    with connect("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute(
            "select run_id::text, suite, verdict, reasons from quality.validations order by validated_at, suite"
        )
        return [dict(zip(("run_id", "suite", "verdict", "reasons"), row, strict=True)) for row in cursor]


def set_aside(settings: Settings) -> list[tuple[str, str, str]]:
    with connect("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute("select source, reason, id from raw.rejected where resolved_at is null order by source, id")
        return cursor.fetchall()


def data_docs(settings: Settings) -> str:
    with connect("inbox", settings) as connection:
        found = {entry.path: read(connection, NAME, entry.path) for entry in entries(connection, NAME)}
    assert sorted(found) == great.suite_names()
    return "\n".join(document.body.decode() for document in found.values() if document)


def unmet(verdict: Verdict) -> set[tuple[str, str]]:
    return {(reason.suite, reason.column) for reason in verdict.reasons}


def test_passes_when_nothing_has_landed_and_keeps_one_row_per_suite(settings: Settings) -> None:
    assert validate(settings).verdict == "pass"
    rows = kept(settings)
    assert [row["suite"] for row in rows] == great.suite_names()
    assert len({row["run_id"] for row in rows}) == 1
    assert {row["verdict"] for row in rows} == {"pass"}


@pytest.fixture(scope="module")
def breached(module_settings: Settings) -> tuple[Settings, Verdict]:
    """A hundred sound rows, one row for each breach, and what a validation says of them."""
    with transaction("owner", module_settings) as connection:
        for _ in range(50):
            landed.event(connection)
            landed.message(connection)
            landed.order(connection)
            landed.refund(connection)
            landed.survey_answer(connection)
        for _, _, land, changed in CRITICAL:
            land(connection, **changed)
    return module_settings, validate(module_settings)


@pytest.mark.parametrize(("suite", "column"), [case[:2] for case in CRITICAL])
def test_rows_with_a_critical_breach_are_set_aside_and_counted(
    breached: tuple[Settings, Verdict], suite: str, column: str
) -> None:
    settings, verdict = breached
    assert verdict.outcomes[suite] == "warn"
    reasons = [reason for reason in verdict.reasons if (reason.suite, reason.column) == (suite, column)]
    assert reasons, verdict.reasons
    assert all(reason.severity == "warning" and reason.unexpected_count in {1, 2, 3} for reason in reasons)
    assert (suite, reasons[0].why) in {row[:2] for row in set_aside(settings)}


def test_only_rows_with_a_breach_are_set_aside(breached: tuple[Settings, Verdict]) -> None:
    settings, _ = breached
    assert len(set_aside(settings)) == len(CRITICAL)
    with connect("owner", settings) as connection, connection.cursor() as cursor:
        for relation in sorted({suite for suite, *_ in CRITICAL} - {"twilio_statuses"}):
            cursor.execute(sql.SQL("select count(*) from raw.{}").format(sql.Identifier(relation)))
            assert cursor.fetchone() == (50,), relation
    # What else is wrong with the time of the last day is a matter of warnings.
    assert not validate(settings).is_fail


def test_neither_reasons_nor_data_docs_hold_a_value_of_a_customer(breached: tuple[Settings, Verdict]) -> None:
    settings, _ = breached
    reasons = json.dumps([row["reasons"] for row in kept(settings)])
    assert "unexpected_count" in reasons
    for value in (landed.SECRET_TEXT, landed.KEY, NOT_A_KEY, NOT_A_KEY[1:], "1970-01-01", "siti@", "Rp 12"):
        assert value not in reasons
        assert value not in data_docs(settings)


def test_too_many_failing_rows_fail_their_suite_until_they_are_gone(settings: Settings) -> None:
    with transaction("owner", settings) as connection:
        for _ in range(MOST_ROWS + 1):
            landed.event(connection, customer_key=NOT_A_KEY, received_at=LONG_AGO)
        landed.order(connection, amounts={"total": "satu"})
    verdict = validate(settings)
    assert (verdict.outcomes["chatbot_events"], verdict.outcomes["woocommerce_orders"]) == ("fail", "warn")
    assert [source for source, _, _ in set_aside(settings)] == ["woocommerce_orders"]
    assert validate(settings).is_fail
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute("delete from raw.chatbot_events")
    assert not validate(settings).is_fail


def test_a_row_that_lands_again_is_set_aside_again_and_one_that_is_put_back_stays(settings: Settings) -> None:
    for _ in range(2):
        with transaction("owner", settings) as connection:
            landed.event(connection, event_id="E1", occurred_at="0001-01-01T00:00:00Z", text="satu")
        validate(settings)
        assert [(source, row_id) for source, _, row_id in set_aside(settings)] == [("chatbot_events", "E1")]
    with transaction("inbox", settings) as connection, connection.cursor() as cursor:
        cursor.execute("select raw.put_back('chatbot_events', 'E1'), raw.put_back('chatbot_events', 'E1')")
        assert cursor.fetchone() == (True, False)
    assert not validate(settings).is_fail
    assert set_aside(settings) == []
    with connect("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute("select event_id, text, payload, extract(year from occurred_at) from raw.chatbot_events")
        assert cursor.fetchall() == [("E1", "satu", {"text": landed.SECRET_TEXT}, 1)]


def test_a_row_whose_id_landed_again_gives_way_to_the_newer_one(settings: Settings) -> None:
    with transaction("owner", settings) as connection:
        landed.event(connection, event_id="E1", occurred_at="1999-01-01T00:00:00Z", text="odd")
    validate(settings)
    with transaction("owner", settings) as connection:
        landed.event(connection, event_id="E1", text="repaired")
    with transaction("inbox", settings) as connection, connection.cursor() as cursor:
        cursor.execute("select raw.put_back('chatbot_events', 'E1')")
        assert cursor.fetchone() == (True,)
    assert set_aside(settings) == []
    with connect("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute("select text from raw.chatbot_events union all select put_back_at::text from raw.rejected")
        assert cursor.fetchall() == [("repaired",), (None,)]


def test_a_component_sets_aside_rows_of_landed_tables_only(settings: Settings) -> None:
    with connect("validator", settings) as connection, connection.cursor() as cursor, pytest.raises(RaiseException):
        cursor.execute("select raw.set_aside('review_files', '{}')")


def test_only_what_changed_since_the_last_sound_validation_is_read(settings: Settings) -> None:
    assert validate(settings).verdict == "pass"
    with transaction("owner", settings) as connection:
        landed.message(connection, customer_key=NOT_A_KEY, changed_at=LONG_AGO)
    assert validate(settings).verdict == "pass"
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute("update raw.twilio_messages set changed_at = now() - interval '9 minutes'")
    assert validate(settings).verdict == "warn"


def test_an_order_of_tomorrow_or_without_a_currency_warns(settings: Settings) -> None:
    with transaction("owner", settings) as connection:
        landed.order(connection, created_at=sql.SQL("now() + interval '25 hours'"), amounts={"currency": "rupiah"})
    verdict = validate(settings)
    assert verdict.verdict == "warn"
    assert unmet(verdict) == {("woocommerce_orders", "days_ahead"), ("woocommerce_orders", "currency")}


def test_what_an_odd_shop_leaves_out_warns_and_stops_no_other_shops_kpis(settings: Settings) -> None:
    with transaction("owner", settings) as connection:
        landed.order(connection, amounts={"total_tax": None, "date_created": "kemarin"})
        landed.order(connection, amounts={"total_tax": "", "shipping_total": None, "date_created": None})
        landed.refund(connection, date_created=None)
    verdict = validate(settings)
    assert verdict.verdict == "warn"
    assert unmet(verdict) == {
        ("woocommerce_orders", "total_tax"),
        ("woocommerce_orders", "shipping_total"),
        ("woocommerce_orders", "date_created"),
        ("woocommerce_refunds", "date_created"),
    }


def test_respondents_named_by_their_phone_number_or_address_warn(settings: Settings) -> None:
    with transaction("owner", settings) as connection:
        for respondent in ("R17", "1042", "2026-03-01", NOT_A_KEY, "siti@toko.example"):
            landed.survey_answer(connection, respondent=respondent)
    (reason,) = validate(settings).reasons
    assert (reason.column, reason.severity, reason.unexpected_count) == ("respondent", "warning", 2)


def test_strange_traffic_warns_with_the_figure_that_was_judged(settings: Settings) -> None:
    with transaction("owner", settings) as connection:
        for number in range(300):
            landed.event(
                connection, received_at=LONG_AGO, occurred_at=LONG_AGO, channel="telepathy" if number else "web"
            )
        for number in range(40):
            landed.message(connection, changed_at=LONG_AGO, received_at=LONG_AGO, sent_at=None, record=None)
            landed.status(connection, status="undelivered" if number % 4 == 0 else "delivered")
            landed.conflict(connection)
        for _ in range(4):
            landed.event(connection, occurred_at=sql.SQL("now() + interval '2 hours'"))
        landed.status(connection, status="teleported")
        landed.rejected(connection)
    verdict = validate(settings)
    assert verdict.verdict == "warn"
    assert unmet(verdict) == {
        ("recent_channels", "channel"),
        ("recent_traffic", "failed_share"),
        ("recent_traffic", "unknown_statuses"),
        ("recent_traffic", "missing_record_share"),
        ("recent_traffic", "ahead_share"),
        ("recent_traffic", "conflict_share"),
        ("recent_traffic", "rejected"),
        ("recent_traffic", "last_day_to_usual"),
    }
    observed = {reason.column: reason.observed for reason in verdict.reasons}
    assert observed["missing_record_share"] == 1
    assert observed["failed_share"] == pytest.approx(10 / 41)
    assert observed["unknown_statuses"] == 1
    assert observed["last_day_to_usual"] == pytest.approx(7 * 4 / 340)
    assert "telepathy" not in data_docs(settings)


def test_a_validation_that_cannot_be_run_is_an_error_and_no_verdict(settings: Settings) -> None:
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute("revoke select on raw.conflicts from validator")
    with pytest.raises(great.ValidationBroken, match="recent_traffic"):
        validate(settings)
    assert kept(settings) == []


def test_every_suite_has_its_query_and_only_expectations_that_are_understood() -> None:
    for name in great.suite_names():
        assert (Path(great.__file__).parent / "sql" / f"{name}.sql").exists()
        assert great._suite(name).name == name


def test_nothing_is_told_to_the_librarys_makers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GX_ANALYTICS_ENABLED", raising=False)
    great._context()
    assert os.environ["GX_ANALYTICS_ENABLED"] == "false"
