"""What speaks against a statement: a value, name, promise or negation that its sources have differently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from typing import Any, Literal

from bot.grounding import lexicon
from bot.grounding.clauses import Clause, clauses, names
from bot.grounding.lexicon import listed
from bot.grounding.values import Value, plain_numbers

Fault = Literal[
    "link", "number", "name", "promise", "binding", "negation", "limit", "unverified", "rejected", "unjudged", "length"
]
"""Why an answer is not sent: what it has differently; `unverified` without a judge, `rejected` by it, or `unjudged`."""

_IN_SENTENCE, _IN_PASSAGE = 0.5, 0.25
_LEAST_SHARED = 2
_LEAST_COVERED = 0.5
_NEARLY = 0.8
_SURELY = 0.75
_MEASURED = frozenset({"money", "duration", "time", "percent", "weight", "volume", "length"})


@dataclass(frozen=True)
class Sources:
    """What a statement is held against. `texts`: the passages; `answer`: all statements of the answer."""

    texts: Sequence[str]
    question: str
    shop_name: str
    answer: Sequence[Clause]

    @cached_property
    def clauses(self) -> list[Clause]:
        return [clause for number, text in enumerate(self.texts) for clause in clauses(text, number)]

    @cached_property
    def asked(self) -> list[Clause]:
        return clauses(self.question)

    @cached_property
    def words(self) -> frozenset[str]:
        """Words that an answer may use in names, by their beginnings."""
        every = [*self.clauses, *self.asked, *clauses(self.shop_name)]
        return frozenset(word[:_PREFIX] for clause in every for word in clause.words)

    @cached_property
    def numbers(self) -> frozenset[float]:
        return frozenset(plain_numbers(" ".join(self.texts)))

    @cached_property
    def weights(self) -> dict[str, float]:
        counts: dict[str, int] = {}
        for clause in self.clauses:
            for concept in clause.concepts:
                counts[concept] = counts.get(concept, 0) + 1
        return {concept: 1 / sqrt(count) for concept, count in counts.items()}

    def has(self, attribute: str) -> frozenset[Any]:
        return frozenset().union(*(getattr(clause, attribute) for clause in self.clauses))

    def was_asked(self, attribute: str) -> frozenset[Any]:
        return frozenset().union(*(getattr(clause, attribute) for clause in self.asked))


_PREFIX = 5


def against(statement: Clause, sources: Sources) -> Fault | None:
    """The first fault of a statement."""
    if fault := _invented_value(statement, sources):
        return fault
    if _invented_member(statement, sources) or _invented_place(statement, sources):
        return "name"
    if _promised(statement, sources):
        return "promise"
    if any(_is_bound_elsewhere(value, statement, sources) for value in statement.values):
        return "binding"
    nearest = _nearest(statement, sources)
    if _is_name_swapped(statement, nearest):
        return "name"
    if _is_turned_round(statement, nearest, sources):
        return "negation"
    return "limit" if nearest and _is_limit_dropped(statement, nearest[0], sources) else None


def invented_names(answer: str, sources: Sources) -> set[str]:
    """Capitalised words that neither the sources nor the question have."""
    return {
        name
        for name in names(answer)
        if name[:_PREFIX] not in sources.words and not lexicon.is_known(name) and not lexicon.is_calendar(name)
    }


def _invented_value(statement: Clause, sources: Sources) -> Fault | None:
    known = [value for clause in sources.clauses for value in clause.values]
    asked = [value for clause in sources.asked for value in clause.values]
    may_echo = statement.is_negative or bool(set(statement.words) & (listed("conditions") | listed("openings")))
    for value, following in _with_following(statement):
        if value.is_soft or following in listed("counted") or any(map(value.equals, known)):
            continue
        if value.kind == "number" and value.amounts & sources.numbers:
            continue
        if may_echo and any(map(value.equals, asked)):
            continue
        return "link" if value.kind == "link" else "number"
    if any(value.ends and not _has_range(value, sources) for value in statement.values):
        return "number"
    unknown = statement.days - sources.has("days")
    return "number" if unknown and sources.has("days") and not unknown <= sources.was_asked("days") else None


def _with_following(statement: Clause) -> Iterator[tuple[Value, str]]:
    values = iter(statement.values)
    for token, following in zip(statement.tokens, (*statement.tokens[1:], ""), strict=True):
        if token not in statement.words and (value := next(values, None)):
            yield value, following


def _has_range(value: Value, sources: Sources) -> bool:
    """Whether one clause has both ends."""
    ends = [value._replace(amounts=frozenset({end})) for end in value.ends or ()]
    return any(
        all(any(map(end.equals, clause.values)) for end in ends)
        for clause in [*sources.clauses, *sources.asked]
    )  # fmt: skip


def _invented_member(statement: Clause, sources: Sources) -> bool:
    if statement.is_negative:
        return False
    known = sources.has("kinds")
    implied = {name: words.split() for name, words in lexicon.table("lexicon")["implied"].items()}
    members = {member for _, member in known}
    for kind, member in statement.kinds - known:
        others = {each for each in known if each[0] == kind}
        if others and not members & set(implied.get(member, ())):
            return True
    return False


def _invented_place(statement: Clause, sources: Sources) -> bool:
    known = sources.has("places")
    if statement.is_negative or not known:
        return False
    for place in statement.places - known:
        around = lexicon.containing(place)
        is_near = around & known or any(place in lexicon.containing(str(each)) for each in known)
        is_foreign = "indonesia" not in around | {place}
        has_foreign = any("indonesia" not in lexicon.containing(str(each)) | {each} for each in known)
        if not is_near and (place not in sources.was_asked("places") or (is_foreign and has_foreign)):
            return True
    return False


def _promised(statement: Clause, sources: Sources) -> bool:
    if statement.is_negative:
        return False
    invented = statement.promises - sources.has("promises")
    if "free" in invented and sources.has("sides") and "pays" in sources.has("sides"):
        invented -= {"free"}
    return bool(invented)


def _is_bound_elsewhere(value: Value, statement: Clause, sources: Sources) -> bool:
    """Whether what the statement says the value of has another value of this kind in the sources."""
    if value.kind not in _MEASURED:
        return False
    having = [clause for clause in sources.clauses if any(map(value.equals, clause.values))]
    rivals = [
        clause
        for clause in sources.clauses
        if clause not in having and any(_is_rival(value, each) for each in clause.values)
    ]
    if not having or not rivals:
        return False
    if named := _wide(statement.named):
        mine, theirs = _union(map(_around, having)), _union(clause.named for clause in rivals)
        if named & (mine - theirs):
            return False
        if named & (theirs - mine):
            return True
    # What another statement of the answer is about, this one need not be.
    others = _union(other.concepts for other in sources.answer if other is not statement)
    asked = _union(clause.concepts for clause in sources.asked) - others
    return _is_about_rivals(statement.concepts, asked, having, rivals)


def _is_rival(value: Value, other: Value) -> bool:
    return other.kind == value.kind


def _is_about_rivals(
    concepts: frozenset[str], asked: frozenset[str], having: Sequence[Clause], rivals: Sequence[Clause]
) -> bool:
    """Whether a statement, or else its question, shares words with the rivals alone."""
    concepts, asked = concepts - listed("general"), asked - listed("general")
    for said in (concepts, concepts | asked):
        if _has_their_subject(said, asked, having, rivals):
            return True
        mine, theirs = _union(map(_own, having)), _union(map(_own, rivals))
        for_mine = (said | asked) & (mine - theirs)
        for_theirs = said & (theirs - mine) - _union(clause.sentence for clause in having)
        if for_mine:
            return len(for_theirs) >= len(for_mine) + 2
        mine, theirs = _union(map(_all, having)), _union(map(_all, rivals))
        if for_theirs or said & (theirs - mine):
            return bool(for_theirs) or not (said | asked) & (mine - theirs)
    return False


def _has_their_subject(
    said: frozenset[str], asked: frozenset[str], having: Sequence[Clause], rivals: Sequence[Clause]
) -> bool:
    mine, theirs = _union(clause.subject for clause in having), _union(clause.subject for clause in rivals)
    is_mine = said & mine or asked & _union(map(_own, having))
    return all(clause.subject for clause in having) and bool(said & (theirs - mine)) and not is_mine


def _own(clause: Clause) -> frozenset[str]:
    return clause.concepts


def _around(clause: Clause) -> frozenset[str]:
    return clause.named | clause.sentence


def _all(clause: Clause) -> frozenset[str]:
    return clause.concepts | clause.sentence | clause.passage


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)


def _wide(named: frozenset[str]) -> frozenset[str]:
    """Names with the places around them."""
    return named.union(*(lexicon.containing(name) for name in named)) - {"indonesia"}


def _is_name_swapped(statement: Clause, nearest: Sequence[Clause]) -> bool:
    """Whether the nearest clause says the same of another place or member of a kind."""
    if not nearest or statement.is_negative:
        return False
    source = nearest[0]
    rest = statement.concepts - statement.places - {member for _, member in statement.kinds}
    if len(rest & source.concepts) < _SURELY * len(rest) or not rest:
        return False
    if statement.places and source.places:
        return not any(_overlap(place, other) for place in statement.places for other in source.places)
    kinds = {kind for kind, _ in statement.kinds} & {kind for kind, _ in source.kinds}
    return any(not {each for each in statement.kinds & source.kinds if each[0] == kind} for kind in kinds)


def _overlap(place: str, other: str) -> bool:
    return place == other or place in lexicon.containing(other) or other in lexicon.containing(place)


def _is_turned_round(statement: Clause, nearest: Sequence[Clause], sources: Sources) -> bool:
    if nearest and all(_flips(statement, clause) % 2 for clause in nearest):
        return True
    alike = _union(clause.concepts for clause in nearest if _flips(statement, clause) % 2 == 0)
    unique = {each for each in statement.concepts & alike if sources.weights[each] == 1}
    for clause in sources.clauses:
        shared = statement.concepts & clause.concepts
        inherited = statement.concepts & clause.sentence - shared
        subject = {each for each in shared - alike if sources.weights[each] == 1}
        if unique - clause.concepts - clause.sentence:
            continue
        if subject and len(shared) + len(inherited) >= _LEAST_SHARED and _flips(statement, clause) % 2:
            return True
    return False


def _nearest(statement: Clause, sources: Sources) -> list[Clause]:
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


def _is_limit_dropped(statement: Clause, clause: Clause, sources: Sources) -> bool:
    said = _union(each.concepts | set(each.words) for each in sources.answer)
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
