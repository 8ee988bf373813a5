"""What the statements of an answer are held against."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from typing import Any

from ml.statements import lexicon
from ml.statements.clauses import Clause, clauses
from ml.statements.concepts import concepts_of
from ml.statements.lexicon import listed
from ml.statements.numerals import counts
from ml.statements.sentences import names, sentences
from ml.statements.values import Value

_LISTED = re.compile(r",\s(?:dan |and |or |atau )?|\s(?:dan|and|or|atau|&)\s")
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
        words += re.findall(r"[^\W\d_]+", " ".join([*self.texts, self.question]).lower())
        return frozenset(word[:PREFIX] for word in words)

    @cached_property
    def values(self) -> list[Value]:
        return [value for clause in self.clauses for value in clause.values]

    @cached_property
    def asked_values(self) -> list[Value]:
        return [value for clause in self.asked for value in clause.values]

    @cached_property
    def written(self) -> frozenset[float]:
        """Numbers as they are written, which an answer may repeat without their unit."""
        plain = {size for value in self.values if value.kind in ("number", "date") for size in value.sizes}
        return frozenset(plain | {value.written for value in self.values if value.written is not None})

    def has_unit_before(self, value: Value) -> bool:
        """Whether a source has the number without its unit beside a value with one: `in 5 hours, cakes in 4`."""
        having = {_place(clause) for clause in self.clauses if any(each.kind == value.kind for each in clause.values)}
        plain = [(clause, each) for clause in self.clauses for each in clause.values if each.kind == "number"]
        return any(value.written in each.amounts and _place(clause) in having for clause, each in plain)

    @cached_property
    def ages(self) -> frozenset[float]:
        """Years of age, of which a source may leave out `years`."""
        aged = [clause for clause in self.clauses if set(clause.words) & listed("ages")]
        return frozenset(size for clause in aged for value in clause.values for size in value.sizes)

    @cached_property
    def counts(self) -> frozenset[float]:
        """What the question and the answer count."""
        said = [*(clause.said for clause in self.answer), self.question]
        return frozenset(counts(" ".join(dict.fromkeys(said))))

    @cached_property
    def by_sentence(self) -> Mapping[tuple[int, int], frozenset[str]]:
        """(source, number of the sentence) -> what the sentence is about."""
        found: dict[tuple[int, int], frozenset[str]] = {}
        for clause in self.clauses:
            found[_place(clause)] = found.get(_place(clause), frozenset()) | clause.about
        return found

    @cached_property
    def names(self) -> frozenset[str]:
        """The words in capitals that no table has: names of products and the like."""
        return concepts_of([name for text in self.texts for name in sorted(names(text)) if not lexicon.is_known(name)])

    @cached_property
    def most_listed(self) -> int:
        """How many things a sentence lists at most."""
        return max((len(_LISTED.split(sentence)) for text in self.texts for sentence in sentences(text)), default=1)

    @cached_property
    def values_by_sentence(self) -> Mapping[tuple[int, int], list[Value]]:
        found: dict[tuple[int, int], list[Value]] = {}
        for clause in self.clauses:
            found.setdefault(_place(clause), []).extend(clause.values)
        return found

    @cached_property
    def weights(self) -> dict[str, float]:
        """Concepts that fewer clauses have weigh more; one of a single clause weighs 1."""
        amounts = Counter(concept for clause in self.clauses for concept in clause.concepts)
        return {concept: 1 / sqrt(amount) for concept, amount in amounts.items()}

    @cached_property
    def _leads(self) -> dict[int, frozenset[str]]:
        leads: dict[int, frozenset[str]] = {}
        for before, clause in zip([None, *self.clauses], self.clauses, strict=False):
            is_same = before and _place(before) == _place(clause)
            leads[id(clause)] = leads[id(before)] | before.concepts if before and is_same else frozenset()
        return leads

    def lead(self, clause: Clause) -> frozenset[str]:
        """What a sentence is about before one of its clauses, which may leave it out: `Lantai 2 …, lantai 3 …`."""
        return self._leads[id(clause)]

    def inherited(self, clause: Clause) -> frozenset[str]:
        """Members of kinds that the sentence names before a clause that names none of their kind."""
        before = [each for each in self.clauses if _place(each) == _place(clause)]
        own = dict(clause.kinds)
        return frozenset(
            member for each in before[: before.index(clause)] for kind, member in each.kinds if kind not in own
        )

    def heading(self, clause: Clause) -> frozenset[str]:
        """What the first clause of its text is about, if it has no value."""
        return self._headings[clause.source]

    @cached_property
    def _headings(self) -> dict[int, frozenset[str]]:
        first = {clause.source: clause for clause in reversed(self.clauses)}
        return {source: frozenset() if clause.values else clause.about for source, clause in first.items()}

    def related(self, statement: Clause, attribute: str) -> frozenset[Any]:
        """As `has`, of the clauses that share what they are about with the statement, or with what was asked."""
        topic = (statement.about | self.was_asked("about")) - statement.named
        near = [clause for clause in self.clauses if topic & (clause.about | clause.sentence | self.heading(clause))]
        return frozenset().union(*(getattr(clause, attribute) for clause in near))

    def has(self, attribute: str) -> frozenset[Any]:
        return frozenset().union(*(getattr(clause, attribute) for clause in self.clauses))

    def was_asked(self, attribute: str) -> frozenset[Any]:
        return frozenset().union(*(getattr(clause, attribute) for clause in self.asked))


def _place(clause: Clause) -> tuple[int, int]:
    """The source and sentence of a clause."""
    return clause.source, clause.number


def union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)


def wide(named: frozenset[str]) -> frozenset[str]:
    """Names with the places around them."""
    return named.union(*(lexicon.containing(name) for name in named)) - {"indonesia"}
