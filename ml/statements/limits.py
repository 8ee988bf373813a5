"""Limits of the sources that a statement leaves out, goes beyond or widens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ml.statements.alignment import overlap
from ml.statements.clauses import Clause
from ml.statements.concepts import concepts_of
from ml.statements.lexicon import listed
from ml.statements.polarity import affirms, is_yes, topic_of
from ml.statements.sources import Sources, union
from ml.statements.values import Value

_LEAST_SHARED = 2
_ONLY = frozenset({"only", "hanya", "khusus"})
_BOUNDS = {"lower": {"minimum", "minimal", "min"}, "upper": {"maximum", "maksimal", "maks", "max"}}


def is_limit_broken(statement: Clause, near: Sequence[Clause], sources: Sources) -> bool:
    if near and _is_dropped(statement, near[0], sources):
        return True
    if _denies_limit(statement, sources) or _gives_away(statement, sources):
        return True
    return affirms(statement, sources) and (
        _exceeds(statement, sources) or _widens(statement, sources) or _is_elsewhere(statement, sources)
    )


def _is_dropped(statement: Clause, clause: Clause, sources: Sources) -> bool:
    said = union(each.concepts | set(each.words) for each in [*sources.answer, *sources.asked])
    if "free" in statement.promises & clause.promises and not statement.is_negative:
        limits = [value for value in clause.values if value.bound]
        values = [value for each in sources.answer for value in each.values]
        is_named = any(limit.equals(value) for limit in limits for value in values)
        is_met = any(limit.kind == value.kind for limit in limits for value in sources.asked_values)
        return bool(limits) and not is_named and not is_met and not said & (_ONLY | listed("narrowings"))
    if said & (_ONLY | listed("narrowings")) or statement.is_negative:
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
    place = next((place for place, word in enumerate(clause.words) if word in _ONLY), None)
    if place is None:
        return frozenset(), frozenset()
    following = [word for word in clause.words[place + 1 :] if word not in listed("empty")]
    return concepts_of(clause.words[:place]), concepts_of(following[:1])


def _exceeds(statement: Clause, sources: Sources) -> bool:
    """Whether it says yes to a value beyond a limit, or to one that a denial is about."""
    told = {value.kind for each in sources.answer for value in each.values}
    if not is_yes(statement, sources):
        return False
    topic, is_first = topic_of(statement, sources), statement.said == sources.answer[0].said
    given = [*statement.values, *(sources.asked_values if is_first else ())]
    sides = {*statement.sides.items(), *(side for clause in sources.asked for side in clause.sides.items())}
    for clause in sources.clauses:
        is_same = topic & clause.about - listed("general") and set(clause.sides.items()) <= sides
        if is_same and any(
            _is_beyond(value, limit) != clause.is_negative for value, limit in _limited(given, clause, told)
        ):
            return True
    return False


def _limited(given: Sequence[Value], clause: Clause, told: set[str]) -> Iterator[tuple[Value, Value]]:
    for limit in clause.values:
        if limit.bound and limit.kind not in told:
            yield from ((value, limit) for value in given if value.kind == limit.kind and not value.equals(limit))


def _is_beyond(value: Value, limit: Value) -> bool:
    if limit.bound == "upper":
        return min(value.sizes) > max(limit.sizes)
    return max(value.sizes) < min(limit.sizes)


def _is_elsewhere(statement: Clause, sources: Sources) -> bool:
    """Whether it says yes to a place other than the only ones."""
    places = statement.places | (sources.was_asked("places") if is_yes(statement, sources) else frozenset())
    topic = topic_of(statement, sources) - places
    return bool(places) and not overlap(places, sources.has("places") - {"indonesia"}) and any(
        clause.places and set(clause.words) & listed("only") and not overlap(places, clause.places)
        and topic & (clause.about | clause.passage)
        for clause in sources.clauses
    )  # fmt: skip


def _denies_limit(statement: Clause, sources: Sources) -> bool:
    """`no minimum` of what has one."""
    words, denials = statement.words, listed("negations") | listed("without")
    after = [near for place, word in enumerate(words) if word in denials for near in words[place + 1 : place + 3]]
    bounds = {bound for bound, names in _BOUNDS.items() if names & set(after)}
    topic = topic_of(statement, sources) if bounds else frozenset()
    asked = {value.kind for value in sources.asked_values}
    return any(
        value.bound in bounds and (value.kind in asked or topic & (clause.about | clause.sentence) - listed("general"))
        for clause in sources.clauses
        for value in clause.values
    )


def _gives_away(statement: Clause, sources: Sources) -> bool:
    """Whether it calls free what only clauses are about that have a price."""
    if statement.sides.get("price") != "free" or statement.is_negative:
        return False
    free = union(_with_lead(clause, sources) for clause in sources.clauses if clause.sides.get("price") == "free")
    priced = [
        clause for clause in sources.clauses
        if any(value.kind == "money" for value in clause.values) and clause.sides.get("price") != "free"
    ]  # fmt: skip
    rest = statement.concepts - free - listed("general")
    return any(len(rest & _with_lead(clause, sources)) >= _LEAST_SHARED for clause in priced)


def _with_lead(clause: Clause, sources: Sources) -> frozenset[str]:
    return clause.concepts | sources.lead(clause)


def _widens(statement: Clause, sources: Sources) -> bool:
    """Whether it says of more things what a source says of one only."""
    if not set(statement.words) & listed("additions"):
        return False
    for clause in sources.clauses:
        subject, restricted = _restricted(clause)
        others = statement.about - clause.about - clause.sentence
        if (
            subject & statement.about - listed("general")
            and restricted & statement.about
            and others & sources.has("about")
        ):
            return True
    return False
