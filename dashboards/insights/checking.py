"""Checks that a language model's text says nothing but what its statements say.

Every figure must be copied unchanged. So the given figures and names are removed from the text first, and the rest must
not contain a figure: no digit, no letter of a script for which there is no word list, and no number, unit, date or
currency in words. Then each sentence may only use the figures of one statement, must not attribute them to the title of
another, and must not reverse its direction or whether it is good news. Last, the text must not claim what no statement
says (`claims`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Literal

from dashboards.definition import Language
from dashboards.insights.claims import is_claimed
from dashboards.insights.wording import Statement
from dashboards.insights.words import Kind, pattern
from ml.language import UNKNOWN, languages

LONGEST = 900
# The languages that figure_words.yml has words of.
CHECKED = ("en", "id")

Reason = Literal["shape", "language", "figure", "statement", "direction", "incomplete", "claim"]

# Placeholders for given figures and names, whose digits and words are not checked again.
_FIGURE, _NAME = "\uf000", "\uf001"
_BEFORE_FIGURE, _AFTER_FIGURE = r"(?<![^\s(\[“\"'‘—–])", r"(?![^\s)\]”\"'’.,;:!?—–])(?![.,:]\d)"
# A given figure that is altered by a sign, a unit, or a second figure next to it.
_ALTERED = re.compile(
    rf"(?:^|[^\w{_FIGURE}{_NAME}])\s?[-−–]{_FIGURE}|{_FIGURE}\s*{_FIGURE}|{_FIGURE}\s?(?:[^\W\d_]|[%‰])(?!\w)"
)
# Unicode categories of symbols that may express numbers: pictures, currencies, letter-like and other numbers, enclosing
# marks, and mathematical symbols except the arrow between two figures.
_SIGNS = frozenset({"So", "Sc", "Nl", "No", "Me", "Sm"})
_ARROW = "→"
_CODE = re.compile(r"https?:|www\.|[{}<>|`#*_=]")
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+|\n+")


def check(text: str, statements: Sequence[Statement], language: Language) -> Reason | None:
    """Why a text may not be shown, or None. `shape`: too long, or no plain sentences; `language`: not the one asked
    for; `figure`: one that was not given; `statement`: figures of several statements in one sentence, or said of
    another title; `direction`: a rise called a fall, bad news good, or now called before; `incomplete`: a statement's
    main figure is missing; `claim`: a cause, comparison, promise or name that no statement has, or a sentence about
    none of them."""
    plain = _plain(text)
    if len(plain) > LONGEST or not plain or plain[-1] not in ".!" or _CODE.search(plain):
        return "shape"
    if languages([plain])[0] not in (language, UNKNOWN):
        return "language"
    left, used = _without_given(plain, statements)
    if _says_a_figure(left):
        return "figure"
    for sentence in filter(None, _SENTENCE_END.split(plain)):
        if reason := _contradicts(sentence, statements):
            return reason
    missing = {_plain(each.main) for each in statements if each.main} - used
    if missing:
        return "incomplete"
    return "claim" if is_claimed(plain, statements) else None


def _plain(text: str) -> str:
    """The text without invisible characters, in compatibility form, with plain spaces."""
    visible = "".join(sign for sign in text if unicodedata.category(sign) not in ("Cf", "Co"))
    return re.sub(r"[^\S\n]+", " ", unicodedata.normalize("NFKC", visible)).strip()


def _without_given(text: str, statements: Iterable[Statement]) -> tuple[str, set[str]]:
    """The text with placeholders for the given figures and names, and the set of figures that it uses."""
    figures = {_plain(figure) for statement in statements for figure in statement.figures}
    names = {_plain(name) for statement in statements for name in statement.names}
    used: set[str] = set()
    for given in sorted(figures | names, key=len, reverse=True):
        if given in figures:
            text, count = re.subn(f"{_BEFORE_FIGURE}{re.escape(given)}{_AFTER_FIGURE}", _FIGURE, text)
            used |= {given} if count else set()
        else:
            text = re.sub(rf"(?<!\w){re.escape(given)}(?!\w)", _NAME, text, flags=re.IGNORECASE)
    return text, used


def _says_a_figure(left: str) -> bool:
    """Whether the rest of a text, without the given figures and names, contains a figure."""
    if any(_is_strange(sign) for sign in left):
        return True
    if "%" in left or _ALTERED.search(left):
        return True
    return any(pattern(kind).search(left) for kind in ("numbers", "times", "amounts"))


def _is_strange(sign: str) -> bool:
    """Whether a character is a number, could alter a figure, or is of a script without a word list."""
    if unicodedata.numeric(sign, None) is not None:
        return True
    if sign.isalpha():
        return "LATIN" not in unicodedata.name(sign, "")
    return sign != _ARROW and unicodedata.category(sign) in _SIGNS


def _contradicts(sentence: str, statements: Sequence[Statement]) -> Reason | None:
    """Why a sentence contradicts the statements, or None. Any sentence may name the period."""
    left, used = _without_given(sentence, statements)
    if _FIGURE not in left and _NAME not in left:
        return "claim"
    of_period = {_plain(figure) for each in statements if not each.main for figure in each.figures}
    if not used - of_period:
        return None
    meant = [each for each in statements if used - of_period <= {_plain(figure) for figure in each.figures}]
    titles = _titles(sentence, statements)
    if not meant or (titles and titles.isdisjoint(each.names[0] for each in meant)):
        return "statement"
    is_wrong = all(_turns_around(left, each) or _is_now_before(sentence, each) for each in meant)
    return "direction" if is_wrong else None


def _titles(sentence: str, statements: Iterable[Statement]) -> set[str]:
    """The titles of statements in a sentence, except those that are part of a longer title in it."""
    named: set[str] = set()
    for title in sorted({each.names[0] for each in statements if each.main}, key=len, reverse=True):
        sentence, count = re.subn(rf"(?<!\w){re.escape(_plain(title))}(?!\w)", _NAME, sentence, flags=re.IGNORECASE)
        named |= {title} if count else set()
    return named


def _is_now_before(sentence: str, statement: Statement) -> bool:
    """Whether a sentence gives the current figure as the previous one."""
    if not statement.main or statement.figures.count(statement.main) > 1:
        return False
    return bool(re.search(rf"(?<!\w)(?:from|dari)\s+{re.escape(_plain(statement.main))}{_AFTER_FIGURE}", sentence))


def _turns_around(sentence: str, statement: Statement) -> bool:
    is_up = None if statement.direction is None else statement.direction == "up"
    wrong: dict[Kind, bool] = {
        "down": is_up is True,
        "up": is_up is False,
        "bad": statement.is_good is True,
        "good": statement.is_good is False,
    }
    return any(pattern(kind).search(sentence) for kind, is_wrong in wrong.items() if is_wrong)
