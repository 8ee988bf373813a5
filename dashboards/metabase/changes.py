"""What is written to Metabase, and what is said about it; in a plan it is said only."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

from dashboards.metabase.client import Metabase, Row


class Changes:
    """The one way to write. `said` are the changes so far, one sentence each."""

    def __init__(self, metabase: Metabase, *, is_plan: bool) -> None:
        self.metabase = metabase
        self.is_plan = is_plan
        self.said: list[str] = []
        self.notes: list[str] = []
        # Numbers of what a plan would make; Metabase's own are positive.
        self._numbers = count(-1_000_000)

    def write(self, says: str | Sequence[str], method: str, path: str, body: Row) -> Row:
        """Send a change, or in a plan answer with the body and a number that no object has."""
        self.said += [says] if isinstance(says, str) else says
        if self.is_plan:
            return {"id": next(self._numbers), **body}
        answer: Row | None = self.metabase.send(method, path, body)
        return answer or {}

    def note(self, says: str) -> None:
        """Something that provisioning cannot change, but that people should know."""
        self.notes.append(says)


def holds(existing: Any, wanted: Any) -> bool:
    """Whether what exists is as wanted: Metabase may have more keys than were asked for, never other values."""
    if isinstance(wanted, dict):
        return isinstance(existing, dict) and all(
            name in existing and holds(existing[name], value) for name, value in wanted.items()
        )
    if isinstance(wanted, list):
        same_length = isinstance(existing, list) and len(existing) == len(wanted)
        return same_length and all(holds(*pair) for pair in zip(existing, wanted, strict=True))
    return bool(existing == wanted)
