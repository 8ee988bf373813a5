"""Targets that were kept under an older name are those of the KPI."""

from __future__ import annotations

from warehouse.connection import read_sql, transaction
from warehouse.settings import ROOT, Settings

MIGRATION = ROOT / "warehouse" / "migrations" / "versions" / "0023_target_names.sql"


def test_a_target_of_first_responses_takes_the_name_of_its_kpi(settings: Settings) -> None:
    with transaction("owner", settings) as connection, connection.cursor() as cursor:
        cursor.execute(
            "insert into app.kpi_targets (store, metric, target) values ('older', 'first_response_time', 600),"
            " ('both', 'first_response_time', 600), ('both', 'first_response_on_time_rate', 120), ('other', 'csat', 80)"
        )
        cursor.execute(read_sql(MIGRATION))
        cursor.execute("select store, metric, target::int from app.kpi_targets order by 1, 2")
        assert cursor.fetchall() == [
            ("both", "first_response_on_time_rate", 120),
            ("older", "first_response_on_time_rate", 600),
            ("other", "csat", 80),
        ]
