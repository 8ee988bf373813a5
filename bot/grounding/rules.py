"""Verdicts by rules alone: whether the sources say what an answer says, speak against it, or neither is certain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from bot.grounding.politeness import is_polite
from bot.grounding.quoting import Sentence, is_quoted, quotable
from ml.statements.clauses import Clause, clauses
from ml.statements.evidence import Fault, against, invented_names
from ml.statements.sources import Sources

Verdict = Literal["supported", "contradicted", "unverified"]
Reason = Literal[Fault, "unverified", "rejected", "unjudged"]
"""Why an answer is not supported: a fault, `unverified` without a judge, `rejected` by it, or `unjudged`."""


class Finding(NamedTuple):
    """`reason`: None if the statement is supported."""

    statement: str
    verdict: Verdict
    reason: Reason | None


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
    def reason(self) -> Reason | None:
        """Of the first statement with the answer's verdict."""
        if not self.findings:
            return "unverified"
        return next(finding.reason for finding in self.findings if finding.verdict == self.verdict)


def check(answer: str, passages: Sequence[str], question: str, shop_name: str = "") -> Checked:
    """The findings on each statement of an answer; none for an answer that states nothing."""
    statements = [clause for clause in clauses(answer) if not is_polite(clause)]
    sources = Sources(passages, question, shop_name, statements)
    own = quotable(sources)
    findings = [_finding(statement, sources, own) for statement in statements]
    if invented_names(answer, sources):
        findings.append(Finding(answer, "contradicted", "name"))
    return Checked(findings)


def _finding(statement: Clause, sources: Sources, own: Sequence[Sentence]) -> Finding:
    if fault := against(statement, sources):
        return Finding(statement.said, "contradicted", fault)
    if is_quoted(statement.said, own, sources):
        return Finding(statement.said, "supported", None)
    return Finding(statement.said, "unverified", "unverified")
