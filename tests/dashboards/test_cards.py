"""Every card over the real marts, as the role that reads them: its figures are the KPIs'."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboards import definition, filters, picture, readings, report
from dashboards.definition import Card
from dashboards.filters import Filters
from dashboards.reader import Reader, Session
from dashboards.readings import Reading
from dashboards.views import Chart, Grid, Number
from tests.support import opinions
from warehouse import connection
from warehouse.settings import Settings

DASHBOARDS = definition.load_all()
# Data health is about builds and what was found in them; the shop here has had one, and nothing was.
CARDS = list({card: None for dashboard in DASHBOARDS if dashboard.name != "data_health" for card in dashboard.cards})
NUMBERS = [card for card in CARDS if card.chart == "number"]
CONVERSATIONS = definition.load("conversations")


def _answers(card: Card, channel: str) -> bool:
    """Whether a card tells channels apart; the shop's do not."""
    return channel == "all" or "%(channel)s" in card.sql


# The columns whose values a card names, where that is not the first one.
NAMED_COLUMNS = {
    "csi": "remark", "respondents": "remark", "items": "validity", "dimensions": "grade", "groups": "group_kind",
    "waves": "grade", "topics": "trend", "contradictions": "sentiment", "dimension_months": "source",
}  # fmt: skip
OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))
CHANNELS = ("all", "web")
KPIS = [(card, channel) for card in NUMBERS if card.metrics for channel in CHANNELS if _answers(card, channel)]
KPI_OF_BAR = {
    "response_time_bucket": ("response_time_bucket", "bucket"),
    "issues": ("issue_volume", "issue"),
    "urgencies": ("issue_volume", "urgency"),
    "languages": ("issue_volume", "language"),
}


@pytest.fixture(scope="module")
def session(built: Settings) -> Iterator[Session]:
    reader = Reader(connection.url("reader", built))
    with reader.session() as opened:
        yield opened
    reader.close()


def rows(session: Session, name: str, chosen: Filters, owner: str = "conversations") -> list[Any]:
    card = next(card for card in CARDS if (card.owner, card.id) == (owner, name))
    return session.rows(card.sql, replace(chosen, newest_wave=opinions.NEWEST).parameters())


def named(value: Card | str) -> str:
    return value if isinstance(value, str) else f"{value.owner}/{value.id}"


@pytest.mark.parametrize("card", CARDS, ids=named)
def test_a_query_returns_the_columns_that_its_chart_needs(session: Session, card: Card) -> None:
    found = rows(session, card.id, Filters(*OCTOBER, "default"), card.owner)
    assert found
    promised = {
        "number": {"value", "numerator", "denominator", "is_final"},
        "bar": {"series", "value"},
        "diverging_bar": {"series", "value"},
        "word_cloud": {"series", "value"},
        "scatter": {"label", "x", "y", "series", "x_line", "y_line"},
        "table": {*card.columns},
    }.get(card.chart, {"day", "series", "value", "is_final"})
    of_number = {"remark"} if card.chart == "number" and card.rows else set()
    assert set(found[0]) - ({"is_final"} if card.chart == "table" else of_number) == promised
    if card.chart in ("line", "stacked_bar"):
        assert {row["series"] for row in found} <= set(card.series or ())
    if card.chart == "scatter":
        assert {row["series"] for row in found} <= set(card.series or ())
    if card.rows:
        column = NAMED_COLUMNS.get(card.id) or next(iter(card.columns))
        assert {row[column] for row in found} - {None} <= set(card.rows)


def test_a_card_names_kpis_that_there_are(session: Session) -> None:
    query = "select metric from marts.kpi_monthly union select metric from marts.kpi_daily"
    built_kpis = {row["metric"] for row in session.rows(query)}
    assert {metric for card in CARDS for metric in card.metrics} <= built_kpis


def test_a_line_or_a_bar_of_a_kpi_names_it() -> None:
    kpis_drawn = {card.id: set(card.series or ()) for card in CARDS if "kpi_daily.metric as series" in card.sql}
    assert len(kpis_drawn) > 8
    assert kpis_drawn == {card.id: set(card.metrics) for card in CARDS if card.id in kpis_drawn}


@pytest.mark.parametrize(("card", "channel"), KPIS, ids=named)
def test_a_number_over_a_month_is_the_monthly_kpi(session: Session, card: Card, channel: str) -> None:
    (metric,) = card.metrics
    (found,) = rows(session, card.id, Filters(*OCTOBER, "default", channel), card.owner)
    (kpi,) = kpis(session, "kpi_monthly", metric, "2026-10-01", channel)
    assert float(found["value"]) == pytest.approx(float(kpi["value"]))
    assert found["denominator"] == kpi["denominator"]
    if card.id != "customer_messages":  # counted from facts that do not say when they are final
        assert found["is_final"] == kpi["is_final"]


@pytest.mark.parametrize("card", [card for card in NUMBERS if card.format == "percent"], ids=named)
def test_a_percentage_is_its_numerator_of_its_denominator(session: Session, card: Card) -> None:
    (found,) = rows(session, card.id, Filters(*OCTOBER, "default"), card.owner)
    assert found["denominator"] > 0
    assert 0 <= found["numerator"] <= found["denominator"]
    assert float(found["value"]) == pytest.approx(100 * float(found["numerator"]) / float(found["denominator"]))


@pytest.mark.parametrize("card", KPI_OF_BAR)
def test_bars_over_a_month_are_the_monthly_kpi(session: Session, card: str) -> None:
    metric, dimension = KPI_OF_BAR[card]
    found = {row["series"]: row["value"] for row in rows(session, card, Filters(*OCTOBER, "default"))}
    query = "select dimension_value, value from marts.kpi_monthly where store_id = 'default' and metric = %(metric)s"
    query += " and dimension = %(dimension)s and month = '2026-10-01'"
    values = {"metric": metric, "dimension": dimension}
    assert found == {row["dimension_value"]: row["value"] for row in session.rows(query, values)}


@pytest.mark.parametrize("card", KPI_OF_BAR)
def test_bars_of_the_channels_add_up_to_those_of_all(session: Session, card: str) -> None:
    def total(channel: str) -> int:
        return sum(row["value"] for row in rows(session, card, Filters(*OCTOBER, "default", channel)))

    assert 0 < total("web") < total("all")
    assert sum(map(total, ("whatsapp", "web", "instagram"))) == total("all")


@pytest.mark.parametrize("channel", CHANNELS)
def test_authors_of_a_day_add_up_to_its_message_volume(session: Session, channel: str) -> None:
    found: dict[date, int] = {}
    for row in rows(session, "message_volume", Filters(*OCTOBER, "default", channel)):
        found[row["day"]] = found.get(row["day"], 0) + row["value"]
    query = "select day, value from marts.kpi_daily where store_id = 'default' and metric = 'message_volume'"
    query += " and dimension_value = %(channel)s and day between '2026-10-01' and '2026-10-31'"
    assert found == {row["day"]: row["value"] for row in session.rows(query, {"channel": channel})}


def test_lines_are_the_daily_kpis(session: Session) -> None:
    found = rows(session, "response_time", Filters(*OCTOBER, "default", "web"))
    assert len(found) > 10
    for row in found[:10]:
        (kpi,) = kpis(session, "kpi_daily", row["series"], row["day"].isoformat(), "web")
        assert (row["value"], row["is_final"]) == (kpi["value"], kpi["is_final"])


def kpis(session: Session, table: str, metric: str, first_day: str, channel: str) -> list[Any]:
    period = "day" if table == "kpi_daily" else "month"
    query = f"select * from marts.{table} where store_id = 'default' and metric = %(metric)s"
    query += f" and {period} = %(first_day)s and dimension_value = %(channel)s"
    return session.rows(query, {"metric": metric, "first_day": first_day, "channel": channel})


def views(session: Session, chosen: Filters) -> dict[str, Number | Chart | Grid]:
    shown = report.build(session, CONVERSATIONS, chosen, session.extents()[chosen.store], "en")
    return {view.card.id: view for _, of_section in shown.sections for view in of_section}


def test_a_number_is_held_against_the_period_before(session: Session) -> None:
    chosen = Filters(date(2026, 10, 20), date(2026, 10, 26), "default")
    now, before = (rows(session, "messages", period)[0]["value"] for period in (chosen, chosen.before))
    change = views(session, chosen)["messages"].change  # type: ignore[union-attr]
    assert change is not None
    assert change.arrow == ("up" if now > before else "down")
    assert change.text == f"{abs(round(100 * (now - before) / before))}%"


def test_a_day_that_is_not_over_is_left_out_of_the_comparison(session: Session) -> None:
    today = session.extents()["default"].today
    chosen = Filters(today - timedelta(6), today, "default")
    whole = Filters(today - timedelta(6), today - timedelta(1), "default")
    shown = views(session, chosen)["messages"]
    assert isinstance(shown, Number)
    assert shown.value == rows(session, "messages", chosen)[0]["value"]
    assert shown.before == rows(session, "messages", chosen.before)[0]["value"]
    assert shown.change == views(session, whole)["messages"].change  # type: ignore[union-attr]


def test_only_a_change_that_chance_does_not_explain_has_an_arrow_and_a_colour(session: Session) -> None:
    chosen = Filters(date(2026, 10, 20), date(2026, 10, 26), "default")
    numbers = [view for view in views(session, chosen).values() if isinstance(view, Number) and view.change]
    counted = 0
    for view in numbers:
        now, before = (Reading.of(rows(session, view.card.id, each)[0]) for each in (chosen, chosen.before))
        assert now
        assert before
        is_sure = now.is_final and readings.deviations(view.card, now, before) > 0
        assert (view.change.arrow is not None) == is_sure  # type: ignore[union-attr]
        assert is_sure or view.change.news == "neutral"  # type: ignore[union-attr]
        counted += is_sure
    assert 0 < counted < len(numbers)


def test_nothing_is_compared_with_a_time_before_the_data(session: Session) -> None:
    first = session.extents()["default"].first_day
    shown = views(session, Filters(first, date(2026, 11, 21), "default"))
    assert [view for view in shown.values() if isinstance(view, Number) and view.change] == []


def test_the_last_days_are_shown_as_not_final(session: Session) -> None:
    chosen = filters.parse({}, session.extents(), "default")
    chart = views(session, chosen)["bot_results"]
    assert isinstance(chart, Chart)
    assert chart.open_from is not None
    assert chosen.first < chart.open_from <= chosen.last
    assert {point["open"] for point in chart.points} == {True, False}


def test_a_period_without_data_has_cards_without_figures(session: Session) -> None:
    shown = views(session, Filters(date(2025, 1, 1), date(2025, 1, 31), "default"))
    assert {view.text for view in shown.values() if isinstance(view, Number)} == {"–"}
    # A forecast is of no period.
    assert [name for name, view in shown.items() if isinstance(view, Chart) and view.points] == ["forecast"]


def test_stores_keep_their_own_clock_and_days(session: Session) -> None:
    extents = session.extents()
    assert {store: extent.timezone.key for store, extent in extents.items()} == {
        "default": "Asia/Jakarta",
        "kedua": "America/New_York",
    }
    assert extents["default"].name == "Toko Melati"
    assert extents["default"].channels == ["instagram", "web", "whatsapp"]


def test_a_picture_is_drawn_without_a_browser(built: Settings, tmp_path: Path) -> None:
    picture.draw(tmp_path / "conversations.png", built, language="id")
    content = (tmp_path / "conversations.png").read_bytes()
    assert content.startswith(b"\x89PNG")
    width, height = (int.from_bytes(content[at : at + 4]) for at in (16, 20))
    assert width == picture.WIDTH
    assert height > 1500


def test_orders_of_new_and_returning_customers_add_up_to_the_orders(session: Session) -> None:
    chosen = Filters(*OCTOBER, "default")
    (total,) = rows(session, "orders", chosen, "store")
    assert sum(row["value"] for row in rows(session, "buyers", chosen, "store")) == total["value"]
    assert sum(row["value"] for row in rows(session, "payment_methods", chosen, "store")) == total["value"]


def test_every_ended_conversation_has_one_ending(session: Session) -> None:
    endings = rows(session, "endings", Filters(*OCTOBER, "default"), "bot")
    query = "select count(*) as ended from marts.fct_episodes where store_id = 'default' and is_customer_started"
    query += " and is_ended and day between '2026-10-01' and '2026-10-31'"
    assert sum(row["value"] for row in endings) == session.rows(query)[0]["ended"]


@pytest.mark.parametrize("card", ["issues_a_day", "urgency_a_day", "issue_table"])
def test_every_message_of_a_customer_stands_under_one_issue(session: Session, card: str) -> None:
    chosen = Filters(*OCTOBER, "default")
    (total,) = rows(session, "customer_messages", chosen, "issues")
    found = rows(session, card, chosen, "issues")
    assert sum(row.get("value", row.get("messages")) for row in found) == total["value"]


def test_the_way_from_analytics_to_our_net_sales_adds_up(session: Session) -> None:
    found = {row["what"]: row["amount"] for row in rows(session, "analytics", Filters(*OCTOBER, "default"), "store")}
    query = "select sum(net_revenue) as net from marts.woocommerce_analytics_daily where store_id = 'default'"
    query += " and date_type = 'date_paid' and day between '2026-10-01' and '2026-10-31'"
    (analytics,) = session.rows(query)
    assert found["analytics"] == analytics["net"]
    assert sum(amount for what, amount in found.items() if what != "ours") == found["ours"]
    assert {"double_full_refund", "other_currency"} <= set(found)


def test_chat_sales_stand_under_every_channel_that_led_to_them(session: Session) -> None:
    chosen = Filters(*OCTOBER, "default")
    (total,) = rows(session, "chat_revenue", chosen, "chat_to_order")
    channels = {row["series"]: row["value"] for row in rows(session, "channels", chosen, "chat_to_order")}
    for channel, value in channels.items():
        (alone,) = rows(session, "chat_revenue", Filters(*OCTOBER, "default", channel), "chat_to_order")
        assert alone["value"] == value
    assert max(channels.values()) <= total["value"] <= sum(channels.values())
