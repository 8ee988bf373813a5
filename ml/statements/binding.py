"""Whether a value is said of what the sources say it of: a price of its product, a fee of its zone."""

from __future__ import annotations

from collections.abc import Sequence

from ml.statements.clauses import Clause
from ml.statements.lexicon import listed
from ml.statements.sources import Sources, union, wide
from ml.statements.values import Value

_MOST_TIMES = 60
_MEASURED = frozenset({"money", "duration", "time", "percent", "weight", "volume", "length"})


def is_bound_elsewhere(value: Value, statement: Clause, sources: Sources) -> bool:
    """Whether what the statement says the value of has another value of this kind in the sources."""
    if value.kind not in _MEASURED:
        return False
    having = [clause for clause in sources.clauses if any(map(value.equals, clause.values))]
    rivals = [
        clause
        for clause in sources.clauses
        if clause not in having and any(_is_rival(each, value, statement) for each in clause.values)
    ]
    if not having or not rivals:
        return False
    if named := wide(statement.named):
        mine, theirs = union(map(_around, having)), union(clause.named for clause in rivals)
        if named & (mine - theirs):
            return False
        if named & (theirs - mine):
            return True
    # Only the first statement takes up the question; what another one is about, it need not be.
    others = union(other.concepts for other in sources.answer if other is not statement)
    is_first = statement == sources.answer[0]
    asked = union(clause.concepts for clause in sources.asked) - others if is_first else frozenset()
    return _is_about_rivals(_own(statement), asked, having, rivals, sources)


def _is_rival(other: Value, value: Value, statement: Clause) -> bool:
    """Whether a source's value could have been said instead of `value`: years are no days."""
    if other.kind != value.kind or any(map(other.equals, statement.values)):
        return False
    return value.kind != "duration" or 1 / _MOST_TIMES <= max(value.sizes) / (max(other.sizes) or 1) <= _MOST_TIMES


def _is_about_rivals(
    concepts: frozenset[str], asked: frozenset[str], having: Sequence[Clause], rivals: Sequence[Clause], sources: Sources
) -> bool:
    """Whether a statement, or else its question, shares words with the rivals alone."""
    concepts, asked = concepts - listed("general"), asked - listed("general")
    of_mine, of_theirs = union(map(_own, having)), union(map(_own, rivals))
    led_mine = of_mine | union(clause.sentence | _repeated(clause, sources) for clause in having)
    led_theirs = of_theirs | union(map(sources.lead, rivals))
    around_mine, around_theirs = union(map(_all, having)), union(map(_all, rivals))
    for said in (concepts, concepts | asked):
        if (said | asked) & (of_mine - led_theirs):
            return False
        if said & (of_theirs - led_mine):
            return True
        if said & (around_theirs - around_mine):
            return not (said | asked) & (around_mine - around_theirs)
    return False


def _repeated(clause: Clause, sources: Sources) -> frozenset[str]:
    """What a clause leaves out, if it takes up a word: `lantai 2 lewat tangga …, lantai 3 …`."""
    lead = sources.lead(clause)
    return lead if lead & clause.concepts else frozenset()


def _own(clause: Clause) -> frozenset[str]:
    """What a clause is about, and what it counts: the 3 of `lantai 3`."""
    counts = {f"{size:g}" for value in clause.values if value.kind == "number" for size in value.sizes}
    return clause.concepts | counts


def _around(clause: Clause) -> frozenset[str]:
    return clause.named | clause.sentence


def _all(clause: Clause) -> frozenset[str]:
    return clause.concepts | clause.sentence | clause.passage
