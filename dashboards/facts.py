"""Drill-down: the rows behind a card's figure, with ids and keys but no message text."""

from __future__ import annotations

from dataclasses import dataclass

from dashboards.definition import DEFAULTS, FOLDER, Card, Facts
from dashboards.filters import Filters
from dashboards.kpi_queries import all_of
from dashboards.reader import Row, Session
from warehouse.connection import read_sql

ROWS_A_PAGE = 100


@dataclass(frozen=True)
class Summary:
    """The number of rows, and of those in the numerator; None for a figure that is not a share."""

    total: int
    counted: int | None

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // ROWS_A_PAGE))


def summary(session: Session, card: Card, chosen: Filters, part: str | None = None) -> Summary:
    """The summary of a card that has facts. `part` is the key of one bar or one part of a stack."""
    of = _of(card)
    query = _template("summary").format(facts=of.sql, conditions=_conditions(card, part), counted=all_of(of.counted))
    (row,) = session.rows(query, _parameters(card, chosen, part))
    return Summary(row["total"], row["counted"] if of.counted else None)


def rows(
    session: Session, card: Card, chosen: Filters, part: str | None = None, *, skipped: int = 0, most: int = ROWS_A_PAGE
) -> list[Row]:
    """The rows, newest first."""
    of = _of(card)
    query = _template("rows").format(facts=of.sql, conditions=_conditions(card, part))
    return session.rows(query, {**_parameters(card, chosen, part), "most": most, "skipped": skipped})


def _of(card: Card) -> Facts:
    assert card.facts is not None
    return card.facts


def _template(name: str) -> str:
    return read_sql(FOLDER / "sql" / "facts" / f"{name}.template")


def _conditions(card: Card, part: str | None) -> str:
    """The SQL condition of the rows that belong to the figure. The definition has validated the column names. Keys that
    the card names match in any case, as on the page (`words.named`)."""
    of = _of(card)
    if not of.by:
        return all_of(of.only)
    if part is None:
        return all_of([*of.only, f"{of.by} is not null"])
    if not card.series:
        return all_of([*of.only, f"{of.by} = %(part)s"])
    return f"{all_of(of.only)}\n    and lower(cast(facts.{of.by} as text)) = lower(%(part)s)"


def _parameters(card: Card, chosen: Filters, part: str | None) -> dict[str, object]:
    """A filter that does not apply to the card does not apply to its rows."""
    untouched = {name: DEFAULTS[name] for name in chosen.untouched(card)}
    return {**chosen.parameters(), **untouched, "part": part}
