"""`python -m ml.speech_acts`: how well acts of messages of unseen groups are predicted, beside character n-grams."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np
from rich.console import Console
from rich.table import Table

from ml.encoder.store import encoder_in_use
from ml.speech_acts.acts import ACTS
from ml.speech_acts.dataset import Message, messages
from ml.speech_acts.evaluate import Probabilities, among, confusion, errors, f1, held_out, held_out_baseline, macro_f1
from ml.speech_acts.features import features
from ml.speech_acts.fit import Numbers
from warehouse.settings import get_settings

_LANGUAGES = ("id", "en")
_MOST_WRONG = 3
_THRESHOLDS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


def main() -> int:
    encoder = encoder_in_use(get_settings(), "scorer")
    if encoder is None:
        print("ml.speech_acts: no encoder is in use: make one with `python -m ml.encoder`", file=sys.stderr)
        return 2
    labelled = messages()
    probabilities = held_out(features([message.text for message in labelled], encoder), labelled)
    console = Console()
    console.print(_comparison(probabilities, held_out_baseline(labelled), labelled))
    console.print(_by_act(probabilities, labelled))
    console.print(_by_threshold(probabilities, labelled))
    return 0


def _comparison(probabilities: Probabilities, simple: Probabilities, labelled: Sequence[Message]) -> Table:
    table = Table(
        "macro F1", "encoder and hints", "character n-grams", title=f"{len(labelled)} messages, held out by group"
    )
    for name, languages in {"both": _LANGUAGES, **{language: (language,) for language in _LANGUAGES}}.items():
        found = [macro_f1(*_written_in(languages, of_model, labelled)) for of_model in (probabilities, simple)]
        table.add_row(name, *(f"{value:.3f} ({low:.3f} to {high:.3f})" for value, low, high in found))
    return table


def _by_act(probabilities: Probabilities, labelled: Sequence[Message]) -> Table:
    """F1, also by language, and which other acts are predicted most often instead."""
    counts = confusion(probabilities, labelled)
    languages = [f1(confusion(*_written_in((name,), probabilities, labelled))) for name in _LANGUAGES]
    table = Table("act", "messages", "F1", *(f"F1 {name}" for name in _LANGUAGES), "most often taken for")
    for number, act in enumerate(ACTS):
        figures = [f"{of_all[number]:.2f}" for of_all in (f1(counts), *languages)]
        of_act = counts[number]
        table.add_row(act, str(of_act.sum() // len(probabilities)), *figures, _taken_for(act, of_act))
    return table


def _taken_for(act: str, of_act: Numbers) -> str:
    """The most frequent wrong acts in percent, from how often each act (acts,) was predicted."""
    shares = dict(zip(ACTS, of_act / of_act.sum(), strict=True))
    wrong = sorted((each for each in ACTS if each != act), key=lambda each: -shares[each])
    return ", ".join(f"{each} {100 * shares[each]:.0f} %" for each in wrong[:_MOST_WRONG])


def _by_threshold(probabilities: Probabilities, labelled: Sequence[Message]) -> Table:
    table = Table(
        "from",
        "asks, taken for a courtesy",
        "courtesies found",
        "no complaint, taken for one",
        "complaints found",
        title="At thresholds",
    )
    for threshold in _THRESHOLDS:
        table.add_row(
            f"{threshold:.2f}", *(f"{100 * share:.1f} %" for share in errors(probabilities, labelled, threshold))
        )
    return table


def _written_in(
    languages: Sequence[str], probabilities: Probabilities, labelled: Sequence[Message]
) -> tuple[Probabilities, list[Message]]:
    return among(probabilities, labelled, np.isin([message.language for message in labelled], languages))


if __name__ == "__main__":
    sys.exit(main())
