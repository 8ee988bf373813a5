"""A statement beside the source clauses that it most likely words: their names, negations and limits."""

from __future__ import annotations

from collections.abc import Sequence

from ml.statements import lexicon
from ml.statements.clauses import Clause
from ml.statements.lexicon import listed
from ml.statements.sources import Sources, union

_IN_SENTENCE, _IN_PASSAGE = 0.5, 0.25
_LEAST_SHARED = 2
_LEAST_COVERED = 0.5
_NEARLY = 0.8
_SURELY = 0.75


def is_name_swapped(statement: Clause, near: Sequence[Clause]) -> bool:
    """Whether the nearest clause says the same of another place or member of a kind."""
    if not near or statement.is_negative:
        return False
    source = near[0]
    rest = statement.concepts - statement.places - {member for _, member in statement.kinds}
    if len(rest & source.concepts) < _SURELY * len(rest) or not rest:
        return False
    if statement.places and source.places:
        return not any(_overlap(place, other) for place in statement.places for other in source.places)
    kinds = {kind for kind, _ in statement.kinds} & {kind for kind, _ in source.kinds}
    return any(not {each for each in statement.kinds & source.kinds if each[0] == kind} for kind in kinds)


def _overlap(place: str, other: str) -> bool:
    return place == other or place in lexicon.containing(other) or other in lexicon.containing(place)


def is_turned_round(statement: Clause, near: Sequence[Clause], sources: Sources) -> bool:
    if near and all(_flips(statement, clause) % 2 for clause in near):
        return True
    if statement.is_negative:
        return False
    agreeing = [clause for clause in near if _flips(statement, clause) % 2 == 0]
    unique = {
        each
        for each in statement.concepts & union(clause.concepts for clause in agreeing)
        if sources.weights[each] == 1
    }
    even = union(clause.concepts for clause in sources.clauses if _flips(statement, clause) % 2 == 0)
    for clause in sources.clauses:
        shared = statement.concepts & clause.concepts
        inherited = statement.concepts & clause.sentence - shared
        # Of what only clauses say that differ in negation, the nearest clause says nothing.
        is_subject = shared - even and not unique - clause.concepts - clause.sentence
        if is_subject and len(shared) + len(inherited) >= _LEAST_SHARED and _flips(statement, clause) % 2:
            return True
    return False


def nearest(statement: Clause, sources: Sources) -> list[Clause]:
    """The source clauses that a statement most likely words, best first; none if it shares too little with all."""
    scored = sorted(
        ((_score(statement, clause, sources), number) for number, clause in enumerate(sources.clauses)), reverse=True
    )
    if not scored or not _is_near(statement, sources.clauses[scored[0][1]]):
        return []
    return [sources.clauses[number] for score, number in scored if score >= _NEARLY * scored[0][0]]


def _score(statement: Clause, clause: Clause, sources: Sources) -> float:
    total = 0.0
    for concept in statement.concepts:
        weight = sources.weights.get(concept, 0.0)
        if concept in clause.concepts:
            total += weight
        elif concept in clause.sentence:
            total += weight * _IN_SENTENCE
        elif concept in clause.passage:
            total += weight * _IN_PASSAGE
    return total + sum(any(map(value.equals, clause.values)) for value in statement.values)


def _is_near(statement: Clause, clause: Clause) -> bool:
    shared = statement.concepts & clause.concepts
    inherited = (statement.concepts & clause.sentence) - shared
    values = sum(any(map(value.equals, clause.values)) for value in statement.values)
    enough = len(shared) + len(inherited) + values >= _LEAST_SHARED and shared
    covered = len(shared) + _IN_SENTENCE * len(inherited)
    return bool(enough) and covered >= _LEAST_COVERED * len(statement.concepts)


def _flips(statement: Clause, clause: Clause) -> int:
    """How often the statement turns round what the clause says; twice is none."""
    if statement.is_exception and not clause.is_exception:
        return 0
    flips = int(statement.is_negative != clause.is_negative)
    flips += sum(clause.sides.get(pair, side) != side for pair, side in statement.sides.items())
    bounds = (
        (value.bound, other.bound) for value in statement.values for other in clause.values if value.equals(other)
    )
    if listed("deadlines") & {*statement.words, *clause.words}:
        return flips
    return flips + sum(bool(one and another and one != another) for one, another in bounds)


def is_limit_dropped(statement: Clause, clause: Clause, sources: Sources) -> bool:
    said = union(each.concepts | set(each.words) for each in sources.answer)
    if "free" in statement.promises & clause.promises and not statement.is_negative:
        limits = [value for value in clause.values if value.bound]
        values = [value for each in sources.answer for value in each.values]
        return bool(limits) and not any(limit.equals(value) for limit in limits for value in values)
    if said & {"only", "hanya", "khusus"} or statement.is_negative:
        return False
    sentence = [each for each in sources.clauses if (each.source, each.number) == (clause.source, clause.number)]
    return any(restricted and not restricted & said for restricted in map(_restricted, sentence))


def _restricted(clause: Clause) -> frozenset[str]:
    """What the first word after `only` is about."""
    words = iter(clause.words)
    if not any(word in ("only", "hanya", "khusus") for word in words):
        return frozenset()
    return Clause("", tuple(word for word in words if word not in listed("empty"))[:1], ()).concepts
