"""Whether a reply is right: by what it contains, never by its wording."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.dialogues.asking import asks_back
from benchmarks.dialogues.player import Answer
from benchmarks.dialogues.script import Turn

MAX_SHORT = 160  # characters of a reply to a text that needs no answer
_MAX_WORD = 3  # shorter texts, such as sizes, must be words of their own
_SEPARATOR = re.compile(r"(?<=\d)[.,](?=\d)|(?<=\d)[ \u00a0](?=\d{3}(?!\d))")
_THOUSANDS = re.compile(r"(?<=\d) ?(?:rb|ribu|k)\b")
_DASHES = re.compile("[\u2010-\u2015]")


@dataclass(frozen=True)
class Judgement:
    """`missing`: groups of which the replies have no text; `invented`: texts of `none_of` that they have."""

    turn: Turn
    answer: Answer
    missing: tuple[tuple[str, ...], ...]
    invented: tuple[str, ...]
    faults: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        return not self.faults

    @property
    def is_unnecessary_handover(self) -> bool:
        return self.turn.person == "unnecessary" and self.answer.handover is not None

    @property
    def is_missed_handover(self) -> bool:
        return self.turn.person == "needed" and self.answer.handover is None


def judge(turn: Turn, answer: Answer) -> Judgement:
    said = normalised("\n".join(answer.replies))
    missing = tuple(group for group in turn.any_of if not any(has(said, text) for text in group))
    invented = tuple(text for text in turn.none_of if has(said, text))
    return Judgement(turn, answer, missing, invented, tuple(_faults(turn, answer, missing, invented)))


def has(said: str, text: str) -> bool:
    """Whether a normalised text has another. Figures must not go on, short texts must be words of their own."""
    sought = normalised(text)
    before = r"(?<!\d)" if sought[0].isdigit() else ""
    after = r"(?!\d)" if sought[-1].isdigit() else ""
    if len(sought) <= _MAX_WORD and not sought.isdigit():
        before, after = r"(?<!\w)", r"(?!\w)"
    return re.search(f"{before}{re.escape(sought)}{after}", said) is not None


def normalised(text: str) -> str:
    """In lower case, figures without separators and in full: `Rp 15.000`, `15rb` and `15,000` have the same digits."""
    text = _DASHES.sub("-", unicodedata.normalize("NFKC", text)).casefold()
    text = " ".join(_SEPARATOR.sub("", text).split())
    return _THOUSANDS.sub("000", text)


def _faults(turn: Turn, answer: Answer, missing: Iterable[object], invented: Iterable[str]) -> Iterable[str]:
    is_handed_over = answer.handover is not None
    if turn.person == "unnecessary" and is_handed_over:
        yield "handed over"
    if turn.person == "needed" and not is_handed_over:
        yield "not handed over"
    if turn.opts_out and not answer.opted_out:
        yield "not opted out"
    if answer.opted_out and not (turn.opts_out or turn.was_out):
        yield "opted out"
    if any(invented):
        yield "says something wrong"
    # Where a person may answer, passing the question on is as right as answering it.
    if not (is_handed_over and turn.person == "allowed"):
        yield from _faults_of_content(turn, answer, bool(list(missing)))


def _faults_of_content(turn: Turn, answer: Answer, is_missing: bool) -> Iterable[str]:
    said = "\n".join(answer.replies)
    if turn.expect == "silent_or_short" and len(said) > MAX_SHORT:
        yield "too long"
    elif turn.expect == "ask_back":
        # To give all that the answer depends on is as good as asking.
        if not asks_back(answer.replies) and (is_missing or not turn.any_of):
            yield "does not ask"
    elif is_missing:
        yield "lacks the answer"
    elif turn.expect == "refuse" and not said:
        yield "says nothing"
