"""The shares of right turns and of faults, with intervals, as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from rich.table import Table

from benchmarks.dialogues.judging import Judgement
from benchmarks.dialogues.script import Dialogue

_DRAWS = 1000
_SEED = 0


Group = Callable[[Dialogue], str]
"""The name of a dialogue's group."""


def by_shop(dialogue: Dialogue) -> str:
    return dialogue.shop


def by_language(dialogue: Dialogue) -> str:
    return dialogue.language


def by_kind(dialogue: Dialogue) -> str:
    return dialogue.kind


class Played(NamedTuple):
    dialogue: Dialogue
    judgements: tuple[Judgement, ...]


class Share(NamedTuple):
    """`met` of `turns`, and the interval in which 95 % of the resampled shares lie."""

    met: int
    turns: int
    low: float
    high: float

    @property
    def value(self) -> float:
        return self.met / self.turns if self.turns else 0.0

    def shown(self) -> str:
        return f"{self.value:.2f} ({self.low:.2f}–{self.high:.2f})" if self.turns else "–"


class Figure(NamedTuple):
    """The share of the turns that `is_counted` for which `is_met`."""

    name: str
    is_met: Callable[[Judgement], bool]
    is_counted: Callable[[Judgement], bool] = lambda _: True


RIGHT = Figure("right", lambda each: each.is_right)
FIGURES = (
    RIGHT,
    Figure(
        "handed over without need",
        lambda each: each.is_unnecessary_handover,
        lambda each: each.turn.person == "unnecessary",
    ),
    Figure("handover missed", lambda each: each.is_missed_handover, lambda each: each.turn.person == "needed"),
    Figure("invented", lambda each: bool(each.invented), lambda each: bool(each.turn.none_of)),
)


def share(played: Sequence[Played], figure: Figure) -> Share:
    """Whole dialogues are resampled, since the turns of one depend on each other."""
    counts = np.array([_counts(each, figure) for each in played], dtype=np.int64).reshape(-1, 2)
    met, counted = (int(each) for each in counts.sum(axis=0))
    if not counted:
        return Share(0, 0, 0.0, 0.0)
    rng = np.random.default_rng(_SEED)
    drawn = counts[rng.integers(len(counts), size=(_DRAWS, len(counts)))].sum(axis=1)
    shares = drawn[drawn[:, 1] > 0]
    low, high = np.percentile(shares[:, 0] / shares[:, 1], (2.5, 97.5))
    return Share(met, counted, float(low), float(high))


def _counts(played: Played, figure: Figure) -> tuple[int, int]:
    counted = [each for each in played.judgements if figure.is_counted(each)]
    return sum(figure.is_met(each) for each in counted), len(counted)


def table(title: str, played: Sequence[Played], groups: Sequence[Group]) -> Table:
    """All figures over all dialogues, and by each kind of group."""
    made = Table("", "turns", *(figure.name for figure in FIGURES), title=f"{title}: {len(played)} dialogues")
    made.add_row("all", *_row(played))
    for group in groups:
        made.add_section()
        for name in sorted({group(each.dialogue) for each in played}):
            made.add_row(name, *_row([each for each in played if group(each.dialogue) == name]))
    return made


def _row(played: Sequence[Played]) -> list[str]:
    turns = sum(len(each.judgements) for each in played)
    return [str(turns), *(share(played, figure).shown() for figure in FIGURES)]


def failures(played: Sequence[Played]) -> Iterator[str]:
    """The turns that are not right, each with its replies and what is wrong with them."""
    for dialogue, judgements in played:
        for number, each in enumerate(judgements, start=1):
            if not each.is_right:
                yield _failure(f"{dialogue.shop} {dialogue.id}.{number} ({dialogue.kind}, {dialogue.language})", each)


def _failure(name: str, judgement: Judgement) -> str:
    lacking = [" | ".join(group) for group in judgement.missing]
    lines = [f"{name}: {', '.join(judgement.faults)}"]
    lines += [f"  > {text}" for text in judgement.turn.texts]
    lines += [f"  < {line}" for reply in judgement.answer.replies for line in reply.splitlines()]
    lines += [f"  lacks: {'; '.join(lacking)}"] if lacking else []
    lines += [f"  invented: {'; '.join(judgement.invented)}"] if judgement.invented else []
    return "\n".join([*lines, f"  {', '.join(judgement.answer.steps)}"])
