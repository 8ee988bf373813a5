"""What speaks against a statement: a value, name, promise or negation that its sources have differently."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from ml.statements import lexicon
from ml.statements.alignment import is_day_swapped, is_name_swapped, nearest
from ml.statements.arithmetic import follows
from ml.statements.binding import is_bound_elsewhere, is_counted_otherwise
from ml.statements.clauses import Clause
from ml.statements.lexicon import listed
from ml.statements.limits import is_limit_broken
from ml.statements.numerals import counts, units
from ml.statements.polarity import affirms, is_turned_round
from ml.statements.sentences import names
from ml.statements.sources import PREFIX, Sources
from ml.statements.values import Value, is_mark

_QUANTITIES = frozenset({"number", "weight", "volume", "length", "code", "degrees", "power", "data"})
_ALL, _HALF_DAY = 100, 12

Fault = Literal["link", "number", "name", "promise", "binding", "negation", "limit"]
"""What a statement has differently from its sources."""


def against(statement: Clause, sources: Sources) -> Fault | None:
    """The first fault of a statement."""
    if fault := _invented_value(statement, sources):
        return fault
    if _invented_member(statement, sources) or _invented_place(statement, sources):
        return "name"
    if _promised(statement, sources):
        return "promise"
    if any(is_bound_elsewhere(value, statement, sources) for value in statement.values):
        return "binding"
    if is_counted_otherwise(statement, sources):
        return "binding"
    near = nearest(statement, sources)
    if is_name_swapped(statement, near, sources) or is_day_swapped(statement, near):
        return "name"
    if is_turned_round(statement, near, sources):
        return "negation"
    return "limit" if is_limit_broken(statement, near, sources) else None


def invented_names(answer: str, sources: Sources) -> set[str]:
    """Capitalised words that neither the sources nor the question have."""
    return {
        name
        for name in (each.removesuffix("nya") for each in names(answer))
        if name[:PREFIX] not in sources.words and not lexicon.is_known(name) and not lexicon.is_calendar(name)
    }


def _invented_value(statement: Clause, sources: Sources) -> Fault | None:
    for value, following in _with_following(statement):
        if value.is_soft or following in listed("counted") or _is_known(value, statement, sources):
            continue
        return "link" if value.kind == "link" else "number"
    if any(value.ends and not _has_range(value, statement, sources) for value in statement.values):
        return "number"
    return "number" if _invented_days(statement, sources) else None


def _invented_days(statement: Clause, sources: Sources) -> bool:
    known, asked = sources.has("days"), sources.was_asked("days")
    unknown = statement.days - known
    topic = statement.about - statement.named - listed("general")
    said = {word for clause in sources.clauses if topic & clause.about or not topic for word in clause.words}
    if said & {"day_before", "next_day"}:
        unknown -= {(day + step) % 7 + 1 for day in asked for step in (-2, 0)}
    if not unknown or not known or "every_day" in said:
        return False
    if statement.is_negative or statement.sides.get("open") == "closed":
        # Open on the other days is closed on these.
        return not any(clause.days and clause.sides.get("open") != "closed" for clause in sources.clauses)
    return not unknown <= asked or affirms(statement, sources)


def _is_known(value: Value, statement: Clause, sources: Sources) -> bool:
    if any(map(value.equals, sources.values)):
        return True
    if _may_echo(value, statement, sources):
        return True
    if _is_implied(value, statement, sources):
        return True
    if (
        value.written in sources.ages
        or sources.has_unit_before(value)
        or (value.kind == "number" and value.amounts & sources.written)
    ):
        return True
    return follows(value, statement, sources)


def _is_implied(value: Value, statement: Clause, sources: Sources) -> bool:
    """One of something, the number of things that a source lists, all of something, or nothing to pay."""
    if value.kind in ("number", "ordinal"):
        return value.sizes[0] <= sources.most_listed or _is_hour(value, sources)
    if value.kind == "percent" and value.sizes == [_ALL]:
        return any(set(clause.words) & listed("wholes") for clause in sources.clauses)
    if value.written == 1:
        return any(
            units().get(word) == (value.kind, *value.sizes) for clause in sources.clauses for word in clause.words
        )
    return value.kind == "money" and value.sizes == [0] and "free" in sources.has("promises")


def _is_hour(value: Value, sources: Sources) -> bool:
    """Whether a number is an hour of the sources: `open 9 to 5`."""
    hours = [size for each in sources.values if each.kind == "time" for size in each.sizes]
    return value.sizes[0] <= _HALF_DAY and any(hour % _HALF_DAY == value.sizes[0] % _HALF_DAY for hour in hours)


def _may_echo(value: Value, statement: Clause, sources: Sources) -> bool:
    """Whether an answer may repeat a value of the question: how much a customer has or wants, or what is not so."""
    opened = listed("conditions") | listed("openings")
    is_denied = any(each.is_negative for each in sources.answer if each.said == statement.said)
    if value.kind in _QUANTITIES and value.written in counts(sources.question):
        return True
    if not any(map(value.equals, sources.asked_values)):
        return False
    is_age = value.kind == "duration" and not affirms(statement, sources)
    return value.kind in _QUANTITIES or is_age or is_denied or bool(set(statement.words) & opened)


def _with_following(statement: Clause) -> Iterator[tuple[Value, str]]:
    values = iter(statement.values)
    for token, following in zip(statement.tokens, (*statement.tokens[1:], ""), strict=True):
        if is_mark(token) and (value := next(values, None)):
            yield value, following


def _has_range(value: Value, statement: Clause, sources: Sources) -> bool:
    """Whether one sentence has both ends."""
    ends = [each for each in statement.values if each.ends == value.ends]
    return all(end.written in sources.ages or follows(end, statement, sources) for end in ends) or any(
        all(any(map(end.equals, values)) or (end.kind == "number" and _is_hour(end, sources)) for end in ends)
        for values in [*sources.values_by_sentence.values(), sources.asked_values]
    )


def _invented_member(statement: Clause, sources: Sources) -> bool:
    if statement.is_negative:
        return False
    known = sources.has("kinds")
    implied = {name: words.split() for name, words in lexicon.table("lexicon")["implied"].items()}
    members = {member for _, member in known}
    for kind, member in statement.kinds - known:
        # A colour or material is also said in passing; a bank or courier is a name.
        compared = known if kind in listed("named_kinds") else sources.related(statement, "kinds")
        others = {each for each in compared if each[0] == kind}
        if others and not members & set(implied.get(member, ())):
            return True
    return False


def _invented_place(statement: Clause, sources: Sources) -> bool:
    known = sources.has("places")
    is_language = "language" in statement.concepts | sources.was_asked("concepts")
    if statement.is_negative or is_language or not known:
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
    invented = statement.promises - sources.has("promises") - sources.has("concepts")
    topic = statement.about - listed("general")
    if any(
        clause.sides.get("pays") == "our_cost"
        or ("include" in clause.concepts and 2 * len(topic & clause.about) >= len(topic))
        for clause in sources.clauses
    ):
        invented -= {"free"}
    if lexicon.promise(next(iter(statement.words), "")) == "certain":  # `Certainly!`
        invented -= {"certain"}
    return bool(invented)
