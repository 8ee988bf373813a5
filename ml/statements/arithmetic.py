"""Values that no source has, but that follow from those that it has: sums, products, differences, shares of a price."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from math import isclose

from ml.statements.clauses import Clause
from ml.statements.lexicon import listed
from ml.statements.sources import Sources, union
from ml.statements.values import Value

_ADDITIVE = frozenset({"money", "duration", "weight", "volume", "length", "number"})
_OFTEN_MULTIPLIED = frozenset({"money", "weight", "volume"})
_MOST_TERMS = 40
_MOST_PARTS = 4
_MOST_COUNT = 10_000
_LIKELY_COUNTS = (2.0, 0.5)  # `double`, `half`


def follows(value: Value, statement: Clause, sources: Sources) -> bool:
    """Whether a value is calculated from values of the sources, or from those of the question by a number of theirs.
    Without a word such as `total`, a sum needs its parts in the answer and a product its count in the question."""
    if value.kind == "time":
        return bool(set(statement.words) & listed("calculations")) and _is_end(value, sources)
    if value.kind == "percent":
        return any(isclose(100 - share, size) for share in _sizes("percent", sources.values) for size in value.sizes)
    if value.kind not in _ADDITIVE:
        return False
    wanted = value.sizes
    return any(isclose(size, each, rel_tol=1e-6) for each in _results(value, statement, sources) for size in wanted)


def _is_end(value: Value, sources: Sources) -> bool:
    """Whether it is a time of the sources and a duration later."""
    ends = {
        (start + length) % 24
        for start in _sizes("time", sources.values)
        for length in _sizes("duration", sources.values)
    }  # fmt: skip
    return any(isclose(end, size) for end in ends for size in value.sizes)


def _results(value: Value, statement: Clause, sources: Sources) -> Iterator[float]:
    known = _sizes(value.kind, [*sources.values, *sources.asked_values])
    multiples = set(_products(known, _counts(sources)))
    if value.kind in _OFTEN_MULTIPLIED:
        said = [each for clause in sources.answer for each in clause.values if each is not value]
        yield from _sums(_sizes(value.kind, said) & known)
        yield from multiples
        yield from _shares(value.kind, known, statement, sources)
    if set(statement.words) & listed("calculations"):
        related = _sizes(value.kind, _same_passage(sources))
        yield from _sums(related, most=2)
        yield from (high - low for low in related for high in related if high > low)
        yield from _products(known, [*_source_counts(sources), *_LIKELY_COUNTS])
        yield from _shares(value.kind, multiples, statement, sources)
        yield from (abs(one - other) for one in multiples for other in known)
        yield from (one + other for one in multiples for other in known | multiples)


def _sizes(kind: str, values: Iterable[Value]) -> set[float]:
    sizes = (size for value in values if value.kind == kind for size in value.sizes)
    return set(list(dict.fromkeys(sizes))[:_MOST_TERMS])


def _counts(sources: Sources) -> list[float]:
    return [count for count in sources.counts if 1 < count <= _MOST_COUNT][:_MOST_TERMS]


def _source_counts(sources: Sources) -> list[float]:
    numbers = (value.written or size for value in sources.values for size in value.sizes if value.kind != "money")
    return [each for each in dict.fromkeys(numbers) if 1 < each <= _MOST_COUNT][:_MOST_TERMS]


def _same_passage(sources: Sources) -> list[Value]:
    """Values of the passages from which the answer takes values."""
    said = [value for clause in sources.answer for value in clause.values]
    near = {
        clause.source for clause in sources.clauses if any(one.equals(each) for one in said for each in clause.values)
    }
    return [value for clause in sources.clauses if not near or clause.source in near for value in clause.values]


def _sums(sizes: set[float], most: int = _MOST_PARTS) -> Iterator[float]:
    few = sorted(sizes)[:_MOST_TERMS] if most == 2 else sorted(sizes)[:8]
    return (sum(parts) for count in range(2, most + 1) for parts in combinations(few, count))


def _products(sizes: Iterable[float], counts: Sequence[float]) -> Iterator[float]:
    return (size * count for size in sizes for count in counts)


def _shares(kind: str, sizes: Iterable[float], statement: Clause, sources: Sources) -> Iterator[float]:
    """A percentage of a sum, and what is left of it or comes to it; of percentages of the matter that is spoken of."""
    if kind != "money":
        return
    topic = statement.about | sources.was_asked("about") | union(each.about for each in sources.answer)
    shared = [clause for clause in sources.clauses if topic & (clause.about | sources.heading(clause))]
    percentages = _sizes("percent", [value for clause in shared for value in clause.values])
    for size in sizes:
        for share in percentages:
            yield from (size * share / 100, size * (100 - share) / 100, size * (100 + share) / 100)
