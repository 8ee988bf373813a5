"""Shared by the commands that import a table: why a file is refused, and which rows were set aside."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sources.tabular.columns import ColumnsUnclear
from sources.tabular.reading import Table, Unreadable, open_table
from warehouse.i18n import Text, terminal_language
from warehouse.i18n import terminal_gettext as _


class Refused(Exception):
    """The message says why."""


@contextmanager
def opened(path: Path) -> Iterator[Table]:
    """The table in a file. Raises Refused if it cannot be opened or read, now or later on."""
    try:
        yield open_table(path)
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}") from None
    except Unreadable as error:
        raise Refused(f"{path.name}: {_(error.reason)}") from None


def unclear(table: Table, error: ColumnsUnclear, example: str) -> Refused:
    """The error that names the missing columns and those of the file, with an example of `--columns`."""
    sentence = _(
        "It is not certain which column is: {names}. The file has: {columns}.",
        names=error,
        columns=", ".join(table.header[:50]),
    )
    advice = _("Name them:")  # a text within an f-string would not be extracted
    return Refused(f'{sentence} {advice} --columns "{example}"')


def report_set_aside(name: str, first: Sequence[tuple[int, Text]], count: int) -> None:
    """Print line and reason of the first of `count` rows that were set aside, without their text."""
    for number, reason in first:
        line = _("line {line}", line=number)
        print(f"{name}, {line}: {reason.to(terminal_language())}", file=sys.stderr)
    if (more := count - len(first)) > 0:
        print(_("… and {count} more rows that were set aside.", count=more), file=sys.stderr)
