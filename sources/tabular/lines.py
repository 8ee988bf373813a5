"""A file's text: its encoding, and the rows of a CSV file with the line on which each begins."""

from __future__ import annotations

import codecs
import csv
import sys
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

# A cell may be as long as the file.
csv.field_size_limit(sys.maxsize)

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SEPARATORS = ",;\t|"
_LOOKED_AT = 50
_BLOCK = 1 << 20


class Record(NamedTuple):
    """A row of a CSV file. `cells` is None if its quotation marks do not match; `text` is then its line."""

    line: int
    cells: list[str] | None
    text: str = ""


def encoding_of(path: Path) -> str:
    """What the byte order mark says, else UTF-8 if most lines that are not ASCII are, else Windows-1252."""
    with path.open("rb") as file:
        start = file.read(4096)
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    if start[1::2].count(0) > len(start) / 4:
        return "utf-16-le"
    if start[::2].count(0) > len(start) / 4:
        return "utf-16-be"
    return "utf-8" if _is_utf8(path) else "cp1252"


def _is_utf8(path: Path) -> bool:
    valid = invalid = 0
    with path.open("rb") as file:
        for line in file:
            if line.isascii():
                continue
            try:
                line.decode("utf-8")
                valid += 1
            except UnicodeDecodeError:
                invalid += 1
    return valid > invalid or not invalid


def text_lines(path: Path, encoding: str) -> Iterator[str]:
    """The lines with their ends. Bytes that are no character of the encoding become lone surrogates."""
    errors = "replace" if encoding.startswith("utf-16") else "surrogateescape"
    # `newline=""` keeps line ends within quotes as they are.
    with path.open(encoding=encoding, errors=errors, newline="") as file:
        yield from file


def separator_of(path: Path, encoding: str) -> tuple[str, int]:
    """The separator with which most rows are as wide as the first, and the number of lines that only name it, which
    Excel writes as `sep=;`."""
    first = next(text_lines(path, encoding), "").strip().lower()
    if len(first) == 5 and first.startswith("sep="):
        return first[-1], 1
    return max(_SEPARATORS, key=lambda separator: _fit(path, encoding, separator)), 0


def _fit(path: Path, encoding: str, separator: str) -> tuple[float, int]:
    widths = []
    for record in records(text_lines(path, encoding), separator):
        widths.append(len(record.cells or ()))
        if len(widths) == _LOOKED_AT:
            break
    if not widths or widths[0] < 2:
        return 0.0, 0
    return widths.count(widths[0]) / len(widths), widths[0]


def records(lines: Iterator[str], separator: str, first_line: int = 1) -> Iterator[Record]:
    """The rows that are not empty. After one whose quotation marks do not match, reading goes on at the next line, so
    that one missing mark costs one row."""
    waiting: deque[str] = deque()
    number = first_line

    def more(taken: list[str]) -> Iterator[str]:
        while True:
            line = waiting.popleft() if waiting else next(lines, None)
            if line is None:
                return
            taken.append(line)
            yield line

    while True:
        taken: list[str] = []
        try:
            cells = next(csv.reader(more(taken), delimiter=separator, strict=True), None)
        except csv.Error:
            cells = None
            waiting.extendleft(reversed(taken[1:]))
            yield Record(number, None, taken[0].rstrip("\r\n"))
            number += 1
            continue
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield Record(number, cells)
        number += len(taken)
