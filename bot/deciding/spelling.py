"""Corrects misspelt words of a question to words of the shop's pages: `surabya` to `surabaya`.

A word is misspelt if it is no word of the slang list, of the search's word lists, of a product's name, or one that the
encoder has as a whole. Without an encoder nothing is corrected, as too few words are known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from bot import vocabulary
from bot.catalogue.names import Names
from bot.deciding import rules
from bot.knowledge import text
from bot.tools import Tools
from ml.encoder.store import Encoder
from ml.slang import expand
from warehouse.connection import read_sql

_SQL = Path(__file__).parent / "sql"
# Links, e-mail addresses, codes and the like are no words.
_WORD = re.compile(r"(?<!\S)[^\W\d_]{6,}(?=[\s.,!?;:)]|$)")
_LEAST_LETTERS = 5
_LONG = 10  # letters from which on two may be wrong
_ENDINGS = ("nya", "ku", "mu", "s")


def corrected(written: str, store_id: str, names: Names, tools: Tools) -> str:
    """A customer's text with misspelt words corrected, as far as the store's pages have them."""
    if tools.encoder is None:
        return written
    unknown = {word for word in map(str.lower, _WORD.findall(written)) if not _is_known(word, tools.encoder, names)}
    if not unknown:
        return written
    with tools.connect() as connection, connection.cursor() as cursor:
        values = {"store_id": store_id, "first_letters": [word[0] for word in unknown], "least_letters": _LEAST_LETTERS}
        cursor.execute(read_sql(_SQL / "words_of_pages.sql"), values)
        candidates = {word for (word,) in cursor.fetchall()} | text.known_words()
    meant = {word: _nearest(word, candidates) for word in unknown if not candidates & _forms(word)}
    return _WORD.sub(lambda match: meant.get(match[0].lower()) or match[0], written) if any(meant.values()) else written


def _is_known(word: str, encoder: Encoder, names: Names) -> bool:
    return (
        expand(word) != word
        or any(encoder.has_word(form) for form in _forms(word))
        or bool(_forms(word) & (vocabulary.all_words() | rules.fillers() | rules.complaints()))
        or bool(names.found_in(word).ids)
    )


def _forms(word: str) -> set[str]:
    return {word, *(word.removesuffix(ending) for ending in _ENDINGS)}


def _nearest(word: str, candidates: Iterable[str]) -> str | None:
    allowed = 1 if len(word) < _LONG else 2
    near = process.extractOne(
        word,
        [each for each in candidates if each[0] == word[0]],
        scorer=DamerauLevenshtein.distance,
        score_cutoff=allowed,
    )
    return near[0] if near else None
