"""What is said about a card besides its figures: targets, unusual days, the period before, the verdict, the filters."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from dashboards import charts, definition, picture, report
from dashboards.filters import Filters
from dashboards.judgements import Anomaly, Judgements
from dashboards.notes import Notes
from dashboards.reader import Reader
from dashboards.views import Chart, Number, Shown
from warehouse import connection
from warehouse.connection import transaction
from warehouse.settings import Settings

OCTOBER = Filters(date(2026, 10, 1), date(2026, 10, 31), "default")
DAY = date(2026, 10, 9)
TARGETS = {
    "csat": 85, "unanswered_rate": 5, "first_response_time_median": 60, "first_response_on_time_rate": 300,
    "net_sales": 1_000_000, "message_volume": 50,
}  # fmt: skip


def reported(settings: Settings, name: str, chosen: Filters = OCTOBER) -> dict[str, Shown]:
    reader = Reader(connection.url("reader", settings))
    with reader.session() as session:
        extent = session.extents()[chosen.store]
        shown = report.build(session, definition.load(name), chosen, extent, "en")
    reader.close()
    return {view.card.id: view for _, views in shown.sections for view in views}


@pytest.fixture
def targets(built: Settings) -> Iterator[None]:
    with transaction("owner", built) as opened, opened.cursor() as cursor:
        for metric, target in TARGETS.items():
            cursor.execute("insert into app.kpi_targets values ('default', %s, %s)", (metric, target))
    yield
    with transaction("owner", built) as opened, opened.cursor() as cursor:
        cursor.execute("delete from app.kpi_targets")


@pytest.fixture
def verdicts(built: Settings) -> Iterator[None]:
    """The messages' checks pass, those of the shop's orders do not."""
    store = "insert into quality.reconciliations (run_id, store_id, subject, period, verdict, ours, theirs, reason)"
    store += " values (%s, 'default', 'orders', '2026-10', 'fail', '{}', '{}', 'they differ')"
    suite = "insert into quality.validations (run_id, suite, verdict) values (%s, 'messages', 'pass')"
    with transaction("owner", built) as opened, opened.cursor() as cursor:
        cursor.execute(suite, (str(uuid.uuid4()),))
        cursor.execute(store, (str(uuid.uuid4()),))
    yield
    with transaction("owner", built) as opened, opened.cursor() as cursor:
        cursor.execute("delete from quality.reconciliations; delete from quality.validations")


def number(shown: dict[str, Shown], card: str) -> Number:
    view = shown[card]
    assert isinstance(view, Number)
    return view


@pytest.mark.usefixtures("targets")
def test_a_number_is_held_against_its_target(built: Settings) -> None:
    shown = reported(built, "conversations")
    for card, is_better in (("csat", lambda value: value >= 85), ("unanswered_rate", lambda value: value <= 5)):
        view = number(shown, card)
        assert view.goal is not None
        assert view.goal.is_met is is_better(view.value)
    within = number(shown, "first_response_on_time_rate").goal
    assert (within and within.text, within and within.is_met) == ("On time: within 5 min", None)
    assert number(shown, "bot_success_rate").goal is None


@pytest.mark.usefixtures("targets")
def test_a_target_of_a_day_is_taken_for_every_day_of_a_period(built: Settings) -> None:
    view = number(reported(built, "store"), "net_sales")
    assert view.goal is not None
    assert view.goal.text == "Target: at least Rp31,000,000"
    assert view.value is not None
    assert view.goal.is_met is (view.value >= 31_000_000)


@pytest.mark.usefixtures("targets")
def test_the_target_of_a_share_is_the_same_for_a_period_without_data(built: Settings) -> None:
    empty = Filters(date(2025, 1, 1), date(2025, 1, 3), "default")
    view = number(reported(built, "conversations", empty), "unanswered_rate")
    assert (view.value, view.goal and view.goal.text) == (None, "Target: at most 5.0%")


@pytest.mark.usefixtures("targets")
def test_charts_show_the_targets_of_their_series(built: Settings) -> None:
    shown = reported(built, "conversations")
    lines = {card: [goal["value"] for goal in view.goals] for card, view in shown.items() if isinstance(view, Chart)}
    assert lines["first_response"] == [60]
    assert lines["promises"] == [5], "seconds are no percentage"
    assert lines["message_volume"] == [50]
    assert lines["bot_results"] == []
    narrowed = reported(built, "conversations", replace(OCTOBER, channel="web"))["message_volume"]
    assert isinstance(narrowed, Chart)
    assert narrowed.goals == [], "the shop aims at messages of all channels together"


def test_a_chart_without_anything_to_say_has_no_empty_layers(built: Settings) -> None:
    chart = reported(built, "conversations")["promises"]
    assert isinstance(chart, Chart)
    layers = charts.spec(chart, OCTOBER, "en")["layer"]
    assert {layer["data"]["name"] for layer in layers} == {"points"}


def test_the_line_of_the_period_before_falls_to_zero_where_nothing_was_counted(built: Settings) -> None:
    chosen = Filters(date(2026, 10, 15), date(2026, 11, 11), "default")
    chart = reported(built, "chat_to_order", chosen)["revenue"]
    assert isinstance(chart, Chart)
    assert chart.before
    drawn = charts.spec(chart, chosen, "en")["datasets"]["before"]
    assert len(drawn) == chosen.days > len(chart.before)
    assert sum(point["value"] for point in drawn) == sum(point["value"] for point in chart.before)


def test_one_line_is_drawn_with_that_of_the_period_before(built: Settings) -> None:
    chosen = Filters(date(2026, 10, 20), date(2026, 10, 26), "default")
    now, earlier = (reported(built, "store", each)["sales"] for each in (chosen, chosen.before))
    assert isinstance(now, Chart)
    assert isinstance(earlier, Chart)
    week = timedelta(7)
    assert [(point["day"], point["value"]) for point in now.before] == [
        ((date.fromisoformat(point["day"]) + week).isoformat(), point["value"]) for point in earlier.points
    ]
    assert now.table.header[-1] == "Previous period"
    assert any("13–19 Oct 2026" in note for note in now.notes)
    shown = reported(built, "conversations", chosen)["response_time"]
    assert isinstance(shown, Chart)
    assert shown.before == [], "two lines would cross two others"


def test_a_figure_of_now_is_held_against_no_earlier_period(built: Settings) -> None:
    shown = reported(built, "data_health", Filters(date(2026, 10, 20), date(2026, 10, 26), "default"))
    of_now = [view for view in shown.values() if isinstance(view, Number) and "from_day" not in view.card.parameters]
    assert of_now
    assert [view.before for view in of_now] == [None] * len(of_now)


def judged(card: str, metric: str, chosen: Filters = OCTOBER) -> Notes:
    anomaly = Anomaly(DAY, metric, value=70, expected=35, lower=21, upper=49)  # type: ignore[arg-type]
    found = next(each for each in definition.load("conversations").cards if each.id == card)
    return Notes(found, chosen, Judgements({}, {}, [anomaly]), "en", "IDR")


@pytest.mark.parametrize(
    ("card", "metric", "marked"),
    [
        ("response_time", "response_time_median", "Median"),
        ("message_volume", "message_volume", None),
        ("reopen", "response_time_median", "no mark"),
    ],
)
def test_an_unusual_day_is_marked_and_said_in_words(card: str, metric: str, marked: str | None) -> None:
    notes = judged(card, metric)
    assert [mark["series"] for mark in notes.marks] == ([] if marked == "no mark" else [marked])
    said = " ".join(notes.on_chart(has_before=False))
    assert ("Unusual on 9 Oct 2026" in said) is (marked != "no mark")
    assert ("expected 35" in said) is (marked != "no mark")


@pytest.mark.usefixtures("verdicts")
def test_a_card_built_on_data_that_failed_says_so(built: Settings) -> None:
    shown = reported(built, "overview")
    assert shown["csat"].verdict == "pass"
    assert shown["message_volume"].verdict == "pass"
    assert {shown[card].verdict for card in ("net_sales", "orders", "sales", "chat_revenue")} == {"fail"}
    assert shown["chat_orders"].verdict == "fail", "a figure that is no KPI is as good as those beside it"


def test_a_filter_that_does_not_reach_a_card_is_said_on_it(built: Settings) -> None:
    chosen = replace(OCTOBER, channel="web", issue="payment")
    overview = reported(built, "overview", chosen)
    assert any("no channel filter" in note for note in overview["net_sales"].notes)
    assert not any("no channel filter" in note for note in overview["csat"].notes)
    assert not any("no issue filter" in note for view in overview.values() for note in view.notes), (
        "Overview offers no issue"
    )
    conversations = reported(built, "conversations", chosen)
    for view in conversations.values():
        assert any("no issue filter" in note for note in view.notes) is ("issue" not in view.card.parameters)


def test_a_filter_that_a_dashboard_does_not_offer_changes_nothing_on_it(built: Settings) -> None:
    def texts(chosen: Filters) -> Any:
        return {
            card: view.text for card, view in reported(built, "overview", chosen).items() if isinstance(view, Number)
        }

    assert texts(replace(OCTOBER, issue="payment", message_language="en")) == texts(OCTOBER)


def test_a_card_is_drawn_as_a_picture_of_its_own(built: Settings) -> None:
    reader = Reader(connection.url("reader", built))
    dashboard = definition.load("issues")
    with reader.session() as session:
        extent = session.extents()["default"]
        for card in ("issue_table", "issues_a_day", "urgent_share"):
            found = next(each for each in dashboard.cards if each.id == card)
            shown = report.build(session, dashboard.only(found), OCTOBER, extent, "id")
            content = picture.draw_card(shown)
            assert content.startswith(b"\x89PNG")
            width = int.from_bytes(content[16:20])
            # The headings of a table's seven columns need more in Indonesian than a chart does.
            assert (width > picture.SHARPNESS * picture.CARD_WIDTH) is (card == "issue_table")
            assert width >= picture.SHARPNESS * picture.CARD_WIDTH
    reader.close()
