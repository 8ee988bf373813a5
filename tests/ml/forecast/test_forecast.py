"""From the marts to the rows that the dashboards show: whole weeks, gaps, shops without a forecast."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import numpy as np
import pytest

from dashboards import definition
from dashboards.reader import Reader
from ml.forecast import __main__ as command
from ml.forecast import series
from ml.forecast.forecast import forecast
from ml.marts import NoMarts
from pipeline import transform
from tests.dbt import landing
from tests.dbt.history import Event, History, Shop
from warehouse import connection
from warehouse.settings import Settings

# A Wednesday, 23:00 of Tuesday in New York.
AS_OF = datetime(2026, 6, 17, 3, tzinfo=UTC)
WEEKS = 60
GAP = date(2026, 3, 2)


def events(store: str, weeks: int) -> Iterator[Event]:
    """Some messages each day, none in the week of GAP, each of a customer of its own."""
    random = Random(store)
    for day in range(7 * weeks):
        at = AS_OF - timedelta(days=day, hours=1)
        if GAP <= (at - timedelta(hours=4)).date() < GAP + timedelta(days=7):
            continue
        for number in range(random.randrange(1, 6)):
            name = f"{store}-{day}-{number}"
            yield Event(name, "message", at, "web", given_id=name, author="customer")


@pytest.fixture(scope="module")
def forecasting(module_settings: Settings) -> Settings:
    histories = [
        History(Shop(store, "America/New_York"), tuple(events(store, weeks)))
        for store, weeks in (("old", WEEKS), ("new", 9))
    ]
    landing.open_shops(module_settings, histories)
    landing.land(module_settings, histories)
    transform.build(AS_OF, module_settings)
    return module_settings


def test_without_marts_it_says_so(settings: Settings) -> None:
    if landing.read(settings, "select to_regclass('marts.kpi_daily') as there")[0]["there"] is None:
        with pytest.raises(NoMarts):
            forecast(settings)


def test_weeks_are_whole_begin_on_monday_and_count_empty_ones(forecasting: Settings) -> None:
    of_shop = {each.store_id: each for each in series.read(forecasting)}
    assert {each.metric for each in of_shop.values()} == {"message_volume"}
    old = of_shop["old"]
    # The week of AS_OF began on 15 June in New York.
    assert old.last_week == date(2026, 6, 8)
    days = landing.read(forecasting, "select day, value from marts.kpi_daily"
                        " where store_id = 'old' and metric = 'message_volume' and dimension = 'all'")  # fmt: skip
    first = min(row["day"] for row in days)
    first += timedelta(days=-first.weekday() % 7)
    expected = np.zeros((date(2026, 6, 15) - first).days // 7)
    for row in days:
        week = (row["day"] - first).days // 7
        if 0 <= week < len(expected):
            expected[week] += float(row["value"])
    assert old.weeks == pytest.approx(expected)
    assert old.weeks[(GAP - first).days // 7] == 0
    assert [each.store_id for each in series.read(forecasting, "new")] == ["new"]


def test_forecasts_and_reasons_reach_the_dashboards_and_a_second_run_changes_nothing(forecasting: Settings) -> None:
    assert forecast(forecasting) == 1
    query = "select * from marts.forecasts order by store_id, week"
    rows = landing.read(forecasting, query)
    assert [row["week"] for row in rows] == [date(2026, 6, 15) + timedelta(weeks=ahead) for ahead in range(8)]
    for row in rows:
        assert row["store_id"] == "old"
        assert 0 <= row["lower_95"] <= row["lower_80"] <= row["value"] <= row["upper_80"] <= row["upper_95"]
    assert forecast(forecasting) == 1
    assert landing.read(forecasting, query) == rows

    reasons = landing.read(forecasting, "select store_id, reason, weeks from marts.forecast_evaluations order by 1")
    assert [(row["store_id"], row["reason"]) for row in reasons] == [("new", "too_short"), ("old", "shown")]
    assert shown(forecasting, "new", "forecast_quality") == [
        {"reason": "too_short", "weeks": 8, "error_of_naive": None, "coverage_80": None, "coverage_95": None}
    ]
    (quality,) = shown(forecasting, "old", "forecast_quality")
    assert quality["error_of_naive"] < 95
    points = shown(forecasting, "old", "forecast")
    assert len([point for point in points if point["series"] == "past"]) == 26
    assert [point["value"] for point in points if point["series"] == "forecast"] == [row["value"] for row in rows]
    assert {point["series"] for point in shown(forecasting, "new", "forecast")} == {"past"}


def shown(settings: Settings, store: str, card_id: str) -> list[dict[str, Any]]:
    (card,) = [card for card in definition.load("conversations").cards if card.id == card_id]
    reader = Reader(connection.url("reader", settings))
    with reader.session() as session:
        rows = [dict(row) for row in session.rows(card.sql, {"store": store})]
    reader.close()
    return rows


def test_the_report_names_each_series_and_writes_nothing(
    forecasting: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "get_settings", lambda: forecasting)
    before = landing.read(forecasting, "select evaluated_at from marts.forecast_evaluations")
    assert command.main(["report", "--store", "new"]) == 0
    told = capsys.readouterr().out
    assert told == "new message_volume: too_short, 8 weeks\n"
    assert landing.read(forecasting, "select evaluated_at from marts.forecast_evaluations") == before
