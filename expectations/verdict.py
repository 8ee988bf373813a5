"""The verdict of a validation and its reasons: expectations, columns, counts and shares, never values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Outcome = Literal["pass", "warn", "fail"]
_RANK: dict[Outcome, int] = {"pass": 0, "warn": 1, "fail": 2}


@dataclass(frozen=True)
class Reason:
    """An unmet expectation. `observed` is the evaluated figure, or the number of rows that violate it."""

    suite: str
    expectation: str
    column: str
    severity: Literal["critical", "warning"]
    why: str
    observed: float | None
    unexpected_count: int | None
    unexpected_percent: float | None

    def as_json(self) -> dict[str, Any]:
        """The reason without its suite, which is stored in another column."""
        return {name: value for name, value in vars(self).items() if name != "suite" and value is not None}


@dataclass(frozen=True)
class Verdict:
    """The outcome of each suite, and the unmet expectations."""

    outcomes: dict[str, Outcome]
    reasons: list[Reason]

    @property
    def verdict(self) -> Outcome:
        return max(self.outcomes.values(), key=_RANK.__getitem__)

    @property
    def is_fail(self) -> bool:
        return self.verdict == "fail"


def outcome_of(reasons: list[Reason]) -> Outcome:
    """A critical reason fails a suite, any other warns."""
    if any(reason.severity == "critical" for reason in reasons):
        return "fail"
    return "warn" if reasons else "pass"
