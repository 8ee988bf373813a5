"""The notes on a card: filters that do not apply to it, targets, unusual days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboards import kpi_definitions
from dashboards.definition import Card, Format, Language
from dashboards.filters import ALL, Filters
from dashboards.judgements import Anomaly, Judgements
from dashboards.views import Goal, Point
from dashboards.words import label
from warehouse import formats
from warehouse.formats import Currency, Value
from warehouse.i18n import translate

MOST_MARKS = 3


@dataclass(frozen=True)
class Notes:
    """The notes on one card, in one language and the shop's currency."""

    card: Card
    chosen: Filters
    judged: Judgements
    language: Language
    currency: str | Currency

    @property
    def on_filters(self) -> list[str]:
        """Notes on chosen filters that do not apply to this card."""
        return [label(self.language, f"untouched_{name}") for name in self.chosen.untouched(self.card)]

    def on_chart(self, *, has_before: bool) -> list[str]:
        """All notes under a chart over time."""
        notes = list(self.on_filters)
        if has_before:
            notes.append(translate(self.language, "Pale line: {range}.", range=self._range(self.chosen.before)))
        notes += [goal["label"] for goal in self.goals]
        marks = self.marks
        notes += [
            translate(
                self.language,
                "Unusual on {day}: {figure} ({usual}).",
                day=mark["when"],
                figure=mark["label"],
                usual=mark["usual"],
            )
            for mark in marks[-MOST_MARKS:]
        ]
        if len(marks) > MOST_MARKS:
            notes.append(
                translate(self.language, "{days} more unusual days are in the table.", days=len(marks) - MOST_MARKS)
            )
        return notes

    def goal(self, value: float | None) -> Goal | None:
        """The target of a number card; for a sum over days, the target of as many days."""
        found = [(metric, target) for metric, target in self._targets.items() if self.card.metrics == [metric]]
        if not found:
            return None
        ((metric, target),) = found
        kpi = kpi_definitions.load()[metric]
        if kpi.is_limit:
            return Goal(translate(self.language, "On time: within {figure}", figure=self._text(target, "duration")))
        if self.card.better is None:
            return None
        whole = target * self.chosen.days if kpi.denominator is None else target
        text = label(self.language, f"goal_{self.card.better}", figure=self._text(whole))
        if value is None:
            return Goal(text)
        return Goal(text, value >= whole if self.card.better == "higher" else value <= whole)

    @property
    def goals(self) -> list[Point]:
        """The targets of a chart over time, each a horizontal line."""
        named = self.card.series or {}
        return [
            {"value": target, "label": self._goal_label(metric, target)}
            for metric, target in self._targets.items()
            if (metric in named or self._is_stack) and not kpi_definitions.load()[metric].is_limit
        ]

    @property
    def marks(self) -> list[Point]:
        """The unusual days of a chart over time. A stacked bar is marked as a whole: that is its KPI."""
        named = self.card.series or {}
        return [
            {
                "key": anomaly.metric,
                "day": anomaly.day.isoformat(),
                "when": formats.day(anomaly.day, self.language),
                "series": named[anomaly.metric].to(self.language) if anomaly.metric in named else None,
                "value": float(anomaly.value),
                "label": self._text(anomaly.value),
                "usual": self._usual(anomaly),
            }
            for anomaly in self.judged.of(self.card)
            if anomaly.metric in named or self._is_stack
        ]

    @property
    def _is_stack(self) -> bool:
        return self.card.chart == "stacked_bar"

    @property
    def _targets(self) -> Mapping[str, float]:
        """The targets of the card's KPIs that apply to the chosen filters: targets of counts and amounts are for all
        channels, issues and languages together."""
        chosen = self.chosen
        is_part = (chosen.channel, chosen.issue, chosen.message_language) != (ALL, ALL, ALL)
        if is_part and self.card.format in ("count", "money"):
            return {}
        targets = self.judged.targets
        return {metric: targets[metric] for metric in self.card.metrics if metric in targets}

    def _usual(self, anomaly: Anomaly) -> str:
        figures = {name: self._text(getattr(anomaly, name)) for name in ("expected", "lower", "upper")}
        return translate(self.language, "expected {expected}, usually {lower} to {upper}", **figures)

    def _goal_label(self, metric: str, target: float) -> str:
        named = self.card.series or {}
        if len(named) == 1 or metric not in named:
            return translate(self.language, "Target: {figure}", figure=self._text(target))
        return translate(
            self.language,
            "Target for {series}: {figure}",
            series=named[metric].to(self.language),
            figure=self._text(target),
        )

    def _range(self, chosen: Filters) -> str:
        return formats.day_range(chosen.first, chosen.last, self.language)

    def _text(self, value: Value, format_: Format | None = None) -> str:
        format_ = format_ or self.card.format
        assert format_
        return formats.formatted(value, format_, self.language, self.currency)
