"""Texts as clauses: the smallest parts that state something, each with what is compared of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import dropwhile, takewhile

from ml.statements import lexicon
from ml.statements.concepts import concepts_of, day, days_of
from ml.statements.lexicon import listed
from ml.statements.parts import COMMA, TOKEN, first_word, parts_of
from ml.statements.sentences import sentences
from ml.statements.values import Masked, Value, is_mark

_EVENT_REACH = 2
_AFTER_VALUE = 2
_SAME_EVENT = {"arrive": "ship"}


@dataclass(frozen=True)
class Clause:
    """`said`: the sentence that it is a part of; `tokens`: words and commas, a value as its mark; `number`: of the
    sentence within its text; `source`: of the text; `is_exception`: it names what the sentence excludes; `sentence`:
    what the sentence's parts without a value and the sentence before are about; `passage`: what the text is about."""

    said: str
    tokens: tuple[str, ...]
    values: tuple[Value, ...]
    number: int = 0
    is_exception: bool = False
    is_conditional: bool = False
    sentence: frozenset[str] = frozenset()
    passage: frozenset[str] = frozenset()
    source: int = 0

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(token for token in self.tokens if token != COMMA and not is_mark(token))

    @cached_property
    def pieces(self) -> list[list[str]]:
        """The words between commas without conditions, reasons and concessions: what is said of all cases."""
        whole = _between_commas(self.tokens)
        pieces = list(map(_main, whole))
        return pieces if any(map(concepts_of, pieces)) else whole

    @cached_property
    def aside(self) -> frozenset[str]:
        """What conditions, reasons and concessions are about."""
        asides = [words[len(main) :] for words, main in zip(_between_commas(self.tokens), self.pieces, strict=True)]
        return concepts_of([word for words in asides for word in words])

    @cached_property
    def events(self) -> dict[str, str]:
        """What something is said to be `before` or `after`; `belum dikirim` is before it."""
        found: dict[str, str] = {}
        for place, token in enumerate(self.tokens):
            if side := next((side for side in ("before", "after") if token in listed(side)), None):
                following = takewhile(lambda each: each != COMMA and not is_mark(each), self.tokens[place + 1 :])
                events = concepts_of([each for each in following if concepts_of([each])][:_EVENT_REACH])
                found.update({_SAME_EVENT.get(event, event): side for event in events})
        return found

    @cached_property
    def negated(self) -> frozenset[str]:
        """What the parts between commas that have a negation are about; all, for an exception."""
        if self.is_exception:
            return self.about
        negative = [words for words in self.pieces if listed("negations") & set(words)]
        return concepts_of([word for words in negative for word in words])

    @cached_property
    def lacking(self) -> frozenset[str]:
        """What the words after `without` are about, up to the next comma."""
        after = [dropwhile(lambda word: word not in listed("without"), words) for words in _between_commas(self.tokens)]
        return concepts_of([word for words in after for word in words])

    @cached_property
    def denied(self) -> frozenset[str]:
        """What the words after a negation are about; all of the part, if it ends with the negation."""
        after = [dropwhile(_is_affirmed, words) for words in self.pieces]
        return concepts_of([word for words in after for word in words]) or self.negated

    @cached_property
    def is_negative(self) -> bool:
        negations = any(word in listed("negations") for words in self.pieces for word in words)
        return negations != (self.is_exception and not self.values)

    @cached_property
    def beside(self) -> list[tuple[Value, list[str]]]:
        """Each value with the content words beside it up to the next comma or value: one before it and two after it."""
        content = [token for token in self.tokens if token == COMMA or is_mark(token) or concepts_of([token])]
        marks = [place for place, token in enumerate(content) if is_mark(token)]
        return [
            (value, [*_run(content[:place][::-1])[:1], *_run(content[place + 1 :])[:_AFTER_VALUE]])
            for place, value in zip(marks, self.values, strict=False)
        ]

    @cached_property
    def given(self) -> list[Value]:
        """The values after `because` and the like, up to the next comma."""
        found, values, is_given = [], iter(self.values), False
        for token in self.tokens:
            if is_mark(token) and (value := next(values, None)) and is_given:
                found.append(value)
            is_given = token in listed("reasons") or (is_given and token != COMMA)
        return found

    @cached_property
    def sides(self) -> dict[str, str]:
        """Pair of opposites -> the side that the clause is on; pairs of which it names both are left out, as is what
        comes after `until`: up to then it is the other side."""
        found: dict[str, set[str]] = {}
        for words in _between_commas(self.tokens):
            for pair, side in filter(
                None, map(lexicon.side, takewhile(lambda word: word not in listed("ends"), words))
            ):
                found.setdefault(pair, set()).add(side)
        return {pair: sides.pop() for pair, sides in found.items() if len(sides) == 1}

    @cached_property
    def kinds(self) -> frozenset[tuple[str, str]]:
        return frozenset(filter(None, map(lexicon.kind, self.words)))

    @cached_property
    def places(self) -> frozenset[str]:
        return frozenset(filter(None, map(lexicon.place, self.words)))

    @cached_property
    def days(self) -> frozenset[int]:
        return frozenset().union(*days_of(self.words))

    @cached_property
    def promises(self) -> frozenset[str]:
        """But for those after a negation."""
        affirmed = [word for words in _between_commas(self.tokens) for word in takewhile(_is_affirmed, words)]
        return frozenset(filter(None, map(lexicon.promise, affirmed)))

    @cached_property
    def concepts(self) -> frozenset[str]:
        """What the clause is about, without values."""
        return concepts_of(self.words) | frozenset(map(day, self.days))

    @cached_property
    def subject(self) -> frozenset[str]:
        """What the words before the first value, limit or negation are about."""
        stops = listed("limits") | listed("negations")
        leading = takewhile(lambda token: not is_mark(token) and token not in stops, self.tokens)
        return replace(self, tokens=tuple(leading), values=()).about

    @cached_property
    def about(self) -> frozenset[str]:
        return self.concepts | self.named

    @cached_property
    def named(self) -> frozenset[str]:
        """The concepts that name one thing among others: places, methods, days, sides."""
        pairs = {f"{pair}:{side}" for pair, side in self.sides.items()}
        return frozenset({*self.places, *(member for _, member in self.kinds), *pairs, *map(day, self.days)})


def clauses(text: str, source: int = 0) -> list[Clause]:
    found: list[Clause] = []
    before: frozenset[str] = frozenset()
    for number, sentence in enumerate(sentences(text)):
        parts = [replace(part, number=number, source=source) for part in _parts(sentence)]
        around = frozenset().union(*(part.about for part in parts if not part.values))
        leads = [frozenset(), *(part.about for part in parts)]
        found += [
            replace(part, sentence=around | before | _shared(part, parts) | (frozenset() if part.about else lead))
            for part, lead in zip(parts, leads, strict=False)
        ]
        before = frozenset().union(*(part.about for part in parts))
    passage = frozenset().union(*(clause.about for clause in found))
    return [replace(clause, passage=passage) for clause in found]


def _shared(part: Clause, parts: Sequence[Clause]) -> frozenset[str]:
    """What an exception inherits: the statement that it is an exception of."""
    return frozenset().union(*(other.about for other in parts)) if part.is_exception else frozenset()


def _parts(sentence: str) -> list[Clause]:
    parts, whole = parts_of(sentence)
    return _with_conditions([_clause(part, whole, sentence) for part in parts])


def _with_conditions(parts: Sequence[Clause]) -> list[Clause]:
    """A condition belongs to the part after it."""
    found: list[Clause] = []
    for part in parts:
        if found and found[-1].is_conditional:
            opened = found.pop()
            part = replace(
                opened,
                tokens=(*opened.tokens, COMMA, *part.tokens),
                values=opened.values + part.values,
                is_conditional=False,
            )
        found.append(part)
    return found


def _clause(text: str, whole: Masked, sentence: str) -> Clause:
    tokens = tuple(token.replace("'", "") for token in TOKEN.findall(text))
    values = tuple(whole.among(text))
    opening = first_word(text)
    is_conditional = opening in listed("conditions") or (opening in listed("openings") and not values)
    is_exception = opening in listed("exceptions")
    return Clause(sentence, tokens, values, is_exception=is_exception, is_conditional=is_conditional)


def _between_commas(tokens: Sequence[str]) -> list[list[str]]:
    found: list[list[str]] = [[]]
    for token in tokens:
        if token == COMMA:
            found.append([])
        elif not is_mark(token):
            found[-1].append(token)
    return found


def _run(tokens: Sequence[str]) -> list[str]:
    """The words before the first comma or value."""
    return list(takewhile(lambda token: token != COMMA and not is_mark(token), tokens))


def _is_affirmed(word: str) -> bool:
    return word not in listed("negations")


def _main(words: Sequence[str]) -> list[str]:
    """The words before a condition, reason or concession."""
    return list(takewhile(lambda word: word not in listed("asides"), words))
