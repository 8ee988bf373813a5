"""`python -m dashboards picture FILE.png`: a dashboard as a picture, without a browser."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import get_args

from dashboards import definition, picture
from dashboards.definition import Language
from dashboards.reader import DatabaseAway, NotBuilt
from warehouse.settings import SettingsMissing


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m dashboards", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    draw = commands.add_parser("picture", help="draw a dashboard into a PNG file")
    draw.add_argument("file", type=Path)
    draw.add_argument("--dashboard", choices=definition.names(), default="conversations")
    draw.add_argument("--lang", choices=get_args(Language), default="en")
    arguments = parser.parse_args()
    try:
        picture.draw(arguments.file, name=arguments.dashboard, language=arguments.lang)
    except (NotBuilt, DatabaseAway, SettingsMissing, OSError) as error:
        print(f"dashboards: no picture: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
