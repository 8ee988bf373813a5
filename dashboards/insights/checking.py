"""Whether a text says no more than its statements do. What a language model worded is shown only if this finds nothing.

Every figure has to be copied as it was given. So the given figures and names are taken out of the text first, and of
what is left nothing may say a figure: no digit, no word of a script that the lists of words do not know, no number,
unit, date or currency in words. Then each sentence has to keep to the figures of one statement, may not say them of
another's title, and may not turn its direction or its news around.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Literal

import yaml

from dashboards.definition import Language
from dashboards.insights.wording import Statement
from ml.language import UNKNOWN, languages

LONGEST = 900
# The languages that figure_words.yml has words of.
CHECKED = ("en", "id")

Reason = Literal["shape", "language", "figure", "statement", "direction", "incomplete"]
_Kind = Literal["numbers", "times", "amounts", "up", "down", "good", "bad"]

# In the place of what was given, so that neither a digit nor a word of it is looked at again.
_FIGURE, _NAME = "\uf000", "\uf001"
_BEFORE_FIGURE, _AFTER_FIGURE = r"(?<![^\s(\[“\"'‘—–])", r"(?![^\s)\]”\"'’.,;:!?—–])(?![.,:]\d)"
# A given figure with something that makes another one of it: a sign, a unit, or a second figure beside it.
_ALTERED = re.compile(
    rf"(?:^|[^\w{_FIGURE}{_NAME}])\s?[-−–]{_FIGURE}|{_FIGURE}\s*{_FIGURE}|{_FIGURE}\s?(?:[^\W\d_]|[%‰])(?!\w)"
)
# Symbols such as pictures of numbers, currencies, numbers as letters, other numbers, what encloses a sign, and what
# stands in formulas, but for the arrow from one figure to the next.
_SIGNS = frozenset({"So", "Sc", "Nl", "No", "Me", "Sm"})
_ARROW = "→"
_CODE = re.compile(r"https?:|www\.|[{}<>|`#*_=]")
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+|\n+")


def check(text: str, said: Sequence[Statement], language: Language) -> Reason | None:
    """Why a text may not be shown, or None. `shape`: too long, or no plain sentences; `language`: not the one asked
    for; `figure`: one that was not given; `statement`: figures of several statements in one sentence, or said of
    another title; `direction`: a rise called a fall, bad news good, or now called before; `incomplete`: a statement's
    main figure is missing."""
    plain = _plain(text)
    if len(plain) > LONGEST or not plain or plain[-1] not in ".!" or _CODE.search(plain):
        return "shape"
    if languages([plain])[0] not in (language, UNKNOWN):
        return "language"
    left, used = _without_given(plain, said)
    if _says_a_figure(left):
        return "figure"
    for sentence in _SENTENCE_END.split(plain):
        if reason := _contradicts(sentence, said):
            return reason
    missing = {_plain(each.main) for each in said if each.main} - used
    return "incomplete" if missing else None


def _plain(text: str) -> str:
    """Without what is invisible or only looks different; a space is a space."""
    visible = "".join(sign for sign in text if unicodedata.category(sign) not in ("Cf", "Co"))
    return re.sub(r"[^\S\n]+", " ", unicodedata.normalize("NFKC", visible)).strip()


def _without_given(text: str, said: Iterable[Statement]) -> tuple[str, set[str]]:
    """The text with signs in the place of the given figures and names, longest first; and which figures it has."""
    figures = {_plain(figure) for statement in said for figure in statement.figures}
    names = {_plain(name) for statement in said for name in statement.names}
    used: set[str] = set()
    for given in sorted(figures | names, key=len, reverse=True):
        if given in figures:
            text, count = re.subn(f"{_BEFORE_FIGURE}{re.escape(given)}{_AFTER_FIGURE}", _FIGURE, text)
            used |= {given} if count else set()
        else:
            text = re.sub(rf"(?<!\w){re.escape(given)}(?!\w)", _NAME, text, flags=re.IGNORECASE)
    return text, used


def _says_a_figure(left: str) -> bool:
    """Whether what is left of a text, besides what was given, says one."""
    if any(_is_strange(sign) for sign in left):
        return True
    if "%" in left or _ALTERED.search(left):
        return True
    return any(_pattern(kind).search(left) for kind in ("numbers", "times", "amounts"))


def _is_strange(sign: str) -> bool:
    """Whether a sign is a number, makes another one of a figure, or is of a script whose words nobody looks up."""
    if unicodedata.numeric(sign, None) is not None:
        return True
    if sign.isalpha():
        return "LATIN" not in unicodedata.name(sign, "")
    return sign != _ARROW and unicodedata.category(sign) in _SIGNS


def _contradicts(sentence: str, said: Sequence[Statement]) -> Reason | None:
    """The period may be named in any sentence; one without other figures has nothing to turn around."""
    left, used = _without_given(sentence, said)
    of_period = {_plain(figure) for each in said if not each.main for figure in each.figures}
    if not used - of_period:
        return None
    meant = [each for each in said if used - of_period <= {_plain(figure) for figure in each.figures}]
    titles = _titles(sentence, said)
    if not meant or (titles and titles.isdisjoint(each.names[0] for each in meant)):
        return "statement"
    is_wrong = all(_turns_around(left, each) or _is_now_before(sentence, each) for each in meant)
    return "direction" if is_wrong else None


def _titles(sentence: str, said: Iterable[Statement]) -> set[str]:
    """The titles of statements that a sentence names; not those that are a part of a longer one."""
    named: set[str] = set()
    for title in sorted({each.names[0] for each in said if each.main}, key=len, reverse=True):
        sentence, count = re.subn(rf"(?<!\w){re.escape(_plain(title))}(?!\w)", _NAME, sentence, flags=re.IGNORECASE)
        named |= {title} if count else set()
    return named


def _is_now_before(sentence: str, statement: Statement) -> bool:
    """Whether a sentence says that a figure comes from where it went."""
    if not statement.main or statement.figures.count(statement.main) > 1:
        return False
    return bool(re.search(rf"(?<!\w)(?:from|dari)\s+{re.escape(_plain(statement.main))}{_AFTER_FIGURE}", sentence))


def _turns_around(sentence: str, statement: Statement) -> bool:
    is_up = None if statement.direction is None else statement.direction == "up"
    wrong: dict[_Kind, bool] = {
        "down": is_up is True,
        "up": is_up is False,
        "bad": statement.is_good is True,
        "good": statement.is_good is False,
    }
    return any(_pattern(kind).search(sentence) for kind, is_wrong in wrong.items() if is_wrong)


@cache
def _pattern(kind: _Kind) -> re.Pattern[str]:
    words: dict[_Kind, list[str]] = yaml.safe_load((Path(__file__).parent / "figure_words.yml").read_text())
    return re.compile(rf"(?<!\w)(?:{'|'.join(words[kind])})(?!\w)", re.IGNORECASE)
