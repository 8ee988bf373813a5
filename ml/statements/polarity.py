"""Whether a statement affirms what its sources deny, or denies what they affirm: negations are compared by what they
stand beside, and with the condition, limit or requirement that a statement waives."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from ml.statements.clauses import Clause
from ml.statements.concepts import concepts_of
from ml.statements.lexicon import listed
from ml.statements.sources import Sources, union

_LEAST_SHARED = 2
_REPLY = re.compile(r"(\w+)(?:\s+kak\w*)?\s*[,.!]")


def is_turned_round(statement: Clause, near: Sequence[Clause], sources: Sources) -> bool:
    if _waives(statement, sources):
        return True
    if statement.words and statement.words[0] in listed("concessions"):
        return False
    return (
        _is_reverse_of_nearest(statement, near, sources)
        or _affirms_denied(statement, near, sources)
        or _denies_affirmed(statement, sources)
    )


def _is_reverse_of_nearest(statement: Clause, near: Sequence[Clause], sources: Sources) -> bool:
    if not near or not all(_flips(statement, clause) % 2 for clause in near):
        return False
    if any(_is_side_of_another(statement, clause, sources) for clause in near):
        return False
    return any(not clause.is_negative or clause.denied & statement.about for clause in near)


def _flips(statement: Clause, clause: Clause, topic: frozenset[str] = frozenset()) -> int:
    """How often the statement turns round what the clause says; twice is none."""
    if statement.is_exception and not clause.is_exception:
        return 0
    affirming = clause if statement.is_negative else statement
    if statement.is_negative != clause.is_negative and set(affirming.words) & listed("only"):
        return 0  # `Not X` agrees with `only Y`.
    if statement.is_negative != clause.is_negative and _other_bounds(statement, clause):
        return 0
    return _differences(statement, clause) + _is_denied(statement, clause, topic | statement.about)


def _differences(statement: Clause, clause: Clause) -> int:
    """How often they are on other sides of opposites, of an event or of a limit."""
    differences = sum(clause.sides.get(pair, side) != side for pair, side in statement.sides.items())
    differences += any(clause.events.get(event, side) != side for event, side in statement.events.items())
    if listed("deadlines") & {*statement.words, *clause.words}:
        return differences
    return differences + _other_bounds(statement, clause)


def _is_side_of_another(statement: Clause, clause: Clause, sources: Sources) -> bool:
    """Whether they are on other sides of opposites, and another clause about the statement's matter is on its side."""
    sides = {(pair, side) for pair, side in statement.sides.items() if clause.sides.get(pair, side) != side}
    return any(
        sides & set(other.sides.items())
        and other.is_negative == statement.is_negative
        and len(statement.about & other.about) >= _LEAST_SHARED
        for other in sources.clauses
    )


def _other_bounds(statement: Clause, clause: Clause) -> int:
    """How many values are limits of another side; `not after 7 days` and `within 7 days` are the same."""
    bounds = (
        (value.bound, other.bound) for value in statement.values for other in clause.values if value.equals(other)
    )
    return sum(bool(one and another and one != another) for one, another in bounds)


def _is_denied(statement: Clause, clause: Clause, topic: frozenset[str]) -> bool:
    """Whether one of them negates what the other one says."""
    if statement.is_negative == clause.is_negative or _is_unclear(statement) or _is_unclear(clause):
        return False
    if statement.negated & clause.lacking or clause.negated & statement.lacking:
        return False
    if statement.is_negative:
        return bool(statement.negated & clause.about)
    is_said = set(statement.words) & (listed("affirmations") | listed("additions") | listed("modals"))
    return bool((clause.negated if is_said or clause.is_exception else _bound(clause)) & topic)


def _affirms_denied(statement: Clause, near: Sequence[Clause], sources: Sources) -> bool:
    """Whether it says what only clauses are about that say the reverse."""
    if statement.is_negative:
        return False
    topic = topic_of(statement, sources) if is_yes(statement, sources) else statement.about
    odd = [
        clause
        for clause in sources.clauses
        if _flips(statement, clause, topic) % 2 and not _is_side_of_another(statement, clause, sources)
    ]
    # The nearest clauses may say it of something else, such as other days.
    agreeing = [clause for clause in near if clause not in odd]
    if any(statement.concepts and statement.concepts <= clause.concepts for clause in agreeing):
        return False
    said = {
        each
        for each in statement.concepts & union(clause.concepts for clause in agreeing)
        if sources.weights[each] == 1
    }
    for clause in odd:
        if not affirms(statement, sources) if clause.is_negative else said - clause.concepts - clause.sentence:
            continue
        decisive = topic & (clause.negated or clause.about) - listed("general")
        around = topic & (_context(clause) | _sentence(clause, sources))
        if len(around) >= _LEAST_SHARED and any(_is_only_denied(each, topic, odd, sources) for each in decisive):
            return True
    return False


def _is_only_denied(concept: str, topic: frozenset[str], odd: Sequence[Clause], sources: Sources) -> bool:
    """Whether no clause that agrees is about it and about another word of the topic."""
    for clause in sources.clauses:
        agreed = clause.about - clause.negated if clause in odd and clause.is_negative else clause.about
        if (
            (clause not in odd or clause.is_negative)
            and concept in agreed
            and topic & agreed - {concept} - listed("general")
        ):
            return False
    return True


def affirms(statement: Clause, sources: Sources) -> bool:
    """Whether a statement, and all of its answer, only affirms."""
    words = set(statement.words)
    is_affirmed = is_yes(statement, sources) or words & (listed("affirmations") | listed("additions"))
    return bool(is_affirmed) and not words & listed("hedges") and not any(map(_denies, sources.answer))


def _denies(statement: Clause) -> bool:
    return statement.is_negative or _is_unclear(statement)


def _is_unclear(clause: Clause) -> bool:
    """Whether its only negation follows a reason or condition, which may end before it; `belum dikirim` does not."""
    negations = listed("negations") - listed("before")
    return not clause.is_negative and not clause.is_exception and bool(negations & set(clause.words))


def _denies_affirmed(statement: Clause, sources: Sources) -> bool:
    """Whether a negation stands beside what the sources only affirm, of the same matter."""
    bound = _bound(statement) if statement.is_negative else statement.lacking
    if not bound or set(statement.words) & listed("hedges") - listed("without"):
        return False
    denials = union(clause.negated | clause.aside for clause in sources.clauses if clause.is_negative)
    if any(sources.weights[each] == 1 for each in statement.concepts & denials & sources.has("concepts")):
        return False
    if any(len(statement.about & clause.negated) >= _LEAST_SHARED for clause in sources.clauses):
        return False
    denied = union(clause.negated | clause.aside | clause.lacking for clause in sources.clauses)
    affirming = [
        clause
        for clause in sources.clauses
        if len(statement.about & (clause.about | clause.sentence)) >= _LEAST_SHARED
        and not set(clause.words) & (listed("requirements") | listed("only"))
        and _differences(statement, clause) % 2 == 0
    ]
    return any(bound & clause.about - denied for clause in affirming)


def _waives(statement: Clause, sources: Sources) -> bool:
    """Whether a statement holds in spite of, or without, what a source makes a condition or requires."""
    topic = topic_of(statement, sources)
    waived, conceded = _waived(statement), _conceded(statement)
    if not waived and not conceded:
        return False
    for clause in sources.clauses:
        limiting = waived & _demanded(clause)
        if statement.is_negative != clause.is_negative:
            limiting |= conceded & (clause.aside | clause.negated)
        if limiting and len(topic & _context(clause)) >= _LEAST_SHARED:
            return True
    return False


def _conceded(statement: Clause) -> frozenset[str]:
    """`walaupun X`"""
    words = _following(statement.tokens, listed("concessions"))
    return frozenset() if _denials() & set(words) else concepts_of(words)


def _denials() -> frozenset[str]:
    return listed("negations") | listed("without")


def _waived(statement: Clause) -> frozenset[str]:
    """What a statement says is not needed, or makes no difference: `no X needed`, `meski tidak ada X`, `X or not`."""
    conceded = _following(statement.tokens, listed("concessions"))
    if _denials() & set(conceded):
        return concepts_of(conceded)
    if listed("needs") & set(statement.words) and statement.is_negative:
        return statement.negated | concepts_of(_following(statement.tokens, listed("needs")))
    if not statement.is_negative and statement.lacking:
        return statement.lacking
    is_either = len(statement.words) > 2 and statement.words[-2] in ("or", "atau") and statement.is_negative
    return statement.about if is_either else frozenset()


def _demanded(clause: Clause) -> frozenset[str]:
    """What a clause requires: all that it is about after `must` and the like, or what it does not go without."""
    if set(clause.words) & listed("requirements"):
        return clause.about
    conceded = concepts_of(_following(clause.tokens, listed("concessions")))
    return (clause.aside - conceded) | (
        concepts_of(_following(clause.tokens, listed("without"))) if clause.is_negative else frozenset()
    )


def _following(tokens: Iterable[str], cues: frozenset[str]) -> list[str]:
    """The words after a cue, up to the next comma."""
    found: list[str] = []
    is_open = False
    for word in tokens:
        if word == ",":
            is_open = False
        elif is_open:
            found.append(word)
        elif word in cues:
            is_open = True
    return found


def _bound(clause: Clause) -> frozenset[str]:
    """What the first word after each negation is about."""
    found: frozenset[str] = frozenset()
    for words in clause.pieces:
        for place, word in enumerate(words):
            if word in listed("negations"):
                found |= next(filter(None, (concepts_of([each]) for each in words[place + 1 :])), frozenset())
    return found


def _context(clause: Clause) -> frozenset[str]:
    return clause.about | clause.sentence | clause.passage


def _sentence(clause: Clause, sources: Sources) -> frozenset[str]:
    return sources.by_sentence[clause.source, clause.number]


def topic_of(statement: Clause, sources: Sources) -> frozenset[str]:
    """What a statement is about; the first one of an answer takes up the question."""
    is_first = sources.answer and statement.said == sources.answer[0].said
    return statement.about | (sources.was_asked("about") if is_first else frozenset())


def is_yes(statement: Clause, sources: Sources) -> bool:
    """Whether it begins with a yes, or with a word of the question: `Gratis kak.`"""
    replied = _REPLY.match(statement.said)
    is_repeated = replied and any(replied[1].lower() in clause.words for clause in sources.asked)
    return bool(is_repeated or _yes().match(statement.said))


@cache
def _yes() -> re.Pattern[str]:
    words = "|".join(sorted(listed("affirmations"), key=len, reverse=True))
    return re.compile(rf"(?:{words}|of course)(?:\s+(?:banget|saja|aja|dong|kak\w*))*\s*(?:[,.!–—-]|$)", re.I)
