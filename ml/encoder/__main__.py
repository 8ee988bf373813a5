"""`python -m ml.encoder`: make the encoder from two installed packages and store it."""

from __future__ import annotations

import argparse
import sys

from ml.encoder.store import store, version_in_use
from warehouse import logs
from warehouse.i18n import terminal_gettext as _
from warehouse.settings import get_settings


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m ml.encoder", description=_("Create the encoder that finds passages.")
    )
    parser.add_argument("--if-missing", action="store_true", help=_("do nothing if an encoder is in use"))
    arguments = parser.parse_args()
    logs.configure()
    settings = get_settings()
    if arguments.if_missing and (version := version_in_use(settings, "scorer")):
        print(_("Encoder {version} is in use.", version=version))
        return 0
    # Imported here since torch takes many seconds to import.
    from ml.encoder.export import make

    print(_("Encoder {version} is in use.", version=store(make(settings), settings)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
