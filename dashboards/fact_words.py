"""What the columns of facts are called, and how their values read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dashboards import definition, kpi_definitions
from dashboards.definition import Language
from dashboards.reader import Extent
from dashboards.words import (
    AUTHORS,
    ISSUES,
    MESSAGE_LANGUAGES,
    RESPONDENTS,
    SOURCES,
    URGENCIES,
    channel_name,
    named,
)
from warehouse import formats
from warehouse.i18n import N_, Text

YES_NO = (N_("no"), N_("yes"))
SHOWN_OF_A_KEY = 10
_TITLES = yaml.safe_load((Path(__file__).parent / "sql" / "facts" / "columns.yml").read_text())["titles"]
# What makes the numerator of a share is called as the share is.
COLUMNS = {
    kpi.numerator[0]: kpi.title
    for kpi in kpi_definitions.load().values()
    if kpi.numerator and kpi.denominator is not None
} | {name: Text(title) for name, title in _TITLES.items()}
_MONEY = ("net", "refunded", "refunded_net", "amount")
_NAMED: dict[str, Mapping[str, Text]] = {
    "answerer": AUTHORS,
    "author": AUTHORS,
    "issue": ISSUES,
    "language": MESSAGE_LANGUAGES,
    "source": SOURCES,
    "urgency": URGENCIES,
    **RESPONDENTS,
}


def text(name: str, value: Any, language: Language, extent: Extent) -> str:
    """A value of the column `name` as people read it; keys and ids are shortened."""
    if value is None:
        return formats.NOTHING
    if isinstance(value, bool):
        return YES_NO[value].to(language)
    if isinstance(value, datetime):
        return formats.moment(value, extent.timezone, language)
    if isinstance(value, date):
        return formats.day(value, language)
    if isinstance(value, str) or name.endswith("_id"):
        return _named(name, str(value), language)
    return _figure(name, value, language, extent)


def _named(name: str, value: str, language: Language) -> str:
    if title := named(_value_titles().get(name, {}), value):
        return title.to(language)
    if name == "channel":
        return channel_name(value)
    is_short = len(value) <= SHOWN_OF_A_KEY + 3 or not name.endswith(("_id", "_key"))
    return value if is_short else f"{value[:SHOWN_OF_A_KEY]}…"


@cache
def _value_titles() -> dict[str, Mapping[str, Text]]:
    """Titles of values by column: those of the charts that are split by the column, and ours."""
    cards = (card for dashboard in definition.load_all() for card in dashboard.cards if card.chart != "scatter")
    split = (card for card in cards if card.facts and card.facts.by)
    return {card.facts.by: card.series for card in split if card.facts and card.facts.by and card.series} | _NAMED


def _figure(name: str, value: float | Decimal, language: Language, extent: Extent) -> str:
    if name.endswith("_seconds"):
        return formats.duration(float(value), language)
    if name in _MONEY:
        return formats.money(value, extent.currency, language)
    return formats.count(value, language)
