"""Reads CSV, JSON Lines and XLSX files into pandas frames of text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile, ZipFile

import pandas as pd
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from sources.tabular.lines import encoding_of, records, separator_of, text_lines
from sources.tabular.values import is_value
from warehouse.i18n import N_, Text

MAX_COLUMNS = 500
# What an XLSX file may grow to when it is unpacked.
MAX_UNPACKED = 1 << 30
_SAMPLE = 1_000

QUOTES = N_("The quotation marks of this row do not match.")
TOO_WIDE = N_("This row has more columns than the first one.")
TOO_NARROW = N_("This row has fewer columns than the first one.")
NOT_JSON = N_("This line is no JSON object.")
NOT_READABLE = N_("This row has characters that cannot be read.")


class Unreadable(ValueError):
    """The file cannot be read as a table; `reason` says why."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason)
        self.reason = reason


class Fault(NamedTuple):
    """A line that is no row of the table, with its text."""

    line: int
    reason: Text
    text: str


class Chunk(NamedTuple):
    """`rows`: text columns named as in the file, indexed by line number; a missing cell is ''."""

    rows: pd.DataFrame
    faults: list[Fault]


Row = tuple[int, Sequence[str]]


@dataclass
class Table:
    """A file that `open_table` recognised. `encoding` and `separator` are empty for XLSX."""

    kind: str
    header: list[str]
    encoding: str = ""
    separator: str = ""
    _rows: Callable[[], Iterator[Row | Fault]] = field(kw_only=True, repr=False)

    def chunks(self, size: int = 5_000) -> Iterator[Chunk]:
        """The rows from the beginning, `size` at a time. Each pass opens the file anew."""
        rows = self._rows()
        while part := list(islice(rows, size)):
            faults = [each for each in part if isinstance(each, Fault)]
            good = [each for each in part if not isinstance(each, Fault)]
            index = pd.Index([line for line, _ in good], name="line", dtype="int64")
            frame = pd.DataFrame([cells for _, cells in good], index=index, columns=self.header, dtype=object)
            yield Chunk(frame, faults)

    def sample(self, size: int = _SAMPLE) -> pd.DataFrame:
        """The first rows."""
        return next(self.chunks(size), Chunk(pd.DataFrame(columns=self.header), [])).rows


def open_table(path: Path) -> Table:
    """The table in a file, by its content and not by its name. Raises Unreadable and OSError."""
    with path.open("rb") as file:
        start = file.read(4096)
    if not start.strip():
        raise Unreadable(N_("The file is empty."))
    if start.startswith(b"PK\x03\x04"):
        return _xlsx(path)
    if start.startswith((b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise Unreadable(N_("Save the table as CSV, JSON Lines or XLSX; other files cannot be read."))
    encoding = encoding_of(path)
    first = next((line.strip() for line in text_lines(path, encoding) if line.strip()), "")
    if first.startswith("["):
        raise Unreadable(N_("The file is one JSON list. Save it as JSON Lines: one object per line."))
    return _json_lines(path, encoding) if first.startswith("{") else _csv(path, encoding)


def _csv(path: Path, encoding: str) -> Table:
    separator, skipped = separator_of(path, encoding)

    def all_records() -> Iterator[Any]:
        lines = text_lines(path, encoding)
        return records(islice(lines, skipped, None), separator, skipped + 1)

    first = next(all_records(), None)
    if first is None or first.cells is None:
        raise Unreadable(N_("The first row cannot be read as column names."))
    header, has_names = _header(first.cells)

    def rows() -> Iterator[Row | Fault]:
        for record in islice(all_records(), 1 if has_names else 0, None):
            if record.cells is None:
                yield Fault(record.line, QUOTES, record.text)
            else:
                yield _row(record.line, record.cells, len(header))

    return Table("csv", header, encoding, separator, _rows=rows)


def _json_lines(path: Path, encoding: str) -> Table:
    def objects() -> Iterator[tuple[int, str, Any]]:
        for line, text in enumerate(text_lines(path, encoding), start=1):
            if text.strip():
                yield line, text, _object(text)

    # Optional keys may come late, so that all lines are read.
    header = list(dict.fromkeys(key for _, _, value in objects() if value is not None for key in value))
    if not header:
        raise Unreadable(NOT_JSON)
    _check_width(header)

    def rows() -> Iterator[Row | Fault]:
        for line, text, value in objects():
            if value is None:
                yield Fault(line, NOT_JSON, text.rstrip("\r\n"))
            else:
                yield _row(line, [_text(value.get(key)) for key in header], len(header))

    return Table("jsonl", header, encoding, _rows=rows)


def _object(text: str) -> Mapping[str, Any] | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _xlsx(path: Path) -> Table:
    _check_archive(path)
    try:
        first = next(_sheet_rows(path), None)
    except (InvalidFileException, BadZipFile, KeyError, ValueError, IndexError, OSError):
        raise Unreadable(N_("The file is damaged, or it is not a spreadsheet in the format XLSX.")) from None
    if first is None:
        raise Unreadable(N_("The first sheet of the file is empty."))
    header, has_names = _header(first[1])

    def rows() -> Iterator[Row | Fault]:
        for line, cells in islice(_sheet_rows(path), 1 if has_names else 0, None):
            # Sheets leave out empty cells at the end of a row.
            yield _row(line, cells + [""] * (len(header) - len(cells)), len(header))

    return Table("xlsx", header, _rows=rows)


def _check_archive(path: Path) -> None:
    try:
        with ZipFile(path) as archive:
            if sum(each.file_size for each in archive.infolist()) > MAX_UNPACKED:
                raise Unreadable(N_("The file is too large when it is unpacked."))
    except BadZipFile:
        raise Unreadable(N_("The file is damaged.")) from None


def _sheet_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first sheet that are not empty, with their numbers."""
    book = load_workbook(path, read_only=True, data_only=True)
    try:
        sheet = book.worksheets[0]
        # Some programs write wrong dimensions.
        sheet.reset_dimensions()
        for line, values in enumerate(sheet.iter_rows(values_only=True), start=1):
            cells = [_text(value) for value in values]
            if any(cells):
                yield line, cells
    finally:
        book.close()


def _header(cells: Sequence[str]) -> tuple[list[str], bool]:
    """The names of the columns, and whether the first row gives them: a row with a number or a date is already data,
    and its columns are called 1, 2, …"""
    _check_width(cells)
    names = [cell.strip() for cell in cells]
    while len(names) > 1 and not names[-1]:
        names.pop()
    if any(is_value(name) for name in names):
        return [str(number) for number in range(1, len(names) + 1)], False
    used: dict[str, int] = {}
    for place, name in enumerate(names):
        name = name or str(place + 1)
        used[name] = used.get(name, 0) + 1
        names[place] = name if used[name] == 1 else f"{name} ({used[name]})"
    return names, True


def _check_width(names: Sequence[str]) -> None:
    if len(names) > MAX_COLUMNS:
        raise Unreadable(N_("The file has too many columns."))


def _row(line: int, cells: Sequence[str], width: int) -> Row | Fault:
    cells = list(cells)
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    if len(cells) != width:
        reason = TOO_WIDE if len(cells) > width else TOO_NARROW
        return Fault(line, reason, _readable(" | ".join(cells)))
    if any(_has_surrogates(cell) for cell in cells):
        return Fault(line, NOT_READABLE, _readable(" | ".join(cells)))
    return line, cells


def _has_surrogates(text: str) -> bool:
    """Bytes that are no character of the file's encoding, or half of a pair in JSON."""
    return not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text)


def _readable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _text(value: Any) -> str:
    """A cell of a sheet or a value of JSON as text: whole numbers without decimals, times in ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
