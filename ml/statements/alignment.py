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


def is_name_swapped(statement: Clause, near: Sequence[Clause], sources: Sources) -> bool:
    """Whether the sources say the same of another place or member of a kind."""
    if statement.is_negative:
        return False
    if any(_is_member_of_rivals(kind, member, statement, sources) for kind, member in statement.kinds):
        return True
    if not near:
        return False
    source = near[0]
    rest = statement.concepts - statement.places - {member for _, member in statement.kinds}
    if len(rest & source.concepts) < _SURELY * len(rest) or not rest or not statement.places or not source.places:
        return False
    return not overlap(statement.places, source.places)


def is_day_swapped(statement: Clause, near: Sequence[Clause]) -> bool:
    """Whether it names a day beside the days of what it most likely words, and says otherwise the same."""
    rest = statement.concepts - statement.named - listed("general")
    if not near or statement.is_negative or not statement.days or not rest:
        return False
    days = union_of_days(near)
    source = near[0]
    is_same = len(rest & (source.concepts | source.sentence)) >= _SURELY * len(rest) and not source.is_negative
    agrees = all(statement.sides.get(pair, side) == side for pair, side in source.sides.items())
    return bool(is_same and agrees and source.days and statement.days - days)


def union_of_days(clauses: Sequence[Clause]) -> frozenset[int]:
    return frozenset().union(*(clause.days for clause in clauses))


def _is_member_of_rivals(kind: str, member: str, statement: Clause, sources: Sources) -> bool:
    """Whether what is said of a member is what only clauses are about that have others of its kind."""
    having = [clause for clause in sources.clauses if (kind, member) in clause.kinds]
    rivals = [clause for clause in sources.clauses if clause not in having and kind in dict(clause.kinds)]
    if not having or not rivals:
        return False
    rest = statement.concepts - listed("general") - {each for _, each in statement.kinds}
    around = union(
        clause.concepts | clause.sentence | sources.lead(clause) | sources.heading(clause) for clause in having
    )
    return len(rest & union(clause.concepts for clause in rivals) - around) > len(rest & around)


def overlap(places: frozenset[str], others: frozenset[str]) -> bool:
    """Whether a place is one of the others, or one of them lies in the other."""
    return any(
        place == other or place in lexicon.containing(other) or other in lexicon.containing(place)
        for place in places
        for other in others
    )


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
