"""Texts as clauses: the smallest parts that state something, each with what is compared of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import dropwhile, takewhile

from ml.statements import lexicon
from ml.statements.concepts import concepts_of, day, days_of
from ml.statements.lexicon import listed
from ml.statements.sentences import sentences
from ml.statements.values import MARK, Masked, Value, extract, is_mark

_PART = re.compile(
    r"[,:]\s+|\s+[–—-]\s+|\s*\(|\)\s*"
    r"|\s+(?=(?:supaya|agar|sehingga|so that)\b)"
    r"|\s+(?=(?:tapi|tetapi|namun|but|however|sedangkan|sementara|while|whereas|kecuali|except|unless|selain)\b)"
)
_NOT_THESE = re.compile(r"(\b(?:tidak|bukan|jangan|not|no)\b[^.,;:\n]{0,60}):\s+([^.;\n]*,[^.;\n]*)")
_AND = re.compile(r"\s+(?:dan|and)\s+")
_TOKEN = re.compile(rf"[^\W\d_][\w'-]*|,|{MARK}")
_MEASURED = frozenset({"money", "duration", "time", "percent", "weight", "volume", "date"})
_COMMA = ","
_LEAST_WORDS = 4
_EVENT_REACH = 2
_SAME_EVENT = {"arrive": "ship"}
_DASH = re.compile(r"(?<=[a-z])\s*[–—]\s*(?=[a-z])|(?<=day)-(?=[a-z]+day)|(?<=senin)-(?=[a-z])")


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
        return tuple(token for token in self.tokens if token != _COMMA and not is_mark(token))

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
                following = takewhile(lambda each: each != _COMMA and not is_mark(each), self.tokens[place + 1 :])
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
    def sides(self) -> dict[str, str]:
        """Pair of opposites -> the side that the clause is on; pairs of which it names both are left out."""
        found: dict[str, set[str]] = {}
        for pair, side in filter(None, map(lexicon.side, self.words)):
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
        found += [replace(part, sentence=around | before | _shared(part, parts)) for part in parts]
        before = frozenset().union(*(part.about for part in parts))
    passage = frozenset().union(*(clause.about for clause in found))
    return [replace(clause, passage=passage) for clause in found]


def _shared(part: Clause, parts: Sequence[Clause]) -> frozenset[str]:
    """What an exception inherits: the statement that it is an exception of."""
    return frozenset().union(*(other.about for other in parts)) if part.is_exception else frozenset()


def masked(text: str) -> Masked:
    return extract(lexicon.with_phrases(_DASH.sub(" to ", text.lower())))


def _parts(sentence: str) -> list[Clause]:
    whole = masked(sentence)
    # A list after a negation is negated as a whole.
    whole = whole._replace(text=_NOT_THESE.sub(lambda match: f"{match[1]} {match[2].replace(',', ' dan')}", whole.text))
    parts = [part for stretch in whole.text.split(";") for part in _merged(stretch, whole)]
    return _with_conditions([_clause(part, whole, sentence) for part in parts])


def _merged(stretch: str, whole: Masked) -> list[str]:
    """The parts between commas and the like, with those that state nothing by themselves added to one beside them."""
    pieces = [piece for part in _PART.split(stretch) for piece in _split_at_and(part, whole)]
    merged: list[str] = []
    waiting = ""
    for piece in filter(str.strip, pieces):
        if waiting and _first_word(piece) in listed("exceptions") | listed("contrasts") | listed("negations"):
            merged.append(waiting)
            waiting = ""
        if not waiting and merged and _first_word(piece) == "likewise":
            waiting = merged.pop()
        joined = f"{waiting} , {piece}" if waiting else piece
        if _is_complete(joined, whole) or _first_word(joined) in listed("exceptions") | listed("conditions"):
            merged.append(joined)
            waiting = ""
        else:
            waiting = joined
    if waiting:
        merged[-1:] = [f"{merged[-1]} , {waiting}" if merged else waiting]
    return merged


def _with_conditions(parts: Sequence[Clause]) -> list[Clause]:
    """A condition belongs to the part after it."""
    found: list[Clause] = []
    for part in parts:
        if found and found[-1].is_conditional:
            opened = found.pop()
            part = replace(
                opened,
                tokens=(*opened.tokens, _COMMA, *part.tokens),
                values=opened.values + part.values,
                is_conditional=False,
            )
        found.append(part)
    return found


def _split_at_and(part: str, whole: Masked) -> Iterator[str]:
    """At `and` where both sides state a value."""
    left = ""
    for piece in _AND.split(part):
        if left and _measures(left, whole) and _measures(piece, whole):
            yield left
            left = piece
        else:
            left = f"{left} dan {piece}" if left else piece
    yield left


def _measures(text: str, whole: Masked) -> bool:
    return any(value.kind in _MEASURED for value in whole.among(text))


def _is_complete(text: str, whole: Masked) -> bool:
    words = [word for word in _TOKEN.findall(text) if word != _COMMA and word not in listed("empty")]
    return _measures(text, whole) or len(words) >= _LEAST_WORDS or any(map(_is_predicate, words))


def _is_predicate(word: str) -> bool:
    side = lexicon.side(word)
    return word in listed("negations") or bool(side and side[0] == "open")


def _first_word(text: str) -> str:
    return next((token for token in _TOKEN.findall(text) if token != _COMMA), "")


def _clause(text: str, whole: Masked, sentence: str) -> Clause:
    tokens = tuple(token.replace("'", "") for token in _TOKEN.findall(text))
    values = tuple(whole.among(text))
    opening = _first_word(text)
    is_conditional = opening in listed("conditions") or (opening in listed("openings") and not values)
    is_exception = opening in listed("exceptions")
    return Clause(sentence, tokens, values, is_exception=is_exception, is_conditional=is_conditional)


def _between_commas(tokens: Sequence[str]) -> list[list[str]]:
    found: list[list[str]] = [[]]
    for token in tokens:
        if token == _COMMA:
            found.append([])
        elif not is_mark(token):
            found[-1].append(token)
    return found


def _is_affirmed(word: str) -> bool:
    return word not in listed("negations")


def _main(words: Sequence[str]) -> list[str]:
    """The words before a condition, reason or concession."""
    return list(takewhile(lambda word: word not in listed("asides"), words))
