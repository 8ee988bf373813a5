"""The cards in Metabase, run there as the reader over real marts: they show what the built-in page shows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from dashboards import definition, facts, filters, report
from dashboards.definition import Card
from dashboards.filters import Filters
from dashboards.metabase import drill_through, header_cards
from dashboards.metabase.objects import key_of
from dashboards.metabase.questions import key
from dashboards.reader import Session
from dashboards.views import Chart, Grid, Number
from demo.metabase import MetabaseStandIn
from tests.support import opinions

# The data reach back to the beginning of the one's period before, and not to the other's.
AUTUMN = Filters(date(2026, 10, 20), date(2026, 11, 10), "default", newest_wave=opinions.NEWEST)
OCTOBER = Filters(date(2026, 10, 1), date(2026, 10, 31), "default", newest_wave=opinions.NEWEST)
DASHBOARDS = definition.load_all()
CARDS = list({card: None for dashboard in DASHBOARDS for card in dashboard.cards})


def given(chosen: Filters) -> dict[str, str]:
    return {name: str(value) for name, value in chosen.parameters().items()}


def scaled(value: Any, format_: str | None) -> Any:
    """Metabase counts durations in minutes."""
    number = None if value is None else float(value)
    return pytest.approx(number / 60 if format_ == "duration" and number is not None else number)


def page_of(card: Card, session: Session, chosen: Filters) -> object:
    """The card as the built-in page has it."""
    dashboard = next(each for each in DASHBOARDS if card in each.cards)
    alone = dashboard.sections[0].model_copy(update={"cards": [card]})
    extent = session.extents()["default"]
    shown = report.build(session, dashboard.model_copy(update={"sections": [alone]}), chosen, extent, "en")
    return shown.sections[0][1][0]


def settings_of(metabase: MetabaseStandIn, card: Card) -> dict[str, Any]:
    rows = metabase.state.all("card")
    found: dict[str, Any] = next(row["visualization_settings"] for row in rows if key_of(row) == key(card))
    return found


@pytest.mark.parametrize("chosen", [AUTUMN, OCTOBER], ids=["compared", "alone"])
@pytest.mark.parametrize("card", [card for card in CARDS if card.chart == "number"], ids=key)
def test_a_number_is_the_pages_with_that_of_the_period_before(
    ask: Any, session: Session, card: Card, chosen: Filters
) -> None:
    shown = [row["value"] for row in ask(card, given(chosen))]
    view = page_of(card, session, chosen)
    assert isinstance(view, Number)
    if not card.is_about_period:
        # Of this moment: the page was asked a moment later.
        assert len(shown) == 1
        assert shown[0] <= scaled(view.value, card.format).expected
        return
    before = [view.before] if chosen == AUTUMN else []
    assert shown == [scaled(value, card.format) for value in [*before, view.value]]


@pytest.mark.parametrize("card", [card for card in CARDS if card.chart != "number"], ids=key)
def test_a_chart_has_the_pages_points_and_names(
    ask: Any, whole_metabase: MetabaseStandIn, session: Session, card: Card
) -> None:
    rows, view = ask(card, given(AUTUMN)), page_of(card, session, AUTUMN)
    assert rows or card.owner == "data_health", "nothing was validated here, and nothing reconciled"
    if isinstance(view, Grid):
        assert [list(row) for row in rows] == [list(card.columns)] * len(view.table.rows)
        return
    assert isinstance(view, Chart)
    if card.chart == "scatter":
        assert [(row["label"], row["x"], row["y"], row["series"]) for row in rows] == [
            (point["label"], scaled(point["x"], None), scaled(point["y"], None), point["series"])
            for point in sorted(view.points, key=lambda point: (names_of(card).index(point["series"]), point["label"]))
        ]
        return
    if not card.is_over_time:
        assert {row["series"]: scaled(row["value"], None) for row in rows} == {
            point["series"]: scaled(point["value"], card.format) for point in view.points
        }
        return
    names = {str(text) for text in (card.series or {}).values()}
    own = {(row["day"], row["series"]): scaled(row["value"], None) for row in rows if row["series"] in names}
    assert own == {(point["day"], point["series"]): scaled(point["value"], card.format) for point in view.points}
    besides = [row for row in rows if row["series"] not in names]
    assert drawn(besides, "Previous period") == points(view.before, card)
    assert drawn(besides, "Unusual") == points(view.marks, card)
    levels = sorted({row["value"] for row in besides if row["series"].startswith("Target")})
    assert levels == [scaled(value, card.format) for value in sorted(goal["value"] for goal in view.goals)]
    assert {row["series"] for row in besides} <= set(settings_of(whole_metabase, card)["series_settings"])


def names_of(card: Card) -> list[str]:
    return [str(text) for text in (card.series or {}).values()]


def drawn(rows: list[dict[str, Any]], name: str) -> list[tuple[str, Any]]:
    return sorted((row["day"], scaled(row["value"], None)) for row in rows if row["series"].startswith(name))


def points(found: list[dict[str, Any]], card: Card) -> list[tuple[str, Any]]:
    return sorted((point["day"], scaled(point["value"], card.format)) for point in found)


def besides(ask: Any, name: str, **chosen: str) -> set[str]:
    """The names of the lines that are drawn beside a card's own."""
    card = next(card for card in CARDS if card.id == name)
    rows = ask(card, {**given(AUTUMN), **chosen})
    return {row["series"] for row in rows} - {str(text) for text in (card.series or {}).values()}


def test_lines_besides_the_figures_are_drawn_where_they_belong(ask: Any) -> None:
    assert besides(ask, "message_volume") == {"Unusual"}
    assert besides(ask, "first_response") == {"Target: Median"}
    assert besides(ask, "response_time") == {"Unusual: Median"}
    assert besides(ask, "satisfaction") == {"Target: Satisfied", "Unusual: Satisfied"}
    assert besides(ask, "episode_duration") == {"Previous period"}


def test_what_is_unusual_is_so_for_all_channels_and_issues_together(ask: Any) -> None:
    assert besides(ask, "issues_a_day") == {"Unusual"}
    assert besides(ask, "issues_a_day", issue="delivery") == set()
    assert besides(ask, "issues_a_day", channel="whatsapp") == set()


def test_without_a_choice_the_last_days_with_data_are_shown(ask: Any, session: Session) -> None:
    extents = session.extents()
    chosen = filters.parse({}, extents, "default")
    card = next(card for card in CARDS if card.id == "message_volume")
    days = {row["day"] for row in ask(card, {})}
    assert (min(days), max(days)) == (str(chosen.first), str(chosen.last))
    until = chosen.last - timedelta(10)
    days = {row["day"] for row in ask(card, {"to_day": str(until), "store": "default"})}
    assert (min(days), max(days)) == (str(until - timedelta(29)), str(until))


def test_a_number_is_held_against_its_target_of_as_many_days(ask: Any, whole_metabase: MetabaseStandIn) -> None:
    cards = {card.id: card for card in CARDS}
    targets = {name: ask(cards[name], given(OCTOBER))[-1]["target"] for name in ("csat", "net_sales", "orders")}
    assert targets == {"csat": 80, "net_sales": 31_000_000, "orders": None}
    assert ask(cards["first_response_median"], given(OCTOBER))[-1]["target"] == 1, "in minutes"
    compared = settings_of(whole_metabase, cards["csat"])["scalar.comparisons"]
    assert [each.get("column") for each in compared] == [None, "target"]


@pytest.mark.parametrize("card", [card for card in CARDS if card.facts], ids=key)
def test_a_click_opens_the_rows_that_the_page_has(ask: Any, session: Session, card: Card) -> None:
    rows = ask(drill_through.rows_key(card), given(OCTOBER))
    assert len(rows) == facts.summary(session, card, OCTOBER).total
    if card.facts and card.facts.by and card.series:
        part = next(iter(card.series))
        some = ask(drill_through.rows_key(card), {**given(OCTOBER), "part": card.series[part]})
        assert len(some) == facts.summary(session, card, OCTOBER, part).total


def assert_clickable(metabase: MetabaseStandIn, dashboard: definition.Dashboard, dashcard: dict[str, Any]) -> None:
    """A click on a card that has facts opens their question, whose tags get the filters or what was clicked."""
    settings = dashcard["visualization_settings"]
    card = next((card for card in dashboard.cards if key(card) == settings["kabar"]), None)
    if card is None or card.facts is None:
        assert "click_behavior" not in str(settings)
        return
    columns = settings.get("column_settings") or {"": settings}
    (link,) = [column["click_behavior"] for column in columns.values()]
    target = metabase.state.get("card", link["targetId"])
    assert key_of(target) == drill_through.rows_key(card)
    tags = target["query"]["native"]["template-tags"]
    # Metabase's editor finds a mapping by the id of the tag, a click by its name.
    named = {each["target"]["id"]: number for number, each in link["parameterMapping"].items()}
    assert named == {name: tags[name]["id"] for name in named}
    assert card.facts
    known = {f"kabar_{filter_.name}" for filter_ in dashboard.filters} | {"day", "series", "label", card.facts.by}
    assert {each["source"]["id"] for each in link["parameterMapping"].values()} <= known
    when = {"from_day", "to_day"} if card.is_about_period else {"wave"}
    assert when | {"store"} <= set(named)


def test_every_dashboard_has_every_card_wired(whole_metabase: MetabaseStandIn) -> None:
    state = whole_metabase.state
    boards = {row["name"]: row for row in state.all("dashboard")}
    for dashboard in DASHBOARDS:
        board = boards[dashboard.title]
        placed = [row for row in state.where("dashcard", dashboard_id=board["id"]) if row["card_id"]]
        above = 3 if header_cards.has_insight(dashboard) else 2
        assert len(placed) == len(dashboard.cards) + above, "how they stand, what goes on now, and the insight"
        for dashcard in placed:
            tags = state.get("card", dashcard["card_id"])["query"]["native"]["template-tags"]
            targets = {mapping["target"][1][1] for mapping in dashcard["parameter_mappings"]}
            assert targets == set(tags) & {filter_.parameter for filter_ in dashboard.filters}
            assert_clickable(whole_metabase, dashboard, dashcard)
    tabs = [tab["name"] for tab in state.where("tab", dashboard_id=boards["Conversations"]["id"])]
    assert tabs == [section.title for section in definition.load("conversations").sections]


def test_nothing_overlaps(whole_metabase: MetabaseStandIn) -> None:
    taken: set[tuple[int, int | None, int, int]] = set()
    placed = whole_metabase.state.all("dashcard")
    assert len(placed) > 50
    for row in placed:
        cells = {
            (row["dashboard_id"], row["dashboard_tab_id"], x, y)
            for x in range(row["col"], row["col"] + row["size_x"])
            for y in range(row["row"], row["row"] + row["size_y"])
        }
        assert not cells & taken
        assert row["col"] + row["size_x"] <= 24
        taken |= cells


def test_the_columns_of_marts_are_described(whole_metabase: MetabaseStandIn) -> None:
    state = whole_metabase.state
    tables = {row["id"]: row["name"] for row in state.all("table") if row["schema"] == "marts"}
    silent = [(tables[row["table_id"]], row["name"]) for row in state.all("field") if not row["description"]]
    assert [name for name in silent if name[0] in tables.values()] == []
    assert state.all("table")
    keys = {tables[row["table_id"]]: row["name"] for row in state.all("field") if row["semantic_type"] == "type/PK"}
    assert keys["fct_turns"] == "turn_id"
    assert "kpi_daily" not in keys, "a key of several columns is no key of one"
