"""The content of a file of any format: headings and paragraphs in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Block:
    """A paragraph, or a heading if it has a `level`: 0 is the document's title, 1 the highest heading."""

    text: str
    level: int | None = None


@dataclass
class Content:
    """A file's blocks. `media_type` is detected from the content; `pages` is None for formats without pages; `warnings`
    are reasons from `bot.knowledge.reading.reasons` with their numbers."""

    media_type: str
    blocks: list[Block] = field(default_factory=list)
    pages: int | None = None
    warnings: list[dict[str, object]] = field(default_factory=list)

    def warn(self, reason: str, **numbers: int) -> None:
        self.warnings.append({"reason": reason, **numbers})


class Unreadable(Exception):
    """`reason` is one of `bot.knowledge.reading.reasons`."""

    def __init__(self, reason: str, **numbers: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.numbers = numbers


def rows_as_lines(rows: Sequence[Sequence[str]]) -> list[Block]:
    """A table's rows as paragraphs with column names, taken from the first row: `City: Bandung; Fee: Rp10.000`."""
    rows = [[" ".join(cell.split()) for cell in row] for row in rows]
    if len(rows) < 2:
        return [Block("; ".join(filter(None, row))) for row in rows]
    names = rows[0]
    return [Block("; ".join(_cell(names, place, cell) for place, cell in enumerate(row) if cell)) for row in rows[1:]]


def _cell(names: Sequence[str], place: int, cell: str) -> str:
    name = names[place] if place < len(names) else ""
    return f"{name}: {cell}" if name and name != cell else cell
