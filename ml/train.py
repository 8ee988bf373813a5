"""`python -m ml.train` trains a classifier and uses it if it is better than the one in use."""

from __future__ import annotations

import argparse
import sys

from ml.classifier.registry import version_in_use
from warehouse import logs
from warehouse.i18n import terminal_gettext as _
from warehouse.settings import get_settings


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m ml.train", description=_("Train a classifier. The better one of old and new is used.")
    )
    parser.add_argument("--if-missing", action="store_true", help=_("do nothing if a classifier is in use"))
    arguments = parser.parse_args()
    logs.configure()
    settings = get_settings()
    if arguments.if_missing and (version := version_in_use(settings)):
        print(_("Classifier {version} is in use.", version=version))
        return 0
    # Imported here since torch takes many seconds to import.
    from ml.classifier.retrain import retrain

    decision = retrain(settings)
    print(
        _("Classifier {version} is in use.", version=decision.challenger)
        if decision.promoted
        else _("Classifier {version} is not used.", version=decision.challenger),
        decision.reason,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
