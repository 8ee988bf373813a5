"""`python -m benchmarks.dialogues`: play the dialogues with the bot and report how many of its turns are right.

Shops that are held out are for testing: their failing turns are never shown, and nothing may be tuned on them.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence

import structlog
from rich.console import Console

from benchmarks.dialogues import report
from benchmarks.dialogues.judging import judge
from benchmarks.dialogues.player import in_trial
from benchmarks.dialogues.report import Played, by_kind, by_language, by_shop
from benchmarks.dialogues.script import Dialogue, dialogues, shops
from benchmarks.dialogues.shop import read
from benchmarks.dialogues.stage import NotMade, language_model_calls, models_in_use, shops_ready
from bot import tools
from bot.tools import Tools
from ml.classifier.registry import NoModelInUse
from warehouse.settings import SettingsMissing, get_settings

_WIDTH = 120


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dialogues", description=__doc__)
    parser.add_argument("--shop", choices=shops(), action="append", help="only this shop; may be repeated")
    parser.add_argument(
        "--failures", action="store_true", help="print the failing turns of shops that are not held out"
    )
    parser.add_argument(
        "--language-model", action="store_true", help="play with the configured language model; default: without one"
    )
    arguments = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    names = arguments.shop or shops()
    try:
        models = models_in_use(get_settings(), arguments.language_model)
    except (NoModelInUse, NotMade, SettingsMissing) as error:
        print(f"benchmarks.dialogues: {error}", file=sys.stderr)
        return 2
    with shops_ready(names, models) as settings:
        made = tools.make(settings)
        played = [play(dialogue, made) for name in names for dialogue in dialogues(name)]
        made.connections.close()
        calls = language_model_calls(settings)
    _show(played, arguments.failures)
    print(_language_model_used(made, calls))
    return 0


def _language_model_used(made: Tools, calls: Sequence[tuple[str, int, int]]) -> str:
    if made.language_model is None:
        return "Played without a language model."
    outcomes = ", ".join(f"{outcome} {number}" for outcome, number, _ in calls) or "none"
    tokens = sum(each for *_, each in calls)
    return f"Played with {made.language_model.name}. Its calls by outcome: {outcomes}; {tokens:,} tokens."


def play(dialogue: Dialogue, made: Tools) -> Played:
    player = in_trial(made, dialogue.shop, dialogue.phone)
    return Played(dialogue, tuple(judge(turn, player(turn.texts)) for turn in dialogue.turns))


def _show(played: Sequence[Played], with_failures: bool) -> None:
    held_out = {name for name in shops() if read(name).held_out}
    for_tuning = [each for each in played if each.dialogue.shop not in held_out]
    for_testing = [each for each in played if each.dialogue.shop in held_out]
    if with_failures:
        for text in report.failures(for_tuning):
            print(text, end="\n\n")
    console = Console(width=_WIDTH)
    if for_tuning:
        console.print(report.table("for tuning", for_tuning, (by_shop, by_language, by_kind)))
    if for_testing:
        # Figures by kind would show what to tune.
        console.print(report.table("held out for testing", for_testing, (by_shop, by_language)))


if __name__ == "__main__":
    sys.exit(main())
