"""Prepares texts for the support vector machine and for counting words, step by step.

Case folding, cleansing, tokenising, everyday spelling written out, stop words, stemming. `python -m ml.sentiment steps`
shows each step.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from Sastrawi.Stemmer.StemmerFactory import StemmerFactory
from Sastrawi.StopWordRemover.StopWordRemoverFactory import StopWordRemoverFactory

from ml import slang

MAX_CHARACTERS = 2_000
"""Characters of a text that are read."""

_ENGLISH = """a about after again all also am an and any are as at be because been before being between both but by can
could did do does doing down during each few for from had has have having he her here hers him his how i if in
into is it its itself ill im ive just me more most my myself of off on once only or other our ours out over
own same she should so some such than that thats the their them then there these they this those through to
under until up us was we were what when where which while who whom why will with would you your yours youre"""
_NEGATIONS = """tidak tak bukan belum jangan tanpa kurang enggak
no not nor never none without cannot cant nothing neither dont doesnt didnt isnt wasnt wont couldnt"""
# Lists of stop words have these, too, which in a review say what happened and how good it was.
_TELLING = """baik benar cukup enak lama terlalu sangat masalah percuma sampai kembali balik jelas jawab tepat
well too very back"""
NEGATIONS = frozenset(_NEGATIONS.split())
"""Kept among the words though lists of stop words have them: they turn round what follows."""

_LONG = 6  # letters; shorter words, such as "punya" and "hanya", may end in "nya" by themselves
_NOT_READ = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|@\w+|<[^<>]*>|[\x00\ud800-\udfff]")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")
# Letters make words; a symbol such as an emoji is a word of its own; digits and punctuation are left out.
_TOKEN = re.compile(r"[^\W\d_]+|[\u2600-\u27bf\U0001f300-\U0001faff]")


class Steps(NamedTuple):
    """A text after each step."""

    folded: str
    cleansed: str
    tokens: list[str]
    normalised: list[str]
    words: list[str]
    stems: list[str]


def steps(text: str, keep_negations: bool = True) -> Steps:
    """All steps. With `keep_negations=False` negations are stop words like others, as in the thesis."""
    folded = text[:MAX_CHARACTERS].lower()
    cleansed = _cleansed(folded)
    tokens = _TOKEN.findall(cleansed)
    normalised = _TOKEN.findall(slang.expand(" ".join(tokens)).lower())
    stopped = _stop_words() - NEGATIONS if keep_negations else _stop_words()
    words = [word for word in normalised if word not in stopped]
    return Steps(folded, cleansed, tokens, normalised, words, [stem(word) for word in words])


def has_words(text: str) -> bool:
    """Whether any word or emoji is read of a text; digits, punctuation and links are not."""
    return bool(_TOKEN.search(_cleansed(text[:MAX_CHARACTERS].lower())))


def terms(words: Sequence[str]) -> list[str]:
    """The words and the pairs of words, each once, in the order of the text."""
    return list(dict.fromkeys([*words, *(" ".join(pair) for pair in pairwise(words))]))


def _cleansed(folded: str) -> str:
    return " ".join(_APOSTROPHE.sub("", _STRETCHED.sub(r"\1", _NOT_READ.sub(" ", folded))).split())


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The stem of an Indonesian word; other words stay as they are, but for an Indonesian ending (`adminnya`)."""
    found = str(_stemmer().stem(word)) or word
    return word.removesuffix("nya") if found == word and len(word) > _LONG else found


@cache
def _stemmer() -> Any:
    return StemmerFactory().create_stemmer(isDev=True)


@cache
def _stop_words() -> frozenset[str]:
    indonesian = {word for word in StopWordRemoverFactory().get_stop_words() if len(word) > 1}
    return frozenset((indonesian | {*_ENGLISH.split(), *NEGATIONS, "nya", "kak", "ya"}) - set(_TELLING.split()))
