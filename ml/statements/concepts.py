"""What words are about, in either language: places, methods, days, or their concept in the tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache

from ml.statements import lexicon
from ml.statements.lexicon import listed

_MOST_WORDS = 10_000
_IGNORED = ("empty", "negations", "limits", "exceptions", "contrasts", "concessions")


def concepts_of(words: Sequence[str]) -> frozenset[str]:
    """What words are about; nothing for those that any statement may have."""
    return frozenset(concept for word in words for concept in _concepts_of(word))


@lru_cache(_MOST_WORDS)
def _concepts_of(word: str) -> tuple[str, ...]:
    return tuple(_concepts((word,)))


def _concepts(words: Sequence[str]) -> Iterator[str]:
    ignored = _ignored()
    for word in words:
        if name := lexicon.place(word):
            yield name
        elif member := lexicon.kind(word):
            yield member[1]
        elif pair := lexicon.side(word):
            yield pair[0]
        elif not {word, word.removesuffix("nya")} & ignored and len(word) > 1 and not days_of((word,))[0]:
            yield lexicon.concept(word)


def day(number: int) -> str:
    return f"day{number}"


def days_of(words: Sequence[str]) -> list[frozenset[int]]:
    """The days of the week that words name; `Senin sampai Jumat` names five."""
    single, several = _named_days()
    found = [frozenset({single[word]}) if word in single else several.get(word, frozenset()) for word in words]
    for first, between, last in zip(words, words[1:], words[2:], strict=False):
        if between in ("sampai", "to", "hingga", "until", "through") and first in single and last in single:
            found.append(frozenset(range(single[first], single[last] + 1)))
    return found


@cache
def _named_days() -> tuple[Mapping[str, int], Mapping[str, frozenset[int]]]:
    table = lexicon.table("units")
    single = {name: int(number) for number, names in table["weekdays"].items() for name in names.split()}
    several = {name: frozenset(map(int, str(days).split())) for name, days in table["days"].items()}
    return single | {"minggu": 7}, several


@cache
def _ignored() -> frozenset[str]:
    return frozenset().union(*map(listed, _IGNORED))
