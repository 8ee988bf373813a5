"""Sentences that an answer takes from a source as they are: the same words in the same order, and all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby
from typing import NamedTuple

from ml.statements.clauses import Clause
from ml.statements.lexicon import listed
from ml.statements.sources import Sources, union
from ml.statements.values import MARK, extract, is_mark

_LEAST_TOKENS = 3
_STOP = re.compile(r"[.!][\"”')]*$")
_FACE = re.compile("[\U0001f600-\U0001f644\U0001f64f\ufe0f]")
_TOKEN = re.compile(rf"{MARK}|\w[\w'-]*|[^\s.,;:!…\"“”'()]")
# What values do not tell apart: `3 or 5 days`, `3–5 days`, a time zone, a year, `2 x 250 gram`.
_BESIDE_VALUES = re.compile(
    r"\b(?:dan|and|atau|or|wib|wita|wit)\b|\d{1,2}[/-]\d{1,2}[/-]\d{2,4}|/|(?<=\d)\s*x\s*(?=\d)"
)

Wording = tuple[object, ...]


class Sentence(NamedTuple):
    """One that may be quoted. `about`: what it and its passage are about."""

    wording: Wording
    about: frozenset[str]


def quotable(sources: Sources) -> list[Sentence]:
    """The sentences of sources that are true on their own."""
    by_source = groupby(sources.clauses, key=lambda clause: clause.source)
    return [sentence for _, parts in by_source for sentence in _quotable(parts)]


def is_quoted(said: str, own: Iterable[Sentence], sources: Sources) -> bool:
    """Whether a sentence of an answer is one of these, in an answer to what was asked."""
    named = sources.was_asked("named") & sources.has("named")
    if _is_reply(said) or not named <= union(clause.named for clause in sources.answer):
        return False
    wording, asked = _wording(_opening().sub("", said)), sources.was_asked("concepts") & sources.has("passage")
    return any(wording == each.wording and asked <= each.about for each in own)


def _quotable(parts: Iterable[Clause]) -> Iterator[Sentence]:
    """A sentence depends on headings and questions before it that limit something, and on an exception after it."""
    sentences = [list(group) for _, group in groupby(parts, key=lambda clause: clause.number)]
    before: list[Clause] = []
    for sentence, after in zip(sentences, [*sentences[1:], []], strict=True):
        said = sentence[0].said
        if not _STOP.search(said):
            before += sentence
            continue
        named, wording = union(clause.named for clause in sentence), _wording(said)
        depends = any(_limits(clause) or clause.named - _topics(clause) - named for clause in before)
        if depends or _is_reply(said) or _refers(sentence) or _is_limited_by(after) or len(wording) < _LEAST_TOKENS:
            continue
        yield Sentence(wording, union(clause.concepts | clause.passage for clause in sentence))


def _topics(heading: Clause) -> frozenset[str]:
    """Names in a heading that say what a text is about rather than what it is limited to: `Dog food`."""
    kinds = {member for kind, member in heading.kinds if kind in listed("topics")}
    return frozenset(kinds | {f"{pair}:{side}" for pair, side in heading.sides.items() if pair in listed("topics")})


def _limits(heading: Clause) -> bool:
    return any(set(heading.words) & listed(name) for name in ("limits", "exceptions", "negations", "openings"))


def _refers(sentence: Iterable[Clause]) -> bool:
    return any(set(clause.words) & listed("pronouns") for clause in sentence)


def _is_limited_by(after: list[Clause]) -> bool:
    first = next((word for clause in after for word in clause.words), "")
    return any(
        first in listed(name)
        for name in ("limits", "exceptions", "negations", "contrasts", "conditions", "pronouns", "terms")
    )


def _wording(sentence: str) -> Wording:
    """What must be the same: words but for particles, values by what they mean, signs but for punctuation."""
    text = _FACE.sub("", sentence.lower())
    masked = extract(text)
    tokens: list[object] = []
    for token in _TOKEN.findall(masked.text):
        if is_mark(token):
            tokens.append(masked.at(token)._replace(bound=None, is_soft=False, written=None))
        elif token not in listed("particles"):
            tokens.append(token)
    return (*tokens, *(beside.strip() for beside in _BESIDE_VALUES.findall(text)))


def _is_reply(sentence: str) -> bool:
    """Whether it begins with a yes or no: it says what a question asks."""
    return bool(_reply().match(sentence))


@cache
def _reply() -> re.Pattern[str]:
    return re.compile(rf"ya\b|(?:{'|'.join(listed('replies'))}|of course)(?:\s+kak\w*)?\s*(?:[,.!–—-]|$)", re.I)


@cache
def _opening() -> re.Pattern[str]:
    """`Baik kak,` and the like."""
    address = r"\s+(?:ya\s+)?kak(?:ak)?\b\s*[,.!–—-]?|\s*[,!–—-]"
    return re.compile(rf"(?:{'|'.join(listed('greetings'))}|mohon maaf)(?:{address})\s*", re.I)
