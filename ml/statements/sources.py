"""What the statements of an answer are held against."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from typing import Any

from ml.statements import lexicon
from ml.statements.clauses import Clause, clauses
from ml.statements.values import plain_numbers

PREFIX = 5
"""How many letters of a name must be those of a word of the sources."""


@dataclass(frozen=True)
class Sources:
    """What a statement is held against. `texts`: the passages; `answer`: all statements of the answer."""

    texts: Sequence[str]
    question: str
    shop_name: str
    answer: Sequence[Clause]

    @cached_property
    def clauses(self) -> list[Clause]:
        return [clause for number, text in enumerate(self.texts) for clause in clauses(text, number)]

    @cached_property
    def asked(self) -> list[Clause]:
        return clauses(self.question)

    @cached_property
    def words(self) -> frozenset[str]:
        """Words that an answer may use in names, by their beginnings."""
        every = [*self.clauses, *self.asked, *clauses(self.shop_name)]
        words = [part for clause in every for word in clause.words for part in word.split("_")]
        return frozenset(word[:PREFIX] for word in words)

    @cached_property
    def numbers(self) -> frozenset[float]:
        return frozenset(plain_numbers(" ".join(self.texts)))

    @cached_property
    def weights(self) -> dict[str, float]:
        counts: dict[str, int] = {}
        for clause in self.clauses:
            for concept in clause.concepts:
                counts[concept] = counts.get(concept, 0) + 1
        return {concept: 1 / sqrt(count) for concept, count in counts.items()}

    def has(self, attribute: str) -> frozenset[Any]:
        return frozenset().union(*(getattr(clause, attribute) for clause in self.clauses))

    def was_asked(self, attribute: str) -> frozenset[Any]:
        return frozenset().union(*(getattr(clause, attribute) for clause in self.asked))


def union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)


def wide(named: frozenset[str]) -> frozenset[str]:
    """Names with the places around them."""
    return named.union(*(lexicon.containing(name) for name in named)) - {"indonesia"}
