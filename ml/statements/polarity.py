"""Whether a statement affirms what its sources deny, or denies what they affirm: negations are compared by what they
stand beside, and with the condition, limit or requirement that a statement waives."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from ml.statements.clauses import Clause, concepts_of
from ml.statements.lexicon import listed
from ml.statements.sources import Sources, union

_LEAST_SHARED = 2


def is_turned_round(statement: Clause, near: Sequence[Clause], sources: Sources) -> bool:
    return (
        bool(near) and all(_flips(statement, clause) % 2 for clause in near)
    ) or _affirms_denied(statement, near, sources) or _denies_affirmed(statement, sources) or _waives(statement, sources)


def _flips(statement: Clause, clause: Clause, topic: frozenset[str] = frozenset()) -> int:
    """How often the statement turns round what the clause says; twice is none."""
    if statement.is_exception and not clause.is_exception:
        return 0
    if statement.is_negative and not clause.is_negative and set(clause.words) & listed("only"):
        return 0  # `Not X` agrees with `only Y`.
    return _differences(statement, clause) + _is_denied(statement, clause, topic | statement.about)


def _differences(statement: Clause, clause: Clause) -> int:
    """How often they are on other sides of opposites, of an event or of a limit."""
    differences = sum(clause.sides.get(pair, side) != side for pair, side in statement.sides.items())
    differences += any(clause.events.get(event, side) != side for event, side in statement.events.items())
    if listed("deadlines") & {*statement.words, *clause.words}:
        return differences
    bounds = (
        (value.bound, other.bound) for value in statement.values for other in clause.values if value.equals(other)
    )
    return differences + sum(bool(one and another and one != another) for one, another in bounds)


def _is_denied(statement: Clause, clause: Clause, topic: frozenset[str]) -> bool:
    """Whether one of them negates what the other one says."""
    if statement.is_negative == clause.is_negative:
        return False
    return bool(statement.negated & clause.about if statement.is_negative else clause.negated & topic)


def _affirms_denied(statement: Clause, near: Sequence[Clause], sources: Sources) -> bool:
    """Whether it says what only clauses are about that say the reverse."""
    if statement.is_negative:
        return False
    topic = _topic(statement, sources) if _is_yes(statement) else statement.about
    odd = [clause for clause in sources.clauses if _flips(statement, clause, topic) % 2]
    even = union(clause.about for clause in sources.clauses if clause not in odd)
    even |= union(clause.about - clause.negated for clause in odd if clause.is_negative)
    # The nearest clauses may say it of something else, such as other days.
    agreeing = [clause for clause in near if clause not in odd]
    said = {each for each in statement.concepts & union(clause.concepts for clause in agreeing) if sources.weights[each] == 1}
    for clause in odd:
        if not _affirms(statement, sources) if clause.is_negative else said - clause.concepts - clause.sentence:
            continue
        decisive = topic & (clause.negated or clause.about) - even - listed("general")
        if decisive and len(topic & (_context(clause) | _sentence(clause, sources))) >= _LEAST_SHARED:
            return True
    return False


def _affirms(statement: Clause, sources: Sources) -> bool:
    """Whether a statement, and all of its answer, only affirms."""
    words = set(statement.words)
    is_affirmed = _is_yes(statement) or words & (listed("affirmations") | listed("additions"))
    return bool(is_affirmed) and not words & listed("hedges") and not any(each.is_negative for each in sources.answer)


def _denies_affirmed(statement: Clause, sources: Sources) -> bool:
    """Whether a negation stands beside what the sources only affirm, of the same matter."""
    if not statement.is_negative or set(statement.words) & listed("hedges"):
        return False
    if any(len(statement.about & clause.negated) >= _LEAST_SHARED for clause in sources.clauses):
        return False
    denied = union(clause.negated | clause.aside for clause in sources.clauses)
    affirming = [
        clause
        for clause in sources.clauses
        if len(statement.about & _context(clause)) >= _LEAST_SHARED
        and not set(clause.words) & (listed("requirements") | listed("only"))
        and _differences(statement, clause) % 2 == 0
    ]
    return any(bound in clause.about - denied for bound in _bound(statement) for clause in affirming)


def _waives(statement: Clause, sources: Sources) -> bool:
    """Whether a statement holds in spite of, or without, what a source makes a condition or requires."""
    topic = _topic(statement, sources)
    waived, conceded = _waived(statement), _conceded(statement)
    if not waived and not conceded:
        return False
    for clause in sources.clauses:
        limiting = waived & _demanded(clause)
        if statement.is_negative != clause.is_negative:
            limiting |= conceded & (clause.aside | clause.negated)
        if limiting - listed("general") and len(topic & _context(clause)) >= _LEAST_SHARED:
            return True
    return False


def _conceded(statement: Clause) -> frozenset[str]:
    """`walaupun X`"""
    words = _following(statement.tokens, listed("concessions"))
    return frozenset() if listed("negations") & set(words) else concepts_of(words)


def _waived(statement: Clause) -> frozenset[str]:
    """What a statement says is not needed, or makes no difference: `no X needed`, `meski tidak ada X`, `X or not`."""
    conceded = _following(statement.tokens, listed("concessions"))
    if listed("negations") & set(conceded):
        return concepts_of(conceded)
    if listed("needs") & set(statement.words) and statement.is_negative:
        return statement.negated | concepts_of(_following(statement.tokens, listed("needs")))
    is_either = len(statement.words) > 2 and statement.words[-2] in ("or", "atau") and statement.is_negative
    return statement.about if is_either else frozenset()


def _demanded(clause: Clause) -> frozenset[str]:
    """What a clause requires: all that it is about after `must` and the like, or what it does not go without."""
    if set(clause.words) & listed("requirements"):
        return clause.about
    return clause.aside | (concepts_of(_following(clause.tokens, listed("without"))) if clause.is_negative else frozenset())


def _following(tokens: Iterable[str], cues: frozenset[str]) -> list[str]:
    """The words after a cue, up to the next comma."""
    found: list[str] = []
    is_open = False
    for token in tokens:
        if token == ",":
            is_open = False
        elif is_open:
            found.append(token)
        elif token in cues:
            is_open = True
    return found


def _bound(clause: Clause) -> Iterator[str]:
    """What the first word after each negation is about."""
    for words in clause.pieces:
        for place, word in enumerate(words):
            if word in listed("negations"):
                yield from next(filter(None, (concepts_of([each]) for each in words[place + 1 :])), frozenset())


def _context(clause: Clause) -> frozenset[str]:
    return clause.about | clause.sentence | clause.passage


def _sentence(clause: Clause, sources: Sources) -> frozenset[str]:
    return union(
        each.about for each in sources.clauses if (each.source, each.number) == (clause.source, clause.number)
    )


def _topic(statement: Clause, sources: Sources) -> frozenset[str]:
    """What a statement is about; the first one of an answer takes up the question."""
    is_first = sources.answer and statement.said == sources.answer[0].said
    return statement.about | (sources.was_asked("about") if is_first else frozenset())


def _is_yes(statement: Clause) -> bool:
    return bool(_yes().match(statement.said))


@cache
def _yes() -> re.Pattern[str]:
    words = "|".join(sorted(listed("affirmations"), key=len, reverse=True))
    return re.compile(rf"(?:{words}|of course)(?:\s+(?:banget|saja|aja|dong|kak\w*))*\s*(?:[,.!–—-]|$)", re.I)
