"""Finds the products that a customer means: by words of their names, shortened, misspelt or in another order."""

from __future__ import annotations

import re
import threading
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice, takewhile
from math import log
from pathlib import Path
from typing import NamedTuple

from psycopg2.extensions import cursor as Cursor  # noqa: N812
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from bot.knowledge import text
from bot.knowledge.reading.html import text_of
from bot.vocabulary import words
from ml.slang import expand
from warehouse.connection import read_sql

_SQL = Path(__file__).parent / "sql"
_WORD = re.compile(r"[^\W_]+")
_MEASURE = re.compile(r"(\d)([a-z]{1,5})\b")  # `12cm`
_ENDINGS = ("nya", "ku", "mu", "s")
_MIN_SHORTENED = 3  # letters of a word that stands for a longer one: `nia` for `niacinamide`
_MIN_MISSPELT = 5
_LONG = 8  # letters from which on two may be wrong
_MAX_NEAR = 3
_NEARLY_AS_GOOD = 0.8
# A name of which only a small part was said is meant if that part names few products.
_FEW = 4
_MIN_COVERED = 0.5


class Named(NamedTuple):
    """Products that a text names, best first. `words`: the words of the text that name them."""

    ids: tuple[int, ...]
    words: frozenset[str]


@dataclass(frozen=True)
class Names:
    """The names of a store's products. `by_word`: the products whose name or category has a word."""

    built_of: str | None = None
    names: Mapping[int, frozenset[str]] = field(default_factory=dict)
    categories: Mapping[int, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, listed: Iterable[tuple[int, str | None, Sequence[str | None]]], built_of: str | None = None) -> Names:
        """From ids, names and categories as the shop writes them."""
        rows = [(id_, text_of(str(name or "")), " ".join(map(str, groups))) for id_, name, groups in listed]
        return cls(
            built_of,
            {id_: frozenset(_words(name)) for id_, name, _ in rows},
            {id_: frozenset(_words(text_of(groups))) for id_, _, groups in rows},
        )

    @cached_property
    def by_word(self) -> Mapping[str, frozenset[int]]:
        found: dict[str, set[int]] = defaultdict(set)
        for names in (self.names, self.categories):
            for id_, name in names.items():
                for word in name:
                    found[word].add(id_)
        return {word: frozenset(ids) for word, ids in found.items()}

    @cached_property
    def _sorted_words(self) -> list[str]:
        return sorted(self.by_word)

    def found_in(self, said: str) -> Named:
        """The products that a text names, nearly equally well."""
        meant = {word: self._meant_by(word) for word in set(_words(said)) - words("no_name")}
        scores: dict[int, float] = defaultdict(float)
        naming: dict[int, set[str]] = defaultdict(set)
        for word, own in meant.items():
            best: dict[int, float] = {}
            for each in own:
                for id_ in self.by_word[each]:
                    best[id_] = max(best.get(id_, 0), self._weight(each))
            for id_, weight in best.items():
                scores[id_] += weight
                naming[id_].add(word)
        likely = {id_: score for id_, score in scores.items() if self._is_named(id_, score, naming[id_], meant)}
        least = max(likely.values(), default=0) * _NEARLY_AS_GOOD
        ids = sorted((id_ for id_ in likely if likely[id_] >= least), key=lambda id_: (-likely[id_], id_))
        return Named(tuple(ids), frozenset().union(*(naming[id_] for id_ in ids)))

    def _is_named(self, id_: int, score: float, naming: set[str], meant: Mapping[str, frozenset[str]]) -> bool:
        """Whether enough of the name was said, or a part that few products have."""
        whole = sum(self._weight(word) for word in self.names[id_])
        fewest = min(len(frozenset().union(*(self.by_word[each] for each in meant[word]))) for word in naming)
        return score >= _MIN_COVERED * whole or fewest <= max(_FEW, len(self.names) // 5)

    def _weight(self, word: str) -> float:
        return log(1 + (len(self.names) + 1) / len(self.by_word[word]))

    def _meant_by(self, word: str) -> frozenset[str]:
        """The words of names that a word stands for; empty for none."""
        for form in (word, *(word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending))):
            if form in self.by_word:
                return frozenset([form])
        if translated := frozenset(text.names_of_goods(word)) & self.by_word.keys():
            return translated
        if word in words("no_fragment") or len(word) < _MIN_SHORTENED:
            return frozenset()
        start = bisect_left(self._sorted_words, word)
        longer = list(takewhile(lambda name: name.startswith(word), islice(self._sorted_words, start, None)))
        if longer or len(word) < _MIN_MISSPELT:
            return frozenset(longer)
        allowed = 1 if len(word) < _LONG else 2
        near = process.extract(
            word, self._sorted_words, scorer=DamerauLevenshtein.distance, score_cutoff=allowed, limit=_MAX_NEAR
        )
        return frozenset(name for name, *_ in near if len(name) >= _MIN_MISSPELT - 1)


class ProductNames:
    """The names of stores' products, read again when they have changed. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._names: dict[str, Names] = {}

    def of(self, cursor: Cursor, store_id: str) -> Names:
        with self._lock:
            known = self._names.get(store_id, Names())
        cursor.execute(read_sql(_SQL / "names.sql"), {"store_id": store_id, "known": known.built_of})
        row = cursor.fetchone()
        if row is None:
            return known
        built_of, listed = row
        names = Names.of(listed, built_of)
        with self._lock:
            self._names[store_id] = names
        return names


def _words(written: str) -> list[str]:
    return _WORD.findall(_MEASURE.sub(r"\1 \2", expand(written).lower()))
