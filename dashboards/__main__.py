"""Dashboards by command: `picture` draws one without a browser; `insights` writes what changed on each; `documents`
writes dbt's documents, `generate` the files that dbt reads of KPIs and dashboards; `plan`, `provision`, `verify`,
`export` and `clear-cache` speak to the Metabase of the settings."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from dashboards import dbt_files, definition, documentation, picture
from dashboards.insights import writing
from dashboards.metabase import caching, exporting, provisioning, verifying
from dashboards.metabase.authentication import sign_in
from dashboards.metabase.client import MetabaseAway, MetabaseRefused, NotSetUp
from dashboards.metabase.exported_card import CannotExport
from dashboards.reader import DatabaseAway, NotBuilt
from pipeline.transform import BuildFailed
from warehouse.i18n import languages
from warehouse.i18n import terminal_gettext as _
from warehouse.settings import SettingsMissing, get_settings

PROGRESS_EVERY = 20  # cards
_FAILURES = (
    NotBuilt, DatabaseAway, SettingsMissing, OSError, BuildFailed, MetabaseAway, MetabaseRefused, NotSetUp,
    CannotExport,
)  # fmt: skip


def main() -> int:
    arguments = _parser().parse_args()
    try:
        return int(arguments.run(arguments) or 0)
    except _FAILURES as error:
        print(f"dashboards: {arguments.command}: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m dashboards", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    draw = commands.add_parser("picture", help=_("draw a dashboard as a PNG file"))
    draw.add_argument("file", type=Path)
    draw.add_argument("--dashboard", choices=definition.names(), default="conversations")
    draw.add_argument("--lang", choices=languages(), default="en")
    draw.set_defaults(run=_draw)
    documents = commands.add_parser("documents", help=_("write dbt docs and the lineage of the KPIs"))
    documents.set_defaults(run=_document)
    generate = commands.add_parser(
        "generate", help=_("generate dbt files from dbt/kpis.yml and dashboards/definitions")
    )
    generate.set_defaults(run=_generate)
    insights = commands.add_parser("insights", help=_("write what changed on each dashboard"))
    insights.set_defaults(run=_write_insights)
    plan = commands.add_parser("plan", help=_("show what provision would change in Metabase"))
    plan.set_defaults(run=_provision, is_plan=True)
    provision = commands.add_parser("provision", help=_("update Metabase to match the definitions"))
    provision.set_defaults(run=_provision, is_plan=False)
    verify = commands.add_parser("verify", help=_("compare Metabase with the definitions and with the built-in pages"))
    verify.set_defaults(run=_verify)
    export = commands.add_parser("export", help=_("export a dashboard made in Metabase as a definition"))
    export.add_argument("id", type=int, help=_("the number in the dashboard's address"))
    export.add_argument("--name", help=_("the name of the definition; default: from the title"))
    export.add_argument(
        "--folder", type=Path, default=definition.FOLDER, help=_("the folder with definitions/ and sql/")
    )
    export.set_defaults(run=_export)
    clear = commands.add_parser("clear-cache", help=_("clear Metabase's cache after a build"))
    clear.set_defaults(run=_clear_cache)
    return parser


def _draw(arguments: argparse.Namespace) -> None:
    picture.draw(arguments.file, name=arguments.dashboard, language=arguments.lang)


def _document(_arguments: argparse.Namespace) -> None:
    documentation.refresh(is_forced=True)


def _generate(_arguments: argparse.Namespace) -> None:
    dbt_files.write()


def _write_insights(_arguments: argparse.Namespace) -> None:
    print(_("Texts written: {count}", count=writing.write()))


def _provision(arguments: argparse.Namespace) -> None:
    changes = provisioning.provision(get_settings(), is_plan=arguments.is_plan)
    for message in changes.messages:
        print(f"would {message}" if arguments.is_plan else message)
    for note in changes.notes:
        print(f"note: {note}")
    nothing = "provision would change nothing" if arguments.is_plan else "nothing to change"
    summary = f"{len(changes.messages)} changes" if changes.messages else nothing
    print(f"Metabase 0.{changes.metabase.version}: {summary}")


def _verify(_arguments: argparse.Namespace) -> int:
    """The exit code: 1 if anything differs."""
    verified = verifying.verify(get_settings(), on_progress=_print_progress)
    for difference in verified.differences:
        print(difference)
    for note in verified.notes:
        print(f"note: {note}")
    found = f"{len(verified.differences)} differences" if verified.differences else "no differences"
    print(f"Metabase 0.{verified.metabase.version}: {verified.compared} cards compared, {found}")
    return 1 if verified.differences else 0


def _print_progress(done: int, total: int) -> None:
    if done % PROGRESS_EVERY == 0 or done == total:
        print(f"{done} of {total} cards", file=sys.stderr, flush=True)


def _export(arguments: argparse.Namespace) -> None:
    metabase = sign_in(get_settings(), set_up=False)
    for path in exporting.export(metabase, arguments.id, arguments.folder, arguments.name):
        print(path)


def _clear_cache(_: argparse.Namespace) -> None:
    print(caching.clear(get_settings()))


if __name__ == "__main__":
    sys.exit(main())
