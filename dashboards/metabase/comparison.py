"""Compares the rows that a page and Metabase show."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from dashboards.metabase.page_figures import Figures

# Postgres divides exactly, Python in binary.
TOLERANCE = 1e-9


def difference(before: Figures, shown: Figures, after: Callable[[], Figures], *, names_values: bool) -> str | None:
    """How Metabase's rows differ from those that the page had before it was asked, in any order; None if they do not.
    Some figures change by the second: one that differs may lie between the page's before and `after`. `names_values`
    adds the first values that differ."""
    if _are_alike(before, shown, before):
        return None
    latest = after()
    if _are_alike(before, shown, latest) or _are_alike(latest, shown, latest):
        return None
    text = f"the page has {len(latest)} rows, Metabase {len(shown)}"
    if not names_values:
        return text
    kinds = _kinds(latest)
    of_page, of_metabase = _in_order(latest, kinds), _in_order(shown, kinds)
    pairs = zip(of_page, of_metabase, strict=False)
    one, other = next((pair for pair in pairs if not _is_between(pair[0], pair[1], pair[0])), (None, None))
    return text if one is None else f"{text}; the page {one}, Metabase {other}"


def _are_alike(first: Figures, shown: Figures, last: Figures) -> bool:
    kinds = _kinds([*first, *last])
    asked = [_in_order(figures, kinds) for figures in (first, shown, last)]
    return len({len(each) for each in asked}) == 1 and all(map(_is_between, *asked))


def _kinds(figures: Figures) -> list[type]:
    """The types of the columns."""
    columns = zip(*figures, strict=False)
    return [next((type(value) for value in column if value is not None), str) for column in columns]


def _in_order(figures: Figures, kinds: Sequence[type]) -> Figures:
    """The rows by their texts, then by their numbers."""
    rows = [tuple(map(_plain, row, [*kinds, *[str] * (len(row) - len(kinds))])) for row in figures]

    def key(row: tuple[Any, ...]) -> tuple[str, list[float]]:
        texts = [value for value in row if not isinstance(value, float)]
        return repr(texts), [value for value in row if isinstance(value, float)]

    return sorted(rows, key=key)


def _plain(value: Any, kind: type) -> Any:
    """A value in one form: Metabase answers in JSON, where a day is a moment, and a number may be a text."""
    if value is None or issubclass(kind, bool):
        return value
    if issubclass(kind, int | float | Decimal):
        try:
            return float(value)
        except ValueError:
            return value
    if issubclass(kind, datetime):
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        return moment.astimezone(UTC).isoformat(timespec="seconds")
    return str(value)[:10] if issubclass(kind, date) else str(value)


def _is_between(first: tuple[Any, ...], found: tuple[Any, ...], last: tuple[Any, ...]) -> bool:
    return len(first) == len(found) == len(last) and all(map(_lies_between, first, found, last))


def _lies_between(one: Any, value: Any, other: Any) -> bool:
    if not (isinstance(one, float) and isinstance(value, float) and isinstance(other, float)):
        return value in (one, other)
    allowed = TOLERANCE * max(abs(one), abs(value), 1.0)
    return math.isfinite(value) and min(one, other) - allowed <= value <= max(one, other) + allowed
