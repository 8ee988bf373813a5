"""How customers write a rating."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from bot.deciding import patterns
from bot.deciding.rules import fillers
from bot.vocabulary import words

TEMPLATE = "rating"
"""The approved template with buttons, whose payloads are `rating:1` to `rating:5`."""

_BUTTON = re.compile(r"rating:([1-5])")
_WORD = re.compile(r"\w+")
_IN_WORDS = "satu dua tiga empat lima one two three four five 1 2 3 4 5"
_NUMBERS = {word: place % 5 + 1 for place, word in enumerate(_WORD.findall(_IN_WORDS))}
# Words that customers write around the number.
_AROUND = frozenset(
    _WORD.findall(
        "kak kakak ka min admin ya yaa yah deh aja saja dong sih oke ok okay nih itu "
        "makasih terimakasih terima kasih trims thanks thank you thx "
        "rating nilai nilainya penilaian bintang skor score star stars poin points point "
        "saya aku i beri give from me dari a buat untuk"
    )
)
# The scale of the question in words, the longest first.
_SCALE = sorted(
    (
        (patterns.tokens(phrase), rating)
        for rating, phrases in enumerate(
            (
                "sangat tidak puas/tidak puas sama sekali/very dissatisfied/very unsatisfied/very unhappy",
                "tidak puas/kurang puas/dissatisfied/unsatisfied/not satisfied/unhappy",
                "cukup puas/biasa saja/netral/neutral",
                "puas/satisfied/happy",
                "sangat puas/puas sekali/puas banget/amat puas/very satisfied/very happy",
            ),
            start=1,
        )
        for phrase in phrases.split("/")
    ),
    key=lambda said: -len(said[0]),
)
_AT_FIRST = re.compile(r"(?:\W*\b(?:{})\b)*\W*([1-5])(?:\s*(?:/|dari|out of)\s*5\b)?".format("|".join(
    ("kak", "kakak", "min", "admin", "nilai", "nilainya", "rating", "bintang", "skor", "score", "star", "saya", "kasih")
)), re.IGNORECASE)  # fmt: skip
# After the digit: nothing that makes it another number, such as `5kg`, `3.5`, `1-5`, `5%` or `5?`.
_NOT_A_NUMBER = re.compile(r"(?![\w?%])(?![.,:/-]\s?\d)")
_CLAUSE_END = re.compile(r"[.,!;:\n(]+")
_OF_FIVE = re.compile(r"(?<=[1-5])\s*(?:/|dari|out of)\s*5\b")
_STAR = re.compile("[\u2605\u2b50\U0001f31f]")
_INVISIBLE = re.compile("[\ufe0e\ufe0f\u20e3\u200d]")
_HARMLESS_MARKS = frozenset(".,!~()*:;'\"")
_HARMLESS_CATEGORIES = frozenset({"So", "Sk", "Zs", "Cc"})  # emoji, skin tones, spaces, line ends


def rating_in(text: str, button: str | None = None, around: frozenset[str] = frozenset()) -> int | None:
    """The rating, 1 to 5, of a message that is only that: "5", "4/5 kak", "lima", four stars, or a button with the
    payload `rating:4`. None for texts such as "5 pcs", "1-5" or "5?". `around`: more words that may stand beside it."""
    if button and (pressed := _BUTTON.fullmatch(button)):
        return int(pressed[1])
    cleaned = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).lower()
    if stars := _STAR.findall(cleaned):
        rest = _words(_STAR.sub("", cleaned), around)
        return len(stars) if rest == [] and len(stars) <= 5 else None
    words = _words(_OF_FIVE.sub("", cleaned), around)
    return _NUMBERS.get(words[0]) if words is not None and len(words) == 1 else None


class Opinion(NamedTuple):
    """A rating with words of its own, and the text after it."""

    rating: int
    rest: str


def opinion_in(text: str) -> Opinion | None:
    """The rating of a message that begins with a digit of the scale ("2 lama banget balasnya", "5/5 mantap") or with
    the scale's own words ("sangat puas, makasih"). None for amounts, times and questions ("2 hari belum sampai")."""
    cleaned = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).strip()
    if found := _AT_FIRST.match(cleaned):
        rest = cleaned[found.end() :]
        is_one = _NOT_A_NUMBER.match(rest) and is_opinion(rest)
        return Opinion(int(found[1]), rest.strip()) if is_one else None
    clause = _CLAUSE_END.split(cleaned, maxsplit=1)
    said = [word for word in patterns.tokens(clause[0]) if word not in fillers() - {"tidak"} and word not in _AROUND]
    for phrase, rating in _SCALE:
        if "?" not in clause[0] and tuple(said[: len(phrase)]) == phrase:
            return Opinion(rating, clause[1].strip() if len(clause) > 1 else "")
    return None


def is_opinion(rest: str) -> bool:
    """Whether the text after a digit is an opinion, and not an amount, a time or a question."""
    clause = next((part for part in _CLAUSE_END.split(rest) if part.strip()), "")
    said = [word for word in patterns.tokens(clause) if word not in fillers()]
    if not said or said[0] in words("survey_opinions"):
        return True
    return said[0] not in words("counted") and "?" not in clause and not set(said) & words("asking")


def _words(cleaned: str, around: frozenset[str]) -> list[str] | None:
    """The words except those around a rating; None if there are characters that no rating has."""
    if not all(_is_harmless(character) for character in _WORD.sub("", cleaned)):
        return None
    return [word for word in _WORD.findall(cleaned) if word not in _AROUND and word not in around]


def _is_harmless(character: str) -> bool:
    """False for characters such as a question mark, a hyphen or a percent sign."""
    return character in _HARMLESS_MARKS or unicodedata.category(character) in _HARMLESS_CATEGORIES
