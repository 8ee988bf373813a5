"""Whether a value is said of what the sources say it of: a price of its product, a fee of its zone."""

from __future__ import annotations

from collections.abc import Sequence

from ml.statements.arithmetic import follows
from ml.statements.clauses import Clause
from ml.statements.concepts import concepts_of
from ml.statements.lexicon import listed
from ml.statements.numerals import counts
from ml.statements.sources import Sources, union, wide
from ml.statements.values import Value

_MOST_TIMES = 60
_LEAST_SHARED = 2
_CARRIED = frozenset({"weight", "volume", "length"})  # how much of something the customer has
_MEASURED = frozenset({"money", "duration", "time", "percent", "weight", "volume", "length"})


def is_bound_elsewhere(value: Value, statement: Clause, sources: Sources) -> bool:
    """Whether what the statement says the value of has another value of this kind in the sources."""
    if value.kind not in _MEASURED or _is_free(value, statement, sources):
        return False
    having = [clause for clause in sources.clauses if any(map(value.equals, clause.values))]
    rivals = [clause for clause in sources.clauses if clause not in having and _has_rival(clause, value, statement)]
    if not having or not rivals or _is_beside(value, statement, having, rivals):
        return False
    if named := wide(statement.named) | (statement.concepts & sources.names):
        mine = union(_around(clause) | _named(clause, sources) | sources.inherited(clause) for clause in having)
        theirs = union(clause.named | (clause.concepts & sources.names) for clause in rivals)
        if named & (mine - theirs):
            return False
        if named & (theirs - mine):
            return True
    if _is_asked(statement, having, rivals, sources):
        return False
    if value.kind == "duration":  # What follows one is often when it begins.
        rivals = [clause for clause in rivals if clause.subject & statement.concepts]
    return bool(rivals) and _is_about(statement, having, rivals, sources)


def _is_free(value: Value, statement: Clause, sources: Sources) -> bool:
    """Whether a value is calculated, stands in a reason, or is what the customer has."""
    if follows(value, statement, sources) or sources.has_unit_before(value) or value in statement.given:
        return True
    return value.kind in _CARRIED and any(map(value.equals, sources.asked_values))


def _is_beside(value: Value, statement: Clause, having: Sequence[Clause], rivals: Sequence[Clause]) -> bool:
    """Whether another value of the statement is only beside this one."""
    mine, theirs = ([value for clause in clauses for value in clause.values] for clauses in (having, rivals))
    others = [each for each in statement.values if each.kind != value.kind]
    return any(_has(mine, each) and not _has(theirs, each) for each in others)


def _is_asked(statement: Clause, having: Sequence[Clause], rivals: Sequence[Clause], sources: Sources) -> bool:
    """Whether the question is only about what has the value."""
    asked = sources.was_asked("concepts") - listed("general")
    meant = [clause for clause in rivals if _own(clause) & statement.concepts - listed("general")] or rivals
    return bool(asked & (union(map(_all, having)) - union(map(_all, meant))))


def is_counted_otherwise(statement: Clause, sources: Sources) -> bool:
    """Whether the sources count something only with other numbers: `two visits`, `pengiriman kedua`, `isi 30`."""
    if not _counted(statement):
        return False
    near = [
        clause for clause in sources.clauses
        if len(statement.about & (_around(clause) | clause.concepts | sources.heading(clause)))
        + sum(_has(clause.values, value) for value in statement.values)
        >= _LEAST_SHARED
    ]  # fmt: skip
    places = {(clause.source, clause.number) for clause in near}
    for value, beside in _counted(statement):
        others = [each for each in statement.values if each is not value]
        is_said = any(
            _has(values, value) and (place in places or any(_has(values, other) for other in others))
            for place, values in sources.values_by_sentence.items()
        )
        if is_said or value.amounts & counts(sources.question) or follows(value, statement, sources):
            continue
        if any(beside & around for clause in near for _, around in _counted(clause)):
            return True
    return False


def _has(values: Sequence[Value], value: Value) -> bool:
    return any(map(value.equals, values))


def _counted(clause: Clause) -> list[tuple[Value, frozenset[str]]]:
    """Plain numbers with what the words beside them are about."""
    return [
        (value, concepts_of(words) - listed("general"))
        for value, words in clause.beside
        if value.kind in ("number", "ordinal")
    ]


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


def _named(clause: Clause, sources: Sources) -> frozenset[str]:
    """The names in a clause; those before it in its sentence and its heading, if it has none."""
    own = clause.concepts & sources.names
    return own or (sources.lead(clause) | sources.heading(clause)) & sources.names


def _all(clause: Clause) -> frozenset[str]:
    return clause.concepts | clause.sentence | clause.passage
