"""A dashboard with its figures: runs the query of each card, for the previous period as well if it is compared, and
formats the results."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from dashboards import filters, judgements, readings, words
from dashboards.definition import Card, Dashboard, Filter, Format, Language, Section
from dashboards.filters import Filters
from dashboards.judgements import Judgements
from dashboards.notes import Notes
from dashboards.over_time import OverTime
from dashboards.reader import Extent, Row, Session
from dashboards.readings import Reading
from dashboards.views import Change, Chart, Grid, News, Number, Point, Shown, Table
from warehouse import formats
from warehouse.i18n import translate


@dataclass(frozen=True)
class Report:
    """The content of a page or a picture. `sections` are the sections with the views of their cards."""

    dashboard: Dashboard
    language: Language
    filters: Filters
    extent: Extent
    sections: list[tuple[Section, list[Shown]]]

    @property
    def choices(self) -> list[tuple[Filter, str, list[tuple[str, str]]]]:
        """The filters besides period and store, see `filters.offered`."""
        return filters.offered(self.dashboard, self.filters, self.extent, self.language)

    @property
    def is_comparable(self) -> bool:
        """Whether the data reach back to the beginning of the period that this one is compared with."""
        first = (self.compared or self.filters).before.first
        return any(self.extent.reaches(first, card.is_about_sales) for card in self.dashboard.cards)

    @property
    def compared(self) -> Filters | None:
        """The whole days of the period, which are compared; None if there are none."""
        return self.filters.complete(self.extent.today)

    @property
    def open_from(self) -> date | None:
        """The first day that a chart over time shows as not final."""
        days = [view.open_from for _, views in self.sections for view in views if isinstance(view, Chart)]
        return min((day for day in days if day), default=None)


def build(session: Session, dashboard: Dashboard, chosen: Filters, extent: Extent, language: Language) -> Report:
    """Run the queries of a dashboard's cards. `extent` is that of the chosen store. Filters that the dashboard does not
    have are ignored."""
    chosen = replace(chosen.on(dashboard), reader_language=language)
    run = _Run(session, chosen, extent, language, judgements.read(session, chosen))
    sections = [(section, [run.view(card) for card in section.cards]) for section in dashboard.sections]
    return Report(dashboard, language, chosen, extent, sections)


@dataclass(frozen=True)
class _Run:
    session: Session
    chosen: Filters
    extent: Extent
    language: Language
    judged: Judgements

    def view(self, card: Card) -> Shown:
        rows = self._rows(card, self.chosen)
        if card.chart == "number":
            return self._number(card, rows[0])
        if card.chart == "table":
            return self._grid(card, rows)
        if card.chart == "scatter":
            return self._scatter(card, rows)
        return self._over_time(card, rows) if card.is_over_time else self._bar(card, rows)

    def _rows(self, card: Card, chosen: Filters) -> list[Row]:
        return self.session.rows(card.sql, chosen.parameters())

    def _notes(self, card: Card) -> Notes:
        return Notes(card, self.chosen, self.judged, self.language, self.extent.currency)

    def _number(self, card: Card, row: Row) -> Number:
        value, numerator, denominator = (_float(row[name]) for name in ("value", "numerator", "denominator"))
        now, before = self._compared(card, row)
        notes = self._notes(card)
        return Number(
            card=card,
            verdict=self.judged.verdict(card),
            notes=notes.on_filters,
            value=value,
            text=self._text(row["value"], card),
            basis=self._basis(card, row) if value is not None else None,
            change=self._change(card, now, before) if now and before else None,
            is_final=row["is_final"] is not False,
            goal=notes.goal(value),
            remark=self._remark(card, row),
            numerator=numerator,
            denominator=denominator,
            before=self._before(card) if before else None,
        )

    def _basis(self, card: Card, row: Row) -> str | None:
        if card.basis is None:
            return None
        parts = {name: row[name] for name in ("numerator", "denominator")}
        counts = {name: formats.count(part, self.language) for name, part in parts.items() if part is not None}
        return card.basis.to(self.language).format(**counts)

    def _remark(self, card: Card, row: Row) -> str | None:
        return card.rows[row["remark"]].to(self.language) if card.rows and row["remark"] else None

    def _compared(self, card: Card, row: Row) -> tuple[Reading | None, Reading | None]:
        """The number over the whole days of the period, and over the days it is compared with. None where there is no
        figure, the card is not about a period, or the data do not reach back that far."""
        compared = self.chosen.complete(self.extent.today)
        if compared is None or not card.is_about_period or row["value"] is None:
            return None, None
        if not self.extent.reaches(compared.before.first, card.is_about_sales):
            return None, None
        now = Reading.of(row) if compared == self.chosen else readings.read(self.session, card, compared)
        return now, readings.read(self.session, card, compared.before) if now else None

    def _before(self, card: Card) -> float | None:
        """The number in the whole period before. Files and Metabase show it, and include a day that is not over."""
        if not self.extent.reaches(self.chosen.before.first, card.is_about_sales):
            return None
        found = readings.read(self.session, card, self.chosen.before)
        return found.value if found else None

    def _change(self, card: Card, now: Reading, before: Reading) -> Change:
        """A change counts if the figure is final and the difference is larger than chance explains."""
        assert card.format
        size = formats.change(now.value, before.value, card.format, self.language)
        if size is None:
            return Change(None, translate(self.language, "no change"), "neutral")
        if not now.is_final or not readings.deviations(card, now, before):
            signed = f"{'+' if now.value > before.value else '−'}{size}"
            return Change(None, f"{signed}{self._why_unsure(card, now)}", "neutral")
        arrow: Literal["up", "down"] = "up" if now.value > before.value else "down"
        good = {"up": "higher", "down": "lower"}[arrow]
        news: News = "neutral" if card.better is None else "good" if card.better == good else "bad"
        return Change(arrow, size, news)

    def _why_unsure(self, card: Card, now: Reading) -> str:
        """Why a change is shown without an arrow. What chance explains of an amount is not known."""
        if not now.is_final:
            return f", {translate(self.language, 'not final yet')}"
        return "" if card.format == "money" else f", {translate(self.language, 'may be chance')}"

    def _bar(self, card: Card, found: list[Row]) -> Chart:
        values = {str(row["series"]): float(row["value"]) for row in found}
        series = card.series or {}
        keys = [key for key in series if key in values] + sorted(set(values) - set(series))
        if card.order != "given":
            keys.sort(key=lambda key: values[key], reverse=card.order == "largest")
        points: list[Point] = [
            {
                "key": key,
                "series": name.to(self.language) if (name := words.named(series, key)) else key,
                "value": values[key],
                "label": self._bar_label(card, values, key, keys[0]),
            }
            for key in keys
        ]
        header = [card.title.to(self.language), translate(self.language, "Value")]
        rows = [[point["series"], point["label"]] for point in points]
        table = Table(header, rows, keys=keys if card.facts and card.facts.by else None)
        notes = self._notes(card).on_filters
        return Chart(card=card, verdict=self.judged.verdict(card), notes=notes, points=points, table=table)

    def _bar_label(self, card: Card, values: dict[str, float], key: str, first: str) -> str:
        text = self._text(values[key], card)
        whole = values[first] if card.share_of == "first" else sum(values.values())
        if card.share_of == "none" or not whole:
            return text
        share = formats.formatted(100 * values[key] / whole, "percent", self.language)
        return translate(self.language, "{value} ({share})", value=text, share=share)

    def _scatter(self, card: Card, rows: list[Row]) -> Chart:
        axes = {name: (column.title.to(self.language), column.format) for name, column in card.columns.items()}
        quadrants = card.series or {}
        points: list[Point] = [
            {
                "series": quadrants[row["series"]].to(self.language),
                "label": row["label"],
                **{name: float(row[name]) for axis in axes for name in (axis, f"{axis}_line")},
                **{f"{name}_label": self._cell(card, row[name], format_) for name, (_, format_) in axes.items()},
            }
            for row in rows
        ]
        header = [card.title.to(self.language), *(title for title, _ in axes.values())]
        header.append(translate(self.language, "Quadrant"))
        listed = [[point["label"], point["x_label"], point["y_label"], point["series"]] for point in points]
        table = Table(header, listed, keys=[row["label"] for row in rows] if card.facts and card.facts.by else None)
        notes = self._notes(card).on_filters
        return Chart(card=card, verdict=self.judged.verdict(card), notes=notes, points=points, table=table)

    def _over_time(self, card: Card, rows: list[Row]) -> Chart:
        drawn = OverTime(card, self.language, self.extent.currency)
        points, notes = drawn.points(rows), self._notes(card)
        before = drawn.shifted(self._rows_before(card), self.chosen)
        marks = notes.marks if points else []
        return Chart(
            card=card,
            verdict=self.judged.verdict(card),
            notes=notes.on_chart(has_before=bool(before)),
            points=points,
            table=drawn.table(points, before, marks),
            open_from=min((row["day"] for row in rows if not row["is_final"]), default=None),
            before=before,
            marks=marks,
            goals=notes.goals,
        )

    def _rows_before(self, card: Card) -> list[Row]:
        """The rows of the period that this one is compared with. A chart of several lines has none: more lines would be
        unreadable."""
        before = self.chosen.before
        if len(card.series or ()) > 1 or not self.extent.reaches(before.first, card.is_about_sales):
            return []
        return self._rows(card, before)

    def _grid(self, card: Card, rows: list[Row]) -> Grid:
        header = [column.title.to(self.language) for column in card.columns.values()]
        body = [[self._cell(card, row[name], column.format) for name, column in card.columns.items()] for row in rows]
        still_open = frozenset(number for number, row in enumerate(rows) if row.get("is_final") is False)
        values = [[row[name] for name in card.columns] for row in rows]
        names = frozenset(place for place, column in enumerate(card.columns.values()) if column.format == "text")
        keys = [str(row[card.facts.by]) for row in rows] if card.facts and card.facts.by else None
        return Grid(
            card=card,
            verdict=self.judged.verdict(card),
            notes=self._notes(card).on_filters,
            table=Table(header, body, still_open, keys=keys, names=names),
            values=values,
        )

    def _cell(self, card: Card, value: Any, format_: Format) -> str:
        if format_ == "text" and isinstance(value, str) and (text := words.named(card.rows, value)):
            return text.to(self.language)
        return formats.formatted(value, format_, self.language, self.extent.currency)

    def _text(self, value: Any, card: Card) -> str:
        assert card.format
        return formats.formatted(value, card.format, self.language, self.extent.currency)


def _float(value: Any) -> float | None:
    return None if value is None else float(value)
