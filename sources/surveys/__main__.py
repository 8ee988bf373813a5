"""The command `python -m sources.surveys`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from sources.surveys.importing import import_file
from sources.surveys.rows import COLUMNS
from sources.tabular import ColumnsUnclear, Proposal, Table, named, propose
from sources.tabular.command import Refused, opened, report_set_aside, unclear
from warehouse.i18n import terminal_gettext as _
from warehouse.logs import configure
from warehouse.settings import Settings, SettingsMissing, get_settings

# How many of the rows that were set aside are told; all of them are stored.
_MOST_TOLD = 20
_LONGEST_WAVE = 80


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    configure()
    try:
        return _import(options, get_settings())
    except (Refused, SettingsMissing) as error:
        print(f"surveys: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sources.surveys", description=_("Answers to a shop's surveys."))
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    words = _("import a CSV, JSON Lines or XLSX file, one answer per row")
    rows = _(
        "A row without a respondent, item or dimension, with a value that is no whole number from 1 to 5, or with "
        "neither value is set aside as a whole, with the reason. An empty value is a missing answer and no error."
    )
    importing = commands.add_parser("import", help=words, description=words, epilog=rows)
    importing.add_argument("wave", metavar="WAVE", help=_("the survey's wave; created if there is none of this name"))
    importing.add_argument("file", metavar="FILE", type=Path)
    importing.add_argument("--store", metavar="ID", help=_("the shop; default: KABAR_DEFAULT_STORE"))
    importing.add_argument(
        "--columns",
        metavar="COLUMNS",
        help=_("the file's columns, such as respondent=No,item=Code; default: those of the same names"),
    )
    return parser


def _import(options: argparse.Namespace, settings: Settings) -> int:
    store_id = (options.store or settings.default_store).strip()
    wave = options.wave.strip()
    if not store_id or not 0 < len(wave) <= _LONGEST_WAVE:
        raise Refused(_("The names of the shop and of the wave must not be empty or longer than 80 characters."))
    with opened(options.file) as table, _progress() as progress:
        bar = progress.add_task(_("rows of the file"), rows=0)
        imported = import_file(
            table,
            _columns(table, options.columns),
            store_id,
            wave,
            options.file.name,
            settings,
            lambda rows: progress.update(bar, rows=rows),
        )
    first = [(each.line, each.reason) for each in imported.set_aside[:_MOST_TOLD]]
    report_set_aside(options.file.name, first, len(imported.set_aside))
    print(json.dumps({"store": store_id, "wave": wave, **imported.as_dict()}))
    return 0


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), TextColumn("{task.fields[rows]}"), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _columns(table: Table, given: str | None) -> Proposal:
    """What `--columns` says, else the columns with known names. Raises Refused."""
    try:
        return named(table, given, COLUMNS) if given else propose(table, COLUMNS).only_certain(COLUMNS)
    except ColumnsUnclear as error:
        raise unclear(table, error, "respondent=…,item=…,dimension=…") from None


if __name__ == "__main__":
    sys.exit(main())
