"""Topics from the command line.

python -m ml.topics discover                # find the topics of every shop anew, and what grew
python -m ml.topics place                   # assign new messages to the topics that there are
python -m ml.topics report [--store ID]     # the topics with their names and sizes
"""

from __future__ import annotations

import argparse
import sys

from rich.console import Console

from ml.marts import NoMarts
from ml.topics.discover import discover
from ml.topics.place import NoEncoder, place
from ml.topics.report import report
from warehouse import logs
from warehouse.i18n import terminal_gettext as _
from warehouse.settings import get_settings


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m ml.topics", description=_("Topics that customers talk about."))
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("discover", help=_("find the topics of every shop anew, and what grew"))
    commands.add_parser("place", help=_("assign new messages to the topics that there are"))
    reporting = commands.add_parser("report", help=_("show the topics with their names and sizes"))
    reporting.add_argument("--store", help=_("the shop's id; all shops without it"))
    arguments = parser.parse_args()
    logs.configure()
    try:
        if arguments.command == "discover":
            print(_("{count} topics.", count=discover()))
        elif arguments.command == "place":
            print(_("{count} messages placed.", count=place()))
        else:
            Console().print(report(arguments.store, get_settings()))
    except (NoEncoder, NoMarts) as error:
        print(f"ml.topics: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
