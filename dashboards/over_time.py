"""The points of a chart over time, and the same figures as a table of days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dashboards.definition import Card, Language, Text
from dashboards.filters import Filters
from dashboards.reader import Row
from dashboards.views import Point, Table
from warehouse import formats
from warehouse.formats import Currency, Value
from warehouse.i18n import translate


@dataclass(frozen=True)
class OverTime:
    """One card, in one language and the shop's currency."""

    card: Card
    language: Language
    currency: str | Currency

    def points(self, rows: Iterable[Row]) -> list[Point]:
        """The points of the query's rows, in the same order."""
        ranks = {key: rank for rank, key in enumerate(self._series)}
        return [
            {
                "key": row["series"],
                "day": row["day"].isoformat(),
                "when": formats.day(row["day"], self.language),
                "series": self._series[row["series"]].to(self.language),
                "rank": ranks[row["series"]],
                "value": float(row["value"]),
                "label": self._text(row["value"]),
                "open": not row["is_final"],
            }
            for row in rows
        ]

    def shifted(self, rows: Iterable[Row], chosen: Filters) -> list[Point]:
        """The points of rows of `chosen.before`, moved to the days of `chosen`; `when` stays the original day. The last
        days of a longer month before are left out."""
        later = chosen.first - chosen.before.first
        return [
            {**point, "day": (row["day"] + later).isoformat(), "open": False}
            for row in rows
            for point in self.points([row])
            if row["day"] + later <= chosen.last
        ]

    def table(self, points: Iterable[Point], before: Iterable[Point], marks: Iterable[Point]) -> Table:
        """A row for each day that has a point, with a column for the previous period if there is one."""
        names = [text.to(self.language) for text in self._series.values()]
        days: dict[str, dict[str, Point]] = {}
        for point in points:
            days.setdefault(point["day"], {})[point["series"]] = point
        earlier = {point["day"]: point for point in before}
        rows = []
        for day, found in days.items():
            when = next(iter(found.values()))["when"]
            labels = [found[name]["label"] if name in found else formats.NOTHING for name in names]
            rows.append([when, *labels, *([_earlier(earlier.get(day))] if earlier else [])])
        header = [
            translate(self.language, "Day"),
            *names,
            *([translate(self.language, "Previous period")] if earlier else []),
        ]
        is_open = [any(point["open"] for point in found.values()) for found in days.values()]
        usual = {mark["day"]: mark["usual"] for mark in marks}
        return Table(
            header,
            rows,
            frozenset(number for number, each in enumerate(is_open) if each),
            {number: usual[day] for number, day in enumerate(days) if day in usual},
            list(days) if self.card.facts else None,
        )

    @property
    def _series(self) -> dict[str, Text]:
        return self.card.series or {}

    def _text(self, value: Value) -> str:
        assert self.card.format
        return formats.formatted(value, self.card.format, self.language, self.currency)


def _earlier(point: Point | None) -> str:
    return point["label"] if point else formats.NOTHING
