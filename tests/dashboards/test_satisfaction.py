"""The dashboard "Satisfaction": its survey figures are those of the answers, of the chosen wave alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from statistics import mean
from typing import Any

import pytest

from dashboards import definition, fact_words, facts, filters, report, words
from dashboards.definition import Card
from dashboards.filters import Filters, InvalidFilter
from dashboards.reader import Reader, Session
from dashboards.views import Chart, Grid, Number
from pipeline import transform
from tests.support import opinions
from warehouse import connection
from warehouse.settings import Settings

DASHBOARD = definition.load("satisfaction")
CARDS = {card.id: card for card in DASHBOARD.cards}
CHOSEN = Filters(date(2026, 10, 1), date(2026, 10, 31), "default", newest_wave=opinions.NEWEST)
SURVEY = [card for card in DASHBOARD.cards if "wave" in card.parameters]


@pytest.fixture
def session(built: Settings) -> Iterator[Session]:
    reader = Reader(connection.url("reader", built))
    with reader.session() as opened:
        yield opened
    reader.close()


def answers(session: Session, wave: str) -> dict[str, tuple[float, float]]:
    """The mean performance and expectation of each item of a wave."""
    query = "select item, performance, expectation from marts.fct_survey_answers where wave = %(wave)s"
    found: dict[str, list[tuple[int, int]]] = {}
    for row in session.rows(query, {"wave": wave}):
        found.setdefault(row["item"], []).append((row["performance"], row["expectation"]))
    return {item: (mean(one for one, _ in rated), mean(two for _, two in rated)) for item, rated in found.items()}


def shown(session: Session, chosen: Filters = CHOSEN, language: definition.Language = "en") -> dict[str, Any]:
    built_report = report.build(session, DASHBOARD, chosen, session.extents()[chosen.store], language)
    return {view.card.id: view for _, views in built_report.sections for view in views}


@pytest.mark.parametrize("wave", [opinions.NEWEST, opinions.OLDER])
def test_index_and_gap_are_those_of_the_answers_of_the_wave(session: Session, wave: str) -> None:
    views, means = shown(session, replace(CHOSEN, wave=wave)), answers(session, wave).values()
    weighted = sum(performance * expectation for performance, expectation in means)
    index = 100 * weighted / sum(expectation for _, expectation in means) / 5
    assert views["csi"].value == pytest.approx(index)
    assert views["gap"].value == pytest.approx(mean(performance - expectation for performance, expectation in means))
    assert views["respondents"].value == opinions.RESPONDENTS[wave]


def test_an_item_is_in_the_quadrant_that_its_place_between_the_lines_says(session: Session) -> None:
    view = shown(session)["quadrants"]
    means = answers(session, opinions.NEWEST)
    lines = [mean(scale) for scale in zip(*means.values(), strict=True)]
    names = [str(name) for name in (view.card.series or {}).values()]
    assert len(view.points) == len(opinions.ITEMS)
    for point in view.points:
        assert (point["x"], point["y"]) == pytest.approx(means[point["label"]])
        assert (point["x_line"], point["y_line"]) == pytest.approx(lines)
        is_right, is_lower = point["x"] >= lines[0], point["y"] < lines[1]
        assert point["series"] == names[2 * is_lower + is_right]


def test_the_rows_behind_an_item_make_its_gap_and_name_nobody(session: Session) -> None:
    view = shown(session)["item_gaps"]
    values = [point["value"] for point in view.points]
    assert values == sorted(values)
    for point in view.points[:3]:
        rows = facts.rows(session, CARDS["item_gaps"], CHOSEN, point["key"], most=1000)
        gap = mean(row["performance"] for row in rows) - mean(row["expectation"] for row in rows)
        assert point["value"] == pytest.approx(gap)
        assert not any("person" in str(value) for row in rows for value in row.values())


def test_a_grade_and_a_small_sample_are_told_in_words(session: Session) -> None:
    views = shown(session, replace(CHOSEN, wave=opinions.OLDER), "id")
    grades = {str(text.to("id")) for text in CARDS["csi"].rows.values()}
    assert views["csi"].remark in grades
    assert views["respondents"].remark == "Sampel kecil: baca dengan hati-hati"
    assert shown(session)["respondents"].remark is None


def test_without_a_choice_the_newest_wave_is_shown(session: Session) -> None:
    extents = session.extents()
    assert extents["default"].waves == [opinions.NEWEST, opinions.OLDER]
    chosen = filters.parse({}, extents, "default")
    assert chosen.shown_wave == opinions.NEWEST
    assert filters.parse({"wave": opinions.OLDER}, extents, "default").shown_wave == opinions.OLDER
    with pytest.raises(InvalidFilter):
        filters.parse({"wave": "2020 Q1"}, extents, "default")


def test_cards_of_all_waves_say_that_a_chosen_wave_does_not_narrow_them(session: Session) -> None:
    views = shown(session, replace(CHOSEN, wave=opinions.OLDER))
    note = "This card is not about a survey wave."
    assert {name for name, view in views.items() if note not in view.notes} == {card.id for card in SURVEY}
    assert [view.notes for view in shown(session).values() if note in view.notes] == []


def test_a_shop_without_a_survey_is_told_what_to_do(session: Session) -> None:
    chosen = filters.parse({"store": "kedua"}, session.extents(), "default")
    assert chosen.shown_wave == ""
    for card in SURVEY:
        view = shown(session, chosen)[card.id]
        assert card.empty
        assert card.empty.startswith("No survey answers yet")
        assert _is_empty(view)


def test_questions_are_in_the_language_of_the_reader(session: Session) -> None:
    card = CARDS["items"]
    english, indonesian = (
        session.rows(card.sql, replace(CHOSEN, reader_language=language).parameters()) for language in ("en", "id")
    )
    texts = session.rows("select item, text_en, text_id from marts.survey_items where group_kind = 'all'")
    assert {(row["item"], row["question"]) for row in english} <= {(row["item"], row["text_en"]) for row in texts}
    assert {(row["item"], row["question"]) for row in indonesian} <= {(row["item"], row["text_id"]) for row in texts}


def test_dimensions_are_named_in_the_readers_language_and_stored_as_entered(session: Session) -> None:
    kept = {"Efficiency", "Fulfilment", "Responsiveness", "Compensation"}
    indonesian = {"Kemudahan", "Pemenuhan pesanan", "Daya tanggap", "Kompensasi"}
    query = "select distinct dimension from marts.fct_survey_answers where wave = %(wave)s"
    assert {row["dimension"] for row in session.rows(query, {"wave": opinions.NEWEST})} == kept
    views = shown(session, language="id")
    gaps = views["dimension_gaps"].points
    assert {point["key"] for point in gaps} == kept
    assert {point["series"] for point in gaps} == indonesian
    assert {row[0] for row in views["dimensions"].table.rows} == indonesian | {"Semua pernyataan"}
    assert {row[2] for row in views["items"].table.rows} == indonesian
    extent = session.extents()["default"]
    [row, *_] = facts.rows(session, CARDS["dimension_gaps"], CHOSEN, "Efficiency", most=1)
    assert row["dimension"] == "Efficiency"
    assert fact_words.text("dimension", row["dimension"], "id", extent) == "Kemudahan"
    assert fact_words.text("dimension", "Kemasan", "id", extent) == "Kemasan"


def test_what_respondents_choose_on_the_surveys_page_has_a_name_in_the_groups() -> None:
    rows = CARDS["groups"].rows
    for values in words.RESPONDENTS.values():
        assert {value: rows.get(value) for value in values} == values
    assert CARDS["dimension_gaps"].series == words.SERVICE_DIMENSIONS


def test_a_wave_that_was_imported_later_is_the_newest_after_its_part_was_built(
    built: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(opinions.RESPONDENTS, "2027 Q1", 5)
    opinions.import_wave(built, "2027 Q1")
    transform.build_part("surveys", built)
    reader = Reader(connection.url("reader", built))
    with reader.session() as session:
        assert session.extents()["default"].waves[0] == "2027 Q1"
        chosen = filters.parse({}, session.extents(), "default")
        assert shown(session, chosen)["respondents"].value == 5
    reader.close()


def _is_empty(view: Number | Chart | Grid) -> bool:
    if isinstance(view, Number):
        return view.value is None
    return not (view.points if isinstance(view, Chart) else view.table.rows)


def test_every_card_says_what_is_missing_where_it_has_no_data() -> None:
    missing: list[Card] = [card for card in DASHBOARD.cards if card.empty is None]
    assert missing == []
