"""`python -m ml.sentiment`: steps, train, predict, score, report."""

from __future__ import annotations

import argparse
import json
import sys

from rich.console import Console

from ml.sentiment.dataset import CLASSES
from ml.sentiment.dimensions import seed_missing
from ml.sentiment.predict import predict_lines
from ml.sentiment.preprocess import steps
from ml.sentiment.registry import NoModelInUse
from ml.sentiment.report import show
from ml.sentiment.score import score_messages, score_reviews
from ml.sentiment.train import train, train_if_missing
from warehouse import logs
from warehouse.i18n import terminal_gettext as _
from warehouse.settings import Settings, get_settings


def main() -> int:
    arguments = _parser().parse_args()
    if arguments.command == "steps":
        _print_steps(arguments.text, keep_negations=not arguments.without_negations)
        return 0
    logs.configure()
    try:
        _run(arguments, get_settings())
    except NoModelInUse as error:
        print(f"ml.sentiment: {error}", file=sys.stderr)
        return 2
    return 0


def _print_steps(text: str, keep_negations: bool) -> None:
    for name, found in steps(text, keep_negations)._asdict().items():
        print(f"{name}: {json.dumps(found, ensure_ascii=False)}")


def _run(arguments: argparse.Namespace, settings: Settings) -> None:
    if arguments.command == "train":
        for kind in CLASSES:
            if arguments.if_missing:
                train_if_missing(kind, settings)
            else:
                train(kind, settings, arguments.fine_tune)
    elif arguments.command == "predict":
        predict_lines(arguments.kind, sys.stdin.buffer, sys.stdout, settings)
    elif arguments.command == "score":
        seed_missing(settings)
        score_messages(settings)
        score_reviews(settings)
    else:
        show(settings, Console())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ml.sentiment", description=_("The sentiment of reviews and chats.")
    )
    commands = parser.add_subparsers(dest="command", required=True)
    of_steps = commands.add_parser("steps", help=_("show how a text is prepared, step by step"))
    of_steps.add_argument("text")
    of_steps.add_argument("--without-negations", action="store_true", help=_("take negations for stop words"))
    of_train = commands.add_parser("train", help=_("make the models, compare them and use the best"))
    of_train.add_argument("--if-missing", action="store_true", help=_("make only what is missing or outdated"))
    of_train.add_argument(
        "--fine-tune", action="store_true", help=_("also compare a fine-tuned encoder; takes minutes")
    )
    of_predict = commands.add_parser("predict", help=_("read lines of text, write a line of JSON for each"))
    of_predict.add_argument("--kind", choices=sorted(CLASSES), required=True)
    commands.add_parser("score", help=_("score messages and reviews that have no sentiment yet"))
    commands.add_parser("report", help=_("show how well the models in use do"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
