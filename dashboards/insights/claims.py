"""Whether a text claims what no statement says: a cause, a comparison, a promise, or a name.

The rules for the bot's answers apply here too (`ml.statements`). Besides, words for causes, promises and comparisons
have to be those of a statement, since statements are figures and what they are compared with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dashboards.insights.wording import Statement
from dashboards.insights.words import Kind, pattern
from ml.statements.clauses import clauses
from ml.statements.evidence import against, invented_names
from ml.statements.sources import Sources, union

_CLAIMS: tuple[Kind, ...] = ("causes", "promises", "comparisons")
_END = re.compile(r"[,;:.!?()](?:\s|$)")
_EARLIER = frozenset({"previous", "earlier", "sebelumnya"})


def is_claimed(text: str, statements: Sequence[Statement]) -> bool:
    """Whether a text in plain characters says more than its statements, apart from figures."""
    said, facts = clauses(text), [statement.text for statement in statements]
    sources = Sources(facts, "", "", said)
    if any(against(clause, sources) for clause in said) or invented_names(text, sources):
        return True
    if any(clause.kinds - sources.has("kinds") or clause.places - sources.has("places") for clause in said):
        return True
    if set(_claims(text)) - set(_claims("\n".join(facts))):
        return True
    known = sources.has("concepts") | union(clause.concepts for word in _EARLIER for clause in clauses(word))
    return any(clause.concepts - known for compared in _compared(text) for clause in clauses(compared))


def _claims(text: str) -> Iterator[str]:
    for kind in _CLAIMS:
        yield from (match[0].lower() for match in pattern(kind).finditer(text))


def _compared(text: str) -> Iterator[str]:
    """What follows a word of comparison, up to the next punctuation mark."""
    for match in pattern("compared").finditer(text):
        yield _END.split(text[match.end() :], maxsplit=1)[0]
