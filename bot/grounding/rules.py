"""Verdicts by rules alone: whether the sources say what an answer says, speak against it, or neither is certain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from bot.grounding.clauses import Clause, clauses
from bot.grounding.evidence import Fault, against, invented_names
from bot.grounding.lexicon import listed
from bot.grounding.sources import Sources

Verdict = Literal["supported", "contradicted", "unverified"]

_LEAST_TOKENS = 3


class Finding(NamedTuple):
    """`reason`: None if the statement is supported."""

    statement: str
    verdict: Verdict
    reason: Fault | None


@dataclass(frozen=True)
class Checked:
    findings: Sequence[Finding]

    @property
    def verdict(self) -> Verdict:
        verdicts = {finding.verdict for finding in self.findings}
        if "contradicted" in verdicts:
            return "contradicted"
        return "unverified" if "unverified" in verdicts or not verdicts else "supported"

    @property
    def reason(self) -> Fault | None:
        """Of the first statement with the answer's verdict."""
        if not self.findings:
            return "unverified"
        return next(finding.reason for finding in self.findings if finding.verdict == self.verdict)


def check(answer: str, passages: Sequence[str], question: str, shop_name: str = "") -> Checked:
    """The findings on each statement of an answer; none for an answer that states nothing."""
    statements = [clause for clause in clauses(answer) if not _is_politeness(clause)]
    sources = Sources(passages, question, shop_name, statements)
    findings = [_finding(statement, sources) for statement in statements]
    if invented_names(answer, sources):
        findings.append(Finding(answer, "contradicted", "name"))
    return Checked(findings)


def _is_politeness(clause: Clause) -> bool:
    return not clause.values and all(word in listed("politeness") for word in clause.words)


def _finding(statement: Clause, sources: Sources) -> Finding:
    if fault := against(statement, sources):
        return Finding(statement.said, "contradicted", fault)
    if _is_worded_alike(statement, sources):
        return Finding(statement.said, "supported", None)
    return Finding(statement.said, "unverified", "unverified")


def _is_worded_alike(statement: Clause, sources: Sources) -> bool:
    """Whether a statement is a source's own words from one boundary of its parts to another, but for empty words."""
    said = _kept(statement)
    if len(said) < _LEAST_TOKENS:
        return False
    asked = frozenset().union(*(clause.concepts for clause in sources.asked))
    known = frozenset().union(*(clause.passage for clause in sources.clauses))
    return any(
        said == words and not (asked & known) - statement.concepts - clause.passage
        for clause, words in _runs(sources.clauses)
    )


def _runs(parts: Sequence[Clause]) -> Iterator[tuple[Clause, list[object]]]:
    """Whole sentences, and their beginnings that end at a boundary after which no limit follows."""
    for start, clause in enumerate(parts):
        if start and (clause.source, clause.number) == (parts[start - 1].source, parts[start - 1].number):
            continue
        sentence = [each for each in parts[start:] if (each.source, each.number) == (clause.source, clause.number)]
        for end in range(len(sentence), 0, -1):
            yield clause, [token for each in sentence[:end] for token in _kept(each)]
            if set(sentence[end - 1].words) & (listed("limits") | listed("exceptions") | listed("negations")):
                break


def _kept(clause: Clause) -> list[object]:
    """Tokens that matter, in order: words as they are written, values by what they mean."""
    values = iter(clause.values)
    kept: list[object] = []
    for token in clause.tokens:
        if token not in clause.words:
            value = next(values)
            kept.append((value.kind, value.amounts, value.bound))
        elif token not in listed("empty"):
            kept.append(token)
    return kept
