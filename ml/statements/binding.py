"""Whether a value is said of what the sources say it of: a price of its product, a fee of its zone."""

from __future__ import annotations

from collections.abc import Sequence

from ml.statements.arithmetic import follows
from ml.statements.clauses import Clause
from ml.statements.lexicon import listed
from ml.statements.numerals import counts
from ml.statements.sources import Sources, union, wide
from ml.statements.values import Value

_MOST_TIMES = 60
_MEASURED = frozenset({"money", "duration", "time", "percent", "weight", "volume", "length"})


def is_bound_elsewhere(value: Value, statement: Clause, sources: Sources) -> bool:
    """Whether what the statement says the value of has another value of this kind in the sources."""
    if value.kind not in _MEASURED or follows(value, statement, sources):
        return False
    having = [clause for clause in sources.clauses if any(map(value.equals, clause.values))]
    rivals = [clause for clause in sources.clauses if clause not in having and _has_rival(clause, value, statement)]
    if not having or not rivals:
        return False
    if named := wide(statement.named):
        mine, theirs = union(map(_around, having)), union(clause.named for clause in rivals)
        if named & (mine - theirs):
            return False
        if named & (theirs - mine):
            return True
    if value.kind == "duration":  # What follows one is often when it begins.
        rivals = [clause for clause in rivals if clause.subject & statement.concepts]
    return bool(rivals) and _is_about(statement, having, rivals, sources)


def _is_about(statement: Clause, having: Sequence[Clause], rivals: Sequence[Clause], sources: Sources) -> bool:
    """Whether the statement is about the rivals, or the question, if the statement names neither."""
    said = _own(statement) - listed("general")
    beside = [each for each in sources.answer if each.said == statement.said and not each.values]
    sentence = said | union(map(_own, beside)) - listed("general")
    if _is_about_rivals(said, sentence, having, rivals, sources):
        return True
    if said & union(map(_all, [*having, *rivals])) or statement != sources.answer[0]:
        return False
    # Only the first statement takes up the question; what another one is about, it need not be.
    others = union(other.concepts for other in sources.answer if other is not statement)
    asked = union(clause.concepts for clause in sources.asked) - others - listed("general")
    if asked & (union(map(_all, having)) - union(map(_all, rivals))):
        return False
    return _is_about_rivals(asked, asked, having, rivals, sources)


def _has_rival(clause: Clause, value: Value, statement: Clause) -> bool:
    """Whether a clause has a value that could have been said instead; an age is no warranty."""
    is_aged = set(statement.words) & listed("ages") and not set(clause.words) & listed("ages")
    return not is_aged and any(_is_rival(each, value, statement) for each in clause.values)


def _is_rival(other: Value, value: Value, statement: Clause) -> bool:
    """Whether a source's value could have been said instead of `value`: years are no days."""
    if other.kind != value.kind or any(map(other.equals, statement.values)):
        return False
    return value.kind != "duration" or 1 / _MOST_TIMES <= max(value.sizes) / (max(other.sizes) or 1) <= _MOST_TIMES


def _is_about_rivals(
    said: frozenset[str], sentence: frozenset[str], having: Sequence[Clause], rivals: Sequence[Clause], sources: Sources
) -> bool:
    """Whether what is said is more about the rivals, and no other part of the sentence about what has the value."""
    of_mine, of_theirs = union(map(_own, having)), union(map(_own, rivals))
    led_mine = of_mine | union(clause.sentence | _repeated(clause, sources) for clause in having)
    led_theirs = of_theirs | union(map(sources.lead, rivals))
    around_mine, around_theirs = union(map(_all, having)), union(map(_all, rivals))
    headings = union(map(sources.heading, rivals))
    for_mine = sentence & (led_mine - of_theirs - headings)
    if said & (of_mine - led_theirs):
        return False
    if for_theirs := said & (of_theirs - led_mine):
        return len(for_theirs) > len(for_mine)
    return bool(said & (headings - around_mine)) and not sentence & (around_mine - around_theirs)


def _repeated(clause: Clause, sources: Sources) -> frozenset[str]:
    """What a clause leaves out, if it takes up a word: `lantai 2 lewat tangga …, lantai 3 …`."""
    lead = sources.lead(clause)
    return lead if lead & clause.concepts else frozenset()


def _own(clause: Clause) -> frozenset[str]:
    """What a clause is about, and what it counts: the 3 of `lantai 3`."""
    sizes = {size for value in clause.values if value.kind == "number" for size in value.sizes}
    return clause.concepts | {f"{count:g}" for count in sizes | counts(" ".join(clause.words))}


def _around(clause: Clause) -> frozenset[str]:
    return clause.named | clause.sentence


def _all(clause: Clause) -> frozenset[str]:
    return clause.concepts | clause.sentence | clause.passage
