"""The shop's clock: whole seconds, as WooCommerce keeps them, and set by hand where a test wants to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """`clock()` is the time in UTC. Made with a time it stands still until `pass_time` or `set`; without, it runs."""

    def __init__(self, at: datetime | None = None) -> None:
        self._at = at

    def __call__(self) -> datetime:
        return (self._at or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)

    def set(self, at: datetime) -> None:
        self._at = at

    def run(self) -> None:
        """From now on show the real time."""
        self._at = None

    def pass_time(self, seconds: float = 1) -> None:
        self._at = self() + timedelta(seconds=seconds)
