"""A statement beside the source clauses that it most likely words: their names, negations and limits."""

from __future__ import annotations

from collections.abc import Sequence

from ml.statements import lexicon
from ml.statements.clauses import Clause, concepts_of
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


def is_limit_dropped(statement: Clause, clause: Clause, sources: Sources) -> bool:
    said = union(each.concepts | set(each.words) for each in [*sources.answer, *sources.asked])
    if "free" in statement.promises & clause.promises and not statement.is_negative:
        limits = [value for value in clause.values if value.bound]
        values = [value for each in sources.answer for value in each.values]
        return bool(limits) and not any(limit.equals(value) for limit in limits for value in values)
    if said & {"only", "hanya", "khusus"} or statement.is_negative:
        return False
    sentence = [each for each in sources.clauses if (each.source, each.number) == (clause.source, clause.number)]
    for place, each in enumerate(sentence):
        subject, restricted = _restricted(each)
        further = union(later.concepts for later in sentence[place + 1 :])
        if restricted and (subject & said or not subject) and not (restricted | further) & said:
            return True
    return False


def _restricted(clause: Clause) -> tuple[frozenset[str], frozenset[str]]:
    """What the words before `only`, and the first one after it, are about."""
    place = next((place for place, word in enumerate(clause.words) if word in ("only", "hanya", "khusus")), None)
    if place is None:
        return frozenset(), frozenset()
    following = [word for word in clause.words[place + 1 :] if word not in listed("empty")]
    return concepts_of(clause.words[:place]), concepts_of(following[:1])
