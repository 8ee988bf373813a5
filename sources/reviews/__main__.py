"""The command `python -m sources.reviews`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from sources.reviews import google_play
from sources.reviews.columns import COLUMNS
from sources.reviews.google_play_client import App, GooglePlayFailed
from sources.reviews.importing import File, Imported, digest_of, import_file
from sources.tabular import ColumnsUnclear, Proposal, Table, named, propose
from sources.tabular.command import Refused, opened, report_set_aside, unclear
from warehouse.i18n import terminal_gettext as _
from warehouse.logs import configure
from warehouse.settings import Settings, SettingsMissing, get_settings

DEFAULT_SOURCE = "file"
_LONGEST_SOURCE = 80


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    configure()
    try:
        return int(options.run(options, get_settings()))
    except (Refused, GooglePlayFailed, SettingsMissing) as error:
        print(f"reviews: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sources.reviews", description=_("Reviews of a shop."))
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    words = _("import a CSV, JSON Lines or XLSX file")
    importing = commands.add_parser("import", help=words, description=words)
    importing.set_defaults(run=_import)
    importing.add_argument("file", metavar="FILE", type=Path)
    importing.add_argument("--store", metavar="ID", help=_("the shop; default: KABAR_DEFAULT_STORE"))
    importing.add_argument(
        "--source", metavar="NAME", default=DEFAULT_SOURCE, help=_("where the reviews were written; default: file")
    )
    importing.add_argument(
        "--columns",
        metavar="COLUMNS",
        help=_("the file's columns, such as id=Review ID,rating=Stars; default: detected"),
    )
    importing.add_argument("--yes", action="store_true", help=_("take the detected columns without asking"))
    words = _("fetch new reviews of apps from Google Play")
    fetching = commands.add_parser("google-play", help=words, description=words)
    fetching.set_defaults(run=_google_play)
    fetching.add_argument(
        "--app", metavar="ID", help=_("only this app, such as com.example.shop; default: all in the settings")
    )
    fetching.add_argument(
        "--language", metavar="LANGUAGE", default="id", help=_("language of the reviews; default: id")
    )
    fetching.add_argument("--country", metavar="COUNTRY", default="id", help=_("country of the store; default: id"))
    fetching.add_argument("--store", metavar="ID", help=_("the shop; default: KABAR_DEFAULT_STORE"))
    return parser


def _google_play(options: argparse.Namespace, settings: Settings) -> int:
    if not options.app:
        for name, outcomes in google_play.fetch_all(settings).items():
            print(json.dumps({"app": name, **outcomes}))
        return 0
    store_id = options.store or settings.default_store
    app = App(options.app, options.language, options.country)
    with Progress(TextColumn("{task.description}"), console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task(app.app_id, total=None)
        outcomes = google_play.fetch(
            store_id, app, settings, lambda count: progress.update(bar, description=f"{app.app_id}: {count}")
        )
    print(json.dumps({"store": store_id, "app": app.app_id, **outcomes}))
    return 0


def _import(options: argparse.Namespace, settings: Settings) -> int:
    store_id = (options.store or settings.default_store).strip()
    source = options.source.strip()
    if not store_id or not 0 < len(source) <= _LONGEST_SOURCE:
        raise Refused(_("The names of the shop and of the source must not be empty or longer than 80 characters."))
    with opened(options.file) as table:
        columns = _columns(table, options)
        file = File(table, options.file.name, digest_of(options.file))
        imported = _with_progress(file, columns, store_id, source, settings)
    first = [(fault.line, fault.reason) for fault in imported.told]
    report_set_aside(file.name, first, imported.set_aside.total())
    print(json.dumps({"store": store_id, "source": source, **imported.as_dict()}))
    return 0


def _columns(table: Table, options: argparse.Namespace) -> Proposal:
    """What `--columns` says, else what is detected, once a person has confirmed it. Where nobody can be asked, what is
    certain. Raises Refused."""
    try:
        if options.columns:
            return named(table, options.columns, COLUMNS)
        proposal = propose(table, COLUMNS)
        _show(proposal)
        if missing := proposal.missing(COLUMNS):
            raise ColumnsUnclear(missing)
        if options.yes:
            return proposal
        if not sys.stdin.isatty():
            return proposal.only_certain(COLUMNS)
    except ColumnsUnclear as error:
        raise unclear(table, error, "id=…,rating=…,text=…,created_at=…") from None
    if input(_("Import with these columns? [y/N] ")).strip().lower() not in ("y", "yes", "ya"):
        raise Refused(_("Nothing was imported. Name the columns with --columns."))
    return proposal


def _show(proposal: Proposal) -> None:
    not_certain = _("not certain")  # a text within an f-string would not be extracted
    for name, column in proposal.columns.items():
        doubt = "" if name in proposal.certain else f"  ({not_certain})"
        print(f"  {name:<10} {column}{doubt}", file=sys.stderr)


def _with_progress(file: File, columns: Proposal, store_id: str, source: str, settings: Settings) -> Imported:
    bars = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*bars, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task(file.name, total=None)
        return import_file(
            file,
            columns,
            store_id,
            source,
            settings,
            lambda done, total: progress.update(bar, completed=done, total=total),
        )


if __name__ == "__main__":
    sys.exit(main())
