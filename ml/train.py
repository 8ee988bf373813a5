"""`python -m ml.train` trains a classifier and uses it if it is better than the one in use."""

from __future__ import annotations

import argparse
import sys

from ml.classifier.registry import version_in_use
from warehouse import logs
from warehouse.settings import get_settings


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m ml.train", description="train a model and let the better one label"
    )
    parser.add_argument("--if-missing", action="store_true", help="do nothing when a model is in use")
    arguments = parser.parse_args()
    logs.configure()
    settings = get_settings()
    if arguments.if_missing and (version := version_in_use(settings)):
        print(f"the model {version} is in use")
        return 0
    # Imported here since torch takes many seconds to import.
    from ml.classifier.retrain import retrain

    decision = retrain(settings)
    print(f"{decision.challenger} {'is now in use' if decision.promoted else 'stays out'}: {decision.reason}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
