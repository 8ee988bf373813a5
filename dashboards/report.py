"""A dashboard with its figures: every card's query run once (numbers twice, for the period before), made readable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from dashboards import formats
from dashboards.definition import Card, Dashboard, Format, Language, Section
from dashboards.filters import Filters
from dashboards.reader import Extent, Row, Session
from dashboards.words import say

Point = dict[str, Any]
News = Literal["good", "bad", "neutral"]


@dataclass(frozen=True)
class Change:
    """How a number moved against the period before: `arrow` is `up`, `down` or None if it stayed."""

    arrow: Literal["up", "down"] | None
    text: str
    news: News


@dataclass(frozen=True)
class Number:
    """A number card; `change` is None where there is nothing to compare with."""

    card: Card
    value: float | None
    text: str
    basis: str | None
    change: Change | None
    is_final: bool


@dataclass(frozen=True)
class Table:
    """Figures as text; each row begins with its heading. `open` holds the numbers of the rows that are not final."""

    header: list[str]
    rows: list[list[str]]
    open: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Chart:
    """A chart card: `points` for the drawing, the same figures as a table, and from which day on it is not final.

    A point has `series` (its name in the reader's language), `value`, `label` (the value as text), and over time `day`
    (ISO), `when` (the day as text), `rank` (the place of the series) and `open` (not final yet).
    """

    card: Card
    points: list[Point]
    table: Table
    open_from: date | None = None


@dataclass(frozen=True)
class Grid:
    """A table card."""

    card: Card
    table: Table


@dataclass(frozen=True)
class Report:
    """What a page or a picture shows: `sections` pairs each section with its cards' figures, in order."""

    dashboard: Dashboard
    language: Language
    filters: Filters
    extent: Extent
    sections: list[tuple[Section, list[Number | Chart | Grid]]]

    @property
    def is_comparable(self) -> bool:
        """Whether the data reach back to the beginning of the period before."""
        return self.extent.first_day <= self.filters.before.first

    @property
    def open_from(self) -> date | None:
        """The first day of the period that some chart over time shows as not final."""
        days = [view.open_from for _, views in self.sections for view in views if isinstance(view, Chart)]
        return min((day for day in days if day), default=None)


def build(session: Session, dashboard: Dashboard, filters: Filters, extent: Extent, language: Language) -> Report:
    """Run the cards of a dashboard. `extent` is that of the filtered store."""
    run = _Run(session, dashboard, filters, extent, language)
    sections = [(section, [run.view(card) for card in section.cards]) for section in dashboard.sections]
    return Report(dashboard, language, filters, extent, sections)


@dataclass(frozen=True)
class _Run:
    session: Session
    dashboard: Dashboard
    filters: Filters
    extent: Extent
    language: Language

    def view(self, card: Card) -> Number | Chart | Grid:
        rows = self._rows(card, self.filters)
        if card.chart == "number":
            return self._number(card, rows[0])
        if card.chart == "table":
            return Grid(card, self._grid_table(card, rows))
        if card.chart == "bar":
            return self._bar(card, rows)
        return self._over_time(card, rows)

    def _rows(self, card: Card, filters: Filters) -> list[Row]:
        return self.session.rows(card.sql, filters.parameters())

    def _number(self, card: Card, row: Row) -> Number:
        value = None if row["value"] is None else float(row["value"])
        return Number(
            card,
            value,
            self._text(row["value"], card),
            self._basis(card, row) if value is not None else None,
            self._change(card, value) if value is not None else None,
            row["is_final"] is not False,
        )

    def _basis(self, card: Card, row: Row) -> str | None:
        if card.basis is None:
            return None
        parts = {name: row[name] for name in ("numerator", "denominator")}
        counts = {name: formats.count(part, self.language) for name, part in parts.items() if part is not None}
        return card.basis.to(self.language).format(**counts)

    def _change(self, card: Card, value: float) -> Change | None:
        """Against the period before, if the data reach back to its beginning."""
        if self.extent.first_day > self.filters.before.first:
            return None
        before = self._rows(card, self.filters.before)[0]["value"]
        if before is None:
            return None
        assert card.format
        size = formats.change(value, float(before), card.format, self.language)
        if size is None:
            return Change(None, say(self.language, "unchanged"), "neutral")
        arrow: Literal["up", "down"] = "up" if value > before else "down"
        good = {"up": "higher", "down": "lower"}[arrow]
        news: News = "neutral" if card.better is None else "good" if card.better == good else "bad"
        return Change(arrow, size, news)

    def _bar(self, card: Card, rows: list[Row]) -> Chart:
        values = {str(row["series"]): float(row["value"]) for row in rows}
        named = card.series or {}
        keys = [key for key in named if key in values] + sorted(set(values) - set(named))
        if card.order == "largest":
            keys.sort(key=lambda key: -values[key])
        points: list[Point] = [
            {
                "series": self._series(card, key),
                "value": values[key],
                "label": self._bar_label(card, values, key, keys[0]),
            }
            for key in keys
        ]
        header = [card.title.to(self.language), say(self.language, "figure")]
        return Chart(card, points, Table(header, [[point["series"], point["label"]] for point in points]))

    def _bar_label(self, card: Card, values: Mapping[str, float], key: str, first: str) -> str:
        text = self._text(values[key], card)
        whole = values[first] if card.share_of == "first" else sum(values.values())
        if card.share_of == "none" or not whole:
            return text
        share = formats.formatted(100 * values[key] / whole, "percent", self.language)
        return say(self.language, "of_total", value=text, share=share)

    def _over_time(self, card: Card, rows: list[Row]) -> Chart:
        open_from = min((row["day"] for row in rows if not row["is_final"]), default=None)
        ranks = {key: rank for rank, key in enumerate(card.series or {})}
        points = [
            {
                "day": row["day"].isoformat(),
                "when": formats.day(row["day"], self.language),
                "series": self._series(card, row["series"]),
                "rank": ranks[row["series"]],
                "value": float(row["value"]),
                "label": self._text(row["value"], card),
                "open": not row["is_final"],
            }
            for row in rows
        ]
        return Chart(card, points, self._day_table(card, points), open_from)

    def _day_table(self, card: Card, points: Iterable[Point]) -> Table:
        names = [text.to(self.language) for text in (card.series or {}).values()]
        days: dict[str, dict[str, str]] = {}
        open_days = set()
        for point in points:
            days.setdefault(point["when"], {})[point["series"]] = point["label"]
            if point["open"]:
                open_days.add(point["when"])
        rows = [[when, *(found.get(name, formats.NOTHING) for name in names)] for when, found in days.items()]
        still_open = frozenset(number for number, when in enumerate(days) if when in open_days)
        return Table([say(self.language, "day"), *names], rows, still_open)

    def _grid_table(self, card: Card, rows: list[Row]) -> Table:
        header = [column.title.to(self.language) for column in card.columns.values()]
        body = [[self._cell(card, row[name], column.format) for name, column in card.columns.items()] for row in rows]
        still_open = frozenset(number for number, row in enumerate(rows) if row.get("is_final") is False)
        return Table(header, body, still_open)

    def _series(self, card: Card, key: str) -> str:
        text = (card.series or {}).get(key)
        return text.to(self.language) if text else key

    def _cell(self, card: Card, value: Any, format_: Format) -> str:
        if format_ == "text" and (text := card.rows.get(value)):
            return text.to(self.language)
        return formats.formatted(value, format_, self.language, self.extent.currency)

    def _text(self, value: Any, card: Card) -> str:
        assert card.format
        return formats.formatted(value, card.format, self.language, self.extent.currency)


def by_series(points: Iterable[Point]) -> Mapping[str, list[Point]]:
    """Points by the name of their series, in the order they come."""
    found: dict[str, list[Point]] = {}
    for point in points:
        found.setdefault(point["series"], []).append(point)
    return found
