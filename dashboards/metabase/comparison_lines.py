"""What a card's figures are compared with, as on the page: targets, unusual days, the previous period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dashboards import kpi_definitions
from dashboards.definition import Card, Language
from dashboards.metabase import query_templates as sql
from dashboards.metabase.client import Row
from warehouse.i18n import N_, translate

_LINE: Row = {"display": "line", "line.marker_enabled": False}
_TARGET: Row = {**_LINE, "color": "#5d6975", "line.style": "dashed"}
_BEFORE: Row = {**_LINE, "color": "#c9d1d8"}
# Points without a line: the days between them were not unusual.
_UNUSUAL: Row = {"display": "line", "line.marker_enabled": True, "line.missing": "none", "color": "#c0392b"}


@dataclass(frozen=True)
class Line:
    """An additional series of a chart over time: the SQL that adds its rows, and its visualization settings."""

    title: str
    query: str
    settings: Row


def lines(card: Card, language: Language) -> list[Line]:
    """The additional series of a chart over time; none for other cards."""
    if not card.is_over_time or card.chart == "band":
        return []
    return [*_before(card, language), *_targets(card, language), *_unusual(card, language)]


def target(card: Card) -> str:
    """The column `target` of a number card that has one; for a sum, the target of as many days."""
    if not has_target(card):
        return ""
    value = sql.scaled("kpi_targets.target", card.format)
    return sql.read("target", metric=card.metrics[0], value=value, whole=_unfiltered_if_sum(card))


def reaches(card: Card) -> str:
    """The condition that the shop's sales, or its chats, reach back to the first day of the previous period."""
    return sql.read("reaches", metric=sql.quoted("orders" if card.is_about_sales else "message_volume"))


def has_target(card: Card) -> bool:
    """Whether a number is compared with a target once the shop sets one."""
    return card.chart == "number" and len(card.metrics) == 1 and _has_value_target(card.metrics[0])


def _has_value_target(metric: str) -> bool:
    return kpi_definitions.load()[metric].target == "value"


def _before(card: Card, language: Language) -> Iterator[Line]:
    """Only for a single series: among several, more lines would be unreadable."""
    if len(card.series or {}) == 1:
        title = translate(language, "Previous period")
        before, value = sql.with_tags(card.sql, sql.BEFORE), sql.scaled("before.value", card.format)
        query = sql.read("before", title=sql.quoted(title), before=before, value=value, reaches=reaches(card))
        yield Line(title, query, _BEFORE)


def _targets(card: Card, language: Language) -> Iterator[Line]:
    value = sql.scaled("kpi_targets.target", card.format)
    for metric in card.metrics:
        if metric in (card.series or {}) and _has_value_target(metric):
            title = _title(N_("Target"), card, metric, language)
            whole = _unfiltered_if_sum(card)
            query = sql.read("targets", title=sql.quoted(title), metric=metric, value=value, whole=whole)
            yield Line(title, query, _TARGET)


def _unusual(card: Card, language: Language) -> Iterator[Line]:
    """A stacked bar is marked as a whole: that is its KPI."""
    value = sql.scaled("kpi_anomalies.value", card.format)
    by_channel = "{{channel}}" if "channel" in card.parameters else "'all'"
    whole = _unfiltered(card, "issue", "message_language")
    for metric in card.metrics:
        if metric in (card.series or {}) or card.chart == "stacked_bar":
            title = _title(N_("Unusual"), card, metric, language)
            query = sql.read(
                "unusual", title=sql.quoted(title), metric=metric, value=value, channel=by_channel, whole=whole
            )
            yield Line(title, query, _UNUSUAL)


def _unfiltered_if_sum(card: Card) -> str:
    """Targets of counts and amounts are for all channels, issues and languages together."""
    return _unfiltered(card, "channel", "issue", "message_language") if card.format in ("count", "money") else ""


def _unfiltered(card: Card, *parameters: str) -> str:
    """The condition that these filters let everything through."""
    used = [name for name in parameters if name in card.parameters]
    return "".join(f"\n        and {{{{{name}}}}} = 'all'" for name in used)


def _title(text: str, card: Card, metric: str, language: Language) -> str:
    series = card.series or {}
    if len(series) == 1 or metric not in series:
        return translate(language, text)
    return f"{translate(language, text)}: {series[metric].to(language)}"
