"""`python -m ml.speech_acts`: how well acts of messages of unseen groups are predicted, beside character n-grams."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np
from rich.console import Console
from rich.table import Table

from ml.encoder.store import encoder_in_use
from ml.speech_acts.acts import ACTS, RELIABLE
from ml.speech_acts.dataset import Message, messages
from ml.speech_acts.evaluate import Shares, among, confusion, errors, f1, held_out, held_out_baseline, macro_f1
from ml.speech_acts.features import features
from warehouse.settings import get_settings

_LANGUAGES = ("id", "en")
_THRESHOLDS = (0.0, 0.4, 0.5, 0.6, 0.7, 0.8)


def main() -> int:
    encoder = encoder_in_use(get_settings(), "scorer")
    if encoder is None:
        print("ml.speech_acts: no encoder is in use: make one with `python -m ml.encoder`", file=sys.stderr)
        return 2
    labelled = messages()
    shares = held_out(features([message.text for message in labelled], encoder), labelled)
    console = Console()
    console.print(_comparison(shares, held_out_baseline(labelled), labelled))
    console.print(_by_act(shares, labelled))
    console.print(_by_threshold(shares, labelled))
    return 0


def _comparison(shares: Shares, simple: Shares, labelled: Sequence[Message]) -> Table:
    table = Table(
        "macro F1", "encoder and hints", "character n-grams", title=f"{len(labelled)} messages, held out by group"
    )
    for name, languages in {"both": _LANGUAGES, **{language: (language,) for language in _LANGUAGES}}.items():
        found = [macro_f1(*_written_in(languages, of_model, labelled)) for of_model in (shares, simple)]
        table.add_row(name, *(f"{value:.3f} ({low:.3f} to {high:.3f})" for value, low, high in found))
    return table


def _by_act(shares: Shares, labelled: Sequence[Message]) -> Table:
    """F1 by language, and the confusion matrix in percent (rows are the truth, columns the predictions)."""
    counts = confusion(shares, labelled)
    languages = [f1(confusion(*_written_in((name,), shares, labelled))) for name in _LANGUAGES]
    table = Table("act", "messages", "F1", *(f"F1 {name}" for name in _LANGUAGES), *(f"→ {act[:6]}" for act in ACTS))
    for number, act in enumerate(ACTS):
        figures = [f"{of_all[number]:.2f}" for of_all in (f1(counts), *languages)]
        row = counts[number]
        table.add_row(
            act, str(row.sum() // len(shares)), *figures, *(f"{100 * share:.0f}" for share in row / row.sum())
        )
    return table


def _by_threshold(shares: Shares, labelled: Sequence[Message]) -> Table:
    table = Table(
        "relied on from", "asks for nothing → asks", "asks → courtesy", "relied on", title="Errors that matter"
    )
    for threshold in sorted({*_THRESHOLDS, RELIABLE}):
        table.add_row(f"{threshold:.2f}", *(f"{100 * share:.1f} %" for share in errors(shares, labelled, threshold)))
    return table


def _written_in(languages: Sequence[str], shares: Shares, labelled: Sequence[Message]) -> tuple[Shares, list[Message]]:
    return among(shares, labelled, np.isin([message.language for message in labelled], languages))


if __name__ == "__main__":
    sys.exit(main())
