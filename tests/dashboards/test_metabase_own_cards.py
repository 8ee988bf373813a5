"""What Metabase shows besides the dashboards' cards: how the figures stand, the insight, and what it warns of."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import psycopg2
import pytest

from dashboards import definition, kpi_definitions
from dashboards.definition import Card
from dashboards.metabase import comparison_lines, header_cards
from dashboards.metabase.cards import alerts, own_cards
from dashboards.reader import Session
from demo.metabase import MetabaseStandIn
from tests.dashboards.test_definition import foreign_tables
from tests.support import opinions
from warehouse import connection
from warehouse.connection import transaction
from warehouse.settings import Settings


@pytest.mark.parametrize("card", own_cards().values(), ids=lambda card: card.id)
def test_metabases_own_cards_read_marts_alone_and_run(ask: Any, card: Card) -> None:
    assert foreign_tables(card.sql) == set()
    rows = ask(card, {})
    assert [list(row) for row in rows] == [list(card.columns)] * len(rows)
    if card not in alerts():
        assert rows


def test_the_filter_of_waves_offers_the_newest_by_name_in_either_language(
    ask: Any, whole_metabase: MetabaseStandIn
) -> None:
    assert ask(own_cards()["waves"], {})[0] == {"wave": "Newest wave"}
    filters = [each for row in whole_metabase.state.all("dashboard") for each in row["parameters"]]
    assert [each["default"] for each in filters if each["slug"] == "wave"] == [["Newest wave"]]
    (card,) = (card for card in definition.load("satisfaction").cards if card.id == "respondents")
    for chosen in ({}, *({"wave": name} for name in ("Newest wave", "Gelombang terbaru", "newest", opinions.NEWEST))):
        assert ask(card, chosen) == [{"value": opinions.RESPONDENTS[opinions.NEWEST]}], chosen
    assert ask(card, {"wave": opinions.OLDER}) == [{"value": opinions.RESPONDENTS[opinions.OLDER]}]


def test_each_dashboard_says_how_its_figures_stand(ask: Any, shown_shop: Settings, session: Session) -> None:
    (row,) = ask("metabase/standing/store", {})
    assert list(row) == list(header_cards.STANDING_COLUMNS)
    assert (row["quality"], row["failed"]) == ("Data checks: warning", "–")
    extent = session.extents()["default"]
    assert row["data_as_of"] == f"{extent.data_as_of.astimezone(extent.timezone):%Y-%m-%d %H:%M}"
    with transaction("owner", shown_shop) as connection, connection.cursor() as cursor:
        cursor.execute(
            "insert into quality.validations (run_id, suite, verdict) values (gen_random_uuid(), 's', 'fail')"
        )
    try:
        (failed,) = ask("metabase/standing/store", {})
        alarms = ask(own_cards()["quality_failed"], {})
    finally:
        with transaction("owner", shown_shop) as connection, connection.cursor() as cursor:
            cursor.execute("delete from quality.validations")
    assert failed["quality"] == "Data checks failed"
    assert "Net sales" in failed["failed"].split(", ")
    assert {"store": "Toko Melati", "quality": "fail"} in alarms


def test_the_insight_of_the_last_build_is_shown_in_the_language(ask: Any, shown_shop: Settings) -> None:
    with transaction("owner", shown_shop) as connection, connection.cursor() as cursor:
        for language in ("en", "id"):
            cursor.execute(
                "insert into ml.insights"
                " (store_id, dashboard, language, first_day, last_day, text, figures, worded_by) values"
                " ('default', 'bot', %s, '2026-10-24', '2026-11-22', %s, '[]', 'template')",
                (language, f"Said in {language}."),
            )
    assert ask("metabase/insight/bot", {}) == [{"text": "Said in en.", "period": "2026-10-24 – 2026-11-22"}]
    assert ask("metabase/insight/store", {}) == []
    with transaction("owner", shown_shop) as connection, connection.cursor() as cursor:
        cursor.execute("delete from ml.insights")


def test_a_target_is_alarmed_about_in_the_direction_of_its_card(shown_shop: Settings) -> None:
    with closing(psycopg2.connect(connection.url("owner", shown_shop))) as opened, opened.cursor() as cursor:
        # In a transaction that never ends.
        cursor.execute("delete from app.kpi_targets")
        for metric in kpi_definitions.load():
            cursor.execute("insert into app.kpi_targets (store, metric, target) values ('default', %s, 1)", (metric,))
        cursor.execute("select metric, better from marts.kpi_targets where better is not null")
        listed = dict(cursor.fetchall())
    ways = {
        card.metrics[0]: card.better
        for dashboard in definition.load_all()
        for card in dashboard.cards
        if comparison_lines.has_target(card)
    }
    # The target of this rate is the most that a first response may take.
    assert listed == {**ways, "first_response_on_time_rate": "lower"}


def test_who_missed_a_target_yesterday_is_told_of_it(shown_shop: Settings) -> None:
    values = {"csat": 79, "first_response_time_median": 59, "net_sales": 1_000_000, "unanswered_rate": 100}
    with closing(psycopg2.connect(connection.url("dbt", shown_shop))) as opened, opened.cursor() as cursor:
        # In a transaction that never ends, what the real view shows has a table in its place.
        cursor.execute("alter view marts.kpi_daily rename to kept")
        cursor.execute("create table marts.kpi_daily as select * from marts.kept limit 0")
        for metric, value in values.items():
            cursor.execute(
                "insert into marts.kpi_daily (store_id, day, metric, dimension, dimension_value, value) values"
                " ('default', (now() at time zone 'Asia/Jakarta')::date - 1, %s, 'all', 'all', %s)",
                (metric, value),
            )
        cursor.execute(own_cards()["past_target"].sql)
        assert [row[1] for row in cursor] == ["csat"], "an unanswered conversation is known after a week"
        cursor.execute("update marts.kpi_daily set day = day - 8")
        cursor.execute(own_cards()["past_target"].sql)
        assert [row[1] for row in cursor] == ["unanswered_rate"]
