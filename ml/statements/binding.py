"""Whether a value is said of what the sources say it of: a price of its product, a fee of its zone."""

from __future__ import annotations

from collections.abc import Sequence

from ml.statements.clauses import Clause
from ml.statements.lexicon import listed
from ml.statements.sources import Sources, union, wide
from ml.statements.values import Value

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
    return _is_about_rivals(statement.concepts, asked, having, rivals)


def _is_rival(other: Value, value: Value, statement: Clause) -> bool:
    """Whether a source's value could have been said instead of `value`."""
    return other.kind == value.kind and not any(map(other.equals, statement.values))


def _is_about_rivals(
    concepts: frozenset[str], asked: frozenset[str], having: Sequence[Clause], rivals: Sequence[Clause]
) -> bool:
    """Whether a statement, or else its question, shares words with the rivals alone."""
    concepts, asked = concepts - listed("general"), asked - listed("general")
    for said in (concepts, concepts | asked):
        if _has_their_subject(said, asked, having, rivals):
            return True
        mine, theirs = union(map(_own, having)), union(map(_own, rivals))
        for_mine = (said | asked) & (mine - theirs)
        for_theirs = said & (theirs - mine) - union(clause.sentence for clause in having)
        if for_mine:
            return len(for_theirs) >= len(for_mine) + 2
        mine, theirs = union(map(_all, having)), union(map(_all, rivals))
        if for_theirs or said & (theirs - mine):
            return bool(for_theirs) or not (said | asked) & (mine - theirs)
    return False


def _has_their_subject(
    said: frozenset[str], asked: frozenset[str], having: Sequence[Clause], rivals: Sequence[Clause]
) -> bool:
    mine, theirs = union(clause.subject for clause in having), union(clause.subject for clause in rivals)
    is_mine = said & mine or asked & union(map(_own, having))
    return all(clause.subject for clause in having) and bool(said & (theirs - mine)) and not is_mine


def _own(clause: Clause) -> frozenset[str]:
    return clause.concepts


def _around(clause: Clause) -> frozenset[str]:
    return clause.named | clause.sentence


def _all(clause: Clause) -> frozenset[str]:
    return clause.concepts | clause.sentence | clause.passage
