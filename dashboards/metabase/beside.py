"""What is drawn beside a card's figures, as on the page: its target, unusual days, the period before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dashboards import kpi_definitions
from dashboards.definition import Card, Language
from dashboards.metabase import sql
from dashboards.metabase.client import Row
from warehouse.i18n import N_, translate

_LINE: Row = {"display": "line", "line.marker_enabled": False}
_TARGET: Row = {**_LINE, "color": "#5d6975", "line.style": "dashed"}
_BEFORE: Row = {**_LINE, "color": "#c9d1d8"}
# Points alone: the days between them were as usual.
_UNUSUAL: Row = {"display": "line", "line.marker_enabled": True, "line.missing": "none", "color": "#c0392b"}


@dataclass(frozen=True)
class Line:
    """A series that a chart over time has besides its own: `query` adds its rows, `look` is how it is drawn."""

    title: str
    query: str
    look: Row


def lines(card: Card, language: Language) -> list[Line]:
    """The series beside those of a chart over time; none for other cards."""
    if card.chart not in ("line", "stacked_bar"):
        return []
    return [*_before(card, language), *_targets(card, language), *_unusual(card, language)]


def target(card: Card) -> str:
    """The column `target` of a number that is held against one; that of a sum is for as many days."""
    if not has_target(card):
        return ""
    value = sql.scaled("kpi_targets.target", card.format)
    return sql.read("target", metric=card.metrics[0], value=value, whole=_of_all(card))


def has_target(card: Card) -> bool:
    """Whether a number can be held against a target, once the shop sets one."""
    return card.chart == "number" and len(card.metrics) == 1 and _is_level(card.metrics[0])


def _is_level(metric: str) -> bool:
    return kpi_definitions.load()[metric].target == "value"


def _before(card: Card, language: Language) -> Iterator[Line]:
    """Not where it would be lines across other lines."""
    if len(card.series or {}) == 1:
        title = translate(language, "Previous period")
        before, value = sql.with_tags(card.sql, sql.BEFORE), sql.scaled("before.value", card.format)
        query = sql.read("before", title=sql.quoted(title), before=before, value=value, reaches=sql.read("reaches"))
        yield Line(title, query, _BEFORE)


def _targets(card: Card, language: Language) -> Iterator[Line]:
    value = sql.scaled("kpi_targets.target", card.format)
    for metric in card.metrics:
        if metric in (card.series or {}) and _is_level(metric):
            title = _title(N_("Target"), card, metric, language)
            query = sql.read("targets", title=sql.quoted(title), metric=metric, value=value, whole=_of_all(card))
            yield Line(title, query, _TARGET)


def _unusual(card: Card, language: Language) -> Iterator[Line]:
    """A stack of parts is marked as a whole, where its KPI is that whole."""
    value = sql.scaled("kpi_anomalies.value", card.format)
    by_channel = "{{channel}}" if "channel" in card.parameters else "'all'"
    whole = _all_of(card, "issue", "message_language")
    for metric in card.metrics:
        if metric in (card.series or {}) or card.chart == "stacked_bar":
            title = _title(N_("Unusual"), card, metric, language)
            query = sql.read(
                "unusual", title=sql.quoted(title), metric=metric, value=value, channel=by_channel, whole=whole
            )
            yield Line(title, query, _UNUSUAL)


def _of_all(card: Card) -> str:
    """Counts and amounts are aimed at for all channels, issues and languages together."""
    return _all_of(card, "channel", "issue", "message_language") if card.format in ("count", "money") else ""


def _all_of(card: Card, *parameters: str) -> str:
    used = [name for name in parameters if name in card.parameters]
    return "".join(f"\n        and {{{{{name}}}}} = 'all'" for name in used)


def _title(text: str, card: Card, metric: str, language: Language) -> str:
    named = card.series or {}
    if len(named) == 1 or metric not in named:
        return translate(language, text)
    return f"{translate(language, text)}: {named[metric].to(language)}"
