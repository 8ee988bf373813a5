"""Finds tables on a PDF page by what stands below each other, so that cells of different columns stay apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from statistics import median
from typing import NamedTuple

from bot.knowledge.reading.blocks import Block, rows_as_lines

_CELL = re.compile(r"\S+(?: {1,2}\S+)*")  # words with three spaces or more around them
_MAX_CELL = 40  # letters; columns of running text are wider
_MIN_ROWS = 2


class _Cell(NamedTuple):
    text: str
    start: int
    end: int


class Table(NamedTuple):
    """The rows of a table by column, and its texts without spaces, by which its lines are known."""

    rows: list[list[str]]
    texts: frozenset[str]

    def blocks(self) -> list[Block]:
        """The rows as lines, with the names of the columns if the first row has them."""
        first, *others = self.rows
        has_names = not any(map(_has_digit, first)) and any(_has_digit(cell) for row in others for cell in row)
        if has_names:
            return rows_as_lines(self.rows)
        return [Block("; ".join(filter(None, row))) for row in self.rows]


def tables(layout: str) -> list[Table]:
    """The tables of a page, from its text as it is laid out, with a character's width for each column of characters."""
    found: list[Table] = []
    run: list[list[_Cell]] = []
    for line in [*layout.splitlines(), ""]:
        cells = [_Cell(" ".join(each[0].split()), each.start(), each.end()) for each in _CELL.finditer(line)]
        if len(cells) > 1 and max(len(cell.text) for cell in cells) <= _MAX_CELL:
            run.append(cells)
        elif line.strip() or not run:
            found += _of(run)
            run = []
    return found + _of(run)


def _of(run: Sequence[list[_Cell]]) -> list[Table]:
    """The table of lines that follow each other."""
    if len(run) < _MIN_ROWS:
        return []
    columns = max(run, key=len)
    rows = [_by_column(cells, columns) for cells in run]
    if len(columns) > median(len(cells) for cells in run) * 2:
        return []
    return [Table(rows, frozenset(_texts(run)))]


def _by_column(cells: Sequence[_Cell], columns: Sequence[_Cell]) -> list[str]:
    """The texts of a row by column: that of the cell above or below which each stands most, else the nearest one."""
    texts = [""] * len(columns)
    for cell in cells:
        place = max(range(len(columns)), key=lambda number: _overlap(cell, columns[number]))
        texts[place] = f"{texts[place]} {cell.text}".strip()
    return texts


def _overlap(cell: _Cell, column: _Cell) -> int:
    """How far they stand below each other; negative is the distance between them."""
    return min(cell.end, column.end) - max(cell.start, column.start)


def _texts(run: Sequence[list[_Cell]]) -> Iterator[str]:
    """What a line of the page may hold of the table: neighbouring cells of a row."""
    for cells in run:
        for start in range(len(cells)):
            for end in range(start + 1, len(cells) + 1):
                yield without_spaces("".join(cell.text for cell in cells[start:end]))


def without_spaces(text: str) -> str:
    return "".join(text.split())


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))
