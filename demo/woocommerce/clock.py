"""The shop's clock: whole seconds, as WooCommerce stores them; tests can set it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """`clock()` is the time in UTC. A clock with a start time stands still until `pass_time` or `set`; others run."""

    def __init__(self, at: datetime | None = None) -> None:
        self._at = at

    def __call__(self) -> datetime:
        return (self._at or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)

    def set(self, at: datetime) -> None:
        self._at = at

    def run(self) -> None:
        """Show the real time from now on."""
        self._at = None

    def pass_time(self, seconds: float = 1) -> None:
        self._at = self() + timedelta(seconds=seconds)
